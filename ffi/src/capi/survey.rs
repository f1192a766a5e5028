//! A survey that a harness puts together: source files, benchmarks, and what each of them executed.

use super::blocks::lightspeed_blocks_options;
use super::cancel::going_on;
use super::options::{flag, read};
use super::panic::{Poison, call};
use super::pointer::{HandleOut, Out, borrow, borrow_mut, free, slice, take};
use super::{
    lightspeed_bytes, lightspeed_coverage, lightspeed_error, lightspeed_index, lightspeed_status, lightspeed_str,
};
use crate::cancel::Cancel;
use crate::tree::{list_files, read_file};
use lightspeed_core::blocks::Options;
use lightspeed_core::impact::{Index, is_native_source};
use lightspeed_core::source::{is_go_module, is_source};
use lightspeed_core::survey::{SurveyBuilder, SurveyError};
use std::path::Path;

/// A survey that is being put together. Owned by the caller; free it with `lightspeed_survey_free`, or hand it to
/// `lightspeed_survey_finish`. For one thread at a time.
#[derive(Debug)]
pub struct lightspeed_survey {
    builder: SurveyBuilder,
    poison: Poison,
}

/// Begins a survey. Sources are analysed with `options`, now and when they have changed; NULL for the defaults.
///
/// Then, in this order: the source files, the benchmarks, what each of them executed. A benchmark of which nothing is told, or
/// whose coverage names no file that was added, is always affected. Writes `*survey`, owned by the caller. From any thread.
///
/// Errors: INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_survey_new(
    options: *const lightspeed_blocks_options,
    survey: *mut *mut lightspeed_survey,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = HandleOut::new(survey, "survey")?;
            let docstrings = flag(read(options)?.docstrings, "docstrings")?;
            let builder = SurveyBuilder::new(Options { docstrings, ..Options::default() });
            out.set(lightspeed_survey { builder, poison: Poison::default() });
            Ok(())
        })
    }
}

/// Frees a survey. NULL is a no-op. Consumes `survey`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_survey_free(survey: *mut lightspeed_survey) {
    // SAFETY: NULL or a survey that the caller owns.
    unsafe { free(survey) }
}

/// Adds a file by its content. `path` is UTF-8, relative to the top of the sources, separated by '/'. Python files (`.py`) are followed
/// by blocks, all others as a whole. Touches no file.
///
/// Errors: INVALID_ARGUMENT, also for a path that lies elsewhere or was added before; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_survey_add_file(
    survey: *mut lightspeed_survey,
    path: lightspeed_str,
    content: lightspeed_bytes,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe {
        tell(survey, err, |builder| {
            builder.add_file(path.text("path")?, content.bytes("content")?)?;
            Ok(())
        })
    }
}

/// Adds the files of Python and Go (with their `go.mod`), and the sources and headers of compiled languages, that lie below the directory `root`, which is the top of the
/// sources; those of version control, caches and virtual environments left out. Writes how many to `*count`.
///
/// Errors: as `lightspeed_survey_add_file`; IO, with what was read until then added.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_survey_add_directory(
    survey: *mut lightspeed_survey,
    root: lightspeed_str,
    count: *mut usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        tell(survey, err, |builder| {
            let out = Out::new(count, "count")?;
            let root = directory(root, "root")?;
            let mut added = 0;
            for (name, bytes) in sources_below(&root, &Cancel::new())? {
                builder.add_file(&name, &bytes)?;
                added += 1;
            }
            out.set(added);
            Ok(())
        })
    }
}

/// Adds a benchmark, or one parameter combination of it, by its id. Writes its number, from 0 on, to `*number`.
///
/// Errors: INVALID_ARGUMENT, also for an id that is empty or was added before; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_survey_add_benchmark(
    survey: *mut lightspeed_survey,
    id: lightspeed_str,
    number: *mut u32,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        tell(survey, err, |builder| {
            let out = Out::new(number, "number")?;
            out.set(builder.add_benchmark(id.text("id")?)?);
            Ok(())
        })
    }
}

/// Says that a benchmark executed `count` lines of a file, counted from 1.
///
/// Errors: INVALID_ARGUMENT, also for a benchmark or file that was not added; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_survey_executed(
    survey: *mut lightspeed_survey,
    benchmark: u32,
    path: lightspeed_str,
    lines: *const u32,
    count: usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe {
        tell(survey, err, |builder| {
            builder.executed(benchmark, path.text("path")?, slice(lines, count, "lines")?)?;
            Ok(())
        })
    }
}

