//! Numbers that are read from text, exactly: as `str::parse` reads them, but by serde_json's reader, which is there anyway. The standard
//! library's has a table of ten kilobytes, which a browser would load.

/// The number nearest to what `text` says, ties to even; also `inf`, `infinity` and `nan` in any case.
pub(crate) fn parse(text: &str) -> Option<f64> {
    if let Ok(small) = text.parse::<u32>() {
        return Some(f64::from(small));
    }
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let infinity = if sign.is_empty() { f64::INFINITY } else { f64::NEG_INFINITY };
    match unsigned.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => Some(infinity),
        "nan" => Some(f64::NAN),
        // Of what is a number in JSON, only one that is too large is refused.
        decimal => Some(serde_json::from_str(&format!("{sign}{}", as_json(decimal)?)).unwrap_or(infinity)),
    }
}

/// JSON has a digit on both sides of the point, and no zero before other digits.
fn as_json(decimal: &str) -> Option<String> {
    let (mantissa, exponent) = decimal.split_once('e').unwrap_or((decimal, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = [whole, fraction, power].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let complete = !(power.is_empty() || whole.is_empty() && fraction.is_empty());
    (digits && complete).then(|| format!("{:0>1}.{fraction:0<1}e{exponent}", whole.trim_start_matches('0')))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use proptest::prelude::*;

    fn agrees(text: &str) {
        let (ours, std) = (parse(text), text.parse::<f64>().ok());
        let same = match (ours, std) {
            (Some(a), Some(b)) => a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(),
            (a, b) => a.is_none() && b.is_none(),
        };
        assert!(same, "{text:?}: {ours:?}, str::parse {std:?}");
    }

    #[test]
    fn odd_texts_are_what_they_are_to_the_standard_library() {
        let odd = [
            "",
            " ",
            ".",
            "-",
            "+",
            "e",
            "1e",
            "1e+",
            ".e1",
            "1.",
            ".5",
            "+.5",
            "-1.",
            "1.e5",
            "1E+05",
            "00.5",
            "1_0",
            "1 ",
            " 1",
            "0x1",
            "10l",
            "1j",
            "inf",
            "-Inf",
            "+infinity",
            "INFINITY",
            "infinit",
            "nan",
            "-NaN",
            "nan1",
            "-0",
            "1e309",
            "-1e309",
            "1e-400",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "0e99999999999999999999",
            "4.9e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "9007199254740993",
            "9007199254740993.0000000001",
            "2.2250738585072011e-308",
            "8.5",
            "１",
            "1\0",
        ];
        odd.into_iter().for_each(agrees);
    }

    proptest! {
        #[test]
        fn digits_are_read_as_the_standard_library_reads_them(
            text in "[+-]?[0-9]{0,40}(\\.[0-9]{0,40})?([eE][+-]?[0-9]{0,3})?",
        ) {
            agrees(&text);
        }

        #[test]
        fn a_number_is_read_back(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            agrees(&format!("{value}"));
            agrees(&format!("{value:e}"));
            agrees(&format!("{value:.1100}"));
        }

        /// Midway between two neighbours, or so little beyond that the last digit decides.
        #[test]
        fn what_lies_between_two_numbers_goes_to_the_nearer_one(
            mantissa in (1_u128 << 52)..(1 << 53), shift in 0_u32..70, fives in 0_u32..30, tail in "(0{0,60}[0-9])?",
        ) {
            let middle = 2 * mantissa + 1;
            agrees(&format!("{}.{tail}", middle << shift));
            agrees(&format!("{}.{tail}e-{fives}", middle * 5_u128.pow(fives)));
        }

        #[test]
        fn other_texts_are_none(text in "[-+.0-9eEinfaNIFty_ ]{0,8}") {
            agrees(&text);
        }
    }
}
