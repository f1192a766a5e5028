//! What is swept, how often, and what is told of it.

use super::SweepError;
use super::derived::{self, Derived};
use super::subject::startable;
use crate::pair::{Direction, Metric, Program};
use lightspeed_core::source::blob_id;
use lightspeed_core::sweep::{Combination, Point, SweepDesign, check_used};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Metrics of every run of a command, beside those of its frames.
pub(super) const OWN: [Metric; 5] = [Metric::Wall, Metric::User, Metric::Sys, Metric::Cpu, Metric::MaxRss];
/// The number that a benchmark of a suite gives.
pub(crate) const VALUE: &str = "value";

/// What is run at each point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A command whose words, working directory and variables mention axes as `{name}`.
    Command(Program),
    /// A benchmark of an ASV suite, whose parameters are the axes.
    Benchmark {
        /// Its name.
        name: String,
        /// The suite's configuration.
        config: PathBuf,
    },
}

/// All that a sweep is told beforehand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepOptions {
    /// What it is called in reports.
    pub name: String,
    /// What is run.
    pub subject: Subject,
    /// At which points, and how often.
    pub design: SweepDesign,
    /// Runs of each point that come first and do not count.
    pub warmup: usize,
    /// Seconds that a run may take.
    pub timeout_s: f64,
    /// Seconds that all runs may take together; no run is begun after.
    pub budget_s: Option<f64>,
    /// How many bytes are kept of each output of a run (the last ones).
    pub output_cap: usize,
    /// Error level of the intervals.
    pub alpha: f64,
    /// Decides the order in each round.
    pub seed: u64,
    /// What points are compared by: `wall`, another metric of the process, one that frames tell, or a derived one.
    pub metric: String,
    /// Which way that is better, where the metric itself does not say.
    pub better: Option<Direction>,
    /// Metrics that frames must tell: a run without one of them has failed.
    pub expects: Vec<String>,
    /// Metrics that are worked out of others.
    pub derived: Vec<Derived>,
}

impl SweepOptions {
    /// Six runs of each point after one to warm up, a minute for each, compared by their wall time.
    #[must_use]
    pub fn new(name: impl Into<String>, subject: Subject, design: SweepDesign, seed: u64) -> Self {
        let metric = match subject {
            Subject::Command(_) => Metric::Wall.as_str(),
            Subject::Benchmark { .. } => VALUE,
        };
        SweepOptions {
            name: name.into(),
            subject,
            design,
            warmup: 1,
            timeout_s: 60.0,
            budget_s: None,
            output_cap: 1 << 20,
            alpha: 0.05,
            seed,
            metric: metric.to_owned(),
            better: None,
            expects: Vec::new(),
            derived: Vec::new(),
        }
    }

    /// All points, after everything about them was looked at that can be without running one.
    ///
    /// # Errors
    /// Options that cannot be meant, axes that make no points, a placeholder without an axis, an axis that nothing mentions, an expression
    /// over names that nobody declared.
    pub fn points(&self) -> Result<Vec<Point>, SweepError> {
        let refused = |text: String| Err(SweepError::Options(text));
        let above = |value: f64| value.is_finite() && value > 0.0;
        if !above(self.timeout_s) || !self.budget_s.is_none_or(above) {
            return refused("a timeout or a budget must be a positive number of seconds".to_owned());
        }
        if !(self.alpha > 0.0 && self.alpha < 1.0) {
            return refused(format!("the error level {} is not usable: give a number above 0 and below 1", self.alpha));
        }
        let points = self.design.points()?;
        if let Subject::Command(program) = &self.subject {
            program.check_variables().map_err(SweepError::Options)?;
            let cwd = program.cwd.to_string_lossy().into_owned();
            let set = program.env.iter().filter_map(|(_, value)| value.clone());
            let texts: Vec<String> = program.command.iter().cloned().chain(set).chain([cwd]).collect();
            check_used(&texts, &self.design.axes)?;
            if let Some(point) = points.first() {
                texts.iter().try_for_each(|text| point.fill(text, &self.design.axes).map(drop))?;
            }
        }
        let known = self.names();
        let wordy = |name: &&String| self.design.axes.iter().any(|axis| axis.name == **name && !axis.has_sizes());
        let numbers: Vec<String> = known.iter().filter(|name| !wordy(name)).cloned().collect();
        for derived in &self.derived {
            derived::check(derived, &numbers)?;
        }
        let derived = self.derived.iter().map(|derived| derived.name.clone());
        let known: Vec<String> = known.into_iter().chain(derived).collect();
        if let Some(twice) = known.iter().enumerate().find(|(at, name)| known[..*at].contains(name)) {
            return refused(format!(
                "two things are called {}: an axis or metric must have a name of its own",
                twice.1
            ));
        }
        let comparable = |name: &&String| !self.design.axes.iter().any(|axis| axis.name == **name);
        if !known.iter().filter(comparable).any(|name| *name == self.metric) {
            let known = known.iter().filter(comparable).map(String::as_str).collect::<Vec<_>>().join(", ");
            return refused(format!(
                "there is no metric {}: declare it as one that frames must tell, or take {known}",
                self.metric
            ));
        }
        Ok(points)
    }

