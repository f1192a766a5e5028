//! The C functions called as C calls them.
#![allow(clippy::unwrap_used)]

use super::*;
use lightspeed_status as S;
use std::ptr::{null, null_mut};

/// A call that must answer `status`; its error message.
#[track_caller]
pub(super) fn message(status: S, call: impl FnOnce(*mut *mut lightspeed_error) -> S) -> String {
    // Not NULL, so that a call that forgets to write it is seen.
    let mut err: *mut lightspeed_error = std::ptr::dangling_mut();
    assert_eq!(call(&raw mut err), status);
    if status == S::Ok {
        assert!(err.is_null());
        return String::new();
    }
    // SAFETY: the call failed, so there is an error object, which is ours.
    unsafe {
        assert_eq!(lightspeed_error_code(err), status);
        let message = lightspeed_error_message(err).text("message").map(str::to_owned);
        lightspeed_error_free(err);
        message.unwrap_or_default()
    }
}

#[track_caller]
pub(super) fn ok(call: impl FnOnce(*mut *mut lightspeed_error) -> S) {
    message(S::Ok, call);
}

pub(super) fn text(text: lightspeed_str) -> String {
    // SAFETY: text of the library that still lives.
    unsafe { text.text("text") }.map(str::to_owned).unwrap_or_default()
}

fn options(struct_size: usize) -> lightspeed_blocks_options {
    lightspeed_blocks_options { struct_size, docstrings: 0, language: 0 }
}

fn analyse(source: &[u8], options: *const lightspeed_blocks_options) -> *mut lightspeed_blocks {
    let mut blocks = null_mut();
    let source = lightspeed_bytes { ptr: source.as_ptr(), len: source.len() };
    // SAFETY: everything lives during the call.
    ok(|err| unsafe { lightspeed_blocks_analyse(source, options, &raw mut blocks, err) });
    blocks
}

#[test]
fn shared_types_may_be_shared() {
    fn shared<T: Send + Sync>() {}
    shared::<lightspeed_session>();
    shared::<lightspeed_selection>();
    shared::<lightspeed_blocks>();
    shared::<lightspeed_error>();
    shared::<lightspeed_cancel>();
    shared::<lightspeed_measurement>();
    shared::<lightspeed_experiment>();
}

#[test]
fn versions_are_those_of_the_package() {
    assert_eq!(text(lightspeed_version()), env!("CARGO_PKG_VERSION"));
    assert_eq!(lightspeed_abi_version(), LIGHTSPEED_ABI_VERSION);
}

#[test]
fn every_status_has_its_name_and_others_are_unknown() {
    assert_eq!(text(lightspeed_status_name(0)), "OK");
    assert_eq!(text(lightspeed_status_name(S::ChangedMeanwhile as i32)), "CHANGED_MEANWHILE");
    for number in [-1, S::Coverage as i32 + 1, i32::MAX] {
        assert_eq!(text(lightspeed_status_name(number)), "UNKNOWN");
    }
}

#[test]
fn names_are_terminated_as_promised() {
    for number in -1..=S::Coverage as i32 {
        let name = lightspeed_status_name(number);
        // SAFETY: static text that ends in NUL.
        let again = unsafe { lightspeed_str_of(name.ptr) };
        assert_eq!(again.len, name.len);
    }
}

#[test]
fn null_is_freed_and_asked_without_harm() {
    // SAFETY: NULL is allowed in all of these.
    unsafe {
        lightspeed_error_free(null_mut());
        lightspeed_buf_free(null_mut());
        lightspeed_cancel_free(null_mut());
        lightspeed_cancel_raise(null());
        lightspeed_blocks_free(null_mut());
        lightspeed_session_free(null_mut());
        lightspeed_selection_free(null_mut());
        lightspeed_measurement_free(null_mut());
        lightspeed_experiment_free(null_mut());
        assert!(!lightspeed_cancel_is_raised(null()));
        assert_eq!(lightspeed_error_code(null()), S::Ok);
        assert_eq!(lightspeed_error_line(null()), 0);
        assert_eq!(text(lightspeed_error_message(null())), "");
        assert_eq!(text(lightspeed_error_path(null())), "");
        assert_eq!(text(lightspeed_error_detail(null())), "");
        assert_eq!(lightspeed_blocks_count(null()), 0);
        assert_eq!(lightspeed_selection_count(null()), 0);
        assert_eq!(lightspeed_measurement_count(null()), 0);
        assert_eq!(lightspeed_measurement_gate(null()), lightspeed_gate::None as i32);
        assert_eq!(lightspeed_experiment_count(null()), 0);
        assert_eq!(lightspeed_str_of(null()).len, 0);
    }
}

