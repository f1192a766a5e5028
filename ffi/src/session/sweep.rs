//! Sweeping a benchmark of an ASV suite over its parameters.

use super::timing::{Conditions, Pinned, Runner, Target};
use super::{Listener, Session, SessionError, Timing};
use crate::store::OpenMode;
use crate::suite::{Benchmark, OUTPUT_CAP, OpResult, Outcome, Suite};
use crate::sweep::{Keeping, Subject, SweepError, SweepOptions, SweepReport, SweepSample, VALUE, run_points};
use lightspeed_core::frame::{Direction, Metric};
use lightspeed_core::stats::{Status, quantile};
use lightspeed_core::sweep::{Axis, Point, Value};
use std::collections::BTreeMap;

impl Session {
    /// Runs a benchmark at every point of its parameters, or of those values of them that `options` name, as
    /// [`run_sweep`](crate::sweep::run_sweep) does a command. A run is what the suite's own sampling makes of a process of its own; its
    /// samples collapse to their median.
    ///
    /// # Errors
    /// A suite that cannot be used, no such benchmark, values that its parameters do not have.
    pub fn sweep(
        &self,
        options: &SweepOptions,
        keeping: &Keeping,
        listener: Listener<'_>,
    ) -> Result<SweepReport, SessionError> {
        let suite = self.swept_suite()?;
        let Swept { benchmark, options, points, params } = self.swept(options, &suite, listener)?;
        let benchmark = &benchmark;
        let ids: Vec<String> = params.iter().map(|param| benchmark.instance_id(Some(*param))).collect();
        let target = |place: usize| Target { id: &ids[place], benchmark, param: Some(params[place]) };
        let targets: Vec<Target<'_>> = (0..points.len()).map(target).collect();
        let timing = Timing::default();
        let conditions =
            Conditions { suite: &suite, timing: &timing, default_timeout: options.timeout_s, cancel: &self.cancel };
        let mut runner = Runner::new(conditions, &targets);
        let mut numbers: BTreeMap<usize, u64> = BTreeMap::new();
        let mut run = |place: usize| {
            // Calls in a sample are what the first run found, so that all runs are alike.
            let pinned = Pinned { number: numbers.get(&place).copied(), ..Pinned::default() };
            match runner.run(&targets[place], &pinned) {
                Ok(result) => {
                    result.number.map(|number| numbers.entry(place).or_insert(number));
                    Ok(Some(sample(result, benchmark, &options)))
                }
                Err(SessionError::Cancelled) => Ok(None),
                Err(error) => Err(SweepError::Session(error.to_string())),
            }
        };
        Ok(run_points(&options, &points, keeping, &mut run, (&self.cancel, listener))?)
    }

    /// The options with the benchmark's parameters as axes: what [`sweep`](Self::sweep) would run. Runs no benchmark.
    ///
    /// # Errors
    /// As [`sweep`](Self::sweep).
    pub fn sweep_options(&self, options: &SweepOptions, listener: Listener<'_>) -> Result<SweepOptions, SessionError> {
        Ok(self.swept(options, &self.swept_suite()?, listener)?.options)
    }

    fn swept_suite(&self) -> Result<Suite, SessionError> {
        let store = if self.database().exists() { self.store(OpenMode::ReadOnly).ok() } else { None };
        let places = self.places(store.as_ref())?;
        self.suite(&places, store.as_ref())
    }

    fn swept(&self, options: &SweepOptions, suite: &Suite, listener: Listener<'_>) -> Result<Swept, SessionError> {
        let Subject::Benchmark { name, .. } = &options.subject else {
            return Err(SessionError::Request("a session sweeps benchmarks of its suite, not commands".to_owned()));
        };
        let discovery = self.discover(suite, None, listener)?;
        let unknown = || {
            SessionError::Request(format!("the suite has no benchmark {name}: `lightspeed select --all` lists them"))
        };
        let found = discovery.benchmarks.into_iter().find(|benchmark| benchmark.name == *name);
        let benchmark = found.ok_or_else(unknown)?;
        let mut options = options.clone();
        options.design.axes = axes(&benchmark, &options)?;
        let points = options.points()?;
        let params = points.iter().map(|point| combination(&benchmark, &options.design.axes, point));
        let params: Vec<u64> = params.collect::<Result<_, SweepError>>()?;
        Ok(Swept { benchmark, options, points, params })
    }
}

