//! Surveys, coverage and indexes as a harness makes them, and the pointers below them. No source here needs the grammar.
#![allow(clippy::unwrap_used)]

use super::pointer::{HandleOut, Out, borrow, borrow_mut, free, out_slice, slice, take};
use super::tests::{message, ok, text};
use super::*;
use lightspeed_status as S;
use std::ptr::{dangling, dangling_mut, null, null_mut};

const LCOV: &str = "SF:/build/a.c\nDA:1,4\nDA:2,0\nDA:3,1\nend_of_record\nSF:/usr/include/b.h\nDA:9,0\nend_of_record\n";

fn bytes(content: &[u8]) -> lightspeed_bytes {
    lightspeed_bytes { ptr: content.as_ptr(), len: content.len() }
}

fn file(path: &'static str, content: &'static [u8]) -> lightspeed_file {
    lightspeed_file { path: lightspeed_str::borrowed(path), content: bytes(content), deleted: 0 }
}

fn no_buf() -> lightspeed_buf {
    lightspeed_buf { ptr: null_mut(), len: 0 }
}

fn read(report: &[u8], format: lightspeed_coverage_format) -> *mut lightspeed_coverage {
    let mut coverage = dangling_mut();
    // SAFETY: everything lives during the call.
    ok(|err| unsafe { lightspeed_coverage_read(bytes(report), format as i32, &raw mut coverage, err) });
    coverage
}

fn begun() -> *mut lightspeed_survey {
    let mut survey = dangling_mut();
    // SAFETY: everything lives during the call.
    ok(|err| unsafe { lightspeed_survey_new(null(), &raw mut survey, err) });
    survey
}

/// `table` reads a.csv, `sort` executed a.c by a coverage report, and of `unknown` nothing is told.
fn surveyed() -> *mut lightspeed_index {
    let survey = begun();
    let (mut number, mut known, mut index) = (9, 9, dangling_mut());
    // SAFETY: a survey of our own, and arguments that live during the calls.
    unsafe {
        for (path, content) in [("a.csv", "1,2\n"), ("a.c", "int x;\n"), ("empty.txt", "")] {
            ok(|err| {
                lightspeed_survey_add_file(survey, lightspeed_str::borrowed(path), bytes(content.as_bytes()), err)
            });
        }
        for (place, id) in ["table", "sort", "unknown"].into_iter().enumerate() {
            ok(|err| lightspeed_survey_add_benchmark(survey, lightspeed_str::borrowed(id), &raw mut number, err));
            assert_eq!(number as usize, place);
        }
        ok(|err| lightspeed_survey_depends_on(survey, 0, lightspeed_str::borrowed("a.csv"), err));
        let coverage = read(LCOV.as_bytes(), lightspeed_coverage_format::Lcov);
        ok(|err| lightspeed_survey_covered(survey, 1, coverage, &raw mut known, err));
        assert_eq!(known, 1);
        lightspeed_coverage_free(coverage);
        ok(|err| lightspeed_survey_finish(survey, &raw mut index, err));
    }
    index
}

fn selected(index: *const lightspeed_index, files: &[lightspeed_file]) -> *mut lightspeed_selection {
    let mut selection = dangling_mut();
    // SAFETY: an index of our own, and files that live during the call.
    ok(|err| unsafe { lightspeed_index_select(index, files.as_ptr(), files.len(), null(), &raw mut selection, err) });
    selection
}

fn names(selection: *const lightspeed_selection) -> Vec<String> {
    let mut name = lightspeed_str::empty();
    // SAFETY: a selection of our own, whose texts are copied while it lives.
    unsafe {
        let count = lightspeed_selection_count(selection);
        let name = |index| {
            ok(|err| lightspeed_selection_benchmark(selection, index, &raw mut name, err));
            text(name)
        };
        (0..count).map(name).collect()
    }
}

fn affected(index: *const lightspeed_index, files: &[lightspeed_file]) -> Vec<String> {
    let selection = selected(index, files);
    let names = names(selection);
    // SAFETY: ours, and not used again.
    unsafe { lightspeed_selection_free(selection) };
    names
}

