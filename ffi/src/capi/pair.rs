//! Two commands, run in turn until it is known whether they differ.

use super::options::{Options, directory, flag, given, init, read, seed};
use super::panic::call;
use super::pointer::{Out, borrow, slice};
use super::progress::{Callbacks, Watch};
use super::{lightspeed_buf, lightspeed_cancel, lightspeed_error, lightspeed_gate, lightspeed_listener};
use super::{lightspeed_status, lightspeed_str};
use crate::pair::{Budget, Metric, PairOptions, Program, run_pair};
use std::ffi::c_void;

/// Which commands to run, how often, and what counts as a change. Begin with `LIGHTSPEED_PAIR_OPTIONS_INIT` or
/// `lightspeed_pair_options_init`. Read during the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_pair_options {
    /// Size of the struct in bytes.
    pub struct_size: usize,
    /// What it is called in the receipt; empty for `pair`.
    pub name: lightspeed_str,
    /// The command before the change: the program, a path or a name on PATH, and its arguments. No shell reads them.
    pub baseline: *const lightspeed_str,
    /// How many `baseline` has, the program included; at least 1.
    pub baseline_count: usize,
    /// The command after the change, likewise.
    pub current: *const lightspeed_str,
    /// How many `current` has, the program included; at least 1.
    pub current_count: usize,
    /// Where both run; empty for the process's own directory.
    pub cwd: lightspeed_str,
    /// Seconds that a run may take, above 0.
    pub timeout_s: f64,
    /// Pairs that come first and do not count.
    pub warmup: usize,
    /// Pairs at least. Where that is also the most, the evidence is looked at once, at the end.
    pub least_pairs: usize,
    /// Pairs at most, from 1.
    pub most_pairs: usize,
    /// Probability of calling a change where there is none, above 0 and below 1.
    pub alpha: f64,
    /// A change of the wall time up to this share does not matter: 0.05 is 5 %.
    pub threshold: f64,
    /// Decides the order in the pairs, where `random_seed` is 0.
    pub seed: u64,
    /// 1 takes a seed that nothing decides, and `seed` must be 0 then; 0 takes `seed`. The receipt says which one it was.
    pub random_seed: i32,
    /// 1 takes exit codes other than 0 for no failure; else 0.
    pub allow_nonzero: i32,
    /// How much work one run does, above 0, for what is told by the piece; negative for none.
    pub work_units: f64,
    /// Stops the call when raised; NULL for never. Borrowed until the call returns.
    pub cancel: *const lightspeed_cancel,
    /// Hears what the call does; NULL for nobody.
    pub listener: lightspeed_listener,
    /// Handed to `listener`.
    pub userdata: *mut c_void,
}

/// Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_pair_options)`. The commands
/// have no defaults.
///
/// Errors: INVALID_ARGUMENT where no release had a struct of this size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_pair_options_init(
    options: *mut lightspeed_pair_options,
    struct_size: usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: places of the caller.
    unsafe { call(err, || init(options, struct_size)) }
}

/// Runs both commands in turn, warm-ups first, until it is known whether the wall time changed or the pairs are used up. The
/// first run that fails ends it: that is no error but in the receipt, with LIGHTSPEED_GATE_ERROR. Children are ended with the call.
///
/// `options` must not be NULL: it names the commands. Writes what to do to `*gate`, a `lightspeed_gate`, and to `*receipt_json`,
/// owned by the caller, every run and what they say: the document that `lightspeed pair --json` prints
/// (docs/schemas/pair.json). From any thread.
///
/// Errors: INVALID_ARGUMENT; PROCESS where a command cannot be started; IO where there is no current directory; CANCELLED, and only
/// there both outputs are written as well, with the runs until then: free the receipt.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_pair_run(
    options: *const lightspeed_pair_options,
    gate: *mut i32,
    receipt_json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let (gate, json) = (Out::new(gate, "gate")?, Out::new(receipt_json, "receipt_json")?);
            borrow(options.cast::<usize>(), "options")?;
            let options = read(options)?;
            let pair = options.checked()?;
            let watch = Watch { cancel: options.cancel, listener: options.listener, userdata: options.userdata };
            let none = Callbacks::default();
            let (receipt, stopped) = watch.during(&none, |cancel, listener| run_pair(&pair, &cancel, listener));
            let receipt = receipt?;
            json.set(lightspeed_buf::json(&receipt)?);
            gate.set(lightspeed_gate::from(receipt.verdict.gate) as i32);
            if stopped || receipt.verdict.interrupted { Err(lightspeed_error::cancelled()) } else { Ok(()) }
        })
    }
}

impl lightspeed_pair_options {
    /// # Safety
    /// The texts are the caller's, valid during the call.
    unsafe fn checked(&self) -> Result<PairOptions, lightspeed_error> {
        // SAFETY: as promised by the caller.
        let (name, cwd, baseline, current) = unsafe {
            let baseline = command(self.baseline, self.baseline_count, "baseline")?;
            let current = command(self.current, self.current_count, "current")?;
            (self.name.text("name")?, self.cwd.path("cwd")?, baseline, current)
        };
        let cwd = directory(cwd)?;
        let program = |command| Program { command, cwd: cwd.clone(), env: Vec::new() };
        let usual = PairOptions::new(program(baseline), program(current), seed(self.seed, self.random_seed)?);
        if !(self.threshold.is_finite() && self.threshold >= 0.0) {
            let message = format!("threshold is {}: it must be finite and not negative", self.threshold);
            return Err(lightspeed_error::argument(message));
        }
        Ok(PairOptions {
            name: if name.is_empty() { usual.name } else { name.to_owned() },
            timeout_s: self.timeout_s,
            warmup: self.warmup,
            least_pairs: self.least_pairs,
            most_pairs: self.most_pairs,
            alpha: self.alpha,
            work_units: given(self.work_units, "work_units")?,
            allow_nonzero: flag(self.allow_nonzero, "allow_nonzero")?,
            budgets: vec![Budget::share(Metric::Wall, self.threshold)],
            ..usual
        })
    }
}

/// # Safety
/// The texts are the caller's, valid during the call.
unsafe fn command(words: *const lightspeed_str, count: usize, name: &str) -> Result<Vec<String>, lightspeed_error> {
    // SAFETY: as promised by the caller.
    let words: Result<Vec<String>, _> =
        unsafe { slice(words, count, name)?.iter().map(|word| word.text(name).map(str::to_owned)).collect() };
    let words = words?;
    if words.is_empty() {
        return Err(lightspeed_error::argument(format!("{name} is empty: name a program")));
    }
    if words.iter().any(|word| word.contains('\0')) {
        return Err(lightspeed_error::argument(format!("{name} has a NUL inside: no program takes that")));
    }
    Ok(words)
}

// SAFETY: `repr(C)`, the size first, and only numbers and pointers, which may have any bytes.
unsafe impl Options for lightspeed_pair_options {
    const SIZES: &'static [usize] = &[size_of::<Self>()];

    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>(),
            name: lightspeed_str::empty(),
            baseline: std::ptr::null(),
            baseline_count: 0,
            current: std::ptr::null(),
            current_count: 0,
            cwd: lightspeed_str::empty(),
            timeout_s: 60.0,
            warmup: 1,
            least_pairs: 0,
            most_pairs: 60,
            alpha: 0.05,
            threshold: 0.05,
            seed: 0,
            random_seed: 1,
            allow_nonzero: 0,
            work_units: -1.0,
            cancel: std::ptr::null(),
            listener: None,
            userdata: std::ptr::null_mut(),
        }
    }
}
