//! A panic on demand, to show what callers see of one. Not part of the C interface.

use super::panic::call;
use super::pointer::borrow;
use super::{lightspeed_error, lightspeed_session, lightspeed_status};

/// Panics inside a call on `session`, which may be NULL.
///
/// # Safety
/// As any call of the C interface.
#[allow(clippy::panic, reason = "that is what it is for")]
pub unsafe fn panic_in_call(session: *const lightspeed_session, err: *mut *mut lightspeed_error) -> lightspeed_status {
    // SAFETY: as promised by the caller.
    unsafe {
        call(err, || {
            let handle = if session.is_null() { None } else { Some(borrow(session, "session")?) };
            let _guard = handle.map(|handle| handle.poison.enter()).transpose()?;
            panic!("provoked by a test")
        })
    }
}
