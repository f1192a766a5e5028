//! Values of Python literals: what a string or number means, not how it is spelled.

use super::tag;
use crate::fingerprint::Canon;
use crate::number;
use num_bigint::BigUint;

/// Prefix letters of a string literal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prefix {
    pub(super) raw: bool,
    pub(super) bytes: bool,
    pub(super) format: bool,
    /// `t'…'`: a template of Python 3.14.
    pub(super) template: bool,
}

impl Prefix {
    /// Reads the letters before the quotes of a `string_start` token.
    pub(super) fn of(start: &str) -> Prefix {
        let letters = start.bytes().take_while(u8::is_ascii_alphabetic).map(|b| b.to_ascii_lowercase());
        letters.fold(Prefix::default(), |mut prefix, letter| {
            match letter {
                b'r' => prefix.raw = true,
                b'b' => prefix.bytes = true,
                b'f' => prefix.format = true,
                b't' => prefix.template = true,
                _ => {}
            }
            prefix
        })
    }
}

/// Appends the value of a stretch of string text: escapes resolved, line ends as `\n`, code points as
/// generalised UTF-8 (lone surrogates included). `\N{…}` keeps its name: different names never meet by accident.
pub(super) fn decode_text(text: &str, prefix: Prefix, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let special = |b: &u8| matches!(b, b'\r' | b'\\' | b'{' | b'}');
    let mut i = bytes.iter().position(special).unwrap_or(bytes.len());
    out.extend_from_slice(&bytes[..i]);
    while let Some(&byte) = bytes.get(i) {
        match byte {
            b'\r' => {
                out.push(b'\n');
                i += if bytes.get(i + 1) == Some(&b'\n') { 2 } else { 1 };
            }
            b'\\' if !prefix.raw => i += 1 + escape(&bytes[i + 1..], prefix, out),
            b'{' | b'}' if (prefix.format || prefix.template) && bytes.get(i + 1) == Some(&byte) => {
                out.push(byte);
                i += 2;
            }
            _ => {
                out.push(byte);
                i += 1;
            }
        }
    }
}

/// Decodes what follows a backslash; returns how many bytes it took.
fn escape(rest: &[u8], prefix: Prefix, out: &mut Vec<u8>) -> usize {
    let Some(&first) = rest.first() else {
        out.push(b'\\');
        return 0;
    };
    let simple = |c: u8, out: &mut Vec<u8>| {
        out.push(c);
        1
    };
    match first {
        b'\n' => 1,
        b'\r' => 1 + usize::from(rest.get(1) == Some(&b'\n')),
        b'\\' | b'\'' | b'"' => simple(first, out),
        b'a' => simple(7, out),
        b'b' => simple(8, out),
        b'f' => simple(12, out),
        b'n' => simple(b'\n', out),
        b'r' => simple(b'\r', out),
        b't' => simple(b'\t', out),
        b'v' => simple(11, out),
        b'0'..=b'7' => {
            let digits = rest.iter().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
            let value = rest[..digits].iter().fold(0u32, |v, b| v * 8 + u32::from(b - b'0'));
            push_code_point(if prefix.bytes { value & 0xff } else { value }, prefix, out);
            digits
        }
        b'x' => hex(rest, 2, prefix, out),
        b'u' if !prefix.bytes => hex(rest, 4, prefix, out),
        b'U' if !prefix.bytes => hex(rest, 8, prefix, out),
        b'N' if !prefix.bytes && rest.get(1) == Some(&b'{') => named(rest, out),
        _ => {
            out.push(b'\\');
            0
        }
    }
}

/// A character by its name, in upper case: Python takes either. The first byte is one that no text has.
fn named(rest: &[u8], out: &mut Vec<u8>) -> usize {
    let length = rest.iter().position(|&b| b == b'}').map_or(rest.len(), |end| end + 1);
    out.push(0xff);
    out.extend(rest[..length].iter().map(u8::to_ascii_uppercase));
    length
}

fn hex(rest: &[u8], digits: usize, prefix: Prefix, out: &mut Vec<u8>) -> usize {
    let value = rest
        .get(1..=digits)
        .filter(|d| d.iter().all(u8::is_ascii_hexdigit))
        .and_then(|d| std::str::from_utf8(d).ok())
        .and_then(|d| u32::from_str_radix(d, 16).ok());
    match value {
        Some(value) => {
            push_code_point(value, prefix, out);
            1 + digits
        }
        None => {
            out.push(b'\\');
            0
        }
    }
}

