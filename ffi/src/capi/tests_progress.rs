//! Listeners: what they hear, how they stop a call, and what they may not do.
#![allow(clippy::unwrap_used)]

use super::progress::{Callbacks, Watch};
use super::tests::{message, ok, text};
use super::*;
use crate::cancel::Cancel;
use crate::session::{Event, Listener, SessionError};
use lightspeed_status as S;
use std::ffi::c_void;
use std::ptr::{null, null_mut};

/// What a listener heard, and the event from which on it wants to stop.
struct Heard {
    events: Vec<(i32, String, usize)>,
    stop_at: usize,
}

unsafe extern "C" fn hear(userdata: *mut c_void, event: *const lightspeed_event) -> i32 {
    // SAFETY: the userdata of these tests, and an event that lives during the call.
    let (heard, event) = unsafe { (&mut *userdata.cast::<Heard>(), &*event) };
    heard.events.push((event.kind, text(event.text), event.total));
    i32::from(heard.events.len() > heard.stop_at)
}

fn watch(heard: &mut Heard, cancel: *const lightspeed_cancel) -> Watch {
    Watch { cancel, listener: Some(hear), userdata: (&raw mut *heard).cast() }
}

fn work(cancel: &Cancel, listener: Listener<'_>) -> Result<usize, SessionError> {
    listener(Event::Begin { what: "survey", total: 2 });
    for (done, name) in ["a", "b"].into_iter().enumerate() {
        if cancel.is_cancelled() {
            return Ok(done);
        }
        listener(Event::Item { name });
        listener(Event::Done);
    }
    listener(Event::Ran { text: "a ran" });
    listener(Event::Note { text: "grüß" });
    Ok(2)
}

#[test]
fn events_come_with_their_texts() {
    let mut heard = Heard { events: Vec::new(), stop_at: usize::MAX };
    let callbacks = Callbacks::default();
    // SAFETY: everything lives during the call.
    let done = unsafe { watch(&mut heard, null()).over(&callbacks, |cancel, listener| work(&cancel, listener)) };
    assert_eq!(done.unwrap(), 2);
    let event = |kind: lightspeed_event_kind, text: &str, total| (kind as i32, text.to_owned(), total);
    use lightspeed_event_kind::{Begin, Done, Item, Note, Ran};
    let item = |name| [event(Item, name, 0), event(Done, "", 0)];
    let expected = [
        vec![event(Begin, "survey", 2)],
        item("a").to_vec(),
        item("b").to_vec(),
        vec![event(Ran, "a ran", 0), event(Note, "grüß", 0)],
    ];
    assert_eq!(heard.events, expected.concat());
}

#[test]
fn a_listener_stops_its_call_and_no_other() {
    let mut token = null_mut();
    // SAFETY: everything lives during the calls.
    unsafe {
        ok(|err| lightspeed_cancel_new(&raw mut token, err));
        for stop_at in 0..7 {
            let mut heard = Heard { events: Vec::new(), stop_at };
            let watch = watch(&mut heard, token);
            let done = watch.over(&Callbacks::default(), |cancel, listener| work(&cancel, listener));
            assert_eq!(done.unwrap_err().status(), S::Cancelled);
            assert_eq!(heard.events.len(), stop_at + 1, "it is not called again");
            assert!(!lightspeed_cancel_is_raised(token));
        }
        lightspeed_cancel_free(token);
    }
}

#[test]
fn a_raised_token_stops_before_anything_is_done() {
    let mut token = null_mut();
    let mut heard = Heard { events: Vec::new(), stop_at: usize::MAX };
    // SAFETY: everything lives during the calls.
    unsafe {
        ok(|err| lightspeed_cancel_new(&raw mut token, err));
        lightspeed_cancel_raise(token);
        let watch = watch(&mut heard, token);
        let done = watch.over(&Callbacks::default(), |cancel, listener| work(&cancel, listener));
        assert_eq!(done.unwrap_err().status(), S::Cancelled);
        lightspeed_cancel_free(token);
    }
    assert!(heard.events.is_empty());
}