/// What is swept.
struct Swept {
    benchmark: Benchmark,
    /// With its parameters as axes.
    options: SweepOptions,
    points: Vec<Point>,
    /// The parameter combination of each point.
    params: Vec<u64>,
}

/// The parameters as axes, with the values that were asked for; all of them where nobody asked.
fn axes(benchmark: &Benchmark, options: &SweepOptions) -> Result<Vec<Axis>, SessionError> {
    if benchmark.params.is_empty() {
        return Err(SessionError::Request(format!("{} has no parameters: there is nothing to sweep", benchmark.name)));
    }
    let asked = &options.design.axes;
    if let Some(other) = asked.iter().find(|axis| !benchmark.param_names.contains(&axis.name)) {
        let known = benchmark.param_names.join(", ");
        let problem = format!("{} has no parameter {}: it has {known}", benchmark.name, other.name);
        return Err(SessionError::Request(problem));
    }
    let whole = |name: &String, values: &Vec<String>| {
        let literals: Vec<String> = values.iter().map(|value| unquoted(value).to_owned()).collect();
        Axis::new(name, &literals, None, None)
    };
    let own = benchmark.param_names.iter().zip(&benchmark.params);
    // A parameter that nobody asked for stays at its first value, unless nobody asked for any.
    let axis = |(name, values): (&String, &Vec<String>)| match asked.iter().find(|axis| axis.name == *name) {
        Some(axis) => Ok(axis.clone()),
        None if asked.is_empty() => whole(name, values),
        None => whole(name, values).map(|axis| axis.fixed()),
    };
    own.map(axis).collect::<Result<_, _>>().map_err(|error| SweepError::from(error).into())
}

/// The parameter combination of a point.
fn combination(benchmark: &Benchmark, axes: &[Axis], point: &Point) -> Result<u64, SweepError> {
    let mut index = 0;
    for ((name, values), (axis, value)) in
        benchmark.param_names.iter().zip(&benchmark.params).zip(axes.iter().zip(&point.values))
    {
        debug_assert_eq!(*name, axis.name);
        let asked = value.to_string();
        let same = |own: &&String| **own == asked || unquoted(own) == asked;
        // Python writes 1.0 and 1e-05 where an axis has 1 and 0.00001.
        let equal = |own: &&String| is_number(value) && own.parse().ok() == value.size();
        let place = |is: &dyn Fn(&&String) -> bool| values.iter().position(|own| is(&own));
        let Some(place) = place(&same).or_else(|| place(&equal)) else {
            let known = values.iter().map(|value| unquoted(value)).collect::<Vec<_>>().join(", ");
            return Err(SweepError::Options(format!("the parameter {name} has no value {asked}: it has {known}")));
        };
        index = index * values.len() as u64 + place as u64;
    }
    Ok(index)
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_))
}

/// A string without the quotation marks that Python prints around it.
fn unquoted(value: &str) -> &str {
    let inner = |mark: char| value.strip_prefix(mark)?.strip_suffix(mark).filter(|inner| !inner.contains('\\'));
    inner('\'').or_else(|| inner('"')).unwrap_or(value)
}

fn sample(result: OpResult, benchmark: &Benchmark, options: &SweepOptions) -> SweepSample {
    let mut sample = SweepSample::ended(result.wall_s);
    let status = match result.outcome {
        Outcome::Ok => Status::Ok,
        Outcome::Skipped => Status::Skipped,
        Outcome::TimedOut => Status::TimedOut,
        Outcome::Failed | Outcome::Exited | Outcome::Signaled => Status::Failed,
    };
    let metric = |value: f64, unit: &str| Metric { value, unit: unit.to_owned(), better: Direction::Lower };
    sample.metrics.insert("wall".to_owned(), metric(result.wall_s, "seconds"));
    if status != Status::Ok {
        sample.fail(status, result.error.unwrap_or_else(|| "it gave no number".to_owned()));
        sample.complain(&result.stderr);
        return sample;
    }
    let value = result.samples.as_deref().map_or(result.value, |samples| quantile(samples, 0.5).ok());
    let Some(value) = value else {
        sample.fail(Status::Failed, "the benchmark returned no number".to_owned());
        return sample;
    };
    sample.metrics.insert(VALUE.to_owned(), metric(value, &benchmark.unit));
    sample.read(&result.stderr, result.stderr.len() >= OUTPUT_CAP, options);
    if sample.status != Status::Ok {
        sample.complain(&result.stderr);
    }
    sample
}