fn push_code_point(value: u32, prefix: Prefix, out: &mut Vec<u8>) {
    if prefix.bytes {
        // Bytes literals hold ASCII and escapes only, so a byte above 0x7f can only come from here.
        out.push(value as u8);
        return;
    }
    match char::from_u32(value) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => {
            out.extend([0xe0 | (value >> 12) as u8, 0x80 | ((value >> 6) & 0x3f) as u8, 0x80 | (value & 0x3f) as u8])
        }
    }
}

/// Writes a number's value. Returns false where Python 3 has no such literal.
pub(super) fn number(text: &str, canon: &mut Canon) -> bool {
    if let Some(small) = small_decimal(text) {
        return integer(small, canon);
    }
    let clean: String = text.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    if let Some(digits) = clean.strip_suffix('j') {
        return real(digits, tag::IMAGINARY, canon);
    }
    let (digits, radix) = match clean.get(..2) {
        Some("0x") => (&clean[2..], 16),
        Some("0o") => (&clean[2..], 8),
        Some("0b") => (&clean[2..], 2),
        _ if clean.bytes().all(|b| b.is_ascii_digit()) => {
            if clean.len() > 1 && clean.starts_with('0') && clean.bytes().any(|b| b != b'0') {
                return false;
            }
            (clean.as_str(), 10)
        }
        _ => return real(&clean, tag::FLOAT, canon),
    };
    if let Ok(small) = u64::from_str_radix(digits, radix) {
        return integer(small, canon);
    }
    match BigUint::parse_bytes(digits.as_bytes(), radix) {
        Some(big) => canon.text(tag::INTEGER, &big.to_bytes_le()),
        None => return false,
    }
    true
}

/// The value of the usual integer: decimal digits alone, few of them, no leading zero.
fn small_decimal(text: &str) -> Option<u64> {
    let usual =
        text.len() < 19 && (text.len() == 1 || !text.starts_with('0')) && text.bytes().all(|b| b.is_ascii_digit());
    if usual { text.parse().ok() } else { None }
}

fn integer(value: u64, canon: &mut Canon) -> bool {
    let bytes = value.to_le_bytes();
    let used = bytes.len() - bytes.iter().rev().take_while(|b| **b == 0).count();
    canon.text(tag::INTEGER, &bytes[..used]);
    true
}

fn real(digits: &str, tag: u8, canon: &mut Canon) -> bool {
    match number::parse(digits) {
        Some(value) => canon.text(tag, &value.to_bits().to_le_bytes()),
        None => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, start: &str) -> Vec<u8> {
        let mut out = Vec::new();
        decode_text(text, Prefix::of(start), &mut out);
        out
    }

    #[test]
    fn escapes_mean_what_python_says() {
        assert_eq!(
            value(
                r"a\x41\u0042\103\
c",
                "'"
            ),
            b"aABCc"
        );
        assert_eq!(value(r"\n", "r'"), br"\n");
        assert_eq!(value(r"\q\8", "'"), br"\q\8");
        assert_eq!(value("a\r\nb\rc", "'''"), b"a\nb\nc");
        assert_eq!(value(r"\xff", "b'"), [0xff]);
        assert_eq!(value(r"\u00ff", "b'"), br"\u00ff");
        assert_eq!(value(r"\ud800", "'"), [0xed, 0xa0, 0x80]);
        assert_eq!(value("{{x}}", "f'"), b"{x}");
        assert_eq!(value("{{x}}", "'"), b"{{x}}");
    }

    #[test]
    fn numbers_are_values() {
        let form = |text: &str| {
            let mut canon = Canon::default();
            number(text, &mut canon).then(|| canon.checksum())
        };
        assert_eq!(form("1_000"), form("1000"));
        assert_eq!(form("0x10"), form("16"));
        assert_eq!(form("0XfF"), form("255"));
        assert_eq!(form("1e3"), form("1000.0"));
        assert_ne!(form("1e3"), form("1000"));
        assert_ne!(form("1j"), form("1"));
        assert_eq!(form("1E5J"), form("100000.j"));
        assert_eq!(form("340282366920938463463374607431768211456"), form("0x100000000000000000000000000000000"));
        assert_eq!(form("00"), form("0"));
        assert_eq!(form("0777"), None);
        assert_eq!(form("10L"), None);
    }
}