#[test]
fn shared_handles_of_a_harness_may_be_shared() {
    fn shared<T: Send + Sync>() {}
    shared::<lightspeed_coverage>();
    shared::<lightspeed_index>();
    shared::<lightspeed_store>();
}

#[test]
fn coverage_is_walked_by_index() {
    let coverage = read(LCOV.as_bytes(), lightspeed_coverage_format::Any);
    let (mut path, mut lines, mut count) = (lightspeed_str::empty(), null(), 9);
    // SAFETY: a report of our own, and outputs that live during the calls.
    unsafe {
        assert_eq!(lightspeed_coverage_count(coverage), 2);
        ok(|err| lightspeed_coverage_path(coverage, 1, &raw mut path, err));
        assert_eq!(text(path), "/usr/include/b.h");
        ok(|err| lightspeed_coverage_lines(coverage, 1, &raw mut lines, &raw mut count, err));
        assert_eq!((count, lines.is_null()), (0, false));
        ok(|err| lightspeed_coverage_lines(coverage, 0, &raw mut lines, &raw mut count, err));
        assert_eq!(std::slice::from_raw_parts(lines, count), [1, 3]);
        for index in [2, usize::MAX] {
            message(S::OutOfRange, |err| lightspeed_coverage_path(coverage, index, &raw mut path, err));
            message(S::OutOfRange, |err| {
                lightspeed_coverage_lines(coverage, index, &raw mut lines, &raw mut count, err)
            });
        }
        assert_eq!((count, text(path).as_str()), (2, "/usr/include/b.h"), "a refused call writes nothing");
        let said =
            message(S::InvalidArgument, |err| lightspeed_coverage_lines(coverage, 0, &raw mut lines, null_mut(), err));
        assert_eq!(said, "count is NULL");
        lightspeed_coverage_free(coverage);
    }
}

#[test]
fn a_report_that_is_none_gives_no_handle() {
    let mut coverage = dangling_mut();
    let mut read = |report: lightspeed_bytes, format: i32, status| {
        // SAFETY: everything lives during the call; NULL is refused.
        let said = message(status, |err| unsafe { lightspeed_coverage_read(report, format, &raw mut coverage, err) });
        assert!(coverage.is_null());
        coverage = dangling_mut();
        said
    };
    read(bytes(b"no report"), 0, S::Coverage);
    read(bytes(b""), 0, S::Coverage);
    read(bytes(LCOV.as_bytes()), lightspeed_coverage_format::Cobertura as i32, S::Coverage);
    assert!(read(bytes(b""), 6, S::InvalidArgument).starts_with("format is 6"));
    assert_eq!(read(lightspeed_bytes { ptr: null(), len: 1 }, 0, S::InvalidArgument), "report is NULL");
}

#[test]
fn files_without_a_grammar_are_followed_as_a_whole() {
    let index = surveyed();
    let gone = lightspeed_file { deleted: 1, content: lightspeed_bytes { ptr: null(), len: 7 }, ..file("a.csv", b"") };
    assert!(affected(index, &[]).is_empty());
    assert!(affected(index, &[file("a.csv", b"1,2\n"), file("empty.txt", b"")]).is_empty());
    assert_eq!(affected(index, &[file("a.csv", b"1,3\n")]), ["table", "unknown"]);
    assert_eq!(affected(index, &[file("a.c", b"int y;\n")]), ["sort", "unknown"]);
    assert_eq!(affected(index, &[gone]), ["table", "unknown"], "the content of what is gone is not looked at");
    // SAFETY: an index of our own.
    unsafe { lightspeed_index_free(index) };
}

