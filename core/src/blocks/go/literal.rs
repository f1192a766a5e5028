//! Values of Go literals: what a string, a rune or a number means, not how it is spelled.

use super::tag;
use crate::fingerprint::Canon;
use num_bigint::BigUint;

/// The bytes of a string literal with its quotes; `None` where there is no such literal.
pub(super) fn string(text: &str) -> Option<Vec<u8>> {
    if let Some(raw) = text.strip_prefix('`') {
        return Some(raw.strip_suffix('`')?.bytes().filter(|&byte| byte != b'\r').collect());
    }
    unquoted(text, '"')
}

/// Writes the value of a rune literal; false where there is no such literal.
pub(super) fn rune(text: &str, canon: &mut Canon) -> bool {
    let value = unquoted(text, '\'');
    // `'\xff'` is 255, not the byte of a string.
    let byte = text.strip_prefix("'\\").is_some_and(|rest| rest.starts_with(|c: char| c == 'x' || c.is_ascii_digit()));
    match value {
        Some(bytes) if byte && bytes.len() == 1 => {
            let code = u32::from(bytes[0]);
            let mut utf8 = [0; 4];
            let text = char::from_u32(code).map(|c| c.encode_utf8(&mut utf8).len());
            canon.text(tag::RUNE, &utf8[..text.unwrap_or(0)]);
            true
        }
        Some(bytes) => {
            canon.text(tag::RUNE, &bytes);
            true
        }
        None => false,
    }
}

fn unquoted(text: &str, quote: char) -> Option<Vec<u8>> {
    let mut rest = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut out = Vec::with_capacity(rest.len());
    while let Some(at) = rest.find('\\') {
        let (plain, escape) = rest.split_at(at);
        out.extend_from_slice(plain.as_bytes());
        rest = unescaped(escape.get(1..)?, &mut out)?;
    }
    out.extend_from_slice(rest.as_bytes());
    Some(out)
}

/// Reads what follows a backslash, and returns what follows that.
fn unescaped<'t>(text: &'t str, out: &mut Vec<u8>) -> Option<&'t str> {
    let first = *text.as_bytes().first()?;
    let simple = match first {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\\' | b'\'' | b'"' => first,
        _ => 0,
    };
    if simple != 0 {
        out.push(simple);
        return text.get(1..);
    }
    let (start, digits, radix) = match first {
        b'0'..=b'7' => (0, 3, 8),
        b'x' => (1, 2, 16),
        b'u' => (1, 4, 16),
        b'U' => (1, 8, 16),
        _ => return None,
    };
    let value = u32::from_str_radix(text.get(start..start + digits)?, radix).ok()?;
    if digits > 3 {
        out.extend_from_slice(char::from_u32(value)?.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        out.push(u8::try_from(value).ok()?);
    }
    text.get(start + digits..)
}

/// Writes a number's value; false where there is no such literal.
pub(super) fn number(text: &str, canon: &mut Canon) -> bool {
    let clean: String = text.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    if let Some(digits) = clean.strip_suffix('i') {
        // `0123i` is 123i, as it was before there were other radices.
        let decimal = digits.bytes().all(|byte| byte.is_ascii_digit());
        return if decimal {
            real(digits, tag::IMAGINARY, canon)
        } else {
            value(digits, tag::IMAGINARY, tag::IMAGINARY, canon)
        };
    }
    value(&clean, tag::INTEGER, tag::FLOAT, canon)
}

fn value(clean: &str, integer: u8, float: u8, canon: &mut Canon) -> bool {
    let (digits, radix) = match clean.get(..2) {
        Some("0x") if clean.contains('p') => return hexadecimal(&clean[2..], float, canon),
        Some("0x") => (&clean[2..], 16),
        Some("0o") => (&clean[2..], 8),
        Some("0b") => (&clean[2..], 2),
        _ if !clean.bytes().all(|byte| byte.is_ascii_digit()) => return real(clean, float, canon),
        _ if clean.len() > 1 && clean.starts_with('0') => (clean, 8),
        _ => (clean, 10),
    };
    let Some(number) = BigUint::parse_bytes(digits.as_bytes(), radix) else { return false };
    if integer == tag::IMAGINARY {
        return real(&number.to_string(), integer, canon);
    }
    canon.text(integer, &number.to_bytes_le());
    true
}

