//! The C interface with one function more, which panics: what tests/c shows a panic with.

use lightspeed::capi::{lightspeed_error, lightspeed_session, lightspeed_status, testing};

/// Panics inside a call on `session`, which may be NULL.
///
/// # Safety
/// As any call of the C interface.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_testing_panic(
    session: *const lightspeed_session,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: as promised by the caller.
    unsafe { testing::panic_in_call(session, err) }
}
