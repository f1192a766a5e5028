//! Encodings of the columns that SQLite keeps as bytes or text.

use std::io::{Read, Write};

use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
pub(super) use lightspeed_core::survey::{bitmap_from_bytes as to_bitmap, bitmap_to_bytes as from_bitmap};

/// No text or part that we write inflates to more; a damaged one must not fill the memory.
const INFLATED_CAP: u64 = 1 << 30;

pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::fast());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

pub(super) fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut inflated = Vec::with_capacity(bytes.len().saturating_mul(3).min(1 << 20));
    ZlibDecoder::new(bytes).take(INFLATED_CAP).read_to_end(&mut inflated).ok()?;
    Some(inflated)
}

pub(super) fn from_checksums(checksums: &[u32]) -> Vec<u8> {
    checksums.iter().flat_map(|checksum| checksum.to_le_bytes()).collect()
}

/// As bytes, not JSON: a sample comes back bit for bit.
pub(super) fn from_samples(samples: &[f64]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

pub(super) fn to_samples(bytes: &[u8]) -> Option<Vec<f64>> {
    let (samples, rest) = bytes.as_chunks::<8>();
    rest.is_empty().then(|| samples.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
}

/// Strings and lists of strings always have a JSON form.
pub(super) fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use roaring::RoaringBitmap;

    use super::*;

    proptest! {
        #[test]
        fn bitmaps_come_back(values in prop::collection::btree_set(prop_oneof![0u32..300, any::<u32>()], 0..400)) {
            let bitmap: RoaringBitmap = values.into_iter().collect();
            prop_assert_eq!(to_bitmap(&from_bitmap(&bitmap)), Some(bitmap));
        }

        #[test]
        fn damaged_bitmaps_are_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = to_bitmap(&bytes);
        }

        #[test]
        fn texts_come_back(bytes in prop::collection::vec(any::<u8>(), 0..5000)) {
            prop_assert_eq!(inflate(&deflate(&bytes)), Some(bytes));
        }

        #[test]
        fn truncated_texts_are_refused(bytes in prop::collection::vec(any::<u8>(), 1..500), cut in 1usize..8) {
            let deflated = deflate(&bytes);
            prop_assert_eq!(inflate(&deflated[..deflated.len() - cut]), None);
        }

        #[test]
        fn samples_come_back_bit_for_bit(samples in prop::collection::vec(any::<f64>(), 0..100)) {
            let back = to_samples(&from_samples(&samples)).unwrap();
            prop_assert!(back.iter().map(|x| x.to_bits()).eq(samples.iter().map(|x| x.to_bits())));
        }

        #[test]
        fn checksums_are_little_endian_i32(checksums in prop::collection::vec(any::<u32>(), 0..50)) {
            let bytes = from_checksums(&checksums);
            let back: Vec<u32> = bytes.as_chunks::<4>().0.iter().map(|b| i32::from_le_bytes(*b) as u32).collect();
            prop_assert_eq!(back, checksums);
        }
    }
}
