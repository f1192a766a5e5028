//! What a call tells while it works: the caller's listener, and what it may do.

use super::cancel::going_on;
use super::{lightspeed_cancel, lightspeed_error, lightspeed_str};
use crate::cancel::Cancel;
use crate::session::{Event, Listener};
use std::ffi::c_void;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;

/// What kind of event.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lightspeed_event_kind {
    /// A stretch of work of `total` items, 0 where they are not counted beforehand, begins; `text` names it: `survey` …
    Begin = 0,
    /// An item is worked on; `text` is its name.
    Item = 1,
    /// An item is done.
    Done = 2,
    /// A run ended, or what runs is known in detail, said in `text`: for who wants to know it all.
    Ran = 3,
    /// Something worth a line, said in `text`.
    Note = 4,
}

/// A step of a call's work. Later releases may append fields: use it where it lies, through the pointer.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_event {
    /// A `lightspeed_event_kind`; later releases may have more of them.
    pub kind: i32,
    /// As the kind says, else empty. Borrowed until the listener returns.
    pub text: lightspeed_str,
    /// Of BEGIN, how many items the stretch has; else 0.
    pub total: usize,
}

/// Hears what a call does: `userdata` is what stands beside it in the options, `event` is borrowed until it returns.
///
/// It is called on the thread that made the call, while that call runs. A return other than 0 stops the call, which then
/// answers CANCELLED and calls it no more; the token in the options is not raised by that. Calls on the same session from
/// inside it are refused with INVALID_ARGUMENT; all other calls may be made. No exception or `longjmp` may leave it.
pub type lightspeed_listener =
    Option<unsafe extern "C" fn(userdata: *mut c_void, event: *const lightspeed_event) -> i32>;

/// Where to hear of a call and how to stop it, from its options.
#[derive(Clone, Copy)]
pub(super) struct Watch {
    pub(super) cancel: *const lightspeed_cancel,
    pub(super) listener: lightspeed_listener,
    pub(super) userdata: *mut c_void,
}

impl Watch {
    /// Does the work, which is told when to stop and whom to tell. `callbacks` are those of the handle that must not be
    /// used from inside the listener.
    ///
    /// # Safety
    /// The token is NULL or lives during the call, and the listener may be called with its userdata.
    pub(super) unsafe fn over<T, E: Into<lightspeed_error>>(
        self,
        callbacks: &Callbacks,
        work: impl FnOnce(Cancel, Listener<'_>) -> Result<T, E>,
    ) -> Result<T, lightspeed_error> {
        // SAFETY: as promised by the caller.
        let (done, stopped) = unsafe {
            if let Some(token) = self.cancel.as_ref() {
                going_on(&token.0)?;
            }
            self.during(callbacks, work)
        };
        if stopped { Err(lightspeed_error::cancelled()) } else { done.map_err(Into::into) }
    }

    /// As [`Watch::over`], also where the token was raised before: what the work gave, and whether the listener stopped it.
    ///
    /// # Safety
    /// As there.
    pub(super) unsafe fn during<T>(
        self,
        callbacks: &Callbacks,
        work: impl FnOnce(Cancel, Listener<'_>) -> T,
    ) -> (T, bool) {
        // SAFETY: as promised by the caller.
        let cancel = unsafe { self.cancel.as_ref() }.map_or_else(Cancel::new, |token| token.0.child());
        let (own, mut stopped) = (cancel.clone(), false);
        let done = work(cancel, &mut |event| {
            let Some(listener) = self.listener.filter(|_| !stopped) else { return };
            let event = lightspeed_event::from(event);
            let _inside = callbacks.enter();
            // SAFETY: as promised by the caller; the event lives until the listener returns.
            stopped = unsafe { listener(self.userdata, &raw const event) } != 0;
            if stopped {
                own.cancel();
            }
        });
        (done, stopped)
    }

    /// Whether nothing was asked for.
    pub(super) fn is_idle(&self) -> bool {
        self.cancel.is_null() && self.listener.is_none()
    }
}

impl From<Event<'_>> for lightspeed_event {
    fn from(event: Event<'_>) -> Self {
        use lightspeed_event_kind as Kind;
        let (kind, text, total) = match event {
            Event::Begin { what, total } => (Kind::Begin, what, total),
            Event::Item { name } => (Kind::Item, name, 0),
            Event::Done => (Kind::Done, "", 0),
            Event::Ran { text } => (Kind::Ran, text, 0),
            Event::Note { text } => (Kind::Note, text, 0),
        };
        Self { kind: kind as i32, text: lightspeed_str::borrowed(text), total }
    }
}

/// The threads that are inside a listener of calls on one handle.
#[derive(Debug, Default)]
pub(super) struct Callbacks(Mutex<Vec<ThreadId>>);

impl Callbacks {
    /// Refuses a call from inside a listener.
    pub(super) fn refuse_reentry(&self) -> Result<(), lightspeed_error> {
        if self.are_on_this_thread() {
            let message = "a listener called its own session: let it return first, or use another session";
            return Err(lightspeed_error::argument(message.to_owned()));
        }
        Ok(())
    }

    pub(super) fn are_on_this_thread(&self) -> bool {
        self.threads().contains(&std::thread::current().id())
    }

    fn enter(&self) -> Inside<'_> {
        self.threads().push(std::thread::current().id());
        Inside(self)
    }

    fn threads(&self) -> MutexGuard<'_, Vec<ThreadId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A listener at work.
struct Inside<'c>(&'c Callbacks);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let own = std::thread::current().id();
        let mut threads = self.0.threads();
        if let Some(place) = threads.iter().position(|thread| *thread == own) {
            threads.swap_remove(place);
        }
    }
}
