//! Text and bytes that somebody else owns.

use super::lightspeed_error;
use super::pointer::slice;
use std::ffi::{CStr, OsStr, c_char};
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

/// Borrowed text: `len` bytes of UTF-8 at `ptr`, which need not end in NUL. With `len` 0 `ptr` is ignored.
///
/// Into the library it is read during the call only. Out of it, it is valid as long as its function says, and `ptr` is
/// never NULL.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_str {
    /// The first byte.
    pub ptr: *const c_char,
    /// Number of bytes, a final NUL not counted.
    pub len: usize,
}

/// Borrowed bytes of any content: `len` of them at `ptr`. With `len` 0 `ptr` is ignored. Read during the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_bytes {
    /// The first byte.
    pub ptr: *const u8,
    /// Number of bytes.
    pub len: usize,
}

/// The text up to the NUL that ends it, borrowed until the caller changes or frees it. NULL gives the empty text.
/// From any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_str_of(text: *const c_char) -> lightspeed_str {
    if text.is_null() {
        return lightspeed_str::empty();
    }
    // SAFETY: not NULL, and the caller says that it ends in NUL.
    let len = unsafe { CStr::from_ptr(text) }.count_bytes();
    lightspeed_str { ptr: text, len }
}

impl lightspeed_str {
    /// The empty text.
    pub(super) const fn empty() -> Self {
        Self { ptr: c"".as_ptr(), len: 0 }
    }

    /// Text that ends in NUL and never goes away.
    pub(super) const fn terminated(text: &'static CStr) -> Self {
        Self { ptr: text.as_ptr(), len: text.count_bytes() }
    }

    /// Text for C to read as long as its owner lives.
    pub(super) fn borrowed(text: &str) -> Self {
        if text.is_empty() { Self::empty() } else { Self { ptr: text.as_ptr().cast(), len: text.len() } }
    }

    /// The bytes that C handed in.
    ///
    /// # Safety
    /// With a `len` above 0, `ptr` is NULL or `len` bytes are there for all of `'a`.
    pub(super) unsafe fn bytes<'a>(self, name: &str) -> Result<&'a [u8], lightspeed_error> {
        // SAFETY: as promised by the caller.
        unsafe { slice(self.ptr.cast(), self.len, name) }
    }

    /// The text that C handed in.
    ///
    /// # Safety
    /// As [`Self::bytes`].
    pub(super) unsafe fn text<'a>(self, name: &str) -> Result<&'a str, lightspeed_error> {
        // SAFETY: as promised by the caller.
        let bytes = unsafe { self.bytes(name) }?;
        str::from_utf8(bytes).map_err(|_| lightspeed_error::argument(format!("{name} is not UTF-8")))
    }

    /// A path: the bytes as the operating system takes them; none for the empty text.
    ///
    /// # Safety
    /// As [`Self::bytes`].
    pub(super) unsafe fn path(self, name: &str) -> Result<Option<PathBuf>, lightspeed_error> {
        // SAFETY: as promised by the caller.
        let bytes = unsafe { self.bytes(name) }?;
        if bytes.contains(&0) {
            return Err(lightspeed_error::argument(format!("{name} has a NUL inside: it is no path")));
        }
        Ok((!bytes.is_empty()).then(|| PathBuf::from(OsStr::from_bytes(bytes))))
    }
}

impl lightspeed_bytes {
    /// The bytes that C handed in.
    ///
    /// # Safety
    /// With a `len` above 0, `ptr` is NULL or `len` bytes are there for all of `'a`.
    pub(super) unsafe fn bytes<'a>(self, name: &str) -> Result<&'a [u8], lightspeed_error> {
        // SAFETY: as promised by the caller.
        unsafe { slice(self.ptr, self.len, name) }
    }
}
