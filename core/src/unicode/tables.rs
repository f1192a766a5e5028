//! Our own tables.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::Undecoded;

/// The text of bytes in the encoding that has this label in the Encoding Standard.
pub(crate) fn decode<'b>(label: &str, bytes: &'b [u8]) -> Result<Cow<'b, str>, Undecoded> {
    let encoding = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()).ok_or(Undecoded::Unknown)?;
    encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or(Undecoded::Invalid)
}

/// The normal form NFKC.
pub(crate) fn nfkc(text: &str) -> String {
    text.nfkc().collect()
}
