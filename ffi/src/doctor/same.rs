//! An A/A run: one program in turn with itself. Whatever differs is the machine's.

use super::DoctorError;
use super::check::{Check, percent};
use crate::cancel::Cancel;
use crate::pair::{Order, PairOptions, PairReceipt, PairSample, Program, random_seed, run_pair};
use crate::process::{self, Command};
use crate::session::{Event, Listener};
use crate::text::units::{Unit, format_value};
use lightspeed_core::stats::{Verdict, diagnose, hodges_lehmann, quantile, signed_rank, summarize};
use serde::{Deserialize, Serialize};

/// Pairs that a change is to be told with.
pub const TOLD_WITH: usize = 20;

/// How often a machine without fault may be called one: once in a thousand runs.
const ALPHA: f64 = 0.001;
/// The error level of measurements.
const ALPHA_MEASURED: f64 = 0.05;
/// Changes that 20 pairs should tell: the margin of `measure`, and what `pair` lets wall time lose.
const TELLING: (f64, f64) = (0.02, 0.05);
/// Changes between the halves.
const DRIFT: (f64, f64) = (0.005, 0.02);
/// However little time there is: fewer would say nothing of what so many can tell.
const FEWEST_PAIRS: usize = TOLD_WITH;
const MOST_PAIRS: usize = 2000;
/// Scales a median absolute deviation to the standard deviation of normal values.
const NORMAL: f64 = 1.4826;

/// What an A/A run found. Shares are of the median.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SameReport {
    /// Pairs that count.
    pub pairs: usize,
    /// Decided the order in the pairs.
    pub seed: u64,
    /// What a run takes, wall time.
    pub median_s: f64,
    /// Standard deviation, a share; its smallest and largest runs weigh most.
    pub noise_cv: f64,
    /// Median absolute deviation, scaled to the standard deviation of normal noise, a share: what most runs do.
    pub noise_mad: f64,
    /// Share of the wall time in which the program was on no processor.
    pub off_cpu: f64,
    /// The second half to the first.
    pub drift: Halves,
    /// What ran second to what ran first, a ratio.
    pub second_to_first: Option<f64>,
    /// The smallest change that [`TOLD_WITH`] pairs can tell, a share: the middle one of all stretches of so many pairs. Null
    /// where they can tell none.
    pub smallest_change: Option<f64>,
    /// Probability of sides at least as different if there is no difference, which there is not.
    pub p_value: f64,
    /// Whether the two sides were called different all the same.
    pub called_different: bool,
}

/// The second half of a series to its first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Halves {
    /// The ratio.
    pub ratio: f64,
    /// Lower end of its interval of 99.9 %; null where the runs do not bound it.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// Runs `workload` in turn with itself for about so long; the reason where that gave nothing.
///
/// # Errors
/// Where the caller asked to stop.
pub(super) fn run(
    workload: &[String],
    seconds: f64,
    cancel: &Cancel,
    listener: Listener<'_>,
) -> Result<Result<SameReport, String>, DoctorError> {
    let pairs = match pairs_in(workload, seconds, cancel) {
        Ok(pairs) => pairs,
        Err(_) if cancel.is_cancelled() => return Err(DoctorError::Cancelled),
        Err(reason) => return Ok(Err(reason)),
    };
    let program = || Program { command: workload.to_vec(), cwd: std::env::temp_dir(), env: Vec::new() };
    let options = PairOptions {
        name: "A/A".to_owned(),
        least_pairs: pairs,
        most_pairs: pairs,
        ..PairOptions::new(program(), program(), random_seed())
    };
    let receipt = run_pair(&options, cancel, &mut |event| match event {
        Event::Begin { total, .. } => listener(Event::Begin { what: "A/A run", total }),
        other => listener(other),
    });
    match receipt {
        Ok(receipt) if receipt.verdict.interrupted => Err(DoctorError::Cancelled),
        Ok(receipt) => Ok(SameReport::of(&receipt)),
        Err(error) => Ok(Err(error.to_string())),
    }
}

