//! A small real suite, run by a real Python: LIGHTSPEED_TEST_PYTHON, else `python3` on PATH.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lightspeed::cancel::Cancel;
use lightspeed::suite::asv::{
    AsvConfig, AsvOptions, AsvSuite, Discovery, InstanceRequest, Launch, Overrides, Repeat, SetupCacheRequest,
    find_config,
};
use lightspeed::suite::{Benchmark, Coverage, Kind, OpResult, Outcome, SuiteError};

const PACKAGE: &str = "
def fast(n):
    return sum(range(n))

def slow(n):
    total = 0
    for i in range(n):
        total += i
    return total

def unused():
    return None
";

const GOOD: &str = "
import os, sys, time, pkg

class Suite:
    params = [[10, 20], ['a', 'b', 'c']]
    param_names = ['n', 'letter']
    timeout = 30

    def setup(self, n, letter):
        if letter == 'c':
            raise NotImplementedError
        self.n = n

    def time_fast(self, n, letter):
        pkg.fast(self.n)

class Cached:
    def setup_cache(self):
        return {'n': pkg.slow(5)}

    def track_cached(self, cache):
        return cache['n']

def track_slow():
    print('this is no reply')
    return pkg.slow(4)

def peakmem_list():
    return [0] * 3_000_000

def timeraw_import():
    return 'import json'

def track_error():
    raise ValueError('no good')

def track_exit():
    os._exit(7)

def track_crash():
    os.kill(os.getpid(), 11)

def track_hang():
    sys.stderr.write('hanging'); sys.stderr.flush()
    time.sleep(60)

def track_environment():
    return int(os.environ['GIVEN'])
";

struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        project.write("asv.conf.json", "{// comment\n\"version\": 1, \"repo\": \".\",}");
        project.write("src/pkg/__init__.py", PACKAGE);
        project.write("benchmarks/__init__.py", "");
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    fn options(&self) -> AsvOptions {
        let config = AsvConfig::load(&find_config(self.folder.path()).unwrap()).unwrap();
        let mut options = AsvOptions::new(config, self.path("src"));
        options.python = Some(std::env::var("LIGHTSPEED_TEST_PYTHON").unwrap_or_else(|_| "python3".into()));
        options.env = vec![("GIVEN".into(), Some("42".into()))];
        options
    }

    fn open(&self) -> AsvSuite {
        self.open_with(self.options())
    }

    fn open_with(&self, options: AsvOptions) -> AsvSuite {
        AsvSuite::open(options, &Cancel::new())
            .unwrap_or_else(|error| panic!("set LIGHTSPEED_TEST_PYTHON to a Python with asv_runner: {error}"))
    }
}

fn discover(suite: &AsvSuite) -> Discovery {
    suite.discover(None, &Cancel::new(), &mut |_| {}).unwrap()
}

fn benchmark(found: &Discovery, name: &str) -> Benchmark {
    let all: Vec<_> = found.benchmarks.iter().map(|benchmark| &benchmark.name).collect();
    let it = found.benchmarks.iter().find(|benchmark| benchmark.name == name);
    it.unwrap_or_else(|| panic!("{name} is not among {all:?}, {:?}", found.failures)).clone()
}

fn instance(benchmark: &Benchmark, param: Option<u64>) -> InstanceRequest<'_> {
    InstanceRequest { benchmark, param, cache_dir: None, timeout: Duration::from_secs(30) }
}

fn quick() -> Overrides {
    Overrides { number: Some(2), repeat: Some(Repeat::Count(3)), warmup_time: Some(0.0), ..Overrides::default() }
}

fn executed(coverage: &Coverage, path: &Path) -> BTreeSet<u32> {
    let code = coverage.files.get(path.to_str().unwrap());
    code.into_iter().flatten().flat_map(|(_, _, lines)| lines.iter().copied()).collect()
}

