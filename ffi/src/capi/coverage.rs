//! A coverage report of another tool, read.

use super::panic::call;
use super::pointer::{HandleOut, Out, borrow, free, item};
use super::{lightspeed_bytes, lightspeed_error, lightspeed_status, lightspeed_str};
use lightspeed_core::coverage::{CoverageError, Format, Report, read, read_as};

/// Which lines of which files ran. Owned by the caller; free it with `lightspeed_coverage_free`. It never changes and may
/// be shared between threads.
#[derive(Debug)]
pub struct lightspeed_coverage {
    pub(super) report: Report,
    /// The same, for C to walk.
    files: Vec<(String, Vec<u32>)>,
}

/// Formats of coverage reports.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lightspeed_coverage_format {
    /// Whatever it is: its first bytes tell.
    Any = 0,
    /// A tracefile of lcov, which gcov's converters, coverage.py and llvm-cov write too.
    Lcov = 1,
    /// Cobertura's XML.
    Cobertura = 2,
    /// What `coverage json` writes.
    CoveragePy = 3,
    /// A cover profile of Go.
    GoCover = 4,
    /// What `llvm-cov export` writes.
    LlvmCov = 5,
}

/// Reads the bytes of a report; touches no file.
///
/// `format` is a `lightspeed_coverage_format`. Writes `*coverage`, owned by the caller. From any thread.
///
/// Errors: INVALID_ARGUMENT; COVERAGE where the bytes are no such report, or a broken one: of a part that could be read
/// nothing is kept, because what is missing would count as not executed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_coverage_read(
    report: lightspeed_bytes,
    format: i32,
    coverage: *mut *mut lightspeed_coverage,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = HandleOut::new(coverage, "coverage")?;
            let bytes = report.bytes("report")?;
            let report = parsed(bytes, format)??;
            let lines = report.files.iter().map(|(path, lines)| (path.clone(), lines.iter().copied().collect()));
            let files = lines.collect();
            out.set(lightspeed_coverage { report, files });
            Ok(())
        })
    }
}

/// Frees a report and what was borrowed from it. NULL is a no-op. Consumes `coverage`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_coverage_free(coverage: *mut lightspeed_coverage) {
    // SAFETY: NULL or a report that the caller owns.
    unsafe { free(coverage) }
}

/// How many files the report mentions. NULL gives 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_coverage_count(coverage: *const lightspeed_coverage) -> usize {
    // SAFETY: NULL or a report that was not freed.
    unsafe { coverage.as_ref() }.map_or(0, |coverage| coverage.files.len())
}

/// The path of a file as the tool wrote it, in the order of paths. Writes `*path`, borrowed until the report is freed.
///
/// Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` is not below `lightspeed_coverage_count`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_coverage_path(
    coverage: *const lightspeed_coverage,
    index: usize,
    path: *mut lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(path, "path")?;
            out.set(lightspeed_str::borrowed(&item(&borrow(coverage, "coverage")?.files, index, "file")?.0));
            Ok(())
        })
    }
}

/// The lines of a file that ran, from 1, rising; none where the tool says that none ran. Writes `*lines`, borrowed until
/// the report is freed, and how many they are to `*count`.
///
/// Errors: as `lightspeed_coverage_path`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_coverage_lines(
    coverage: *const lightspeed_coverage,
    index: usize,
    lines: *mut *const u32,
    count: *mut usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let (lines, count) = (Out::new(lines, "lines")?, Out::new(count, "count")?);
            let found = &item(&borrow(coverage, "coverage")?.files, index, "file")?.1;
            lines.set(found.as_ptr());
            count.set(found.len());
            Ok(())
        })
    }
}

fn parsed(bytes: &[u8], format: i32) -> Result<Result<Report, CoverageError>, lightspeed_error> {
    use lightspeed_coverage_format as F;
    let format = match format {
        f if f == F::Any as i32 => return Ok(read(bytes)),
        f if f == F::Lcov as i32 => Format::Lcov,
        f if f == F::Cobertura as i32 => Format::Cobertura,
        f if f == F::CoveragePy as i32 => Format::CoveragePy,
        f if f == F::GoCover as i32 => Format::GoCover,
        f if f == F::LlvmCov as i32 => Format::LlvmCov,
        other => {
            let message = format!("format is {other}: that is no lightspeed_coverage_format");
            return Err(lightspeed_error::argument(message));
        }
    };
    Ok(read_as(bytes, format))
}

impl From<CoverageError> for lightspeed_error {
    fn from(error: CoverageError) -> Self {
        Self::new(lightspeed_status::Coverage, format!("the coverage report cannot be used: {error}"))
    }
}