#[test]
fn an_index_comes_back_from_its_bytes() {
    let (index, mut saved, mut again) = (surveyed(), no_buf(), dangling_mut());
    // SAFETY: handles of our own, and bytes that live during the calls.
    unsafe {
        ok(|err| lightspeed_index_save(index, &raw mut saved, err));
        lightspeed_index_free(index);
        let whole = lightspeed_bytes { ptr: saved.ptr.cast(), len: saved.len };
        for (cut, status) in [(0, S::Database), (saved.len - 1, S::Database)] {
            let cut = lightspeed_bytes { len: cut, ..whole };
            message(status, |err| lightspeed_index_load(cut, &raw mut again, err));
            assert!(again.is_null());
            again = dangling_mut();
        }
        ok(|err| lightspeed_index_load(whole, &raw mut again, err));
        lightspeed_buf_free(&raw mut saved);
        lightspeed_buf_free(&raw mut saved);
        assert_eq!((lightspeed_index_count(again), lightspeed_index_file_count(again)), (3, 3));
        assert_eq!(affected(again, &[file("a.c", b"")]), ["sort", "unknown"]);
        lightspeed_index_free(again);
    }
}

#[test]
fn what_came_of_an_index_outlives_it() {
    let (index, mut name, mut json) = (surveyed(), lightspeed_str::empty(), no_buf());
    let selection = selected(index, &[file("a.csv", b"")]);
    // SAFETY: each handle is used until it is freed, and texts while their owner lives.
    unsafe {
        ok(|err| lightspeed_index_benchmark(index, 1, &raw mut name, err));
        assert_eq!(text(name), "sort");
        ok(|err| lightspeed_index_file(index, 2, &raw mut name, err));
        assert_eq!(text(name), "empty.txt");
        message(S::OutOfRange, |err| lightspeed_index_file(index, 3, &raw mut name, err));
        lightspeed_index_free(index);
        assert_eq!(names(selection), ["table", "unknown"]);
        ok(|err| lightspeed_selection_reason(selection, 0, 0, &raw mut name, err));
        assert!(text(name).contains("a.csv"));
        ok(|err| lightspeed_selection_json(selection, &raw mut json, err));
        lightspeed_selection_free(selection);
        assert!(text(lightspeed_str_of(json.ptr)).contains("a.csv"));
        lightspeed_buf_free(&raw mut json);
    }
}

#[test]
fn a_survey_refuses_and_goes_on() {
    let survey = begun();
    let (mut number, mut index) = (9, dangling_mut());
    let (path, none) = (lightspeed_str::borrowed("a.csv"), lightspeed_str::empty());
    let lost = lightspeed_str { ptr: null(), len: 1 };
    // SAFETY: a survey of our own until it is consumed; NULL is refused.
    unsafe {
        ok(|err| lightspeed_survey_add_file(survey, path, bytes(b""), err));
        message(S::InvalidArgument, |err| lightspeed_survey_add_file(survey, path, bytes(b""), err));
        message(S::InvalidArgument, |err| lightspeed_survey_add_file(survey, lost, bytes(b""), err));
        message(S::InvalidArgument, |err| lightspeed_survey_add_benchmark(survey, none, &raw mut number, err));
        message(S::InvalidArgument, |err| lightspeed_survey_add_benchmark(survey, path, null_mut(), err));
        assert_eq!(number, 9);
        ok(|err| lightspeed_survey_add_benchmark(survey, path, &raw mut number, err));
        ok(|err| lightspeed_survey_executed(survey, 0, path, null(), 0, err));
        message(S::InvalidArgument, |err| lightspeed_survey_executed(survey, 0, path, null(), 1, err));
        let long = usize::MAX;
        message(S::InvalidArgument, |err| lightspeed_survey_executed(survey, 0, path, dangling(), long, err));
        message(S::InvalidArgument, |err| lightspeed_survey_doubt(survey, 1, path, err));
        ok(|err| lightspeed_survey_doubt(survey, 0, path, err));
        ok(|err| lightspeed_survey_finish(survey, &raw mut index, err));
        assert_eq!(lightspeed_index_count(index), 1);
        lightspeed_index_free(index);
        message(S::InvalidArgument, |err| lightspeed_survey_finish(null_mut(), &raw mut index, err));
        assert!(index.is_null());
        // Consumed although there is no place for the index: what leaks is found by Miri and valgrind.
        message(S::InvalidArgument, |err| lightspeed_survey_finish(begun(), null_mut(), err));
        let odd = (&raw mut index).cast::<u8>().wrapping_add(1).cast::<*mut lightspeed_error>();
        assert_eq!(lightspeed_survey_finish(begun(), &raw mut index, odd), S::InvalidArgument);
        lightspeed_survey_free(begun());
        lightspeed_survey_free(null_mut());
    }
}

