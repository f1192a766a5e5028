//! What an experiment is to find out: its design, its error level, its budget.

use super::options::{Options, given, init, seed};
use super::panic::call;
use super::{lightspeed_error, lightspeed_status};
use lightspeed_core::experiment::{Design, Plan, Planned};

/// How runs are arranged and when they end. Benchmarks go in rounds; the order of the sides is random in blocks of two pairs. A
/// sweep, which has axes and no benchmarks, is a plan.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lightspeed_design {
    /// A fixed number of runs of each side, compared as two samples.
    TwoSamples = 0,
    /// A fixed number of pairs, compared by signed ranks.
    Pairs = 1,
    /// Pairs until the evidence suffices, looked at after each.
    UntilDecided = 2,
    /// Both sides are the baseline: what does noise alone look like?
    Calibration = 3,
}

/// What an experiment is to find out, and at what cost. Begin with `LIGHTSPEED_EXPERIMENT_OPTIONS_INIT` or
/// `lightspeed_experiment_options_init`. Read during the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_experiment_options {
    /// Size of the struct in bytes.
    pub struct_size: usize,
    /// A `lightspeed_design`.
    pub design: i32,
    /// Pairs of each benchmark, from 1: at most for UNTIL_DECIDED, exactly for PAIRS, of each comparison for CALIBRATION; for
    /// TWO_SAMPLES the runs of each side.
    pub pairs: usize,
    /// For CALIBRATION: comparisons for each benchmark, from 1. Else not looked at.
    pub comparisons: usize,
    /// Probability of calling a change where there is none, above 0 and below 1, for each benchmark; controls share it.
    pub alpha: f64,
    /// Changes up to this fraction do not matter: 0.02 is 2 %.
    pub margin: f64,
    /// Decides every order, where `random_seed` is 0.
    pub seed: u64,
    /// 1 takes a seed that nothing decides, and `seed` must be 0 then; 0 takes `seed`. The results say which one it was.
    pub random_seed: i32,
    /// Runs of each side that come first and do not count.
    pub warmups: usize,
    /// Seconds that runs may take together; negative for no limit.
    pub budget_s: f64,
    /// The last so many of the benchmarks are negative controls: proven unaffected by the change, they run along to show
    /// whether the environment moves.
    pub controls: usize,
}

/// Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_experiment_options)`.
///
/// Errors: INVALID_ARGUMENT where no release had a struct of this size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_options_init(
    options: *mut lightspeed_experiment_options,
    struct_size: usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: places of the caller.
    unsafe { call(err, || init(options, struct_size)) }
}

impl lightspeed_experiment_options {
    pub(super) fn plan(&self, names: &[&str]) -> Result<Plan, lightspeed_error> {
        let pairs = self.pairs;
        let design = match self.design {
            d if d == lightspeed_design::TwoSamples as i32 => Design::TwoSamples { runs: pairs },
            d if d == lightspeed_design::Pairs as i32 => Design::Pairs { pairs },
            d if d == lightspeed_design::UntilDecided as i32 => Design::until_decided(pairs),
            d if d == lightspeed_design::Calibration as i32 => {
                Design::Calibration { comparisons: self.comparisons, pairs }
            }
            other => {
                return Err(lightspeed_error::argument(format!("design is {other}: that is no lightspeed_design")));
            }
        };
        let Some(measured) = names.len().checked_sub(self.controls) else {
            let message = format!("controls is {}: there are {} benchmarks", self.controls, names.len());
            return Err(lightspeed_error::argument(message));
        };
        let planned = names.iter().enumerate().map(|(index, name)| Planned {
            margin: self.margin,
            control: index >= measured,
            ..Planned::new(*name)
        });
        let mut plan = Plan::new(design, planned.collect(), seed(self.seed, self.random_seed)?);
        plan.alpha = self.alpha;
        plan.warmups = self.warmups;
        plan.budget_s = given(self.budget_s, "budget_s")?;
        Ok(plan)
    }
}

// SAFETY: `repr(C)`, the size first, and only numbers, which may have any bytes.
unsafe impl Options for lightspeed_experiment_options {
    const SIZES: &'static [usize] = &[size_of::<Self>()];

    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>(),
            design: lightspeed_design::UntilDecided as i32,
            pairs: 60,
            comparisons: 1,
            alpha: 0.05,
            margin: 0.02,
            seed: 0,
            random_seed: 1,
            warmups: 0,
            budget_s: -1.0,
            controls: 0,
        }
    }
}
