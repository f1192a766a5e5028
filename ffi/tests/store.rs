//! The database as others see it: independent readers, other processes, kills, damage.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lightspeed::store::*;
use roaring::RoaringBitmap;

fn environment() -> Environment {
    Environment {
        host_class: r#"{"cpu":"x"}"#.into(),
        interpreter: "CPython 3.13.0".into(),
        runner_version: "0.3.2".into(),
        launch_mode: "fork".into(),
    }
}

/// A survey of `instances` instances over `files` files; `salt` makes its contents differ.
fn survey(instances: u32, files: u32, salt: u32) -> SurveyData {
    let params = vec![(0..instances.max(1)).map(|k| format!("'{k}'")).collect::<Vec<_>>()];
    let benchmark = Benchmark {
        name: "bench.Suite.time_x".into(),
        file: "bench.py".into(),
        kind: "time".into(),
        unit: "seconds".into(),
        version: "v1".into(),
        params,
        param_names: vec!["k".into()],
        setup_cache_key: None,
        definition: "{}".into(),
    };
    let instance = |k: u32| Instance {
        id: format!("bench.Suite.time_x-{k}"),
        benchmark: 0,
        param: Some(k),
        always_affected: if k == 1 { vec!["calls os.execv".into()] } else { vec![] },
    };
    let file = |f: u32| SurveyedFile {
        path: format!("pkg/mod_{f}.py"),
        blob: [salt as u8; 20],
        kind: if f.is_multiple_of(5) { FileKind::Whole } else { FileKind::Source },
        analysis: format!("analysis {f} {salt}").into_bytes().repeat(100),
        text: Some(format!("def f():\n    return {salt}\n").into_bytes().repeat(50)),
    };
    let execution = |n: u32| Execution {
        file: n % files,
        phase: [Phase::Import, Phase::Setup, Phase::Run][n as usize % 3],
        blocks: (0..20 + n % 30).filter(|b| !(b + n).is_multiple_of(3)).collect(),
        instances: (0..instances).filter(|i| !(i + n).is_multiple_of(4)).collect(),
    };
    SurveyData {
        benchmarks: vec![benchmark],
        instances: (0..instances).map(instance).collect(),
        files: (0..files).map(file).collect(),
        executions: (0..files * 20).map(execution).collect(),
        observed: vec![Observed {
            kind: ObservedKind::Listed,
            name: "pkg/data".into(),
            instances: RoaringBitmap::from([0]),
        }],
        index: format!("read by {salt}"),
    }
}

fn profiles(survey: &SurveyData) -> Profiles {
    let dependency = |file| Dependency { profile: 4, file, checksums: vec![1, u32::MAX, 0x8000_0000] };
    let dependencies = (0..survey.files.len() as u32).map(dependency).collect();
    Profiles { of: vec![4; survey.instances.len()], dependencies }
}

fn baseline(median: f64, k: u32) -> Baseline {
    Baseline {
        stats: Stats { median, ci_99_a: Some(f64::NEG_INFINITY), q_25: Some(0.5), repeat: Some(3), ..Stats::default() },
        context: Some(BaselineContext {
            unit: "seconds".into(),
            params: vec![format!("'{k}'")],
            version: "v1".into(),
            samples: vec![median, 0.1 + 0.2, 1e-300],
            runs: vec![1, 2],
            environment: environment(),
            generation: 1,
            measured_at_ms: 5,
        }),
    }
}

fn create(path: &Path) -> (Store, i64) {
    let store = Store::open(path, OpenMode::ReadWrite).unwrap();
    let begun = store.begin_generation("{}", &environment()).unwrap();
    let data = survey(6, 3, 1);
    store.complete_generation(begun.generation, &data, &profiles(&data)).unwrap();
    (store, begun.generation)
}