#[test]
fn discovery_lists_benchmarks_and_survives_bad_files() {
    let project = Project::new(&[
        ("benchmarks/good.py", GOOD),
        ("benchmarks/missing.py", "import no_such_module_here\ndef time_x(): pass\n"),
        ("benchmarks/dies.py", "import os\nos._exit(9)\n"),
        ("benchmarks/sub/__init__.py", ""),
        ("benchmarks/sub/deep.py", "def time_deep(): pass\n"),
    ]);
    let suite = project.open();
    assert_eq!(suite.source_root().packages, ["pkg"]);
    let mut seen = Vec::new();
    let found = suite
        .discover(None, &Cancel::new(), &mut |step| seen.push((step.file.to_owned(), step.benchmarks, step.ok)))
        .unwrap();
    assert!(seen.contains(&("good.py".to_owned(), 10, true)), "{seen:?}");
    assert!(seen.contains(&("dies.py".to_owned(), 0, false)), "{seen:?}");

    let failed: BTreeSet<_> = found.failures.iter().map(|failure| failure.file.as_str()).collect();
    assert_eq!(failed, BTreeSet::from(["dies.py", "missing.py"]));
    let missing = found.failures.iter().find(|failure| failure.file == "missing.py").unwrap();
    assert_eq!(missing.error, "ModuleNotFoundError: No module named 'no_such_module_here'");

    let fast = benchmark(&found, "good.Suite.time_fast");
    assert_eq!((fast.kind.clone(), fast.file.as_str(), fast.unit.as_str()), (Kind::Time, "good.py", "seconds"));
    assert_eq!((fast.instance_count(), fast.timeout), (6, Some(30.0)));
    assert_eq!(fast.params_of(4).unwrap(), ["20", "'b'"]);
    assert_eq!(fast.param_names, ["n", "letter"]);
    assert!(benchmark(&found, "good.Cached.track_cached").setup_cache_key.is_some());
    assert_eq!(benchmark(&found, "good.timeraw_import").kind, Kind::Timeraw);
    assert_eq!(benchmark(&found, "good.peakmem_list").kind, Kind::Peakmem);
    assert_eq!(benchmark(&found, "sub.deep.time_deep").file, "sub/deep.py");
    assert!(found.shadowed.is_empty());

    let some = suite.discover(Some(&["sub/deep.py".into()]), &Cancel::new(), &mut |_| {}).unwrap();
    assert_eq!(some.benchmarks.len(), 1);
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Discovery>(&json).unwrap(), found);
}

#[test]
fn an_installed_copy_that_shadows_the_sources_is_named() {
    let project = Project::new(&[("elsewhere/pkg/__init__.py", ""), ("benchmarks/b.py", "import pkg\n")]);
    let mut options = project.options();
    options.env.push(("PYTHONPATH".into(), Some(project.path("elsewhere").into())));
    let found = discover(&project.open_with(options));
    assert_eq!(found.shadowed.len(), 1, "{found:?}");
    assert_eq!(found.shadowed[0].package, "pkg");
    assert_eq!(Path::new(&found.shadowed[0].imported_from), project.path("elsewhere/pkg"));
}

#[test]
fn a_survey_tells_what_each_phase_executes() {
    let project = Project::new(&[("benchmarks/good.py", GOOD)]);
    let suite = project.open();
    let found = discover(&suite);
    let (package, bench) = (project.path("src/pkg/__init__.py"), project.path("benchmarks/good.py"));
    let mut zygote = suite.serve("good.py", true, &Cancel::new()).unwrap();
    let import = zygote.import().unwrap();
    assert!(executed(import, &package).contains(&2) && !executed(import, &package).contains(&3), "{import:?}");
    assert!(zygote.fork_safe(), "{:?}", zygote.fork_unsafe_reason());
    assert_eq!(zygote.import_doubts(), [""; 0]);

    let fast = benchmark(&found, "good.Suite.time_fast");
    let result = zygote.survey(&instance(&fast, Some(1))).unwrap();
    assert_eq!((result.outcome, result.error), (Outcome::Ok, None), "{}", result.stderr);
    let (setup, run) = (result.phases.setup.unwrap(), result.phases.run.unwrap());
    assert!(executed(&setup, &bench).contains(&12) && executed(&setup, &package).is_empty(), "{setup:?}");
    assert_eq!(executed(&run, &package), BTreeSet::from([3]));
    assert_eq!(zygote.survey(&instance(&fast, Some(2))).unwrap().outcome, Outcome::Skipped);

    let cached = benchmark(&found, "good.Cached.track_cached");
    let cache = tempfile::tempdir().unwrap();
    let request = SetupCacheRequest { benchmark: &cached, cache_dir: cache.path(), timeout: Duration::from_secs(30) };
    let result = zygote.setup_cache(&request).unwrap();
    assert_eq!(result.outcome, Outcome::Ok, "{result:?}");
    assert!(executed(&result.phases.setup.unwrap(), &package).contains(&8));
    let with_cache = InstanceRequest { cache_dir: Some(cache.path()), ..instance(&cached, None) };
    assert_eq!(zygote.survey(&with_cache).unwrap().outcome, Outcome::Ok);

    let crash = zygote.survey(&instance(&benchmark(&found, "good.track_crash"), None)).unwrap();
    assert_eq!((crash.outcome, crash.signal), (Outcome::Signaled, Some(11)));
    assert!(!crash.always_affected.is_empty());
}

