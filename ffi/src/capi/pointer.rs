//! Pointers from C and to C: the checks that each has to pass.

use super::lightspeed_error;
use super::panic::quietly;
use std::ptr::NonNull;

/// A place that C gave for a result.
pub(super) struct Out<T>(NonNull<T>);

impl<T> Out<T> {
    /// Checks the place.
    ///
    /// # Safety
    /// `ptr` is NULL or may be written until the call ends.
    pub(super) unsafe fn new(ptr: *mut T, name: &str) -> Result<Self, lightspeed_error> {
        aligned(ptr, name).map(Self)
    }

    /// Writes the result; nothing that was there is read or dropped.
    pub(super) fn set(self, value: T) {
        // SAFETY: not NULL, aligned, and writable as `new` was promised.
        unsafe { self.0.write(value) }
    }
}

/// A place that C gave for a handle.
pub(super) struct HandleOut<T>(Out<*mut T>);

impl<T> HandleOut<T> {
    /// Checks the place and writes NULL, which stays there unless the call succeeds.
    ///
    /// # Safety
    /// As [`Out::new`].
    pub(super) unsafe fn new(ptr: *mut *mut T, name: &str) -> Result<Self, lightspeed_error> {
        // SAFETY: as promised by the caller.
        let out = unsafe { Out::new(ptr, name) }?;
        Out(out.0).set(std::ptr::null_mut());
        Ok(Self(out))
    }

    /// Hands the value over to the caller.
    pub(super) fn set(self, value: T) {
        self.0.set(Box::into_raw(Box::new(value)));
    }
}

/// What a handle or struct of the caller holds.
///
/// # Safety
/// `ptr` is NULL or points at a `T` that nobody changes or frees during `'a`.
pub(super) unsafe fn borrow<'a, T>(ptr: *const T, name: &str) -> Result<&'a T, lightspeed_error> {
    let ptr = aligned(ptr.cast_mut(), name)?;
    // SAFETY: not NULL, aligned, and a `T` as promised by the caller.
    Ok(unsafe { ptr.as_ref() })
}

/// What a handle that is the caller's alone holds.
///
/// # Safety
/// `ptr` is NULL or points at a `T` that nobody else uses during `'a`.
pub(super) unsafe fn borrow_mut<'a, T>(ptr: *mut T, name: &str) -> Result<&'a mut T, lightspeed_error> {
    let mut ptr = aligned(ptr, name)?;
    // SAFETY: not NULL, aligned, and a `T` of nobody else as promised by the caller.
    Ok(unsafe { ptr.as_mut() })
}

/// `len` values of the caller; with 0 the pointer is not looked at.
///
/// # Safety
/// With a `len` above 0, `ptr` is NULL or points at that many values that nobody changes or frees during `'a`.
pub(super) unsafe fn slice<'a, T>(ptr: *const T, len: usize, name: &str) -> Result<&'a [T], lightspeed_error> {
    if len == 0 {
        return Ok(&[]);
    }
    let ptr = aligned(ptr.cast_mut(), name)?;
    if len.checked_mul(size_of::<T>()).is_none_or(|size| isize::try_from(size).is_err()) {
        return Err(lightspeed_error::argument(format!("{name} is longer than memory can be")));
    }
    // SAFETY: not NULL, aligned, of a possible size, and that many values as promised by the caller.
    Ok(unsafe { std::slice::from_raw_parts(ptr.as_ptr(), len) })
}

/// Copies as many values as have room into a place of the caller; without room it is not looked at.
///
/// # Safety
/// With a `capacity` above 0, `ptr` is NULL or may be written for that many values.
pub(super) unsafe fn out_slice<T: Copy>(
    ptr: *mut T,
    capacity: usize,
    values: &[T],
    name: &str,
) -> Result<(), lightspeed_error> {
    if capacity == 0 {
        return Ok(());
    }
    let ptr = aligned(ptr, name)?;
    // SAFETY: not NULL, aligned, with room for that many as promised by the caller, and ours are in another place.
    unsafe { std::ptr::copy_nonoverlapping(values.as_ptr(), ptr.as_ptr(), values.len().min(capacity)) };
    Ok(())
}

/// Takes a handle back from the caller.
///
/// # Safety
/// `handle` is NULL or came from [`HandleOut::set`] and was not freed before.
pub(super) unsafe fn take<T>(handle: *mut T, name: &str) -> Result<T, lightspeed_error> {
    let handle = aligned(handle, name)?;
    // SAFETY: made by `Box::into_raw`, and taken once, as promised by the caller.
    Ok(*unsafe { Box::from_raw(handle.as_ptr()) })
}

/// Frees a handle; NULL is a no-op.
///
/// # Safety
/// `handle` is NULL or came from [`HandleOut::set`] and was not freed before.
pub(super) unsafe fn free<T>(handle: *mut T) {
    quietly(|| {
        if !handle.is_null() {
            // SAFETY: made by `Box::into_raw`, and freed once, as promised by the caller.
            drop(unsafe { Box::from_raw(handle) });
        }
    });
}

/// The item at an index, or a sentence about the index.
pub(super) fn item<'a, T>(items: &'a [T], index: usize, what: &str) -> Result<&'a T, lightspeed_error> {
    items.get(index).ok_or_else(|| lightspeed_error::out_of_range(what, index, items.len()))
}

fn aligned<T>(ptr: *mut T, name: &str) -> Result<NonNull<T>, lightspeed_error> {
    let Some(ptr) = NonNull::new(ptr) else { return Err(lightspeed_error::argument(format!("{name} is NULL"))) };
    if !ptr.is_aligned() {
        return Err(lightspeed_error::argument(format!("{name} is not aligned as its type needs")));
    }
    Ok(ptr)
}