fn python(path: &Path, script: &str) -> String {
    let output = Command::new("python3")
        .args(["-c", &format!("import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\n{script}")])
        .arg(path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Runs one test of this program again in a child process, where `role` returns the path.
fn child(test: &str, path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env("STORE_TEST_PATH", path).stdout(Stdio::piped());
    command
}

fn role() -> Option<PathBuf> {
    std::env::var_os("STORE_TEST_PATH").map(PathBuf::from)
}

fn await_line(child: &mut Child, line: &str) {
    use std::io::BufRead;
    let mut output = std::io::BufReader::new(child.stdout.as_mut().unwrap());
    let mut text = String::new();
    while !text.contains(line) {
        text.clear();
        assert!(output.read_line(&mut text).unwrap() > 0, "the child ended early");
    }
}

#[test]
fn a_survey_comes_back_and_plain_clients_read_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("new/results").join(DATABASE_NAME);
    let (store, generation) = create(&path);
    let data = survey(6, 3, 1);
    assert_eq!(store.load_survey(generation, TextLoading::Load).unwrap(), data);
    let light = store.load_survey(generation, TextLoading::Skip).unwrap();
    assert!(light.files.iter().all(|file| file.text.is_none()) && light.executions == data.executions);
    assert_eq!(store.file_text(generation, "pkg/mod_1.py").unwrap(), data.files[1].text);
    assert_eq!(store.file_text(generation, "pkg/other.py").unwrap(), None);
    let info = store.current_generation().unwrap().unwrap();
    assert_eq!((info.state, info.environment, info.config.as_str()), (GenerationState::Complete, environment(), "{}"));
    store.set_meta("suite_dir", "../benchmarks").unwrap();
    assert_eq!(store.meta("suite_dir").unwrap().as_deref(), Some("../benchmarks"));

    let script = "
import struct
row = c.execute('select method_checksums, fsha from benchmark_dep where benchmark_id=? and filename=?', ('bench.Suite.time_x-0', 'pkg/mod_0.py')).fetchone()
print(struct.unpack('<3i', row[0]), len(row[1]), c.execute('select count(*) from benchmark_dep').fetchone()[0])
print(c.execute('select * from benchmark_meta where always_affected').fetchall(), c.execute('select count(*) from benchmark_meta').fetchone()[0])
print(c.execute('pragma journal_mode').fetchone()[0], c.execute('pragma foreign_key_check').fetchall(), c.execute('pragma integrity_check').fetchone()[0])
for t in 'benchmark_dep', 'benchmark_meta', 'baseline', 'step_result':
    print(*[r[1] for r in c.execute(f'pragma table_info({t})')])";
    assert_eq!(
        python(&path, script),
        "(1, -1, -2147483648) 40 18\n[('bench.Suite.time_x-1', 1, 'calls os.execv')] 6\nwal [] ok\n\
         benchmark_id filename method_checksums fsha\nbenchmark_id always_affected coverage_failure_reason\n\
         benchmark_id median ci_99_a ci_99_b q_25 q_75 repeat number\n\
         step_id benchmark_id median ci_99_a ci_99_b q_25 q_75 repeat number delta"
    );
}

#[test]
fn baselines_survive_other_programs() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    let (store, _) = create(&path);
    store.put_baseline("bench.Suite.time_x-0", &baseline(1.5, 0)).unwrap();
    store.put_baseline("bench.Suite.time_x-1", &baseline(2.5, 1)).unwrap();
    store.put_baseline("bench.Suite.time_x-0", &baseline(1.25, 0)).unwrap();
    let mut expected = baseline(1.25, 0);
    expected.stats.ci_99_a = None;
    assert_eq!(store.baselines().unwrap()["bench.Suite.time_x-0"], expected);
    assert!(matches!(
        store.put_baseline("n", &Baseline { stats: Stats { median: f64::NAN, ..Stats::default() }, context: None }),
        Err(StoreError::NotFinite { .. })
    ));

    python(
        &path,
        "c.execute('update baseline set median = 9 where benchmark_id like \"%-1\"'); c.commit(); c.execute('pragma wal_checkpoint(truncate)')",
    );
    let changed = &store.baselines().unwrap()["bench.Suite.time_x-1"];
    assert_eq!(
        (changed.stats.median, changed.context.is_none()),
        (9.0, true),
        "samples must not stand beside other numbers"
    );
    python(&path, "c.execute('delete from baseline'); c.commit(); c.execute('pragma wal_checkpoint(truncate)')");
    assert!(store.baselines().unwrap().is_empty());
    assert_eq!(python(&path, "print(c.execute('select count(*) from baseline_context').fetchone()[0])"), "0");
    python(
        &path,
        "c.execute('insert into baseline values(\"foreign\", 1, null, null, null, null, null, null)'); c.commit()",
    );
    assert_eq!(store.baselines().unwrap()["foreign"].context, None);
    store.delete_baselines(["foreign", "absent"]).unwrap();
    assert!(store.baselines().unwrap().is_empty());
}

