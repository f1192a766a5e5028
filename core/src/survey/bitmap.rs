//! Bitmaps as bytes, in the portable format that all implementations of them share.

use roaring::RoaringBitmap;

/// Writes a bitmap, as small as it gets. The same one gives the same bytes.
#[must_use]
pub fn bitmap_to_bytes(bitmap: &RoaringBitmap) -> Vec<u8> {
    let mut compact = bitmap.clone();
    compact.optimize();
    let mut bytes = Vec::with_capacity(compact.serialized_size());
    // Writing to memory cannot fail.
    let _ = compact.serialize_into(&mut bytes);
    bytes
}

/// Reads a bitmap back; `None` for anything but the whole of one.
#[must_use]
pub fn bitmap_from_bytes(mut bytes: &[u8]) -> Option<RoaringBitmap> {
    let bitmap = RoaringBitmap::deserialize_from(&mut bytes).ok()?;
    bytes.is_empty().then_some(bitmap)
}
