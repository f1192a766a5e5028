//! What the program prints as JSON is what docs/schemas says. Needs git, and a Python with asv_runner: LIGHTSPEED_TEST_PYTHON,
//! else `python3` on PATH.
#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::Value;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

const CONFIG: &str =
    r#"{"version": 1, "project": "pkg", "repo": ".", "benchmark_dir": "benchmarks", "results_dir": "results"}"#;
const SOURCE: &str = "import os\n\n\ndef one():\n    return 1\n\n\ndef two():\n    return 2\n";
const SUITE: &str = "
import pkg

class Suite:
    params = [list(range(10)), ['a']]
    param_names = ['n', 'letter']

    def time_one(self, n, letter):
        pkg.one()

    def track_two(self, n, letter):
        return pkg.two()

def time_broken():
    pkg.two()
    raise ValueError('broken')

def time_skipped():
    pkg.two()
time_skipped.setup = lambda: (_ for _ in ()).throw(NotImplementedError('not here'))
";

struct Project(tempfile::TempDir);

impl Project {
    fn new() -> Self {
        let project = Project(tempfile::tempdir().unwrap());
        let files = [
            ("asv.conf.json", CONFIG),
            ("pkg/__init__.py", SOURCE),
            ("benchmarks/__init__.py", ""),
            ("benchmarks/bench.py", SUITE),
            ("benchmarks/absent.py", "import module_that_is_not_there\n"),
        ];
        for (path, text) in files {
            project.write(path, text);
        }
        for arguments in [
            &["init", "--quiet"][..],
            &["add", "."],
            &["-c", "user.name=t", "-c", "user.email=t@example.invalid", "commit", "--quiet", "--message", "begin"],
        ] {
            let done = Command::new("git").args(arguments).current_dir(project.0.path()).status().unwrap();
            assert!(done.success(), "git {arguments:?}");
        }
        project
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Runs the program and checks its document.
    #[track_caller]
    fn check(&self, command: &str, arguments: &[&str]) -> Value {
        let done = Command::new(env!("CARGO_BIN_EXE_lightspeed"))
            .args([command, "--json"])
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap();
        valid(command, &done)
    }
}

/// The document that was printed, which must be what its schema says.
#[track_caller]
fn valid(name: &str, done: &Output) -> Value {
    let document: Value = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|_| panic!("{name} printed no JSON: {}", String::from_utf8_lossy(&done.stderr)));
    fits(name, &document);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&done.stdout).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_lightspeed"));
    let again = program.args(["show", "--json"]).arg(file.path()).output().unwrap();
    assert_eq!(again.stdout, done.stdout, "{name} is read back as it was written");
    document
}

#[track_caller]
fn fits(name: &str, document: &Value) {
    let problems: Vec<String> = jsonschema::validator_for(&schema(name))
        .unwrap()
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{name}:\n{}\n{document:#}", problems.join("\n"));
}

/// What `lightspeed stats` prints in the folder of the end-to-end tests' timings.
#[track_caller]
fn stats(command: &str, arguments: &[&str]) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/e2e/timings");
    let mut program = Command::new(env!("CARGO_BIN_EXE_lightspeed"));
    let done = program.args(["stats", command, "--json"]).args(arguments).current_dir(folder).output().unwrap();
    valid(&format!("stats_{command}"), &done)
}