#[test]
fn completing_drops_baselines_of_what_changed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    let (store, first) = create(&path);
    for k in 0..6 {
        store.put_baseline(&format!("bench.Suite.time_x-{k}"), &baseline(1.0, k)).unwrap();
    }
    store.put_baseline("bench.time_gone", &baseline(1.0, 0)).unwrap();
    let mut data = survey(5, 3, 2);
    data.benchmarks[0].params[0].swap(2, 3);
    let begun = store.begin_generation("new", &environment()).unwrap();
    assert!(begun.generation > first && !begun.resumed);
    store.complete_generation(begun.generation, &data, &profiles(&data)).unwrap();
    assert_eq!(store.meta("index").unwrap().unwrap(), "read by 2", "the note is the answering survey's");
    let left: Vec<_> = store.baselines().unwrap().into_keys().collect();
    assert_eq!(left, ["bench.Suite.time_x-0", "bench.Suite.time_x-1", "bench.Suite.time_x-4"]);
    assert_eq!(
        python(&path, "print(c.execute('select count(*), min(generation), max(generation) from file').fetchone())"),
        format!("(3, {0}, {0})", begun.generation)
    );
    data.benchmarks[0].version = "v2".into();
    let begun = store.begin_generation("newer", &environment()).unwrap();
    store.complete_generation(begun.generation, &data, &Profiles::default()).unwrap();
    assert!(store.baselines().unwrap().is_empty());
    let gone = store.complete_generation(begun.generation, &data, &Profiles::default());
    assert_eq!(gone, Err(StoreError::GenerationGone { generation: begun.generation }));
    data.executions[0].file = 99;
    let begun = store.begin_generation("newest", &environment()).unwrap();
    assert!(matches!(
        store.complete_generation(begun.generation, &data, &Profiles::default()),
        Err(StoreError::Inconsistent { .. })
    ));
}

#[test]
fn the_state_is_another_after_each_change_and_the_same_between() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    drop(create(&path));
    // Opened anew each time, as by those who ask now and then.
    let state = || Store::open(&path, OpenMode::ReadOnly).unwrap().state().unwrap();
    let store = || Store::open(&path, OpenMode::ReadWrite).unwrap();
    let mut states = vec![state()];
    let result =
        StepResult { benchmark_id: "bench.Suite.time_x-0".into(), status: "ok".into(), ..StepResult::default() };
    let dep = "c.execute('delete from benchmark_dep where benchmark_id = (select benchmark_id from benchmark_meta where not always_affected)'); c.commit()";
    let median = "c.execute('update baseline set median = median + 1'); c.commit()";
    let changes: [&dyn Fn(); 9] = [
        &|| store().put_baseline("bench.Suite.time_x-0", &baseline(1.0, 0)).unwrap(),
        &|| store().begin_step("one", &environment(), "{}").unwrap(),
        &|| store().put_step_result("one", &StepResult { reasons: "[]".into(), ..result.clone() }).unwrap(),
        &|| store().put_step_result("one", &StepResult { reasons: "[1]".into(), ..result.clone() }).unwrap(),
        &|| store().set_step_summary("one", "{\"a\": 1}").unwrap(),
        &|| drop(python(&path, median)),
        &|| drop(python(&path, dep)),
        &|| store().note_index("another").unwrap(),
        &|| {
            let store = store();
            let begun = store.begin_generation("new", &environment()).unwrap();
            let data = survey(6, 3, 1);
            store.complete_generation(begun.generation, &data, &profiles(&data)).unwrap();
        },
    ];
    for change in changes {
        change();
        let now = state();
        assert!(!states.contains(&now), "change {}", states.len());
        assert_eq!(state(), now);
        states.push(now);
    }
    let store = store();
    let begun = store.begin_generation("newer", &environment()).unwrap();
    store.put_part(begun.generation, "part", b"payload").unwrap();
    assert_eq!(Some(&store.state().unwrap()), states.last(), "a survey that goes on answers nothing yet");
}