/// Powers of two beyond which a hexadecimal number stands as it is spelled: no type holds it.
const MAX_POWER: u64 = 1 << 15;

/// A hexadecimal floating-point number without its prefix, as the decimal number that it equals.
fn hexadecimal(text: &str, tag: u8, canon: &mut Canon) -> bool {
    let Some((mantissa, exponent)) = text.split_once('p') else { return false };
    let Ok(exponent) = exponent.parse::<i64>() else { return false };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let Some(number) = BigUint::parse_bytes(digits.as_bytes(), 16) else { return false };
    let power = exponent.saturating_sub(4 * fraction.len() as i64);
    if power.unsigned_abs() > MAX_POWER {
        canon.text(tag, text.as_bytes());
        return true;
    }
    let size = power.unsigned_abs() as u32;
    // A half is five tenths.
    let (number, exponent) =
        if power < 0 { (number * BigUint::from(5u8).pow(size), power) } else { (number << size, 0) };
    real(&format!("{number}e{exponent}"), tag, canon)
}

/// A decimal number of any precision, as its digits and the power of ten that they are multiplied by.
fn real(text: &str, tag: u8, canon: &mut Canon) -> bool {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let Ok(exponent) = exponent.parse::<i64>() else { return false };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    let dropped = digits.len() - digits.trim_end_matches('0').len();
    let power = exponent.saturating_add(dropped as i64).saturating_sub(fraction.len() as i64);
    let power = if significant.is_empty() { 0 } else { power };
    canon.text(tag, format!("{significant}e{power}").as_bytes());
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_bytes() {
        assert_eq!(string(r#""a\x41\u0042\103\n\"""#).unwrap(), b"aABC\n\"");
        assert_eq!(string("`a\\n\r\n`").unwrap(), b"a\\n\n");
        assert_eq!(string(r#""\xff\U0001F600""#).unwrap(), [0xff, 0xf0, 0x9f, 0x98, 0x80]);
        assert_eq!(string(r#""\q""#), None);
        assert_eq!(string(r#""\u00""#), None);
        assert_eq!(string("\"\\\""), None);
    }

    #[test]
    fn numbers_and_runes_are_values() {
        let form = |text: &str| {
            let mut canon = Canon::default();
            let known = if text.starts_with('\'') { rune(text, &mut canon) } else { number(text, &mut canon) };
            known.then(|| canon.checksum())
        };
        for (one, other) in [
            ("1_000", "1000"),
            ("0x10", "16"),
            ("0b11", "3"),
            ("0755", "0o755"),
            ("1e3", "1000.0"),
            (".5", "0.50"),
            ("1E-2", "0.01"),
            ("0123i", "123i"),
            ("0x10i", "16i"),
            ("1.0i", "1i"),
            ("'a'", r"'\x61'"),
            (r"'\xff'", r"'\u00ff'"),
            ("0x1p4", "16.0"),
            ("0x.8p0", "0.5"),
            ("0X_1F.FFP-16", "0x1fffp-24"),
            ("0x1p-2i", "0.25i"),
            ("'\\''", r"'\u0027'"),
        ] {
            assert_eq!(form(one), form(other), "{one} {other}");
            assert!(form(one).is_some(), "{one}");
        }
        for (one, other) in [
            ("1", "1.0"),
            ("1", "1i"),
            ("'a'", "97"),
            ("0.1", "0.10000000000000000001"),
            ("0x1p4", "16"),
            ("0x1p-20000", "0x1p-20001"),
        ] {
            assert_ne!(form(one), form(other), "{one} {other}");
        }
        assert_eq!(form("08"), None);
        assert_eq!(form("1e"), None);
        assert_eq!(form("0x1.8"), None);
        assert!(form("0x1p99999999999").is_some());
    }
}