#[test]
fn a_token_stays_raised() {
    let mut cancel = null_mut();
    // SAFETY: a token of our own.
    unsafe {
        ok(|err| lightspeed_cancel_new(&raw mut cancel, err));
        assert!(!lightspeed_cancel_is_raised(cancel));
        std::thread::scope(|scope| {
            let cancel: &lightspeed_cancel = &*cancel;
            scope.spawn(move || lightspeed_cancel_raise(cancel));
        });
        assert!(lightspeed_cancel_is_raised(cancel));
        lightspeed_cancel_free(cancel);
        assert_eq!(message(S::InvalidArgument, |err| lightspeed_cancel_new(null_mut(), err)), "cancel is NULL");
        assert_eq!(lightspeed_cancel_new(null_mut(), null_mut()), S::InvalidArgument);
    }
}

#[test]
fn a_buffer_ends_in_nul_and_may_be_freed_twice() {
    for content in ["", "grüß"] {
        let mut buf = lightspeed_buf::new(content.to_owned());
        // SAFETY: a buffer of our own.
        unsafe {
            assert_eq!(text(lightspeed_str_of(buf.ptr)), content);
            assert_eq!(buf.len, content.len());
            lightspeed_buf_free(&raw mut buf);
            assert!(buf.ptr.is_null());
            lightspeed_buf_free(&raw mut buf);
        }
    }
}

#[test]
fn text_is_checked() {
    let bytes = |ptr: *const u8, len| lightspeed_str { ptr: ptr.cast(), len };
    // SAFETY: NULL, no bytes, or a literal.
    unsafe {
        assert_eq!(bytes(null(), 0).text("name").ok(), Some(""));
        assert_eq!(bytes(std::ptr::dangling(), 0).path("name").ok(), Some(None));
        assert!(bytes(null(), 1).text("name").is_err());
        assert!(bytes(std::ptr::dangling(), usize::MAX).text("name").is_err());
        assert!(bytes(b"\xff".as_ptr(), 1).text("name").is_err());
        assert!(bytes(b"\xff".as_ptr(), 1).path("name").is_ok());
        assert!(bytes(b"a\0b".as_ptr(), 3).path("name").is_err());
    }
}

#[test]
fn options_of_a_wrong_size_are_refused() {
    let right = size_of::<lightspeed_blocks_options>();
    for size in [0, 1, right - 1, right + 8, usize::MAX] {
        let wrong = options(size);
        let mut blocks = std::ptr::dangling_mut();
        let source = lightspeed_bytes { ptr: null(), len: 0 };
        // SAFETY: everything lives during the call; a wrong size is refused before it is used.
        let said = message(S::InvalidArgument, |err| unsafe {
            lightspeed_blocks_analyse(source, &raw const wrong, &raw mut blocks, err)
        });
        assert!(said.starts_with(&format!("struct_size is {size}")), "{said}");
        assert!(blocks.is_null());
    }
}

#[test]
fn options_are_initialised_for_the_size_of_the_caller() {
    let mut options = lightspeed_select_options {
        struct_size: 0,
        hotfile_threshold: f64::NAN,
        strict_environment: 7,
        policy: 7,
        cancel: std::ptr::dangling(),
        listener: None,
        userdata: std::ptr::dangling_mut(),
    };
    let size = size_of_val(&options);
    // SAFETY: a struct of that size.
    ok(|err| unsafe { lightspeed_select_options_init(&raw mut options, size, err) });
    assert_eq!((options.struct_size, options.hotfile_threshold, options.policy), (size, 0.5, 0));
    assert!(options.cancel.is_null());
    // SAFETY: the sizes are refused.
    unsafe {
        message(S::InvalidArgument, |err| lightspeed_select_options_init(&raw mut options, 8, err));
        message(S::InvalidArgument, |err| lightspeed_select_options_init(null_mut(), size, err));
        message(S::InvalidArgument, |err| lightspeed_session_options_init(null_mut(), 0, err));
    }
}

/// A struct that grew by a field since an older release.
#[repr(C)]
#[derive(Clone, Copy)]
struct Grown {
    struct_size: usize,
    old: u32,
    new: u64,
}

// SAFETY: `repr(C)`, the size first, and only numbers.
unsafe impl options::Options for Grown {
    const SIZES: &'static [usize] = &[16, size_of::<Self>()];

    fn defaults() -> Self {
        Grown { struct_size: size_of::<Self>(), old: 1, new: 2 }
    }
}

#[test]
fn an_older_struct_keeps_the_defaults_of_newer_fields() {
    let mut older: [usize; 2] = [16, 7];
    // SAFETY: a struct of 16 bytes, as its first field says.
    unsafe {
        let read = options::read(older.as_ptr().cast::<Grown>()).unwrap();
        assert_eq!((read.old, read.new), (7, 2));
        options::init(older.as_mut_ptr().cast::<Grown>(), 16).unwrap();
        assert_eq!((older[0], (&raw const older[1]).cast::<u32>().read()), (16, 1));
    }
}