#[test]
fn reads_at_once_see_one_state() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    let (store, first) = create(&path);
    let reader = Store::open(&path, OpenMode::ReadOnly).unwrap();
    let current = |store: &Store| store.current_generation().unwrap().unwrap().id;
    let seen: Result<_, StoreError> = reader.at_once(|reader| {
        let (before, state) = (current(reader), reader.state()?);
        let data = survey(4, 2, 2);
        let begun = store.begin_generation("new", &environment())?;
        store.complete_generation(begun.generation, &data, &profiles(&data))?;
        assert_eq!((current(reader), reader.state()?), (before, state));
        reader.load_survey(before, TextLoading::Load)
    });
    assert_eq!(seen.unwrap(), survey(6, 3, 1));
    assert!(current(&reader) > first);
}

/// POSIX locks are the process's: one that opens and closes the file beside SQLite loses them, and the next program that closes its
/// connection takes itself for the last one and deletes the log under us.
#[test]
fn two_stores_in_a_process_lose_nothing_to_other_programs() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    let (store, _) = create(&path);
    let second = Store::open(&path, OpenMode::ReadOnly).unwrap();
    python(&path, "c.execute(\"insert into meta values('theirs', '1')\"); c.commit(); c.close()");
    store.set_meta("ours", "1").unwrap();
    let own = ["theirs", "ours"].map(|key| second.meta(key).unwrap());
    drop(second);
    let seen =
        python(&path, "print(c.execute(\"select count(*) from meta where key in ('ours', 'theirs')\").fetchone()[0])");
    assert_eq!((own, seen.as_str()), ([Some("1".into()), Some("1".into())], "2"));
}

#[test]
fn a_store_can_move_to_another_thread() {
    fn check<T: Send>() {}
    check::<Store>();
    check::<SurveyLock>();
}

#[test]
fn parameter_combinations_vary_the_last_fastest() {
    let benchmark = Benchmark {
        params: vec![vec!["1".into(), "2".into()], vec!["a".into(), "b".into(), "c".into()]],
        ..Benchmark::default()
    };
    assert_eq!(benchmark.param_values(Some(4)), Some(vec!["2", "b"]));
    assert_eq!(benchmark.param_values(Some(6)), None);
    assert_eq!(benchmark.param_values(None), Some(vec![]));
    assert_eq!(Benchmark { params: vec![vec![]], ..Benchmark::default() }.param_values(Some(0)), None);
}

#[test]
fn an_interrupted_survey_is_resumed_or_discarded() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    let (store, first) = create(&path);
    let begun = store.begin_generation("config", &environment()).unwrap();
    store.put_part(begun.generation, "instance:a", b"payload").unwrap();
    store.put_part(begun.generation, "import:bench.py", &[7; 10_000]).unwrap();
    store.put_part(begun.generation, "instance:a", b"again").unwrap();
    drop(store);
    let store = Store::open(&path, OpenMode::ReadWrite).unwrap();
    assert_eq!(store.current_generation().unwrap().unwrap().id, first);
    let again = store.begin_generation("config", &environment()).unwrap();
    assert_eq!(again, Begun { generation: begun.generation, resumed: true });
    let parts = store.parts(again.generation).unwrap();
    assert_eq!((parts.len(), parts["instance:a"].as_slice()), (2, b"again".as_slice()));
    let other = store.begin_generation("other config", &environment()).unwrap();
    assert!(!other.resumed && store.parts(begun.generation).unwrap().is_empty());
    let late = store.put_part(begun.generation, "instance:b", b"");
    assert_eq!(late, Err(StoreError::GenerationGone { generation: begun.generation }));
    assert_eq!(store.put_part(first, "x", b""), Err(StoreError::GenerationGone { generation: first }));
    store.discard_generation(first).unwrap();
    assert_eq!(store.current_generation().unwrap().unwrap().id, first, "only unfinished surveys are discarded");
    store.discard_generation(other.generation).unwrap();
    assert_eq!(store.surveying_generation().unwrap(), None);
}