/// Runs the benchmarks that end in all ways; the same must come back whatever the launch.
fn check_outcomes(launch: Launch) {
    let project = Project::new(&[("benchmarks/good.py", GOOD)]);
    let suite = project.open_with(AsvOptions { launch, ..project.options() });
    let found = discover(&suite);
    let mut zygote = suite.serve("good.py", false, &Cancel::new()).unwrap();
    assert_eq!(zygote.import(), None);
    let mut run =
        |name: &str, param| -> OpResult { zygote.run(&instance(&benchmark(&found, name), param), &quick()).unwrap() };

    let timed = run("good.Suite.time_fast", Some(0));
    assert_eq!(timed.outcome, Outcome::Ok, "{timed:?}");
    assert_eq!((timed.samples.map(|samples| samples.len()), timed.number), (Some(3), Some(2)));
    assert!(timed.wall_s > 0.0 && timed.max_rss_bytes > 0);
    assert_eq!(run("good.Suite.time_fast", Some(2)).outcome, Outcome::Skipped);
    let tracked = run("good.track_slow", None);
    assert_eq!((tracked.outcome, tracked.value), (Outcome::Ok, Some(6.0)));
    assert!(tracked.stderr.contains("this is no reply"));
    assert_eq!(run("good.track_environment", None).value, Some(42.0));

    let error = run("good.track_error", None);
    assert_eq!((error.outcome, error.error.as_deref()), (Outcome::Failed, Some("ValueError: no good")));
    assert!(error.stderr.contains("Traceback"), "{error:?}");
    let exit = run("good.track_exit", None);
    assert_eq!((exit.outcome, exit.exit_code), (Outcome::Exited, Some(7)), "{exit:?}");
    let crash = run("good.track_crash", None);
    assert_eq!((crash.outcome, crash.signal), (Outcome::Signaled, Some(11)), "{crash:?}");
    let combination = run("good.Suite.time_fast", Some(99));
    assert_eq!(combination.outcome, Outcome::Failed, "{combination:?}");
    let memory = run("good.peakmem_list", None);
    assert!(memory.value.unwrap() > 24_000_000.0, "{memory:?}");
    assert_eq!(run("good.track_slow", None).value, Some(6.0), "the zygote still serves");
}

#[test]
fn outcomes_of_forked_runs() {
    check_outcomes(Launch::Fork);
}

#[test]
fn outcomes_of_spawned_runs() {
    check_outcomes(Launch::Spawn);
}

#[test]
fn time_that_is_up_is_a_result() {
    let project = Project::new(&[("benchmarks/good.py", GOOD)]);
    for launch in [Launch::Fork, Launch::Spawn] {
        let suite = project.open_with(AsvOptions { launch, ..project.options() });
        let found = discover(&suite);
        let hang = benchmark(&found, "good.track_hang");
        let mut zygote = suite.serve("good.py", false, &Cancel::new()).unwrap();
        let started = Instant::now();
        let request = InstanceRequest { timeout: Duration::from_millis(500), ..instance(&hang, None) };
        let result = zygote.run(&request, &quick()).unwrap();
        assert_eq!(result.outcome, Outcome::TimedOut, "{result:?}");
        assert!(started.elapsed() < Duration::from_secs(9), "{launch:?}: {:?}", started.elapsed());
        assert_eq!(
            zygote.run(&instance(&benchmark(&found, "good.track_slow"), None), &quick()).unwrap().value,
            Some(6.0)
        );
    }
}

#[test]
fn a_file_that_cannot_be_imported_says_why() {
    let project = Project::new(&[
        ("benchmarks/raises.py", "raise RuntimeError('not today')\n"),
        (
            "benchmarks/crashes.py",
            "import os, sys\nsys.stderr.write('last words')\nsys.stderr.flush()\nos.kill(os.getpid(), 11)\n",
        ),
        ("benchmarks/hangs.py", "import time\ntime.sleep(60)\n"),
    ]);
    let suite = project.open_with(AsvOptions { import_timeout: Duration::from_secs(4), ..project.options() });
    let refused = |file: &str| match suite.serve(file, false, &Cancel::new()).unwrap_err() {
        SuiteError::Import { error, detail, .. } => (error, detail),
        other => panic!("{other}"),
    };
    let (error, detail) = refused("raises.py");
    assert_eq!(error, "RuntimeError: not today");
    assert!(detail.contains("Traceback"));
    let (error, detail) = refused("crashes.py");
    assert!(error.contains("killed by signal 11") && detail.contains("last words"), "{error} {detail}");
    assert!(refused("hangs.py").0.contains("timed out after 4 s"));
    assert!(refused("absent.py").0.contains("absent.py"));
    let failures = discover(&suite).failures;
    assert!(
        failures.iter().any(|failure| failure.file == "hangs.py" && failure.error.contains("timed out")),
        "{failures:?}"
    );
}