#[test]
fn a_panic_is_an_error_that_says_what_happened() {
    // SAFETY: no session.
    let said = message(S::Panic, |err| unsafe { testing::panic_in_call(null(), err) });
    assert!(said.contains("provoked by a test"), "{said}");
    // SAFETY: no session and nobody who wants the error.
    assert_eq!(unsafe { testing::panic_in_call(null(), null_mut()) }, S::Panic);
}

#[test]
#[cfg_attr(miri, ignore = "reads a configuration")]
fn a_session_that_panicked_answers_poisoned() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("asv.conf.json");
    std::fs::create_dir(directory.path().join("benchmarks")).unwrap();
    std::fs::write(&config, r#"{"version": 1, "project": "p", "repo": "."}"#).unwrap();
    let path = std::ffi::CString::new(config.to_str().unwrap()).unwrap();
    let (mut session, mut selection) = (null_mut(), std::ptr::dangling_mut());
    // SAFETY: everything lives during its calls.
    unsafe {
        ok(|err| lightspeed_session_open(lightspeed_str_of(path.as_ptr()), null(), &raw mut session, err));
        let survey = |selection, err| lightspeed_session_select_survey(session, null(), selection, err);
        message(S::NoSurvey, |err| survey(&raw mut selection, err));
        assert!(selection.is_null());
        message(S::Panic, |err| testing::panic_in_call(session, err));
        message(S::Poisoned, |err| survey(&raw mut selection, err));
        message(S::Poisoned, |err| testing::panic_in_call(session, err));
        lightspeed_session_free(session);
    }
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn a_broken_configuration_is_an_error_with_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("asv.conf.json");
    std::fs::write(&config, "{\n\"version\": }").unwrap();
    let path = lightspeed_str::borrowed(config.to_str().unwrap());
    let (mut session, mut err) = (null_mut(), null_mut());
    // SAFETY: everything lives during its calls.
    unsafe {
        assert_eq!(lightspeed_session_open(path, null(), &raw mut session, &raw mut err), S::Config);
        assert_eq!(text(lightspeed_error_path(err)), config.to_str().unwrap());
        assert_eq!(lightspeed_error_line(err), 2);
        lightspeed_error_free(err);
    }
}

#[test]
#[cfg_attr(miri, ignore = "the grammar is C")]
fn blocks_are_walked_by_index() {
    let usual = options(size_of::<lightspeed_blocks_options>());
    let blocks = analyse(b"def f():\n    return 1\n", &raw const usual);
    let (mut id, mut kind, mut start, mut end, mut sum) = (lightspeed_str::empty(), -1, 0, 0, 0);
    // SAFETY: blocks of our own, and outputs that live during the calls.
    unsafe {
        assert_eq!(lightspeed_blocks_count(blocks), 2);
        ok(|err| lightspeed_blocks_id(blocks, 1, &raw mut id, err));
        ok(|err| lightspeed_blocks_kind(blocks, 1, &raw mut kind, err));
        ok(|err| lightspeed_blocks_lines(blocks, 1, &raw mut start, &raw mut end, err));
        ok(|err| lightspeed_blocks_checksum(blocks, 1, &raw mut sum, err));
        assert_eq!((text(id).as_str(), kind, start, end), ("f", lightspeed_block_kind::Function as i32, 1, 2));
        assert_eq!(sum, (&*blocks).0.blocks[1].checksum);
        // Both lines into one place: the later one stays.
        ok(|err| lightspeed_blocks_lines(blocks, 1, &raw mut start, &raw mut start, err));
        assert_eq!(start, 2);
        let said = message(S::OutOfRange, |err| lightspeed_blocks_id(blocks, 2, &raw mut id, err));
        assert_eq!((said.as_str(), text(id).as_str()), ("there is no block 2: there are 2", "f"));
        message(S::InvalidArgument, |err| lightspeed_blocks_id(blocks, 0, null_mut(), err));
        message(S::InvalidArgument, |err| lightspeed_blocks_id(null(), 0, &raw mut id, err));
        message(S::OutOfRange, |err| lightspeed_blocks_diagnostic(blocks, 0, &raw mut id, &raw mut start, err));
        lightspeed_blocks_free(blocks);
    }
}

