//! Comparing two revisions: each in a tree of its own, built and measured in turn with the other.

mod environment;
mod files;
mod hyperfine;
mod imports;
mod memory;
mod report;
mod run;
mod selection;
mod startup;
mod trees;

pub use imports::ImportReport;
pub use memory::{MemoryFailure, MemoryReport, MemoryResult};
pub use report::{Calibrated, CompareReport, CompareResult, CompareTiming, TreeText};
pub use selection::Filter;

use super::measure::MeasureOptions;
use super::{ChangeText, Listener, Session, SessionError, Timing};
use crate::session::Event;
use crate::store::OpenMode;
use crate::suite::{EnvironmentKind, Layer};
use files::Log;
use imports::measure_imports;
use lightspeed_core::impact::Policy;
use memory::measure_memory;
use report::Head;
use run::{Group, Runs};
use selection::{Chosen, Side};
use std::time::Instant;
use trees::{Tree, Trees};

/// The share of a budget that memory may take, where something else is left to measure.
const MEMORY_SHARE: f64 = 0.5;

/// What to compare, and how.
#[derive(Clone, Debug)]
pub struct CompareOptions {
    /// The revision before the change.
    pub a: String,
    /// The revision after it; `None` is the working tree with its edits.
    pub b: Option<String>,
    /// Run everything instead of what the difference affects; nothing is surveyed then.
    pub all: bool,
    /// How finely the difference is followed.
    pub policy: Policy,
    /// Which instances count. Where it names the layer of imports, importing is measured too; where that of memory, the peak memory of a
    /// call of each instance, whatever layer that is of.
    pub filter: Filter,
    /// What to import there; empty for the package under change.
    pub imports: Vec<String>,
    /// Commands that build a tree, instead of the configured ones.
    pub build: Vec<String>,
    /// What benchmarks run in, instead of what is configured.
    pub environment: Option<EnvironmentKind>,
    /// How long to measure in each run; its rounds have no meaning here.
    pub timing: Timing,
    /// Changes up to this fraction do not matter.
    pub margin: f64,
    /// The probability of claiming a change where there is none.
    pub alpha: f64,
    /// Pairs of each instance at most.
    pub most_pairs: usize,
    /// Seconds that all runs may take together; what is undecided then is listed.
    pub budget_s: Option<f64>,
    /// Decides every order.
    pub seed: u64,
    /// Unaffected instances that run along.
    pub controls: usize,
    /// Comparisons of A with itself for each instance, before A is compared with B.
    pub calibrate: usize,
    /// Leave the trees where they are.
    pub keep: bool,
}

impl CompareOptions {
    /// The usual options.
    #[must_use]
    pub fn new(a: impl Into<String>, b: Option<String>, seed: u64) -> Self {
        let MeasureOptions { margin, alpha, timing, .. } = MeasureOptions::default();
        CompareOptions {
            a: a.into(),
            b,
            all: false,
            policy: Policy::default(),
            filter: Filter::default(),
            imports: Vec::new(),
            build: Vec::new(),
            environment: None,
            timing,
            margin,
            alpha,
            most_pairs: 40,
            budget_s: None,
            seed,
            controls: 3,
            calibrate: 0,
            keep: false,
        }
    }
}

