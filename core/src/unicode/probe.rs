//! Whether a decoder is the Encoding Standard's: all bytes that could make a character, decoded, have the checksum that they should.
//!
//! Engines differ: Node's decoders are those of ICU, which takes windows-1252 for Latin-1 and orders a few ideographs in its own way.

/// Each encoding of the standard by the name that `TextDecoder.encoding` gives it, with the CRC-32 of the probe's text. UTF-8 is
/// not asked for, and `replacement` decodes nothing.
const STANDARD: [(&str, u32); 38] = [
    ("ibm866", 0x3b9ce09e),
    ("iso-8859-2", 0x8745f735),
    ("iso-8859-3", 0xaa06f928),
    ("iso-8859-4", 0x72dd3739),
    ("iso-8859-5", 0xd1edf9f7),
    ("iso-8859-6", 0x6c459f81),
    ("iso-8859-7", 0x1bf6f441),
    ("iso-8859-8", 0x8b654714),
    ("iso-8859-8-i", 0x8b654714),
    ("iso-8859-10", 0xfa2f54d7),
    ("iso-8859-13", 0x450df6b7),
    ("iso-8859-14", 0x367cf480),
    ("iso-8859-15", 0x83966ab7),
    ("iso-8859-16", 0xd2c65b6f),
    ("koi8-r", 0x1c878a13),
    ("koi8-u", 0xab8250fa),
    ("macintosh", 0x85cd2f77),
    ("windows-874", 0xcc19cc13),
    ("windows-1250", 0x749fc84d),
    ("windows-1251", 0x8ac35ac7),
    ("windows-1252", 0xe18cb455),
    ("windows-1253", 0x21f1ff3f),
    ("windows-1254", 0x909ec8fc),
    ("windows-1255", 0xa2dd173e),
    ("windows-1256", 0x198ab66f),
    ("windows-1257", 0xbd181c15),
    ("windows-1258", 0x29d98dfe),
    ("x-mac-cyrillic", 0x301db566),
    ("gbk", 0x08d3a291),
    ("gb18030", 0x08d3a291),
    ("big5", 0xdf03d63b),
    ("euc-jp", 0xebecb08e),
    ("iso-2022-jp", 0x2accc414),
    ("shift_jis", 0x833f34f1),
    ("euc-kr", 0xc45bea7a),
    ("utf-16be", 0x9a605f7e),
    ("utf-16le", 0x7084f5ac),
    ("x-user-defined", 0xc84ee2ff),
];

/// Every byte by itself and every pair after a lead byte, each on a line of its own so that none swallows the next; the longer
/// forms of GB 18030 and EUC-JP; the character sets of ISO-2022-JP.
pub(super) fn bytes() -> Vec<u8> {
    let mut probe: Vec<u8> = (0..=0x7f).filter(|&byte| byte != ESCAPE).collect();
    for lead in 0x80..=0xff {
        probe.extend([lead, b'\n']);
        for trail in (0..=0xff).filter(|&byte| byte != ESCAPE) {
            probe.extend([lead, trail, b'\n', b'\n']);
        }
    }
    for (second, third) in (0xa1..=0xfe).flat_map(|second| (0xa1..=0xfe).map(move |third| (second, third))) {
        probe.extend([0x8f, second, third, b'\n']);
    }
    for lead in (0x81..=0x84).chain([0x90, 0xe3]) {
        for (second, third) in (b'0'..=b'9').flat_map(|second| (0x81..=0xfe).map(move |third| (second, third))) {
            (b'0'..=b'9').for_each(|fourth| probe.extend([lead, second, third, fourth]));
            probe.push(b'\n');
        }
    }
    for set in [b"\x1b(I", b"\x1b(J", b"\x1b$@", b"\x1b$B"] {
        for row in 0x21..=0x7e {
            probe.extend(set);
            (0x21..=0x7e).for_each(|cell| probe.extend([row, cell]));
            probe.extend(b"\x1b(B\n");
        }
    }
    probe
}

/// Whether `text` is what the Encoding Standard makes of the probe in the encoding called `name`.
pub(super) fn is_standard(name: &str, text: &str) -> bool {
    STANDARD.iter().any(|&(known, checksum)| known == name && checksum == crate::checksum::hash(text.as_bytes()))
}

const ESCAPE: u8 = 0x1b;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksums_are_those_of_the_standards_decoders() {
        let probe = bytes();
        for (name, checksum) in STANDARD {
            let encoding = encoding_rs::Encoding::for_label_no_replacement(name.as_bytes()).unwrap();
            assert_eq!(encoding.name().to_ascii_lowercase(), name);
            let text = encoding.decode_without_bom_handling(&probe).0;
            assert!(
                is_standard(name, &text),
                "{name} has {:08x}, not {checksum:08x}",
                crate::checksum::hash(text.as_bytes())
            );
        }
        assert!(!is_standard("koi8-u", &encoding_rs::KOI8_R.decode_without_bom_handling(&probe).0));
    }
}
