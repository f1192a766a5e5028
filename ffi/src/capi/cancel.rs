//! A request to stop, from another thread or a signal handler.

use super::panic::call;
use super::pointer::{HandleOut, free};
use super::{lightspeed_error, lightspeed_status};
use crate::cancel::Cancel;

/// A token that stops the calls it was handed to. Owned by the caller; free it with `lightspeed_cancel_free` when they have
/// returned. May be shared between threads. Once raised it stays so: take a new one for the next call.
#[derive(Debug)]
pub struct lightspeed_cancel(pub(super) Cancel);

/// Makes a token that is not raised. Writes `*cancel`, owned by the caller. From any thread.
///
/// Errors: INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_cancel_new(
    cancel: *mut *mut lightspeed_cancel,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: outputs of the caller.
    unsafe {
        call(err, || {
            HandleOut::new(cancel, "cancel")?.set(lightspeed_cancel(Cancel::new()));
            Ok(())
        })
    }
}

/// Raises the token: calls that it was handed to return CANCELLED soon. From any thread and from a signal handler, as
/// often as you like. NULL is a no-op.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_cancel_raise(cancel: *const lightspeed_cancel) {
    // SAFETY: NULL or a token that was not freed.
    if let Some(cancel) = unsafe { cancel.as_ref() } {
        cancel.0.cancel();
    }
}

/// Whether the token was raised. From any thread. NULL gives false.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_cancel_is_raised(cancel: *const lightspeed_cancel) -> bool {
    // SAFETY: NULL or a token that was not freed.
    unsafe { cancel.as_ref() }.is_some_and(|cancel| cancel.0.is_cancelled())
}

/// Frees a token. NULL is a no-op. Consumes `cancel`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_cancel_free(cancel: *mut lightspeed_cancel) {
    // SAFETY: NULL or a token that the caller owns.
    unsafe { free(cancel) }
}

/// Ends a call whose token was raised.
pub(super) fn going_on(cancel: &Cancel) -> Result<(), lightspeed_error> {
    if cancel.is_cancelled() { Err(lightspeed_error::cancelled()) } else { Ok(()) }
}