#[test]
fn steps_are_visible_row_by_row() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    let (store, _) = create(&path);
    store.begin_step("s1", &environment(), "{}").unwrap();
    let good = StepResult {
        benchmark_id: "a".into(),
        stats: Some(Stats { median: 1.0, ..Stats::default() }),
        delta: Some(0.5),
        status: "measured".into(),
        samples: vec![0.1, 0.2],
        runs: vec![2],
        reasons: "[]".into(),
        ..StepResult::default()
    };
    let failed = StepResult {
        benchmark_id: "b".into(),
        status: "failed".into(),
        reason: Some("ValueError".into()),
        reasons: "[]".into(),
        ..StepResult::default()
    };
    store.put_step_result("s1", &good).unwrap();
    assert_eq!(
        python(&path, "print(c.execute('select step_id, benchmark_id, median, delta from step_result').fetchall())"),
        "[('s1', 'a', 1.0, 0.5)]"
    );
    store.put_step_result("s1", &failed).unwrap();
    store.set_step_summary("s1", r#"{"n":2}"#).unwrap();
    let (step, results) = store.step("s1").unwrap().unwrap();
    assert_eq!((step.summary.as_str(), results), (r#"{"n":2}"#, vec![good.clone(), failed]));
    assert_eq!(store.step("s2").unwrap(), None);
    assert!(store.put_step_result("never begun", &good).is_err());
    store.begin_step("s1", &environment(), "{}").unwrap();
    assert!(store.step("s1").unwrap().unwrap().1.is_empty());
    assert_eq!(store.list_steps().unwrap().len(), 1);
}

#[test]
fn bad_files_are_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    drop(create(&path));
    let whole = std::fs::read(&path).unwrap();
    let mut damaged = vec![b"hello, this is a text\n".to_vec(), vec![0; 4096], b"junk ".repeat(2000)];
    for length in [10, 99, 100, 600, 4096, 5000, whole.len() / 2 / 4096 * 4096, whole.len() - 4096, whole.len() - 1] {
        damaged.push(whole[..length].to_vec());
    }
    let bad = directory.path().join("bad.db");
    for bytes in damaged {
        std::fs::write(&bad, &bytes).unwrap();
        for mode in [OpenMode::ReadOnly, OpenMode::ReadWrite] {
            let error = Store::open(&bad, mode).unwrap_err();
            let known = matches!(error, StoreError::NotADatabase { .. } | StoreError::Damaged { .. });
            assert!(known, "{} bytes: {error:?}", bytes.len());
            assert!(!error.to_string().contains('\n'));
            assert_eq!(std::fs::read(&bad).unwrap(), bytes, "{} bytes were changed", bytes.len());
        }
    }

    python(&path, "c.execute('pragma user_version = 7'); c.commit()");
    for mode in [OpenMode::ReadOnly, OpenMode::ReadWrite] {
        assert!(matches!(Store::open(&path, mode), Err(StoreError::Newer { found: 7, .. })));
    }
    let foreign = directory.path().join("foreign.db");
    python(&foreign, "c.execute('create table t(x)'); c.commit()");
    for mode in [OpenMode::ReadOnly, OpenMode::ReadWrite] {
        assert!(matches!(Store::open(&foreign, mode), Err(StoreError::Foreign { .. })));
    }
    assert_eq!(python(&foreign, "print(c.execute('select name from sqlite_master').fetchall())"), "[('t',)]");
    let absent = directory.path().join("none/absent.db");
    assert!(matches!(Store::open(&absent, OpenMode::ReadOnly), Err(StoreError::Missing { .. })));
    assert!(!absent.parent().unwrap().exists());
    assert!(matches!(Store::open(directory.path(), OpenMode::ReadWrite), Err(StoreError::Unreadable { .. })));
}

#[test]
fn damage_inside_is_an_error_not_an_answer() {
    let directory = tempfile::tempdir().unwrap();
    for edit in [
        "update execution set blocks = x'00'",
        "update execution set file = 2, instances = x'3a3000000100000000000000100000000f27' where rowid = 1",
        "delete from instance where id = 2",
        "update benchmark set params = '{'",
        "update file set blob = x'00'",
    ] {
        let path = directory.path().join("x.db");
        let (store, generation) = create(&path);
        python(&path, &format!("c.execute(\"{edit}\"); c.commit()"));
        let loaded = store.load_survey(generation, TextLoading::Skip);
        assert!(matches!(loaded, Err(StoreError::Damaged { .. })), "{edit}: {loaded:?}");
        drop(store);
        std::fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_copy_elsewhere_answers_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    let (store, generation) = create(&path);
    let copy = directory.path().join("e l?s%e#where ü.db");
    // While it is open: completing a survey leaves nothing in the log alone.
    std::fs::copy(&path, &copy).unwrap();
    let copied = Store::open(&copy, OpenMode::ReadOnly).unwrap();
    assert_eq!(copied.load_survey(generation, TextLoading::Load), store.load_survey(generation, TextLoading::Load));
}

#[test]
fn readers_are_not_blocked_by_a_writer() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    let (store, generation) = create(&path);
    let mut writer = Command::new("python3")
        .args(["-c", "import sqlite3, sys, time\nc = sqlite3.connect(sys.argv[1])\nc.execute('begin immediate'); c.execute('delete from baseline')\nprint('locked', flush=True)\ntime.sleep(60)"])
        .arg(&path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    await_line(&mut writer, "locked");
    let started = Instant::now();
    let reader = Store::open(&path, OpenMode::ReadOnly).unwrap();
    assert_eq!(reader.load_survey(generation, TextLoading::Skip).unwrap().instances.len(), 6);
    assert!(started.elapsed() < Duration::from_secs(2));
    assert!(matches!(reader.set_meta("a", "b"), Err(StoreError::ReadOnly { .. })));
    let busy = store.set_meta("a", "b");
    assert!(matches!(busy, Err(StoreError::Busy { .. })), "{busy:?}");
    writer.kill().unwrap();
    writer.wait().unwrap();
    store.set_meta("a", "b").unwrap();
}

/// Root may write everywhere, so the reading is done by a child without its rights.
#[cfg(unix)]
#[test]
fn a_read_only_directory_can_be_read() {
    use std::os::unix::{fs::PermissionsExt, process::CommandExt};
    if let Some(path) = role() {
        let store = Store::open(&path, OpenMode::ReadOnly).unwrap();
        let generation = store.current_generation().unwrap().unwrap().id;
        assert_eq!(store.load_survey(generation, TextLoading::Load).unwrap(), survey(6, 3, 1));
        println!("meta {:?}", store.meta("late").unwrap());
        return assert!(matches!(
            Store::open(&path, OpenMode::ReadWrite),
            Err(StoreError::ReadOnly { .. } | StoreError::Unreadable { .. })
        ));
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ro %?/x.db");
    let (store, _) = create(&path);
    store.set_meta("late", "in the log").unwrap();
    let with_log = directory.path().join("log/x.db");
    std::fs::create_dir(with_log.parent().unwrap()).unwrap();
    for suffix in ["", "-wal"] {
        std::fs::copy(format!("{}{suffix}", path.display()), format!("{}{suffix}", with_log.display())).unwrap();
    }
    drop(store);
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(directory.path(), 0o755);
    for path in [&path, &with_log] {
        mode(path.parent().unwrap(), 0o555);
        mode(path, 0o444);
        let mut command = child("a_read_only_directory_can_be_read", path);
        if rustix::process::geteuid().is_root() {
            command.uid(65534);
        }
        let Ok(output) = command.output() else {
            return eprintln!("skipped: this user cannot run the test program");
        };
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && text.contains("meta Some(\"in the log\")"), "{text}");
        mode(path.parent().unwrap(), 0o755);
    }
}

#[test]
fn a_kill_while_completing_leaves_the_old_survey() {
    if let Some(path) = role() {
        let store = Store::open(&path, OpenMode::ReadWrite).unwrap();
        let generation = store.surveying_generation().unwrap().unwrap().id;
        let data = survey(200, 200, 2);
        let deps = profiles(&data);
        println!("begin\n");
        store.complete_generation(generation, &data, &deps).unwrap();
        return println!("end");
    }
    let directory = tempfile::tempdir().unwrap();
    let mut interrupted = 0;
    for delay in [0, 5, 20, 60, 120, 250] {
        let path = directory.path().join(format!("{delay}.db"));
        let (store, old) = create(&path);
        let new = store.begin_generation("new", &environment()).unwrap().generation;
        store.put_part(new, "instance:a", b"kept").unwrap();
        drop(store);
        let mut process = child("a_kill_while_completing_leaves_the_old_survey", &path).spawn().unwrap();
        await_line(&mut process, "begin");
        std::thread::sleep(Duration::from_millis(delay));
        process.kill().unwrap();
        process.wait().unwrap();
        // A reader comes first: it must cope with the log that was left behind.
        let reader = Store::open(&path, OpenMode::ReadOnly).unwrap();
        let current = reader.current_generation().unwrap().unwrap().id;
        let store = Store::open(&path, OpenMode::ReadWrite).unwrap();
        assert_eq!(store.current_generation().unwrap().unwrap().id, current);
        if current == old {
            interrupted += 1;
            assert_eq!(store.load_survey(old, TextLoading::Load).unwrap(), survey(6, 3, 1));
            assert_eq!(
                store.begin_generation("new", &environment()).unwrap(),
                Begun { generation: new, resumed: true }
            );
            assert_eq!(store.parts(new).unwrap()["instance:a"], b"kept");
        } else {
            assert_eq!(store.load_survey(new, TextLoading::Load).unwrap(), survey(200, 200, 2));
        }
        assert_eq!(python(&path, "print(c.execute('pragma integrity_check').fetchone()[0])"), "ok");
    }
    assert!(interrupted >= 2, "the kills came too late to show anything");
}

#[test]
fn many_processes_create_and_write_at_once() {
    if let Some(path) = role() {
        let store = Store::open(&path, OpenMode::ReadWrite).unwrap();
        for n in 0..20 {
            store.put_baseline(&format!("b-{}-{n}", std::process::id()), &baseline(1.0, 0)).unwrap();
        }
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    let processes: Vec<_> =
        (0..6).map(|_| child("many_processes_create_and_write_at_once", &path).spawn().unwrap()).collect();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let store = Store::open(&path, OpenMode::ReadOnly).unwrap();
    assert_eq!(store.baselines().unwrap().len(), 120);
}

#[test]
fn one_process_surveys_at_a_time() {
    let mut never = || false;
    if let Some(path) = role() {
        let _lock = SurveyLock::acquire(&path, None, &mut never).unwrap();
        println!("held\n");
        return std::thread::sleep(Duration::from_secs(60));
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("results").join(LOCK_NAME);
    let mut process = child("one_process_surveys_at_a_time", &path).spawn().unwrap();
    await_line(&mut process, "held");
    let error = SurveyLock::acquire(&path, Some(Duration::from_millis(120)), &mut never).unwrap_err();
    assert!(error.to_string().contains(&format!("process {}", process.id())), "{error}");
    assert_eq!(SurveyLock::acquire(&path, None, &mut || true).unwrap_err(), StoreError::Cancelled);
    process.kill().unwrap();
    process.wait().unwrap();
    let lock = SurveyLock::acquire(&path, Some(Duration::ZERO), &mut never).unwrap();
    drop(lock);
    SurveyLock::acquire(&path, Some(Duration::ZERO), &mut never).unwrap();
}

/// Prints; asserts only what no machine is too slow for.
#[test]
fn opening_and_loading_are_fast() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    let store = Store::open(&path, OpenMode::ReadWrite).unwrap();
    let begun = store.begin_generation("{}", &environment()).unwrap();
    let data = survey(265, 60, 1);
    store.complete_generation(begun.generation, &data, &profiles(&data)).unwrap();
    drop(store);
    let (mut opening, mut loading) = (Duration::MAX, Duration::MAX);
    for _ in 0..10 {
        let started = Instant::now();
        let store = Store::open(&path, OpenMode::ReadOnly).unwrap();
        let generation = store.current_generation().unwrap().unwrap().id;
        opening = opening.min(started.elapsed());
        let started = Instant::now();
        let loaded = store.load_survey(generation, TextLoading::Skip).unwrap();
        loading = loading.min(started.elapsed());
        assert_eq!(loaded.executions.len(), 1200);
    }
    println!("opening {opening:?}, loading {loading:?} (this profile)");
    assert!(opening < Duration::from_millis(100) && loading < Duration::from_millis(500));
}