/// How many pairs there is time for, by the middle one of three runs.
fn pairs_in(workload: &[String], seconds: f64, cancel: &Cancel) -> Result<usize, String> {
    let command = Command::new(workload, std::env::temp_dir());
    let mut took = Vec::new();
    for _ in 0..3 {
        let outcome = process::run(&command, cancel).map_err(|error| error.to_string())?;
        if outcome.status != process::Status::Exited(0) {
            return Err("the work to be timed could not be done".to_owned());
        }
        took.push(outcome.wall.as_secs_f64());
    }
    let middle = quantile(&took, 0.5).map_err(|error| error.to_string())?;
    Ok(((seconds / (2.0 * middle)) as usize).clamp(FEWEST_PAIRS, MOST_PAIRS))
}

/// The runs of a receipt, in order.
struct Series {
    first: Vec<f64>,
    second: Vec<f64>,
    baseline_first: Vec<bool>,
    cpu_s: f64,
}

impl Series {
    fn of(receipt: &PairReceipt) -> Self {
        let mut series = Series { first: Vec::new(), second: Vec::new(), baseline_first: Vec::new(), cpu_s: 0.0 };
        for pair in receipt.samples.iter().filter(|pair| !pair.warmup) {
            let PairSample { baseline: Some(a), current: Some(b), .. } = pair else { continue };
            series.first.push(a.wall_ns as f64 / 1e9);
            series.second.push(b.wall_ns as f64 / 1e9);
            series.baseline_first.push(pair.order == Order::BaselineFirst);
            series.cpu_s += [a, b].iter().map(|run| (run.user_ns + run.sys_ns) as f64 / 1e9).sum::<f64>();
        }
        series
    }

    /// All runs as they followed each other.
    fn in_turn(&self) -> Vec<f64> {
        let sides = self.first.iter().zip(&self.second).zip(&self.baseline_first);
        sides.flat_map(|((a, b), first)| if *first { [*a, *b] } else { [*b, *a] }).collect()
    }
}

impl SameReport {
    fn of(receipt: &PairReceipt) -> Result<Self, String> {
        let series = Series::of(receipt);
        if series.first.len() < receipt.bench.most_pairs {
            let reason = receipt.verdict.reasons.first().cloned();
            return Err(reason.unwrap_or_else(|| "the runs did not end".to_owned()));
        }
        Self::of_series(&series, receipt.bench.seed).map_err(|error| error.to_string())
    }

    fn of_series(series: &Series, seed: u64) -> Result<Self, lightspeed_core::stats::StatsError> {
        let all = series.in_turn();
        let summary = summarize(&all)?;
        let (early, late) = all.split_at(all.len() / 2);
        let halves = hodges_lehmann(early, late, ALPHA)?;
        let ratio = halves.estimate.unwrap_or(1.0);
        let (low, high) = (halves.interval.low, halves.interval.high);
        let sides = signed_rank(&series.first, &series.second, ALPHA)?;
        let ratios: Vec<f64> = series.first.iter().zip(&series.second).map(|(a, b)| (b / a).ln()).collect();
        let stretches = series.first.chunks_exact(TOLD_WITH).zip(series.second.chunks_exact(TOLD_WITH));
        let telling: Vec<f64> =
            stretches.filter_map(|(a, b)| signed_rank(a, b, ALPHA_MEASURED).ok()?.smallest_effect(0.0)).collect();
        Ok(SameReport {
            pairs: series.first.len(),
            seed,
            median_s: summary.median,
            noise_cv: summary.sd.unwrap_or(0.0) / summary.mean,
            noise_mad: NORMAL * summary.mad / summary.median,
            off_cpu: (1.0 - series.cpu_s / all.iter().sum::<f64>()).max(0.0),
            drift: Halves { ratio, low, high },
            second_to_first: diagnose(&ratios, &series.baseline_first, ALPHA)?.order.map(|order| order.ratio),
            smallest_change: quantile(&telling, 0.5).ok(),
            p_value: sides.p_value.unwrap_or(1.0),
            called_different: Verdict::of(&sides, 0.0).is_change(),
        })
    }
}

/// What an A/A run says of the machine; where it gave nothing, why.
pub(super) fn checks(found: Result<&SameReport, &str>) -> Vec<Check> {
    let noise = Check::new("noise", "Runs of the same code that differ hide changes of the code.");
    let drift =
        Check::new("drift", "A machine that gets slower or faster meanwhile changes what is measured first and last.");
    let same = Check::new("same_code", "One program compared with itself must not be called different.");
    match found {
        Ok(report) => vec![report.noise(noise), report.drift(drift), report.same(same)],
        Err(reason) => [noise, drift, same].into_iter().map(|check| check.unknown(reason)).collect(),
    }
}