#[test]
fn structs_of_a_wrong_size_give_no_survey_and_no_answer() {
    let (index, mut survey, mut selection) = (surveyed(), dangling_mut(), dangling_mut());
    for struct_size in [0, 7, 1 << 20] {
        let blocks = lightspeed_blocks_options { struct_size, docstrings: 0, language: 0 };
        let select = lightspeed_select_options {
            struct_size,
            hotfile_threshold: 0.5,
            strict_environment: 0,
            policy: 0,
            cancel: null(),
            listener: None,
            userdata: null_mut(),
        };
        // SAFETY: everything lives during the calls; a wrong size is refused before it is used.
        unsafe {
            message(S::InvalidArgument, |err| lightspeed_survey_new(&raw const blocks, &raw mut survey, err));
            message(S::InvalidArgument, |err| {
                lightspeed_index_select(index, null(), 0, &raw const select, &raw mut selection, err)
            });
        }
        assert!(survey.is_null() && selection.is_null());
    }
    // SAFETY: an index of our own.
    unsafe { lightspeed_index_free(index) };
}

#[test]
fn an_index_is_asked_by_several_threads_while_one_raises_a_token() {
    let (index, mut token) = (surveyed(), null_mut());
    // SAFETY: the handles live until all threads have ended.
    unsafe {
        ok(|err| lightspeed_cancel_new(&raw mut token, err));
        let (shared, cancel): (&lightspeed_index, &lightspeed_cancel) = (&*index, &*token);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    assert_eq!(affected(shared, &[file("a.csv", b"")]), ["table", "unknown"]);
                    while ask_until_raised(shared, cancel) == S::Ok {
                        std::thread::yield_now();
                    }
                });
            }
            scope.spawn(|| lightspeed_cancel_raise(cancel));
        });
        assert!(lightspeed_cancel_is_raised(token));
        lightspeed_cancel_free(token);
        lightspeed_index_free(index);
    }
}

#[test]
#[cfg_attr(miri, ignore = "reads a directory")]
fn a_raised_token_is_seen_before_each_file_of_a_directory() {
    let (index, directory, mut token) = (surveyed(), tempfile::tempdir().unwrap(), null_mut());
    let root = lightspeed_str::borrowed(directory.path().to_str().unwrap());
    // Nobody can read it: who asks for it hears of that, but for a token that is looked at first.
    let unreadable = |name: &str| {
        let path = directory.path().join(name);
        std::fs::File::create(&path).unwrap().set_len(crate::tree::SIZE_CAP + 1).unwrap();
        path
    };
    // SAFETY: the handles live during the calls.
    unsafe {
        ok(|err| lightspeed_cancel_new(&raw mut token, err));
        let select = |status, options: *const lightspeed_select_options| {
            let mut selection = dangling_mut();
            let ask = |err| lightspeed_index_select_directory(index, root, options, &raw mut selection, err);
            message(status, ask);
            assert!(selection.is_null());
        };
        lightspeed_cancel_raise(token);
        // One is a source, the other is only known to the survey.
        for name in ["new.py", "a.csv"] {
            let path = unreadable(name);
            select(S::Io, null());
            let options = asking(&*token);
            select(S::Cancelled, &raw const options);
            std::fs::remove_file(path).unwrap();
        }
        lightspeed_cancel_free(token);
        lightspeed_index_free(index);
    }
}

fn asking(cancel: &lightspeed_cancel) -> lightspeed_select_options {
    lightspeed_select_options {
        struct_size: size_of::<lightspeed_select_options>(),
        hotfile_threshold: 0.5,
        strict_environment: 0,
        policy: 0,
        cancel,
        listener: None,
        userdata: null_mut(),
    }
}

