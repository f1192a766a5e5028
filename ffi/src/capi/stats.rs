//! Statistics of numbers that the caller has.

use super::options::{Options, flag, init, read};
use super::panic::call;
use super::pointer::{Out, slice};
use super::result::or_nan;
use super::{lightspeed_buf, lightspeed_error, lightspeed_result, lightspeed_status, lightspeed_str};
use lightspeed_core::stats::{
    CompareOptions, GatePolicy, Inference, StatsError, Status, Summary, Verdict, compare, quantile, signed_rank,
    summarize,
};

/// How to compare. Begin with `LIGHTSPEED_COMPARE_OPTIONS_INIT` or `lightspeed_compare_options_init`. Read during the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_compare_options {
    /// Size of the struct in bytes.
    pub struct_size: usize,
    /// Probability of claiming a change where there is none, above 0 and below 1.
    pub alpha: f64,
    /// Changes up to this fraction do not matter: 0.02 is 2 %.
    pub margin: f64,
    /// 1 where the i-th values of both sides belong together; 0 for two samples.
    pub paired: i32,
}

/// What is worth knowing about one sample. A number that there is none of is NaN.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_summary {
    /// Number of values.
    pub n: usize,
    /// Middle of the sample.
    pub median: f64,
    /// Lower quartile.
    pub q_25: f64,
    /// Upper quartile.
    pub q_75: f64,
    /// Lower end of the median's interval of at least 99 %, as ASV computes it; NaN where the sample does not bound it.
    pub ci_99_a: f64,
    /// Upper end of that interval.
    pub ci_99_b: f64,
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation with n − 1; NaN for one value.
    pub sd: f64,
    /// Median absolute deviation from the median, unscaled.
    pub mad: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
}

/// Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_compare_options)`.
///
/// Errors: INVALID_ARGUMENT where no release had a struct of this size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_compare_options_init(
    options: *mut lightspeed_compare_options,
    struct_size: usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: places of the caller.
    unsafe { call(err, || init(options, struct_size)) }
}

/// Calls the statistic named `function` (`compare`, `signed_rank`, `bootstrap` …) with the fields of the JSON object `input_json`.
/// Writes its result to `*result_json`, owned by the caller. The same input gives the same bytes on every platform. From any
/// thread.
///
/// Errors: INVALID_ARGUMENT, also for a function that there is none of (the message names all) or input that it does not take;
/// STATISTICS. The detail of both is the name of the cause: `UnknownFunction`, `Input`, `Empty` …
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_stats_call(
    function: lightspeed_str,
    input_json: lightspeed_str,
    result_json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(result_json, "result_json")?;
            let (function, input) = (function.text("function")?, input_json.text("input_json")?);
            out.set(lightspeed_buf::new(lightspeed_core::stats::call(function, input)?));
            Ok(())
        })
    }
}

/// Compares two groups of values, each of a process run of its own, all above 0: `baseline_count` values before a change and
/// `current_count` after it, in the same unit.
///
/// Two samples are compared by ranks, pairs by signed ranks. `options` may be NULL for the defaults. Writes `*result`. From
/// any thread.
///
/// Errors: INVALID_ARGUMENT; STATISTICS where a side is empty, has a value that is not finite or not above 0, or does not pair.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_stats_compare(
    baseline: *const f64,
    baseline_count: usize,
    current: *const f64,
    current_count: usize,
    options: *const lightspeed_compare_options,
    result: *mut lightspeed_result,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(result, "result")?;
            let options = read(options)?;
            let baseline = slice(baseline, baseline_count, "baseline")?;
            let current = slice(current, current_count, "current")?;
            out.set(compared(baseline, current, &options)?);
            Ok(())
        })
    }
}

/// Summarises a sample of `count` values. Writes `*summary`. From any thread.
///
/// Errors: INVALID_ARGUMENT; STATISTICS where the sample is empty, has a value that is not finite, or its numbers do not fit a
/// double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_stats_summarize(
    sample: *const f64,
    count: usize,
    summary: *mut lightspeed_summary,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(summary, "summary")?;
            out.set(summarize(slice(sample, count, "sample")?)?.into());
            Ok(())
        })
    }
}

fn compared(
    baseline: &[f64],
    current: &[f64],
    options: &lightspeed_compare_options,
) -> Result<lightspeed_result, lightspeed_error> {
    let lightspeed_compare_options { alpha, margin, .. } = *options;
    let (verdict, inference) = if flag(options.paired, "paired")? {
        if !(margin.is_finite() && margin >= 0.0) {
            return Err(StatsError::BadMargin(margin).into());
        }
        let inference = signed_rank(baseline, current, alpha)?;
        (Verdict::of(&inference, margin), inference)
    } else {
        let (baseline, _) = baseline.as_chunks::<1>();
        let (current, _) = current.as_chunks::<1>();
        let comparison = compare(baseline, current, &CompareOptions { margin, alpha })?;
        (comparison.verdict, comparison.inference())
    };
    let gate = GatePolicy::default().judge(Status::Ok, Some(verdict));
    let ratio = or_nan(inference.estimate);
    Ok(lightspeed_result {
        baseline: quantile(baseline, 0.5)?,
        current: quantile(current, 0.5)?,
        ratio,
        low: or_nan(inference.interval.low),
        high: or_nan(inference.interval.high),
        delta_pct: (ratio - 1.0) * 100.0,
        p_value: or_nan(inference.p_value),
        smallest_effect: or_nan(inference.smallest_effect(margin)),
        pairs: smaller(&inference),
        ..lightspeed_result::new(Status::Ok, Some(verdict), Some(gate))
    })
}

fn smaller(inference: &Inference) -> usize {
    inference.n.baseline.min(inference.n.current)
}

impl From<Summary> for lightspeed_summary {
    fn from(summary: Summary) -> Self {
        Self {
            n: summary.n,
            median: summary.median,
            q_25: summary.q_25,
            q_75: summary.q_75,
            ci_99_a: or_nan(summary.ci_99_a),
            ci_99_b: or_nan(summary.ci_99_b),
            mean: summary.mean,
            sd: or_nan(summary.sd),
            mad: summary.mad,
            min: summary.min,
            max: summary.max,
        }
    }
}

// SAFETY: `repr(C)`, the size first, and only numbers, which may have any bytes.
unsafe impl Options for lightspeed_compare_options {
    const SIZES: &'static [usize] = &[size_of::<Self>()];

    fn defaults() -> Self {
        let CompareOptions { margin, alpha } = CompareOptions::default();
        Self { struct_size: size_of::<Self>(), alpha, margin, paired: 0 }
    }
}
