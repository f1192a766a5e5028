//! lightspeed.toml: what it gives. What it refuses, and what the JSON Schema says of the same texts, is beside.
#![allow(clippy::unwrap_used, clippy::panic)]

mod any_text;
mod reference;
mod refused;
mod sweeps;

use lightspeed::pair::{Budget, Metric};
use lightspeed::suite::commands::{CommandBenchmark, CommandConfig, CoverageSource, FILE_NAME, ReportFormat, schema};
use std::path::Path;
use std::time::Duration;

fn parse(text: &str) -> Result<CommandConfig, String> {
    CommandConfig::parse(text, Path::new("/project/lightspeed.toml")).map_err(|error| error.to_string())
}

/// A benchmark of which only these lines matter.
fn with(lines: &str) -> String {
    format!("[[benchmark]]\nname = 'a'\ncommand = 'b'\n{lines}\n")
}

#[track_caller]
fn one(text: &str) -> CommandBenchmark {
    let config = parse(text).unwrap();
    assert_eq!(config.benchmarks.len(), 1);
    assert_eq!(schema_says(text), Vec::<String>::new(), "{text}");
    config.benchmarks.into_iter().next().unwrap()
}

/// What the schema has to say against a text.
fn schema_says(text: &str) -> Vec<String> {
    let document = serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema()).unwrap();
    validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn what_is_left_out_has_a_default() {
    let config = parse(&with("")).unwrap();
    assert_eq!(config.path, Path::new("/project/lightspeed.toml"));
    assert_eq!((config.source_root, config.results_dir), (None, "/project/.lightspeed".into()));
    let benchmark = &config.benchmarks[0];
    assert_eq!((benchmark.name.as_str(), benchmark.line), ("a", 1));
    assert_eq!(benchmark.cwd, Path::new("/project"));
    assert_eq!((benchmark.repeat, benchmark.warmup, benchmark.timeout), (10, 1, Duration::from_secs(60)));
    assert_eq!(benchmark.metrics, Metric::ALL[..12]);
    assert_eq!(benchmark.budgets, [Budget::share(Metric::Wall, 0.05)]);
    assert_eq!(one(&with("work_units = 2")).metrics, Metric::ALL);
}

#[test]
fn commands_are_split_into_words_or_are_lists() {
    let command = |text: &str| one(&format!("[[benchmark]]\nname = 'a'\ncommand = {text}\n")).command;
    assert_eq!(command("'''b \"c d\" e\\ f ' g' '''"), ["b", "c d", "e f", " g"]);
    assert_eq!(command("['b c', '', '$HOME']"), ["b c", "", "$HOME"]);
    assert_eq!(command("'echo $HOME; ls | wc'"), ["echo", "$HOME;", "ls", "|", "wc"]);
}

#[test]
fn python_is_known_by_its_name() {
    let coverage =
        |program: &str| one(&format!("[[benchmark]]\nname = 'a'\ncommand = ['{program}', 'x.py']\n")).coverage;
    for program in ["python", "python3", "/usr/bin/python3.13", "python3.14t", "pypy3", "pypy3.11"] {
        assert_eq!(coverage(program), CoverageSource::Python, "{program}");
    }
    for program in ["pythonic", "ipython", "python-config", "b", "python/run"] {
        assert_eq!(coverage(program), CoverageSource::None, "{program}");
    }
}

#[test]
fn coverage_is_a_word_or_a_report() {
    assert_eq!(one(&with("coverage = 'python'")).coverage, CoverageSource::Python);
    assert_eq!(
        one("[[benchmark]]\nname = 'a'\ncommand = 'python x'\ncoverage = 'none'").coverage,
        CoverageSource::None
    );
    let report = |command, file: &str, format| CoverageSource::Report { command, file: file.into(), format };
    let plain = one(&with("cwd = 'build'\ncoverage = { file = './out/lcov.info' }")).coverage;
    assert_eq!(plain, report(None, "/project/build/out/lcov.info", None));
    let full = one(&with("coverage = { file = '/c.out', format = 'go_cover', command = \"go test 'a b'\" }")).coverage;
    let command = ["go", "test", "a b"].map(str::to_owned).to_vec();
    assert_eq!(full, report(Some(command), "/c.out", Some(ReportFormat::GoCover)));
}

#[test]
fn timeouts_are_seconds_or_text() {
    let timeout = |text: &str| one(&with(&format!("timeout = {text}"))).timeout;
    assert_eq!(timeout("90"), Duration::from_secs(90));
    assert_eq!(timeout("0.25"), Duration::from_millis(250));
    assert_eq!(timeout("'90s'"), Duration::from_secs(90));
    assert_eq!(timeout("'2min'"), Duration::from_secs(120));
    assert_eq!(timeout("'1h 30m'"), Duration::from_secs(5400));
}

