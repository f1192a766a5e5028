//! A real suite, measured by a real Python: LIGHTSPEED_TEST_PYTHON, else `python3` on PATH.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::baseline::BaselinePass;
use super::*;
use crate::cancel::Cancel;
use crate::session::Event;
use crate::session::results_of;
use crate::store::{OpenMode, Profiles, SurveyData};
use crate::suite::Benchmark;
use crate::suite::Suite;
use crate::suite::asv::{AsvConfig, AsvOptions, AsvSuite, find_config};
use lightspeed_core::stats::Verdict;
use std::path::PathBuf;

const SUITE: &str = "
import os, sys, time, pkg

def note(name):
    # Once in each process.
    if name not in noted:
        noted.add(name)
        with open(os.environ['LOG'], 'a') as log:
            log.write(name + '\\n')
noted = set()

class Work:
    params = [1, 2]
    param_names = ['factor']
    number = 1
    def setup(self, factor):
        note('time_work-%d' % (factor - 1))
    def time_work(self, factor):
        pkg.work(factor)

class Cached:
    timeout = 30
    def setup_cache(self):
        note('cache')
        return 40
    def track_a(self, cache):
        note('track_a')
        return cache + 2
    def time_b(self, cache):
        pass

class BadCache:
    def setup_cache(self):
        raise ValueError('no cache')
    def track_x(self, cache):
        return 1

class SlowCache:
    timeout = 0.4
    def setup_cache(self):
        time.sleep(60)
    def track_y(self, cache):
        return 1

def time_fails():
    note('time_fails')
    raise ValueError('no good')

def time_second_fails():
    note('time_second_fails')
    if open(os.environ['LOG']).read().count('time_second_fails') > 1:
        raise ValueError('only once')
time_second_fails.number = 1

def track_hangs():
    time.sleep(60)
track_hangs.timeout = 0.4

def track_exits():
    sys.stderr.write('leaving')
    os._exit(7)

def track_skipped():
    pass
def skip():
    raise NotImplementedError
track_skipped.setup = skip

def track_none():
    return None

def track_nan():
    return float('nan')

def track_zero():
    return 0

def peakmem_list():
    return [0] * 1_000_000

def timeraw_pass():
    return 'pass'
timeraw_pass.number = 1
";

const BROKEN: &str = "
def track_lost():
    return 1
";

fn package(seconds: f64) -> String {
    format!("import time\ndef work(factor):\n    time.sleep({seconds} * factor)\n")
}

struct Project {
    folder: tempfile::TempDir,
    timing: Timing,
    cancel: Cancel,
    environment: Environment,
}