fn schema(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/schemas/{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn length(value: &Value) -> usize {
    value.as_array().map(Vec::len).or(value.as_object().map(serde_json::Map::len)).unwrap_or(0)
}

#[test]
fn documents_are_what_their_schemas_say() {
    let project = Project::new();
    let python = std::env::var("LIGHTSPEED_TEST_PYTHON").unwrap_or_else(|_| "python3".into());
    let quick = ["--rounds", "1", "--repeat", "2", "--warmup-time", "0"];

    let init = project.check("init", &[&["--source-root", "pkg", "--python", &python][..], &quick].concat());
    assert_eq!(length(&init["failures"]), 1);
    assert!(length(&init["always_affected"]) > 0 && length(&init["without_baseline"]) > 0);

    let none = project.check("select", &[]);
    assert_eq!(length(&none["affected"]), 0);

    project.write("pkg/__init__.py", &SOURCE.replace("return 2", "return TWO\n\n\nTWO = 1 + 1"));
    project.write("README", "new\n");
    let select = project.check("select", &["--from-git-diff", "--hotfile-threshold", "1"]);
    assert!(length(&select["affected"]) > 0, "{select:#}");
    let named = project.check("select", &["--changed-files", "pkg/__init__.py", "README"]);
    assert!(length(&named["ignored_files"]) > 0, "{named:#}");
    let hot = project.check("select", &["--hotfile-threshold", "0"]);
    assert!(length(&hot["hotfiles"]) > 0, "{hot:#}");

    let why = project.check("explain", &["bench.Suite.track_two"]);
    assert!(length(&why["instances"][0]["reasons"]) > 0 && length(&why["instances"][0]["uses"]) > 0, "{why:#}");

    let audit = project.check("audit", &["--operators", "constant", "comment", "--count", "1", "--jobs", "1"]);
    assert!(length(&audit["operators"]) == 2 && audit["instances"].as_u64() > Some(20), "{audit:#}");

    let options = ["--step-id", "one", "--hotfile-threshold", "1"];
    let measure = project.check("measure", &[&options[..], &quick].concat());
    assert!(length(&measure["dropped"]) > 0);
    assert!(measure["benchmarks"].as_object().unwrap().values().any(|b| b["status"] == "ok"), "{measure:#}");

    assert!(length(&project.check("results", &[])["baselines"]) > 0);
    assert!(length(&project.check("results", &["--step-id", "one"])["step"]["benchmarks"]) > 0);

    exported(&project);

    let quick = ["HEAD", "--max-pairs", "2", "--repeat", "1", "--warmup-time", "0"];
    let compare = project.check("compare", &quick);
    assert!(length(&compare["controls"]) > 0 && compare["calibration"].is_null(), "{compare:#}");
    let options = ["--all", "--calibrate", "--bench", "time_one-0"];
    let itself = project.check("compare", &[&quick[..], &options].concat());
    assert!(itself["calibration"]["comparisons"].as_u64() > Some(0), "{itself:#}");
    assert!(compare["benchmarks"].as_object().unwrap().values().any(|b| b["result"]["status"] == "ok"), "{compare:#}");

    project.write("broken.py", "class C:\n    def f(self:\n");
    let blocks = project.check("blocks", &["pkg/__init__.py", "broken.py"]);
    assert!(length(&blocks["files"][0]["definitions"]) > 0 && length(&blocks["files"][1]["diagnostics"]) > 0);
}

/// What a snapshot says beside the survey is what `results` prints of the same database.
#[track_caller]
fn exported(project: &Project) {
    let file = project.0.path().join("out.snapshot");
    let report = project.check("export", &["--snapshot", "out.snapshot"]);
    let bytes = std::fs::read(&file).unwrap();
    assert_eq!((&report["bytes"], &report["form"]), (&bytes.len().into(), &"snapshot".into()));
    let (survey, extras) = lightspeed_core::survey::decode_with(&bytes).unwrap();
    let context: Value = serde_json::from_str(&extras.context).unwrap();
    fits("context", &context);
    assert_eq!(context["baselines"], project.check("results", &[])["baselines"]);
    assert_eq!(context["steps"], Value::from(vec![project.check("results", &["--step-id", "one"])["step"].clone()]));
    let names: Vec<&str> =
        context["benchmarks"].as_array().unwrap().iter().map(|b| b["name"].as_str().unwrap()).collect();
    assert_eq!(names, survey.benchmarks.iter().map(|b| b.name.as_str()).collect::<Vec<_>>());
    assert_eq!(context["suite"]["name"], "pkg");
    assert_eq!(extras.texts["__init__.py"], SOURCE.as_bytes(), "the source as it was surveyed");
    project.check("export", &["--snapshot", "again.snapshot"]);
    assert_eq!(
        std::fs::read(project.0.path().join("again.snapshot")).unwrap(),
        bytes,
        "the same database, the same bytes"
    );
    let bare = project.check("export", &["--snapshot", "out.snapshot", "--without-sources"]);
    assert!(bare["sources"] == 0 && bare["bytes"].as_u64() < report["bytes"].as_u64(), "{bare:#}");
}

#[test]
fn receipts_of_pairs_are_what_their_schema_says() {
    let project = Project::new();
    let pair = |baseline: &str, current: &str, more: &[&str]| {
        let options = [&["--baseline", baseline, "--current", current][..], more].concat();
        let receipt = project.check("pair", &options);
        let read: lightspeed::pair::PairReceipt = serde_json::from_value(receipt.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), receipt, "what is read back is what was written");
        receipt
    };
    let decided = pair("sleep 0", "sleep 0.05", &["--work-units", "10", "--budget", "cpu=1%:5%+1ms", "--env", "HOME"]);
    assert_eq!(decided["verdict"]["verdict"], "regressed");
    let fixed = pair("true", "true", &["--repeat", "8", "--budget", "major_faults=5%"]);
    assert!(fixed["stats"]["metrics"].as_array().unwrap().iter().any(|m| m["reason"].is_string()));
    let failed = pair("true", "sh -c 'kill -KILL $$'", &["--warmup", "0"]);
    assert_eq!(failed["samples"][0]["current"]["signal"], 9);
}

#[test]
fn sweeps_are_what_their_schema_says() {
    let project = Project::new();
    let n = ["--axis", "n=1,2,4,8", "--seed", "1"];
    let done = project.check("sweep", &[&n[..], &["--", "sleep", "0.0{n}"]].concat());
    assert!(length(&done["lines"][0]["scaling"]["fits"]) > 0 && done["points"][1]["speedup"].is_object(), "{done:#}");
    let more = ["--derive", "rate = size / 0", "--metric", "rate", "--repeat", "1", "--env", "HOME", "--budget", "9s"];
    let axes = ["--zip", "--axis", "workers=1,2", "--axis", "size=2x2,4x4", "--axis", "x=0.5,a"];
    let odd = project.check("sweep", &[&axes[..], &more, &["--", "echo", "{workers}{size}{x}"]].concat());
    assert!(odd["points"][0]["metrics"]["rate"]["spread"].is_null(), "{odd:#}");
    let failed = project.check("sweep", &[&n[..], &["--", "sh", "-c", "echo why >&2; exit {n}"]].concat());
    assert_eq!((&failed["points"][0]["status"], &failed["points"][0]["stderr"]), (&"failed".into(), &"why".into()));
    let late = project.check("sweep", &["--axis", "n=3", "--timeout", "0.1", "--", "sleep", "{n}"]);
    assert_eq!(late["points"][0]["status"], "timed_out");
    let python = std::env::var("LIGHTSPEED_TEST_PYTHON").unwrap_or_else(|_| "python3".into());
    let suite = ["--benchmark", "bench.Suite.track_two", "--source-root", "pkg", "--python", &python, "--repeat", "1"];
    let benchmark = project.check("sweep", &[&suite[..], &["--axis", "n=1,2"]].concat());
    assert!(benchmark["points"][0]["command"].is_null() && benchmark["points"][0]["status"] == "ok", "{benchmark:#}");
    let (sweep, pair) = (schema("sweep"), schema("pair"));
    assert_eq!(sweep["properties"]["host"], pair["properties"]["run"]["properties"]["host"]);
    assert_eq!(sweep["properties"]["tool"], pair["properties"]["tool"]);
}

#[test]
fn an_examination_is_what_its_schema_says() {
    let project = Project::new();
    let found = project.check("doctor", &["--seconds", "0.5", "--results-dir", "elsewhere"]);
    assert!(length(&found["checks"]) > 20 && found["same"]["pairs"].as_u64() >= Some(20), "{found:#}");
    assert!(project.check("doctor", &["--seconds", "0"])["same"].is_null());
    assert_eq!(schema("doctor")["properties"]["host"], schema("pair")["properties"]["run"]["properties"]["host"]);
}

#[test]
fn documents_of_the_statistics_are_what_their_schemas_say() {
    let compared = stats("compare", &["hyperfine.json", "hyperfine.json"]);
    assert!(length(&compared["benchmarks"]) > 0 && compared["benchmarks"][0]["status"] == "ok", "{compared:#}");
    assert!(length(&stats("compare", &["pyperf.json", "asv.json"])["only_current"]) > 1);
    let paired = stats("compare", &["--paired", "numbers.json", "numbers.json"]);
    assert!(!paired["benchmarks"][0]["inference"]["e_value"].is_null(), "{paired:#}");
    for (file, status) in [("nan.json", "unmeasurable"), ("hyperfine-one.json", "ok"), ("bytes.json", "incomparable")] {
        assert_eq!(stats("compare", &[file, "pyperf.json"])["benchmarks"][0]["status"], status);
    }
    let simulated = stats("simulate", &["--series", "2", "--pairs", "20"]);
    assert!(length(&simulated["false_positives"]) == 35 && length(&simulated["checks"]) == 3, "{simulated:#}");
}

#[test]
fn what_two_documents_share_is_the_same_in_both() {
    let (select, measure) = (schema("select"), schema("measure"));
    let compare = schema("compare");
    for name in ["reason", "link", "lines", "status", "bounds", "stats", "result", "reward"] {
        assert_eq!(compare["$defs"][name], measure["$defs"][name], "{name}");
        assert!(compare["$defs"][name].is_object());
    }
    for name in ["counts", "environment"] {
        assert_eq!(compare["properties"][name], measure["properties"][name], "{name}");
    }
    for name in ["reason", "link", "lines", "hotfile"] {
        assert_eq!(select["$defs"][name], measure["$defs"][name], "{name}");
        assert!(select["$defs"][name].is_object());
    }
    let (results, context) = (schema("results"), schema("context"));
    for (name, definition) in results["$defs"].as_object().unwrap() {
        assert_eq!(*definition, context["$defs"][name], "{name}");
    }
    for part in ["properties", "required"] {
        assert_eq!(results["properties"]["step"][part], context["$defs"]["step"][part]);
    }
    for name in ["link", "lines"] {
        assert_eq!(select["$defs"][name], schema("explain")["$defs"][name], "{name}");
    }
}

#[test]
fn every_schema_is_one() {
    for name in [
        "select",
        "explain",
        "export",
        "context",
        "blocks",
        "compare",
        "doctor",
        "init",
        "measure",
        "results",
        "audit",
        "pair",
        "stats_compare",
        "stats_simulate",
        "sweep",
    ] {
        let schema = schema(name);
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
        assert_eq!(schema["properties"]["schema"]["const"], format!("lightspeed.{name}/1"));
    }
}