impl SameReport {
    fn noise(&self, check: Check) -> Check {
        let took = format_value(self.median_s, &Unit::Seconds);
        let noise = format!("{} of {took} (MAD), {} with outliers", percent(self.noise_mad), percent(self.noise_cv));
        let check = check.value("mad_share", self.noise_mad).value("cv_share", self.noise_cv);
        let advice = if self.off_cpu > DRIFT.1 {
            let share = percent(self.off_cpu);
            format!("Runs waited for {share} of their time: end what else runs. More pairs tell smaller changes.")
        } else {
            "See what is warned of here; more pairs tell smaller changes.".to_owned()
        };
        let Some(change) = self.smallest_change else {
            return check.warn(format!("{noise}; {TOLD_WITH} pairs can tell no change"), advice);
        };
        let found = format!("{noise}; {TOLD_WITH} pairs can tell a change of {}", percent(change));
        check.value("smallest_change_share", change).graded(change, TELLING, found, &advice)
    }

    fn drift(&self, check: Check) -> Check {
        let Halves { ratio, low, high } = self.drift;
        let proven = low.is_some_and(|low| low > 1.0) || high.is_some_and(|high| high < 1.0);
        let doubt = if proven { "" } else { ", which noise could explain" };
        let found = format!("second half {:+.1} % to the first{doubt}", (ratio - 1.0) * 100.0);
        let size = if proven { (ratio - 1.0).abs() } else { 0.0 };
        let advice =
            "Measure in pairs, which meet the same drift; look for heat, turbo and what begins or ends meanwhile.";
        check.value("ratio", ratio).graded(size, DRIFT, found, advice)
    }

    fn same(&self, check: Check) -> Check {
        let found = format!("p {:.3} of {} pairs", self.p_value, self.pairs);
        let check = check.value("p_value", self.p_value).value("pairs", self.pairs as f64);
        if self.called_different {
            let advice = "Run it again. If it stays so, trust no comparison here, and tell us.";
            return check.warn(format!("called different, {found}"), advice);
        }
        check.ok(format!("not called different, {found}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::CheckStatus;
    use super::*;

    /// Runs that take 20 ms, with noise of this size and as much more by the end.
    fn series(noise: f64, drift: f64, slower: f64) -> SameReport {
        let mut state = 7_u64;
        let mut even = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
        };
        let pairs = 60;
        let mut took = |i: usize, factor: f64| 0.02 * factor * (noise * even() + drift * i as f64 / pairs as f64).exp();
        let (first, second) = (0..pairs).map(|i| (took(i, 1.0), took(i, slower))).unzip();
        let baseline_first = (0..pairs).map(|i| i % 2 == 0).collect();
        SameReport::of_series(&Series { first, second, baseline_first, cpu_s: 2.4 }, 1).unwrap()
    }

    fn statuses(report: &SameReport) -> Vec<CheckStatus> {
        checks(Ok(report)).into_iter().map(|check| check.status).collect()
    }

    #[test]
    fn a_quiet_machine_is_fit() {
        use CheckStatus::Ok;
        assert_eq!(statuses(&series(0.01, 0.0, 1.0)), [Ok, Ok, Ok]);
    }

    #[test]
    fn each_fault_is_told_by_its_check() {
        use CheckStatus::{Ok, Warn};
        assert_eq!(statuses(&series(0.5, 0.0, 1.0)), [Warn, Ok, Ok]);
        assert_eq!(statuses(&series(0.01, 0.2, 1.0))[1], Warn);
        assert_eq!(statuses(&series(0.01, 0.0, 1.05))[2], Warn);
    }

    #[test]
    fn what_pairs_can_tell_follows_the_noise() {
        let (quiet, loud) = (series(0.01, 0.0, 1.0), series(0.1, 0.0, 1.0));
        let (small, large) = (quiet.smallest_change.unwrap(), loud.smallest_change.unwrap());
        // Even noise of width w on either side deviates by w/√6 in pairs; 20 of them tell about 2.1/√20 of that.
        for (told, width) in [(small, 0.01), (large, 0.1)] {
            let expected = 2.1 * width / 6.0_f64.sqrt() / 20.0_f64.sqrt();
            assert!((0.5..2.0).contains(&(told / expected)), "{told} where some {expected} are expected");
        }
    }
}