impl Session {
    /// Measures what differs between two revisions, and writes what it finds to a directory of its own below the results. The user's
    /// tree is left alone. An interrupt ends the measuring, not the report.
    ///
    /// # Errors
    /// No repository, a revision that is not there, a tree that cannot be built, a suite that cannot be used.
    pub fn compare(&self, options: &CompareOptions, listener: Listener<'_>) -> Result<CompareReport, SessionError> {
        let began = Instant::now();
        let measuring = options.measuring();
        measuring.check()?;
        let filter = options.filter.check()?;
        let store = if self.database().exists() { self.store(OpenMode::ReadOnly).ok() } else { None };
        let places = self.places(store.as_ref())?;
        listener(Event::Begin { what: "trees", total: 0 });
        let trees = Trees::check_out(self, &places, (&options.a, options.b.as_deref()), options.keep)?;
        let log = Log::create(self, options, &places)?;
        let python = self.named_python(store.as_ref())?;
        drop(store);
        let survey = trees.directory().join("survey");
        let ready = |tree: &Tree, listener: Listener<'_>| {
            let mut session = self.in_tree(tree, &places, &survey)?;
            session.options.python.clone_from(&python);
            let made = session.make_ready((tree, &places), options, &log, listener)?;
            session.options.python = made.python.or(session.options.python);
            session.overlay.env = made.env;
            Ok::<Session, SessionError>(session.starting_afresh())
        };
        listener(Event::Begin { what: "build", total: 0 });
        let sessions = [ready(&trees.a, listener)?, ready(&trees.b, listener)?];
        self.check_cancelled()?;
        let [a, b] = sessions;
        let prepare_s = began.elapsed().as_secs_f64();
        let (mut a, b) = (Side::open(a, options.all, listener)?, Side::open(b, true, listener)?);
        let chosen = if options.all {
            self.everything((&a, &b), &filter)
        } else {
            self.affected(&trees, (&mut a, &b), options, &filter, listener)?
        };
        let survey_s = began.elapsed().as_secs_f64() - prepare_s;
        let environment = b.session.environment(&b.suite);
        let mut report = CompareReport::new(&Head {
            trees: (&trees.a.text, &trees.b.text),
            options,
            environment: &environment,
            results_dir: log.directory(),
            kept: options.keep.then(|| trees.directory()),
        });
        report.timing = CompareTiming { prepare_s, survey_s, ..CompareTiming::default() };
        report.selection = ChangeText { removed: Vec::new(), ..chosen.selection.clone() };
        let started = [a.startup(&trees.a, options.margin)?, b.startup(&trees.b, options.margin)?];
        let differs = !chosen.selection.changed_files.is_empty();
        let starts = self.startup(&started[1], options, &filter, differs);
        let startup = Group { a: &started[0], b: &started[1], chosen: &starts };
        let suite = Group { a: &a, b: &b, chosen: &chosen };
        let mut runs = Runs::new(&mut report, (options, &measuring), &trees);
        runs.calibrate(&suite, listener)?;
        runs.measure(&startup, chosen.picked.is_empty() && chosen.called.is_empty(), listener)?;
        add_memory(runs.report, (&a, &b), &chosen, options, listener)?;
        runs.measure(&suite, true, listener)?;
        runs.finish(&[&startup, &suite]);
        add_imports(&mut report, (&a, &b), options, listener)?;
        report.timing.total_s = began.elapsed().as_secs_f64();
        files::write(&report, log.directory())?;
        Ok(report)
    }
}

/// Measures what calls of benchmarks hold of memory, where that layer was asked for.
fn add_memory(
    report: &mut CompareReport,
    sides: (&Side, &Side),
    chosen: &Chosen,
    options: &CompareOptions,
    listener: Listener<'_>,
) -> Result<(), SessionError> {
    if chosen.called.is_empty() || report.interrupted {
        return Ok(());
    }
    let spent = report.timing.calibrate_s + report.timing.measure_s;
    let share = if chosen.picked.is_empty() { 1.0 } else { MEMORY_SHARE };
    let left = options.budget_s.map(|budget| (budget - spent) * share);
    match measure_memory(sides, &chosen.called, (options, left), listener) {
        Err(SessionError::Cancelled) => report.interrupted = true,
        found => {
            let found = found?;
            report.timing.measure_s += found.seconds;
            report.timing.runs_s += found.seconds;
            report.memory = Some(found);
        }
    }
    Ok(())
}

/// Measures what importing costs, where that layer was asked for.
fn add_imports(
    report: &mut CompareReport,
    sides: (&Side, &Side),
    options: &CompareOptions,
    listener: Listener<'_>,
) -> Result<(), SessionError> {
    if !options.filter.layers.contains(&Layer::Import) || report.interrupted {
        return Ok(());
    }
    match measure_imports(sides, &options.imports, options, listener) {
        Err(SessionError::Cancelled) => report.interrupted = true,
        found => report.imports = Some(found?),
    }
    Ok(())
}

impl CompareOptions {
    /// What measuring pairs takes of it.
    fn measuring(&self) -> MeasureOptions {
        let timing = Timing { rounds: None, ..self.timing.clone() };
        MeasureOptions { timing, margin: self.margin, alpha: self.alpha, ..MeasureOptions::default() }
    }
}