#[test]
fn files_with_threads_are_run_without_forking() {
    let text = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n\
                def track_it(): return 3\n";
    let project = Project::new(&[("benchmarks/threads.py", text)]);
    let suite = project.open();
    let found = discover(&suite);
    let it = benchmark(&found, "threads.track_it");
    let mut zygote = suite.serve("threads.py", false, &Cancel::new()).unwrap();
    assert!(!zygote.fork_safe() && zygote.fork_unsafe_reason().is_some());
    for _ in 0..2 {
        assert_eq!(zygote.run(&instance(&it, None), &quick()).unwrap().value, Some(3.0));
    }
    let mut traced = suite.serve("threads.py", true, &Cancel::new()).unwrap();
    let survey = traced.survey(&instance(&it, None)).unwrap();
    assert_eq!(survey.outcome, Outcome::Ok, "{survey:?}");
    assert!(!executed(&survey.phases.run.unwrap(), &project.path("benchmarks/threads.py")).is_empty());
}

#[test]
fn a_driver_that_is_killed_costs_one_operation() {
    let text = "import os\ndef track_patricide():\n    os.kill(os.getppid(), 9)\n    import time; time.sleep(30)\ndef track_ok(): return 1\n";
    let project = Project::new(&[("benchmarks/b.py", text)]);
    let suite = project.open();
    let found = discover(&suite);
    let mut zygote = suite.serve("b.py", false, &Cancel::new()).unwrap();
    let lost = zygote.run(&instance(&benchmark(&found, "b.track_patricide"), None), &quick()).unwrap();
    assert_eq!((lost.outcome, lost.signal), (Outcome::Signaled, Some(9)), "{lost:?}");
    assert_eq!(zygote.run(&instance(&benchmark(&found, "b.track_ok"), None), &quick()).unwrap().value, Some(1.0));
}

#[test]
fn a_request_to_stop_ends_what_runs() {
    let project = Project::new(&[("benchmarks/good.py", GOOD)]);
    let suite = project.open();
    let found = discover(&suite);
    let cancel = Cancel::new();
    let mut zygote = suite.serve("good.py", false, &cancel).unwrap();
    let asked = cancel.clone();
    let asker = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        asked.cancel();
    });
    let started = Instant::now();
    let error = zygote.run(&instance(&benchmark(&found, "good.track_hang"), None), &quick()).unwrap_err();
    asker.join().unwrap();
    assert!(matches!(error, SuiteError::Cancelled), "{error}");
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
}

#[test]
fn peak_memory_is_not_that_of_the_caller() {
    let caller = std::hint::black_box(vec![1u8; 300 << 20]);
    let project = Project::new(&[("benchmarks/good.py", GOOD)]);
    let suite = project.open();
    let found = discover(&suite);
    let mut zygote = suite.serve("good.py", false, &Cancel::new()).unwrap();
    let list = benchmark(&found, "good.peakmem_list");
    let result = zygote.run(&instance(&list, None), &quick()).unwrap();
    let peak = result.value.unwrap();
    assert!(peak > 24e6 && peak < 150e6, "{result:?}");
    assert!(result.max_rss_bytes < 150_000_000, "{result:?}");
    drop(caller);
}

#[test]
fn nothing_stays_behind() {
    let project = Project::new(&[("benchmarks/good.py", GOOD)]);
    let mut options = project.options();
    let temporary = project.path("tmp");
    std::fs::create_dir(&temporary).unwrap();
    options.env.push(("TMPDIR".into(), Some(temporary.clone().into())));
    options.launch = Launch::Spawn;
    let suite = project.open_with(options);
    let found = discover(&suite);
    let mut zygote = suite.serve("good.py", false, &Cancel::new()).unwrap();
    for name in ["good.track_exit", "good.track_crash", "good.track_slow"] {
        zygote.run(&instance(&benchmark(&found, name), None), &quick()).unwrap();
    }
    drop(zygote);
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);
}

#[test]
fn suites_are_shared_between_threads_and_zygotes_move() {
    fn shared<T: Send + Sync>() {}
    fn moved<T: Send>() {}
    shared::<AsvSuite>();
    moved::<lightspeed::suite::asv::Zygote<'static>>();
}