    /// The command of each point; nothing for a benchmark.
    ///
    /// # Errors
    /// As [`points`](Self::points); a command that cannot be started.
    pub fn commands(&self, points: &[Point]) -> Result<Vec<Option<Vec<String>>>, SweepError> {
        let Subject::Command(template) = &self.subject else { return Ok(vec![None; points.len()]) };
        points.iter().map(|point| Ok(Some(startable(template, point, self)?.command))).collect()
    }

    /// What is known of every run without a frame.
    pub(super) fn own(&self) -> Vec<&'static str> {
        match self.subject {
            Subject::Command(_) => OWN.iter().map(|metric| metric.as_str()).collect(),
            Subject::Benchmark { .. } => vec![VALUE, Metric::Wall.as_str()],
        }
    }

    /// All names: axes, what is known of every run, what frames must tell.
    pub(super) fn names(&self) -> Vec<String> {
        let axes = self.design.axes.iter().map(|axis| axis.name.clone());
        let own = self.own().into_iter().map(str::to_owned);
        axes.chain(own).chain(self.expects.iter().cloned()).collect()
    }

    /// What decides what runs do: sweeps that have it in common can go on from each other. Rounds, limits and what is told of the
    /// numbers afterwards may differ.
    #[must_use]
    pub fn configuration_hash(&self) -> String {
        let axes: Vec<_> = self.design.axes.iter().map(|axis| (&axis.name, &axis.values)).collect();
        let zipped = self.design.combination == Combination::Zipped;
        let all = serde_json::json!({"subject": self.subject, "axes": axes, "zipped": zipped, "warmup": self.warmup, "expects": self.expects});
        blob_id(all.to_string().as_bytes()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lightspeed_core::sweep::Axis;

    fn options() -> SweepOptions {
        let program = Program { command: vec!["x".to_owned(), "{n}".to_owned()], cwd: "/".into(), env: Vec::new() };
        let design = SweepDesign::new(vec![Axis::parse("n=1,2").unwrap()]);
        SweepOptions::new("a", Subject::Command(program), design, 1)
    }

    fn changed(change: impl Fn(&mut SweepOptions)) -> bool {
        let mut other = options();
        change(&mut other);
        assert_ne!(other, options(), "the test changes something");
        other.configuration_hash() != options().configuration_hash()
    }

    #[test]
    fn what_a_run_does_is_in_the_hash() {
        let program = |change: fn(&mut Program)| {
            changed(move |options| {
                if let Subject::Command(program) = &mut options.subject {
                    change(program);
                }
            })
        };
        assert!(program(|program| program.command.push("y".to_owned())));
        assert!(program(|program| program.cwd = "/tmp".into()));
        assert!(program(|program| program.env.push(("A".to_owned(), Some("1".to_owned())))));
        assert!(program(|program| program.env.push(("A".to_owned(), None))));
        assert!(changed(|options| options.design.axes = vec![Axis::parse("n=1,2,3").unwrap()]));
        assert!(changed(|options| options.design.axes = vec![Axis::parse("n=2,1").unwrap()]));
        assert!(changed(|options| options.design.axes = vec![Axis::parse("m=1,2").unwrap()]));
        assert!(changed(|options| options.design.combination = Combination::Zipped));
        assert!(changed(|options| options.warmup = 0));
        assert!(changed(|options| options.expects.push("m".to_owned())));
    }

    #[test]
    fn what_is_made_of_runs_is_not_in_the_hash() {
        assert!(!changed(|options| options.name = "b".to_owned()));
        assert!(!changed(|options| options.design.repeats = 9));
        assert!(!changed(|options| options.design.along = Some("n".to_owned())));
        assert!(!changed(|options| options.design.axes[0].default = Some(lightspeed_core::sweep::Value::Int(2))));
        assert!(!changed(|options| options.seed = 2));
        assert!(!changed(|options| options.timeout_s = 2.0));
        assert!(!changed(|options| options.budget_s = Some(2.0)));
        assert!(!changed(|options| options.metric = "cpu".to_owned()));
        assert!(!changed(|options| options.alpha = 0.1));
        let derived = || Derived {
            name: "d".to_owned(),
            expression: "n".to_owned(),
            unit: String::new(),
            better: Direction::Lower,
        };
        assert!(!changed(|options| options.derived.push(derived())));
    }
}