#[test]
fn a_token_raised_by_another_thread_reaches_the_work() {
    let mut token = null_mut();
    // SAFETY: everything lives during the calls.
    unsafe {
        ok(|err| lightspeed_cancel_new(&raw mut token, err));
        let watch = Watch { cancel: token, listener: None, userdata: null_mut() };
        let shared: &lightspeed_cancel = &*token;
        let done = watch.over(&Callbacks::default(), |cancel, _| -> Result<(), SessionError> {
            std::thread::scope(|scope| {
                scope.spawn(|| lightspeed_cancel_raise(shared));
                while !cancel.is_cancelled() {
                    std::thread::yield_now();
                }
            });
            Err(SessionError::Cancelled)
        });
        assert_eq!(done.unwrap_err().status(), S::Cancelled);
        lightspeed_cancel_free(token);
    }
}

/// A session whose listener calls it again, and what that answered.
struct Again {
    session: *mut lightspeed_session,
    said: Vec<String>,
    elsewhere: Option<S>,
}

unsafe extern "C" fn call_again(userdata: *mut c_void, _event: *const lightspeed_event) -> i32 {
    // SAFETY: the userdata of this test, whose session lives.
    unsafe {
        let again = &mut *userdata.cast::<Again>();
        let session = again.session;
        let mut path = lightspeed_buf { ptr: null_mut(), len: 0 };
        let mut selection = null_mut();
        again.said.push(message(S::InvalidArgument, |err| lightspeed_session_database(session, &raw mut path, err)));
        again.said.push(message(S::InvalidArgument, |err| {
            lightspeed_session_select_survey(session, null(), &raw mut selection, err)
        }));
        lightspeed_session_free(session);
        // Another thread is no re-entry, even while this one is in a listener.
        let shared: &lightspeed_session = &*session;
        again.elsewhere = std::thread::scope(|scope| {
            let other = scope.spawn(move || {
                let mut path = lightspeed_buf { ptr: null_mut(), len: 0 };
                let status = lightspeed_session_database(shared, &raw mut path, null_mut());
                lightspeed_buf_free(&raw mut path);
                status
            });
            other.join().ok()
        });
    }
    0
}

#[test]
#[cfg_attr(miri, ignore = "reads a configuration")]
fn a_listener_may_not_call_its_own_session() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("asv.conf.json");
    std::fs::create_dir(directory.path().join("benchmarks")).unwrap();
    std::fs::write(&config, r#"{"version": 1, "project": "p", "repo": "."}"#).unwrap();
    let path = lightspeed_str::borrowed(config.to_str().unwrap());
    let mut session = null_mut();
    // SAFETY: everything lives during the calls.
    unsafe {
        ok(|err| lightspeed_session_open(path, null(), &raw mut session, err));
        let mut again = Again { session, said: Vec::new(), elsewhere: None };
        let watch = Watch { cancel: null(), listener: Some(call_again), userdata: (&raw mut again).cast::<c_void>() };
        let done = watch.over(&(*session).callbacks, |_, listener| -> Result<(), SessionError> {
            listener(Event::Note { text: "now" });
            Ok(())
        });
        assert!(done.is_ok());
        assert_eq!(again.said.len(), 2);
        assert!(
            again.said.iter().all(|said| said.starts_with("a listener called its own session")),
            "{:?}",
            again.said
        );
        assert_eq!(again.elsewhere, Some(S::Ok));
        // After the listener has returned, the session is as usable as before.
        let mut database = lightspeed_buf { ptr: null_mut(), len: 0 };
        ok(|err| lightspeed_session_database(session, &raw mut database, err));
        assert!(text(lightspeed_str_of(database.ptr)).starts_with(directory.path().to_str().unwrap()));
        lightspeed_buf_free(&raw mut database);
        lightspeed_session_free(session);
    }
}