fn ask_until_raised(index: &lightspeed_index, cancel: &lightspeed_cancel) -> S {
    let options = asking(cancel);
    let (mut selection, changed) = (dangling_mut(), [file("a.c", b"")]);
    // SAFETY: everything lives during the calls.
    unsafe {
        let options = &raw const options;
        let status = lightspeed_index_select(index, changed.as_ptr(), 1, options, &raw mut selection, null_mut());
        assert_eq!(selection.is_null(), status != S::Ok);
        lightspeed_selection_free(selection);
        status
    }
}

#[test]
fn a_misaligned_place_for_the_error_is_refused_before_anything_is_done() {
    let mut token: *mut lightspeed_cancel = dangling_mut();
    let mut place: [*mut lightspeed_error; 2] = [null_mut(); 2];
    let odd = place.as_mut_ptr().cast::<u8>().wrapping_add(1).cast();
    // SAFETY: an odd place is what is tested.
    unsafe {
        assert_eq!(lightspeed_cancel_new(&raw mut token, odd), S::InvalidArgument);
        assert_eq!(lightspeed_cancel_new(null_mut(), odd), S::InvalidArgument);
    }
    assert_eq!((token, place), (dangling_mut(), [null_mut(); 2]));
}

#[test]
fn a_place_is_written_and_never_read() {
    let mut place = std::mem::MaybeUninit::<usize>::uninit();
    // SAFETY: a place of our own, not yet written.
    unsafe {
        Out::new(place.as_mut_ptr(), "place").unwrap().set(7);
        assert_eq!(place.assume_init(), 7);
        let odd = place.as_mut_ptr().cast::<u8>().wrapping_add(1).cast::<usize>();
        assert!(Out::new(odd, "place").is_err());
        assert!(Out::<usize>::new(null_mut(), "place").is_err());
        assert!(borrow(odd, "place").is_err() && borrow_mut(odd, "place").is_err() && take(odd, "place").is_err());
    }
}

#[test]
fn a_handle_is_lent_and_taken_back_once() {
    let mut handle = dangling_mut::<String>();
    // SAFETY: a handle of our own until it is taken.
    unsafe {
        HandleOut::new(&raw mut handle, "handle").unwrap().set("a".to_owned());
        borrow_mut(handle, "handle").unwrap().push('b');
        let (one, other) = (borrow(handle, "handle").unwrap(), borrow(handle, "handle").unwrap());
        assert_eq!((one.as_str(), other.as_str()), ("ab", "ab"));
        assert_eq!(take(handle, "handle").ok().as_deref(), Some("ab"));
        assert!(HandleOut::new(&raw mut handle, "handle").is_ok());
        assert!(handle.is_null(), "a place without a result holds NULL");
        assert!(take(handle, "handle").is_err());
        free(handle);
    }
}

#[test]
fn copies_stay_inside_their_room() {
    let mut room = [0.0_f64; 3];
    // SAFETY: the rooms are as long as is said; with 0 the pointer is not looked at.
    unsafe {
        out_slice(null_mut(), 0, &[1.0], "room").unwrap();
        out_slice(dangling_mut::<u8>().cast::<f64>(), 0, &[1.0], "room").unwrap();
        out_slice(room.as_mut_ptr(), 2, &[1.0, 2.0, 3.0], "room").unwrap();
        assert_eq!(room, [1.0, 2.0, 0.0]);
        out_slice(room.as_mut_ptr(), 3, &[4.0], "room").unwrap();
        out_slice(room.as_mut_ptr(), 3, &[], "room").unwrap();
        assert_eq!(room, [4.0, 2.0, 0.0]);
        assert!(out_slice(null_mut(), 1, &[1.0], "room").is_err());
        assert_eq!(slice(room.as_ptr(), 2, "room").unwrap(), [4.0, 2.0]);
        assert!(slice::<f64>(null(), 0, "room").unwrap().is_empty());
        assert!(slice(room.as_ptr(), usize::MAX / 8 + 1, "room").is_err());
        assert!(slice(room.as_ptr(), isize::MAX as usize / 8 + 1, "room").is_err());
    }
}