#[test]
#[cfg_attr(miri, ignore = "the grammar is C")]
fn what_cannot_be_read_is_a_diagnostic() {
    let blocks = analyse(b"def f(:\n", null());
    let (mut said, mut line) = (lightspeed_str::empty(), 0);
    // SAFETY: blocks of our own, and outputs that live during the call.
    unsafe {
        assert!(lightspeed_blocks_diagnostic_count(blocks) > 0);
        ok(|err| lightspeed_blocks_diagnostic(blocks, 0, &raw mut said, &raw mut line, err));
        assert_eq!(line, 1);
        assert!(!text(said).is_empty());
        lightspeed_blocks_free(blocks);
    }
}

fn selection() -> lightspeed_selection {
    use crate::session::{Affected, EnvironmentText, ReasonText, SelectReport};
    use lightspeed_core::impact::{Reason, Rule};
    let reason = ReasonText { reason: Reason::new("a.py", Rule::WholeFile), text: "it reads a.py".to_owned() };
    lightspeed_selection(SelectReport {
        schema: "lightspeed.select/1".into(),
        generation: 1,
        policy: crate::session::Policy::Precise,
        affected: vec![Affected { benchmark: "bench.time_x-0".to_owned(), reasons: vec![reason] }],
        unaffected: vec!["bench.time_y".to_owned()],
        hotfiles: Vec::new(),
        changed_files: vec!["a.py".to_owned()],
        ignored_files: Vec::new(),
        removed: Vec::new(),
        environment: EnvironmentText::default(),
        diagnostics: Vec::new(),
    })
}

#[test]
fn a_selection_is_walked_by_index_and_written_as_a_document() {
    let selection = Box::into_raw(Box::new(selection())).cast_const();
    let (mut out, mut count, mut json) = (lightspeed_str::empty(), 0, lightspeed_buf { ptr: null_mut(), len: 0 });
    // SAFETY: a selection of our own, and outputs that live during the calls.
    unsafe {
        assert_eq!((lightspeed_selection_count(selection), lightspeed_selection_unaffected_count(selection)), (1, 1));
        ok(|err| lightspeed_selection_benchmark(selection, 0, &raw mut out, err));
        assert_eq!(text(out), "bench.time_x-0");
        ok(|err| lightspeed_selection_reason_count(selection, 0, &raw mut count, err));
        assert_eq!(count, 1);
        ok(|err| lightspeed_selection_reason(selection, 0, 0, &raw mut out, err));
        assert_eq!(text(out), "it reads a.py");
        message(S::OutOfRange, |err| lightspeed_selection_reason(selection, 0, 1, &raw mut out, err));
        message(S::OutOfRange, |err| lightspeed_selection_reason_count(selection, usize::MAX, &raw mut count, err));
        ok(|err| lightspeed_selection_json(selection, &raw mut json, err));
        assert!(text(lightspeed_str_of(json.ptr)).starts_with(r#"{"schema":"lightspeed.select/1""#));
        lightspeed_buf_free(&raw mut json);
        lightspeed_selection_free(selection.cast_mut());
    }
}

#[test]
fn a_document_is_printed_as_the_program_prints_it() {
    let selection = Box::into_raw(Box::new(selection())).cast_const();
    let empty = || lightspeed_buf { ptr: null_mut(), len: 0 };
    let (mut json, mut out) = (empty(), empty());
    let options =
        lightspeed_report_options { struct_size: size_of::<lightspeed_report_options>(), width: 0, colour: 0 };
    let report = |document, options: lightspeed_report_options, out: *mut lightspeed_buf, err| {
        // SAFETY: everything lives during the call.
        unsafe { lightspeed_report_text(document, &raw const options, out, err) }
    };
    // SAFETY: a selection and texts of our own, and outputs that live during the calls.
    unsafe {
        ok(|err| lightspeed_selection_json(selection, &raw mut json, err));
        let document = lightspeed_str_of(json.ptr);
        ok(|err| lightspeed_report_text(document, null(), &raw mut out, err));
        let said = text(lightspeed_str_of(out.ptr));
        assert_eq!(said, "1 of 2 instances are affected by changes in a.py\n  bench.time_x-0");
        lightspeed_buf_free(&raw mut out);

        let wide = lightspeed_report_options { width: 65536, ..options };
        let said = message(S::InvalidArgument, |err| report(document, wide, &raw mut out, err));
        assert_eq!(said, "width is 65536: it must be at most 65535");
        let odd = lightspeed_report_options { colour: 2, ..options };
        message(S::InvalidArgument, |err| report(document, odd, &raw mut out, err));
        message(S::InvalidArgument, |err| report(document, options, null_mut(), err));
        let said =
            message(S::InvalidArgument, |err| report(lightspeed_str::borrowed("{}"), options, &raw mut out, err));
        assert!(said.starts_with("the document does not say what it is"), "{said}");
        assert!(out.ptr.is_null());
        lightspeed_buf_free(&raw mut json);
        lightspeed_selection_free(selection.cast_mut());
    }
}