#[test]
fn defaults_hold_where_a_benchmark_says_nothing() {
    let text = "
source_root = './src'
results_dir = '/elsewhere'

[analysis]
docstrings = true

[defaults]
cwd = 'area'
env = { SHARED = '1', CHANGED = 'before', GONE = 'x' }
work_units = 1e6
timeout = 5
repeat = 3
warmup = 0
metrics = ['wall']
coverage = { file = 'c.json' }
tags = ['slow']

[defaults.budgets]
wall = '10%'
cpu = '2%:4%'
throughput = '10%'

[[benchmark]]
name = 'first'
command = 'one'

[[benchmark]]
name = 'second'
command = 'two'
cwd = 'other'
env = { CHANGED = 'after', GONE = false }
work_units = 7
timeout = 6
repeat = 4
warmup = 2
metrics = ['max_rss', 'cpu']
budgets = { cpu = { fail = '1ms' }, throughput = false }
coverage = 'python'
tags = []
";
    let config = parse(text).unwrap();
    assert_eq!(schema_says(text), Vec::<String>::new());
    assert_eq!(config.source_root.as_deref(), Some(Path::new("/project/src")));
    assert_eq!(config.results_dir, Path::new("/elsewhere"));
    assert!(config.analysis.docstrings);
    let [first, second] = config.benchmarks.as_slice() else { panic!("{config:?}") };

    assert_eq!((first.line, second.line), (24, 28));
    assert_eq!((first.cwd.as_path(), second.cwd.as_path()), (Path::new("/project/area"), Path::new("/project/other")));
    assert_eq!((first.timeout.as_secs(), first.repeat, first.warmup, first.work_units), (5, 3, 0, Some(1e6)));
    assert_eq!((second.timeout.as_secs(), second.repeat, second.warmup, second.work_units), (6, 4, 2, Some(7.0)));
    assert_eq!((&first.metrics[..], &second.metrics[..]), (&[Metric::Wall][..], &[Metric::MaxRss, Metric::Cpu][..]));
    assert_eq!((&first.tags[..], &second.tags[..]), (&["slow".to_owned()][..], &[][..]));
    assert!(
        matches!(&first.coverage, CoverageSource::Report { file, .. } if file == Path::new("/project/area/c.json"))
    );
    assert_eq!(second.coverage, CoverageSource::Python);

    let env: Vec<_> = second.env.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
    assert_eq!(env, [("CHANGED", Some("after")), ("GONE", None), ("SHARED", Some("1"))]);
    let budget = |metric, text| Budget::parse(metric, text).unwrap();
    let (wall, cpu) = (budget(Metric::Wall, "10%"), budget(Metric::Cpu, "2%:4%"));
    assert_eq!(first.budgets, [wall, cpu, budget(Metric::Throughput, "10%")]);
    assert_eq!(second.budgets, [wall, budget(Metric::Cpu, "1ms")]);
}

#[test]
fn budgets_are_text_or_a_table() {
    let budgets = |text: &str| one(&with(&format!("budgets.wall = {text}"))).budgets;
    assert_eq!(budgets("'3%:5%+1ms'"), budgets("{ warn = '3%', fail = '5%+1ms' }"));
    assert_eq!(one(&with("budgets = { wall = false, max_rss = '1MiB' }")).budgets.len(), 1);
}

#[test]
fn files_are_read_and_what_cannot_be_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let message = CommandConfig::load(&path).unwrap_err().to_string();
    assert!(message.contains("lightspeed.toml could not be read: "), "{message}");
    std::fs::write(&path, b"[defaults]\n# \xc3\xa4 \xff\n").unwrap();
    let message = CommandConfig::load(&path).unwrap_err().to_string();
    assert!(message.ends_with("lightspeed.toml:2:5: it is not UTF-8 here: save it as UTF-8"), "{message}");
    std::fs::write(&path, format!("\u{feff}{}", with("").replace('\n', "\r\n"))).unwrap();
    let config = CommandConfig::load(&path).unwrap();
    assert_eq!((config.benchmarks[0].cwd.as_path(), &config.path), (folder.path(), &path));
}

#[test]
fn thousands_of_benchmarks_are_no_burden() {
    let text: String =
        (0..5000).map(|i| format!("[[benchmark]]\nname = 'n{i}'\ncommand = 'c {i}'\nenv.I = '{i}'\n\n")).collect();
    let started = std::time::Instant::now();
    let config = parse(&text).unwrap();
    assert_eq!(config.benchmarks.last().map(|last| (last.name.as_str(), last.line)), Some(("n4999", 24996)));
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
