//! `[[sweep]]`: what is read, what is refused where, and that the schema says the same.

use crate::refused::{Seen, refused_by};
use crate::{parse, schema_says};
use lightspeed::pair::Direction;
use lightspeed::sweep::{Subject, SweepOptions};
use lightspeed_core::sweep::{Combination, Kind, Value};

/// A sweep of which only these lines matter.
fn with(lines: &str) -> String {
    format!("[[sweep]]\nname = 'a'\ncommand = 'b {{n}}'\naxes = ['n=1,2']\n{lines}\n")
}

#[track_caller]
fn one(text: &str) -> SweepOptions {
    let config = parse(text).unwrap();
    assert_eq!(schema_says(text), Vec::<String>::new(), "{text}");
    assert_eq!((config.benchmarks.len(), config.sweeps.len()), (0, 1));
    config.sweeps.into_iter().next().unwrap()
}

#[test]
fn what_is_left_out_has_a_default() {
    let sweep = one(&with(""));
    assert_eq!((sweep.name.as_str(), sweep.warmup, sweep.design.repeats), ("a", 1, 6));
    assert_eq!((sweep.timeout_s, sweep.budget_s, sweep.metric.as_str(), sweep.better), (60.0, None, "wall", None));
    let Subject::Command(program) = &sweep.subject else { panic!("{sweep:?}") };
    assert_eq!((program.command.join(" ").as_str(), program.cwd.to_str()), ("b {n}", Some("/project")));
    let benchmark = one("[[sweep]]\nname = 'a'\nbenchmark = 'x.time_y'\n");
    assert_eq!((benchmark.metric.as_str(), benchmark.design.axes.len()), ("value", 0));
    let config = "/project/asv.conf.json".into();
    assert_eq!(benchmark.subject, Subject::Benchmark { name: "x.time_y".to_owned(), config });
}

#[test]
fn every_key_is_read() {
    let lines = "
cwd = 'in-{n}'
env = { A = '{n}', B = false }
zip = true
repeat = 3
warmup = 0
timeout = '2min'
budget = 90
along = 'n'
workers = 'n'
metric = 'rate'
better = 'higher'
metrics = ['rows']
derived = { rate = 'rows / wall', each = { expression = 'rows / n', unit = 'rows', better = 'higher' } }";
    let sweep = one(&with(lines));
    let Subject::Command(program) = &sweep.subject else { panic!("{sweep:?}") };
    assert_eq!(program.cwd.to_str(), Some("/project/in-{n}"));
    assert_eq!(program.env, [("A".to_owned(), Some("{n}".to_owned())), ("B".to_owned(), None)]);
    assert_eq!((sweep.design.combination, sweep.design.repeats, sweep.warmup), (Combination::Zipped, 3, 0));
    assert_eq!((sweep.timeout_s, sweep.budget_s), (120.0, Some(90.0)));
    assert_eq!((sweep.design.along.as_deref(), sweep.design.workers.as_deref()), (Some("n"), Some("n")));
    assert_eq!(
        (sweep.metric.as_str(), sweep.better, &sweep.expects[..]),
        ("rate", Some(Direction::Higher), &["rows".to_owned()][..])
    );
    let derived: Vec<_> =
        sweep.derived.iter().map(|d| (d.name.as_str(), d.expression.as_str(), d.unit.as_str(), d.better)).collect();
    assert_eq!(
        derived,
        [("each", "rows / n", "rows", Direction::Higher), ("rate", "rows / wall", "", Direction::Lower)]
    );
}

#[test]
fn axes_are_text_or_tables() {
    let axis = |text: &str| one(&with("").replace("'n=1,2'", text)).design.axes.remove(0);
    assert_eq!(axis("'n=log2 1..4'").values, [Value::Int(1), Value::Int(2), Value::Int(4)]);
    assert_eq!(axis("{ name = 'n', values = [1, 2.5] }").kind, Kind::Float);
    assert_eq!(axis("{ name = 'n', values = '1..3', kind = 'float', default = 7 }").default, Some(Value::Float(7.0)));
    assert_eq!(axis("{ name = 'n', values = ['2x2', '4x4'] }").kind, Kind::Shape);
}

#[test]
fn mistakes_are_told_where_they_are() {
    let axes = |text: &str| with("").replace("'n=1,2'", text);
    refused_by(Seen::Both, &axes("'n=1', 'm'"), "4:16", "\"m\" is no axis");
    refused_by(Seen::Both, &axes("3"), "4:9", "an axis is text such as \"n=1,2,4\", or a table");
    refused_by(Seen::Both, &axes("{ name = 'n' }"), "4:9", "or a table { name, values, kind, default }");
    refused_by(Seen::Both, &axes("{ name = 'n', values = [] }"), "4:9", "the axis n has no values");
    refused_by(
        Seen::Both,
        &axes("{ name = 'n', values = [1], kind = 'whole' }"),
        "4:9",
        "write int, float, shape or text",
    );
    refused_by(
        Seen::Both,
        &axes("{ name = 'n', values = [1], vary = true }"),
        "4:9",
        "or a table { name, values, kind, default }",
    );
    refused_by(Seen::Reader, &axes("'n=1,1'"), "4:9", "the axis n has the value 1 twice");
    refused_by(Seen::Reader, &axes("'n=1', 'm=2'"), "1:1", "does not say {m}");
    refused_by(Seen::Reader, &axes(""), "1:1", "a sweep needs an axis");
    refused_by(Seen::Both, "[[sweep]]\nname = 'a'\n", "1:1", "either a `command` or a `benchmark`");
    refused_by(Seen::Both, &with("benchmark = 'x'"), "1:1", "either a `command` or a `benchmark`");
    refused_by(Seen::Both, &with("suite = 'x'"), "1:1", "`suite` belongs to a `benchmark`");
    let benchmark = |lines: &str| format!("[[sweep]]\nname = 'a'\nbenchmark = 'b'\n{lines}\n");
    refused_by(Seen::Both, &benchmark("cwd = 'x'"), "1:1", "leave `cwd` and `env` out");
    refused_by(Seen::Reader, &with("metric = 'rows'"), "1:1", "there is no metric rows");
    refused_by(Seen::Both, &with("derived.x = 3"), "5:13", "an expression such as");
    refused_by(
        Seen::Both,
        &with("derived.x = { expression = 'n', units = 's' }"),
        "5:13",
        "or a table { expression, unit, better }",
    );
    refused_by(Seen::Reader, &with("derived.x = 'n /'"), "1:1", "x = n / cannot be worked out");
    refused_by(Seen::Both, &with("better = 'more'"), "5:10", "more");
    refused_by(Seen::Both, &with("zip = 1"), "5:7", "true or false");
    refused_by(Seen::Both, &with("reapeat = 3"), "5:1", "did you mean \"repeat\"?");
    refused_by(Seen::Reader, &(with("") + &with("")), "7:8", "two sweeps are called \"a\"");
}
