//! The one boundary: nothing unwinds into C, and a handle whose call panicked is not used again.

use super::{lightspeed_error, lightspeed_status};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs a call: its failure or panic becomes the status, and an error object at `err` unless that is NULL.
/// `*err` is always written, with NULL after success. Where `err` is misaligned nothing is done.
///
/// # Safety
/// `err` is NULL or may be written.
pub(super) unsafe fn call(
    err: *mut *mut lightspeed_error,
    body: impl FnOnce() -> Result<(), lightspeed_error>,
) -> lightspeed_status {
    if !err.is_null() && !err.is_aligned() {
        return lightspeed_status::InvalidArgument;
    }
    // Unwind safety: results are written last, results are immutable, and a session is poisoned.
    let done = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(done) => done,
        Err(payload) => Err(lightspeed_error::panicked(&message(payload.as_ref()))),
    };
    let (status, object) = match done {
        Ok(()) => (lightspeed_status::Ok, std::ptr::null_mut()),
        Err(error) => (error.status(), if err.is_null() { std::ptr::null_mut() } else { error.into_handle() }),
    };
    if !err.is_null() {
        // SAFETY: not NULL, aligned, and writable as promised by the caller.
        unsafe { err.write(object) };
    }
    status
}

/// Runs a call that can report nothing: a panic ends there.
pub(super) fn quietly(body: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(body));
}

/// Remembers that a call on a handle panicked.
#[derive(Debug, Default)]
pub(super) struct Poison(AtomicBool);

impl Poison {
    /// Whether the handle may still be used.
    pub(super) fn check(&self) -> Result<(), lightspeed_error> {
        self.enter().map(drop)
    }

    /// Begins a call on the handle; while the guard lives, a panic poisons it.
    pub(super) fn enter(&self) -> Result<PoisonGuard<'_>, lightspeed_error> {
        if self.0.load(Ordering::Acquire) { Err(lightspeed_error::poisoned()) } else { Ok(PoisonGuard(self)) }
    }
}

/// A call in progress.
pub(super) struct PoisonGuard<'a>(&'a Poison);

impl Drop for PoisonGuard<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.0.store(true, Ordering::Release);
        }
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("of unknown cause").lines().next().unwrap_or_default().to_owned()
}