impl Project {
    fn new() -> Self {
        let project = Self {
            folder: tempfile::tempdir().unwrap(),
            timing: Timing { rounds: None, repeat: Some(4), warmup_time: Some(0.0) },
            cancel: Cancel::new(),
            environment: Environment {
                host_class: r#"{"cpu":"one"}"#.into(),
                interpreter: "cpython 3".into(),
                runner_version: "0".into(),
                launch_mode: "fork".into(),
            },
        };
        project.write("asv.conf.json", r#"{"version": 1, "repo": "."}"#);
        project.write("benchmarks/__init__.py", "");
        project.write("benchmarks/bench.py", SUITE);
        project.write("benchmarks/broken.py", BROKEN);
        project.write("src/pkg/__init__.py", &package(0.002));
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    fn suite(&self) -> (Suite, Vec<Benchmark>) {
        let config = AsvConfig::load(&find_config(self.folder.path()).unwrap()).unwrap();
        let mut options = AsvOptions::new(config, self.path("src"));
        options.python = Some(python());
        options.env =
            vec![("LOG".into(), Some(self.path("log").into())), ("PYTHONDONTWRITEBYTECODE".into(), Some("1".into()))];
        let suite = AsvSuite::open(options, &self.cancel)
            .unwrap_or_else(|error| panic!("set LIGHTSPEED_TEST_PYTHON to a Python with asv_runner: {error}"));
        let found = suite.discover(None, &self.cancel, &mut |_| {}).unwrap();
        assert_eq!(found.failures, []);
        (Suite::Asv(Box::new(suite)), found.benchmarks)
    }

    fn store(&self) -> (Store, i64) {
        let store = Store::open(&self.path("deps.db"), OpenMode::ReadWrite).unwrap();
        if let Some(generation) = store.current_generation().unwrap() {
            return (store, generation.id);
        }
        let begun = store.begin_generation("", &self.environment).unwrap();
        store.complete_generation(begun.generation, &SurveyData::default(), &Profiles::default()).unwrap();
        (store, begun.generation)
    }

    fn conditions<'a>(&'a self, suite: &'a Suite) -> Conditions<'a> {
        Conditions { suite, timing: &self.timing, default_timeout: 60.0, cancel: &self.cancel }
    }

    fn baseline(&self, only: &str, force: bool) -> BaselinePass {
        let (suite, mut benchmarks) = self.suite();
        benchmarks.retain(|benchmark| benchmark.name.contains(only));
        let (store, generation) = self.store();
        let request = BaselineRequest {
            conditions: self.conditions(&suite),
            store: &store,
            benchmarks: &benchmarks,
            generation,
            environment: &self.environment,
            force,
        };
        baseline_pass(&request, &mut |_| {}).unwrap()
    }

    fn measure(&self, only: &str) -> MeasureReport {
        let (suite, mut benchmarks) = self.suite();
        benchmarks.retain(|benchmark| benchmark.name.contains(only));
        let (store, generation) = self.store();
        let ids = ids(&benchmarks);
        let selected: Vec<_> = ids
            .iter()
            .map(|(id, benchmark, param)| SelectedInstance {
                target: Target { id, benchmark, param: *param },
                reasons: vec![json!({"rule": "block_changed"})],
                surveyed: true,
                control: false,
                run_s: None,
            })
            .collect();
        let not_run = NotRun {
            id: "bench.track_gone".into(),
            status: Status::Removed,
            reason: "it is no longer in the suite".into(),
            reasons: Vec::new(),
        };
        let options = MeasureOptions { step_id: Some("s1".into()), ..MeasureOptions::default() };
        let request = MeasureRequest {
            pairs: None,
            conditions: Some(self.conditions(&suite)),
            store: &store,
            generation,
            environment: &self.environment,
            selected: &selected,
            not_run: &[not_run],
            unaffected: 3,
            hotfiles: &[],
            options: &options,
        };
        measure_selected(&request, &mut |_| {}).unwrap()
    }

    fn log(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path("log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

fn python() -> String {
    std::env::var("LIGHTSPEED_TEST_PYTHON").unwrap_or_else(|_| "python3".into())
}

fn ids(benchmarks: &[Benchmark]) -> Vec<(String, &Benchmark, Option<u64>)> {
    let of =
        |benchmark| Benchmark::instances(benchmark).map(move |param| (benchmark.instance_id(param), benchmark, param));
    benchmarks.iter().flat_map(of).collect()
}

/// What asv_runner itself makes of the samples.
fn asv_statistics(samples: &[f64]) -> Vec<f64> {
    let script = "
import json, sys
from asv_runner.statistics import compute_stats
median, stats = compute_stats(json.loads(sys.argv[1]), 1)
print(json.dumps([median] + [stats[k] for k in ('ci_99_a', 'ci_99_b', 'q_25', 'q_75', 'repeat', 'number')]))";
    let samples = serde_json::to_string(samples).unwrap();
    let output = std::process::Command::new(python()).args(["-c", script, &samples]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn rounds_interleave_and_every_kind_comes_back() {
    let project = Project::new();
    let (suite, benchmarks) = project.suite();
    // Broken between discovery and measurement.
    project.write("benchmarks/broken.py", "raise OSError('gone')");
    let ids = ids(&benchmarks);
    let targets: Vec<_> =
        ids.iter().rev().map(|(id, benchmark, param)| Target { id, benchmark, param: *param }).collect();
    let mut all: BTreeMap<String, Measured> = BTreeMap::new();
    let (mut total, mut items, mut done) = (0, 0, 0);
    let mut listener = |event: Event<'_>| match event {
        Event::Begin { total: number, .. } => total = number,
        Event::Item { .. } => items += 1,
        Event::Done => done += 1,
        Event::Note { .. } | Event::Ran { .. } => {}
    };
    measure_instances("measure", &project.conditions(&suite), &targets, &mut listener, &mut |target, measured| {
        assert!(all.insert(target.id.into(), measured).is_none());
        Ok(())
    })
    .unwrap();
    assert_eq!((all.len(), total), (targets.len(), done));
    assert_eq!(items, total - 1, "one failure in its first of two rounds");

    let log = project.log();
    let count = |name: &str| log.iter().filter(|line| *line == name).count();
    let twice = ["time_work-0", "time_work-1", "time_second_fails"];
    let once = ["cache", "track_a", "time_fails"];
    assert!(twice.iter().all(|name| count(name) == 2) && once.iter().all(|name| count(name) == 1), "{log:?}");
    let first = |name: &str| log.iter().position(|line| line == name).unwrap();
    let last = |name: &str| log.iter().rposition(|line| line == name).unwrap();
    assert!(first("time_work-0") < first("time_work-1") && first("time_work-1") < last("time_work-0"), "{log:?}");
    assert!(
        first("time_second_fails") < last("time_work-0") && last("time_work-0") < last("time_second_fails"),
        "{log:?}"
    );

    let work = &all["bench.Work.time_work-1"];
    assert_eq!((work.run_lengths(), work.number), (vec![4, 4], Some(1)));
    let summary = work.summary.unwrap();
    assert!(summary.n == 8 && summary.median > 0.004 && work.wall_s > 0.03, "{work:?}");
    assert_eq!(all["bench.Cached.track_a"].runs, [[42.0]]);
    assert_eq!(all["bench.Cached.time_b"].runs.len(), 2);
    assert!(all["bench.peakmem_list"].summary.unwrap().median > 8e6);
    assert_eq!(all["bench.timeraw_pass"].run_lengths(), [4, 4]);

    let check = |id: &str, outcome: Outcome, reason: &str| {
        let measured = &all[id];
        assert_eq!((measured.outcome, measured.summary), (outcome, None), "{id}: {measured:?}");
        assert!(measured.reason().contains(reason), "{id}: {}", measured.reason());
    };
    check("bench.time_fails", Outcome::Failed, "ValueError: no good");
    check("bench.time_second_fails", Outcome::Failed, "ValueError: only once");
    check("bench.track_hangs", Outcome::TimedOut, "timed out after 0.4 s");
    check("bench.track_exits", Outcome::Exited, "exited with code 7");
    check("bench.track_skipped", Outcome::Skipped, "asked to be skipped");
    check("bench.track_none", Outcome::Ok, "no number");
    check("bench.track_nan", Outcome::Ok, "not finite");
    check("bench.BadCache.track_x", Outcome::Failed, "in setup_cache: ValueError: no cache");
    check("bench.SlowCache.track_y", Outcome::TimedOut, "in setup_cache: timed out after 0.4 s");
    check("broken.track_lost", Outcome::Failed, "OSError: gone");
    assert!(all["bench.track_exits"].stderr.contains("leaving"));
    assert_eq!(all["bench.time_second_fails"].runs.len(), 1, "no sample is dropped");
}

#[test]
fn a_baseline_is_measured_once_and_agrees_with_asv() {
    let project = Project::new();
    let pass = project.baseline("", false);
    let reasons = &pass.without_baseline;
    assert_eq!((pass.measured, reasons.len()), (8, 9), "{pass:?}");
    assert!(reasons["bench.track_skipped"].contains("skipped"));
    let measured = project.log().len();
    let again = project.baseline("", false);
    assert_eq!((again.measured, &again.without_baseline), (0, reasons));
    assert_eq!(project.log().len(), measured, "nothing ran again");
    assert_eq!(project.baseline("track_a", true).measured, 1);

    // Another program deletes one; another interpreter comes.
    let (store, _) = project.store();
    let baselines = store.baselines().unwrap();
    store.delete_baselines(["bench.Cached.track_a"]).unwrap();
    assert_eq!(project.baseline("Cached", false).measured, 1);
    let mut elsewhere = project;
    elsewhere.environment.interpreter = "cpython 4".into();
    assert_eq!(elsewhere.baseline("track_zero", false).measured, 1);

    let kept = &baselines["bench.Work.time_work-0"];
    let context = kept.context.as_ref().unwrap();
    assert_eq!((context.samples_by_run().len(), context.params.as_slice()), (2, &["1".to_owned()][..]));
    let theirs = asv_statistics(&context.samples);
    let s = &kept.stats;
    let ours = [
        s.median,
        s.ci_99_a.unwrap(),
        s.ci_99_b.unwrap(),
        s.q_25.unwrap(),
        s.q_75.unwrap(),
        s.repeat.unwrap() as f64,
        s.number.unwrap() as f64,
    ];
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert!((ours - theirs).abs() <= 1e-9 * theirs.abs(), "{ours} {theirs}");
    }
}

#[test]
fn a_slower_change_is_a_rise_and_what_gave_no_number_is_named() {
    let mut project = Project::new();
    project.timing.rounds = Some(4);
    project.baseline("", false);
    project.write("src/pkg/__init__.py", &package(0.006));
    let report = project.measure("");
    let work = &report.benchmarks["bench.Work.time_work-0"];
    assert_eq!((work.status, work.verdict), (Status::Ok, Some(Verdict::Regressed)), "{work:?}");
    let delta = work.delta_pct.unwrap();
    assert!((100.0..300.0).contains(&delta) && work.ratio.unwrap() > 2.0, "{work:?}");
    assert_eq!(work.params.as_ref().unwrap()["factor"], "1");
    assert_eq!(work.unit, "seconds");

    let of = |id: &str| &report.benchmarks[id];
    assert_eq!((of("bench.Cached.track_a").status, of("bench.Cached.track_a").delta_pct), (Status::Ok, Some(0.0)));
    let zero = of("bench.track_zero");
    assert_eq!((zero.status, zero.verdict, zero.delta_pct), (Status::Ok, Some(Verdict::Equivalent), Some(0.0)));
    assert_eq!(of("bench.Cached.track_a").verdict, Some(Verdict::Equivalent));
    assert!(of("bench.Cached.track_a").warnings[0].contains("measure twice"));
    assert_eq!(of("bench.track_none").status, Status::Unmeasurable);
    assert_eq!(of("bench.track_gone").status, Status::Removed);

    let dropped: Vec<_> = report.dropped.iter().map(|dropped| dropped.benchmark.as_str()).collect();
    let numberless = report.benchmarks.iter().filter(|(_, result)| result.current.is_none());
    assert_eq!(dropped, numberless.map(|(id, _)| id.as_str()).collect::<Vec<_>>());
    assert!(report.dropped.iter().all(|dropped| !dropped.reason.is_empty()));
    let counts = report.counts;
    assert_eq!((counts.total, counts.selected, counts.unaffected), (20, 17, 3));
    assert_eq!((counts.measured, counts.compared, counts.failed, counts.skipped, counts.removed), (8, 8, 6, 1, 1));

    let text = serde_json::to_string(&report).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["schema"], "lightspeed.measure/1");
    assert_eq!(document["benchmarks"]["bench.track_hangs"]["status"], "timed_out");
    assert_eq!(document["benchmarks"]["bench.Work.time_work-0"]["reasons"][0]["rule"], "block_changed");

    let (store, _) = project.store();
    let (step, rows) = store.step("s1").unwrap().unwrap();
    assert!(step.summary.contains("\"complete\""), "{}", step.summary);
    assert_eq!(rows.len(), report.benchmarks.len());
    let row = rows.iter().find(|row| row.benchmark_id == "bench.Work.time_work-0").unwrap();
    assert_eq!((row.delta, row.status.as_str(), row.runs.as_slice()), (Some(delta / 100.0), "ok", &[4, 4, 4, 4][..]));
    let kept = results_of(&store, Some("s1")).unwrap().step.unwrap();
    let evidence = &kept.benchmarks["bench.Work.time_work-0"].evidence;
    assert_eq!((evidence.ratio, evidence.reward), (work.ratio, work.reward));
    assert!(evidence.reward.is_some() && kept.reward == report.reward && kept.reward.is_some(), "{kept:?}");
}

#[test]
fn a_baseline_of_something_else_is_not_compared_with() {
    let mut project = Project::new();
    project.timing.repeat = Some(1);
    project.baseline("Work", false);
    let (store, _) = project.store();
    let expect = |change: &dyn Fn(&mut crate::store::BaselineContext), cause: &str| {
        let mut baseline = store.baselines().unwrap()["bench.Work.time_work-0"].clone();
        let before = baseline.clone();
        change(baseline.context.as_mut().unwrap());
        store.put_baseline("bench.Work.time_work-0", &baseline).unwrap();
        let report = project.measure("Work");
        let result = &report.benchmarks["bench.Work.time_work-0"];
        assert_eq!((result.status, result.delta_pct, result.verdict), (Status::Incomparable, None, None));
        assert!(result.reason.as_ref().unwrap().contains(cause), "{:?}", result.reason);
        assert!(result.current.is_some() && result.baseline.is_some());
        assert_eq!(report.benchmarks["bench.Work.time_work-1"].status, Status::Ok);
        store.put_baseline("bench.Work.time_work-0", &before).unwrap();
    };
    expect(&|context| context.params = vec!["9".into()], "parameters were (9) and are (1)");
    expect(&|context| context.version = "old".into(), "benchmark itself changed");
    expect(&|context| context.environment.interpreter = "pypy".into(), "another interpreter: pypy, now cpython 3");
    expect(&|context| context.environment.host_class = r#"{"cpu":"two"}"#.into(), "cpu two, now one");
    store.delete_baselines(["bench.Work.time_work-0"]).unwrap();
    let report = project.measure("Work");
    assert_eq!(report.benchmarks["bench.Work.time_work-0"].status, Status::NoBaseline);
}

#[test]
fn a_suite_of_more_files_than_zygotes_is_measured() {
    let mut project = Project::new();
    project.timing.repeat = Some(1);
    let text = "def time_it():\n    pass\ntime_it.number = 1\n";
    (0..10).for_each(|number| project.write(&format!("benchmarks/many_{number}.py"), text));
    let pass = project.baseline("many_", false);
    assert_eq!((pass.measured, pass.without_baseline.len()), (10, 0), "{pass:?}");
    let (store, _) = project.store();
    assert!(store.baselines().unwrap().values().all(|kept| kept.context.as_ref().unwrap().runs == [1, 1]));
}

#[test]
fn what_was_finished_before_an_interrupt_is_handed_over() {
    let project = Project::new();
    let (suite, mut benchmarks) = project.suite();
    benchmarks.retain(|benchmark| ["bench.track_zero", "bench.track_hangs"].contains(&benchmark.name.as_str()));
    let ids = ids(&benchmarks);
    let targets: Vec<_> = ids.iter().map(|(id, benchmark, param)| Target { id, benchmark, param: *param }).collect();
    let mut finished = Vec::new();
    let result = measure_instances("measure", &project.conditions(&suite), &targets, &mut |_| {}, &mut |target, _| {
        finished.push(target.id.to_owned());
        project.cancel.cancel();
        Ok(())
    });
    assert!(matches!(result, Err(SessionError::Cancelled)));
    assert_eq!(finished, ["bench.track_hangs"]);
}