/// Says what a coverage report of a run of a benchmark says. Its paths may be absolute or begin anywhere: the longest end
/// of one that is the path of an added file is meant. Sources of compiled languages that the report does not mention (headers without
/// code of their own) count as part of what it does. Writes how many of its files were added ones to `*known`; with 0 the
/// report tells nothing.
///
/// Errors: INVALID_ARGUMENT, also for a benchmark that was not added; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_survey_covered(
    survey: *mut lightspeed_survey,
    benchmark: u32,
    coverage: *const lightspeed_coverage,
    known: *mut usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        tell(survey, err, |builder| {
            let out = Out::new(known, "known")?;
            out.set(builder.covered(benchmark, &borrow(coverage, "coverage")?.report)?.known);
            Ok(())
        })
    }
}

/// Says that a benchmark begins at a function of a Go test file: Go's coverage leaves these files out. That function, and all that it
/// may reach by names in the test files of its directory, counts as executed. `function` is its qualified name: `BenchmarkParse`.
///
/// Errors: INVALID_ARGUMENT, also for a benchmark or file that was not added, and a file without such a function; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_survey_begins_at(
    survey: *mut lightspeed_survey,
    benchmark: u32,
    path: lightspeed_str,
    function: lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe {
        tell(survey, err, |builder| {
            builder.begins_at(benchmark, path.text("path")?, function.text("function")?)?;
            Ok(())
        })
    }
}

/// Says that a benchmark depends on a file as a whole: it reads it, or is built from it.
///
/// Errors: as `lightspeed_survey_executed`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_survey_depends_on(
    survey: *mut lightspeed_survey,
    benchmark: u32,
    path: lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe {
        tell(survey, err, |builder| {
            builder.depends_on(benchmark, path.text("path")?)?;
            Ok(())
        })
    }
}

/// Says that what is told of a benchmark cannot be relied on: it is always affected, and `reason` says why.
///
/// Errors: INVALID_ARGUMENT, also for a benchmark that was not added; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_survey_doubt(
    survey: *mut lightspeed_survey,
    benchmark: u32,
    reason: lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe {
        tell(survey, err, |builder| {
            builder.doubt(benchmark, reason.text("reason")?)?;
            Ok(())
        })
    }
}

/// Makes the survey ready to be asked. Consumes `survey`, also where the call fails. Writes `*index`, owned by the caller.
///
/// Errors: INVALID_ARGUMENT; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_survey_finish(
    survey: *mut lightspeed_survey,
    index: *mut *mut lightspeed_index,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: a survey that the caller owns, and an output of the caller.
    unsafe {
        let survey = take(survey, "survey");
        call(err, move || {
            let out = HandleOut::new(index, "index")?;
            let survey = survey?;
            survey.poison.check()?;
            out.set(lightspeed_index::new(Index::new(survey.builder.finish())));
            Ok(())
        })
    }
}

/// Every source below a directory, with its path relative to it.
pub(super) fn sources_below(root: &Path, cancel: &Cancel) -> Result<Vec<(String, Vec<u8>)>, lightspeed_error> {
    let mut sources = Vec::new();
    for path in list_files(root).map_err(crate::session::SessionError::from)? {
        let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) else { continue };
        if is_source(name) || is_go_module(name) || is_native_source(name) {
            going_on(cancel)?;
            let bytes = read_file(&path).map_err(crate::session::SessionError::from)?;
            sources.push((name.to_owned(), bytes));
        }
    }
    Ok(sources)
}

/// # Safety
/// The text is the caller's, valid during the call.
pub(super) unsafe fn directory(path: lightspeed_str, name: &str) -> Result<std::path::PathBuf, lightspeed_error> {
    // SAFETY: as promised by the caller.
    let path = unsafe { path.path(name) }?;
    path.ok_or_else(|| lightspeed_error::argument(format!("{name} is empty: name a directory")))
}

/// # Safety
/// A survey that is this thread's alone during the call; an output of the caller.
unsafe fn tell(
    survey: *mut lightspeed_survey,
    err: *mut *mut lightspeed_error,
    what: impl FnOnce(&mut SurveyBuilder) -> Result<(), lightspeed_error>,
) -> lightspeed_status {
    // SAFETY: as promised by the caller.
    unsafe {
        call(err, || {
            let survey = borrow_mut(survey, "survey")?;
            let _guard = survey.poison.enter()?;
            what(&mut survey.builder)
        })
    }
}

impl From<SurveyError> for lightspeed_error {
    fn from(error: SurveyError) -> Self {
        Self::argument(error.to_string())
    }
}
