//! Text, or bytes, that the caller owns.

use super::panic::quietly;
use super::{lightspeed_error, lightspeed_status};
use serde::Serialize;
use std::ffi::c_char;

/// Text that is owned by the caller; free it with `lightspeed_buf_free`. `len` bytes of UTF-8, or of
/// whatever a function says, and a NUL after them.
#[repr(C)]
#[derive(Debug)]
pub struct lightspeed_buf {
    /// The first byte.
    pub ptr: *mut c_char,
    /// Number of bytes, the final NUL not counted. Not to be changed: freeing relies on it.
    pub len: usize,
}

/// Frees the text and empties the struct, so that freeing twice does no harm. NULL and an empty struct are no-ops.
/// From any thread, one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_buf_free(buf: *mut lightspeed_buf) {
    quietly(|| {
        // SAFETY: NULL or a struct that is the caller's alone.
        let Some(buf) = (unsafe { buf.as_mut() }) else { return };
        let taken = std::mem::replace(buf, lightspeed_buf { ptr: std::ptr::null_mut(), len: 0 });
        if !taken.ptr.is_null() {
            let whole = std::ptr::slice_from_raw_parts_mut(taken.ptr.cast::<u8>(), taken.len + 1);
            // SAFETY: `new` made it of a box of this length, and the struct was emptied: it is freed once.
            drop(unsafe { Box::from_raw(whole) });
        }
    });
}

impl lightspeed_buf {
    /// Hands text over to the caller.
    pub(super) fn new(text: String) -> Self {
        Self::of_bytes(text.into_bytes())
    }

    /// Hands bytes over to the caller.
    pub(super) fn of_bytes(mut bytes: Vec<u8>) -> Self {
        let len = bytes.len();
        bytes.push(0);
        Self { ptr: Box::into_raw(bytes.into_boxed_slice()).cast(), len }
    }

    /// Hands a document over to the caller.
    pub(super) fn json(document: &impl Serialize) -> Result<Self, lightspeed_error> {
        let text = serde_json::to_string(document).map_err(|error| {
            lightspeed_error::new(lightspeed_status::Internal, format!("no JSON could be written: {error}"))
        })?;
        Ok(Self::new(text))
    }
}
