//! Every mistake has its line, its column, and a sentence; an editor that knows the schema sees most of them too.

use crate::{parse, schema_says, with};

/// Who notices a mistake: the reader alone, or an editor with the schema too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Seen {
    Reader,
    Both,
}

#[track_caller]
fn refused(text: &str, place: &str, problem: &str) {
    let message = parse(text).map(|config| panic!("{text}\n{config:?}")).unwrap_err();
    let said = message.strip_prefix(&format!("/project/lightspeed.toml:{place}: "));
    let said = said.unwrap_or_else(|| panic!("{text}\nis to be refused at {place}: {message}"));
    assert!(said.contains(problem), "{text}\n{said}");
    assert!(!message.contains(char::is_control), "{message:?}");
}

#[track_caller]
pub fn refused_by(seen: Seen, text: &str, place: &str, problem: &str) {
    refused(text, place, problem);
    let says = schema_says(text);
    assert_eq!(says.is_empty(), seen == Seen::Reader, "{text}\n{says:?}");
}

#[test]
fn what_is_not_toml_is_refused() {
    refused("a = \n", "1:5", "this is not TOML: ");
    refused("[defaults]\nrepeat = 3\nrepeat = 4\n", "3:1", "duplicate key");
    refused("[defaults\n", "1:10", "this is not TOML: ");
    refused("[[benchmark]]\nname = 'ä' x\n", "2:12", "this is not TOML: ");
    refused("\u{feff}[[benchmark]]\r\nname = \"a\n", "2:10", "this is not TOML: ");
    refused(&format!("a = {}", "[".repeat(1000)), "1:85", "recurs");
}

#[test]
fn unknown_keys_are_refused_with_the_nearest_known_one() {
    refused_by(
        Seen::Both,
        "source_rot = '.'\n",
        "1:1",
        "\"source_rot\" is not known here: did you mean \"source_root\"?",
    );
    refused_by(Seen::Both, "[[benchmarks]]\nname = 'a'\n", "1:3", "did you mean \"benchmark\"?");
    refused_by(Seen::Both, "[default]\n", "1:2", "did you mean \"defaults\"?");
    refused_by(Seen::Both, &with("repeats = 3"), "4:1", "did you mean \"repeat\"?");
    refused_by(Seen::Both, &with("'time out' = 3"), "4:1", "did you mean \"timeout\"?");
    refused_by(Seen::Both, &with("zzz = 3"), "4:1", "known are name, command, cwd, env, work_units");
    refused_by(Seen::Both, &with("\"a\\n\" = 3"), "4:1", "\"a\\n\" is not known here");
    refused_by(Seen::Both, "[analysis]\ndocstring = true\n", "2:1", "did you mean \"docstrings\"?");
    refused_by(Seen::Both, "[defaults]\nwork_unit = 3\n", "2:1", "did you mean \"work_units\"?");
    refused_by(Seen::Both, &with("coverage = { file = 'x', fromat = 'lcov' }"), "4:26", "did you mean \"format\"?");
    refused_by(Seen::Both, &with("budgets.wall = { warm = '3%', fail = '5%' }"), "4:18", "did you mean \"warn\"?");
    refused_by(Seen::Both, &with("budgets.wal = '5%'"), "4:9", "did you mean \"wall\"?");
    refused_by(Seen::Both, &with("[benchmark.budgets]\nrss_max = '5%'"), "5:1", "\"rss_max\" is not known here");
    refused_by(Seen::Both, &with("metrics = ['wall', 'cpuu']"), "4:20", "did you mean \"cpu\"?");
    refused_by(Seen::Both, &with("coverage = { file = 'x', format = 'lcvo' }"), "4:35", "did you mean \"lcov\"?");
    refused_by(Seen::Both, &with("coverage = 'pyton'"), "4:12", "did you mean \"python\"?");
}

#[test]
fn names_are_there_once_and_printable() {
    let twice = with("") + &with("");
    refused_by(Seen::Reader, &twice, "6:8", "the benchmarks of lines 1 and 5 are both called \"a\"");
    refused_by(Seen::Both, "[[benchmark]]\ncommand = 'b'\n", "1:1", "this benchmark has no name");
    refused_by(Seen::Both, "[[benchmark]]\nname = 'a'\n", "1:1", "this benchmark has no command");
    refused_by(Seen::Both, "[[benchmark]]\nname = \"a\\nb\"\ncommand = 'b'\n", "2:8", "line break");
    refused_by(Seen::Both, "[[benchmark]]\nname = \"a\\u2028b\"\ncommand = 'b'\n", "2:8", "line break");
    refused_by(Seen::Both, "[[benchmark]]\nname = \"\\u0007\"\ncommand = 'b'\n", "2:8", "control character");
    refused_by(Seen::Both, "[[benchmark]]\nname = ''\ncommand = 'b'\n", "2:8", "it is empty");
    refused_by(
        Seen::Both,
        "[[benchmark]]\nname = 3\ncommand = 'b'\n",
        "2:8",
        "integer `3` cannot stand here: write text in quotes",
    );
    refused_by(Seen::Both, &with("tags = ['x', '']"), "4:8", "it is empty");
    refused_by(Seen::Both, &format!("[defaults]\nname = 'a'\n{}", with("")), "2:8", "[defaults] can have no name");
    refused_by(
        Seen::Both,
        &format!("[defaults]\ncommand = 'a'\n{}", with("")),
        "2:11",
        "[defaults] can have no command",
    );
    refused_by(Seen::Both, "source_root = '.'\n", "1:1", "there is no benchmark");
    refused_by(Seen::Both, "[benchmark]\nname = 'a'\n", "1:1", "write a heading [[benchmark]] with two brackets");
}

#[test]
fn commands_that_cannot_be_meant_are_refused() {
    let command = |text: &str| format!("[[benchmark]]\nname = 'a'\ncommand = {text}\n");
    refused_by(Seen::Both, &command("''"), "3:11", "the command is empty");
    refused_by(Seen::Reader, &command("'  '"), "3:11", "the command is empty");
    refused_by(Seen::Both, &command("[]"), "3:11", "the command is empty");
    refused_by(Seen::Reader, &command("['', 'x']"), "3:11", "the command is empty");
    refused_by(Seen::Reader, &command("'b \"c'"), "3:11", "close its quotation marks");
    refused_by(Seen::Reader, &command("\"b it's\""), "3:11", "close its quotation marks");
    refused_by(Seen::Reader, &command("\"b \\u0000\""), "3:11", "NUL");
    refused_by(Seen::Reader, &command("['b', \"\\u0000\"]"), "3:11", "NUL");
    refused_by(Seen::Both, &command("['b', 3]"), "3:11", "one text, or a list of texts");
    refused_by(Seen::Both, &with("coverage = { file = 'x', command = [] }"), "4:36", "the command is empty");
    refused_by(Seen::Both, &with("coverage = { format = 'lcov' }"), "4:12", "\"file\" is missing: add it");
    refused_by(Seen::Both, &with("coverage = true"), "4:12", "write \"python\", \"none\", or a table");
}

#[test]
fn paths_and_variables_that_cannot_be_are_refused() {
    refused_by(Seen::Both, "source_root = ''\n", "1:15", "the path is empty");
    refused_by(Seen::Both, "results_dir = \"\\u0000\"\n", "1:15", "NUL");
    refused_by(Seen::Both, &with("cwd = ''"), "4:7", "the path is empty");
    refused_by(Seen::Both, &with("coverage = { file = '' }"), "4:21", "the path is empty");
    refused_by(
        Seen::Both,
        &with("env = { 'A=B' = 'x' }"),
        "4:9",
        "\"A=B\" cannot be the name of an environment variable",
    );
    refused_by(Seen::Both, &with("env = { '' = 'x' }"), "4:9", "\"\" cannot be the name");
    refused_by(Seen::Both, &with("env = { \"A\\u0000\" = 'x' }"), "4:9", "cannot be the name");
    refused_by(Seen::Both, &with("env = { A = \"\\u0000\" }"), "4:13", "NUL");
    refused_by(Seen::Both, &with("env = { A = 3 }"), "4:13", "text in quotes, or false to remove it");
    refused_by(Seen::Both, &with("env = { A = true }"), "4:13", "or false to remove it");
    refused_by(Seen::Both, &with("env = 'A=B'"), "4:7", "cannot stand here: write a table");
}

#[test]
fn numbers_that_cannot_be_meant_are_refused() {
    for zero_or_less in ["0", "-1"] {
        refused_by(Seen::Both, &with(&format!("repeat = {zero_or_less}")), "4:10", "write a number from 1");
        refused_by(Seen::Both, &with(&format!("work_units = {zero_or_less}")), "4:14", "write one above zero");
        refused_by(
            Seen::Both,
            &with(&format!("timeout = {zero_or_less}")),
            "4:11",
            "write a number of seconds above zero",
        );
    }
    refused_by(Seen::Both, &with("repeat = 4294967296"), "4:10", "from 1 to 4294967295");
    refused_by(
        Seen::Both,
        &with("repeat = 1.5"),
        "4:10",
        "floating point `1.5` cannot stand here: write a whole number",
    );
    refused(&with("repeat = 99999999999999999999"), "4:10", "write a whole number");
    refused_by(Seen::Both, &with("warmup = -1"), "4:10", "write a number from 0");
    refused_by(Seen::Both, &with("work_units = 'many'"), "4:14", "cannot stand here: write a number");
    for never in ["nan", "inf", "-inf"] {
        refused(&with(&format!("work_units = {never}")), "4:14", "is no amount of work");
        refused(&with(&format!("timeout = {never}")), "4:11", "is no timeout");
    }
    for text in ["'0s'", "'90'", "'soon'", "'-1s'", "'9999999999999 years'", "1e-30", "1e300"] {
        refused_by(Seen::Reader, &with(&format!("timeout = {text}")), "4:11", "is no timeout");
    }
    refused_by(Seen::Both, &with("timeout = ''"), "4:11", "is no timeout");
    refused_by(Seen::Both, &with("timeout = [1]"), "4:11", "a timeout is a number of seconds, or text");
    refused_by(Seen::Both, &with("timeout = 1979-05-27\n[benchmark.coverage]\nfile = 3"), "4:11", "a timeout is");
}

#[test]
fn metrics_and_budgets_that_cannot_be_meant_are_refused() {
    refused_by(Seen::Both, &with("metrics = []"), "4:11", "it names no metric");
    refused_by(Seen::Both, &with("metrics = ['cpu', 'cpu']"), "4:11", "it names \"cpu\" twice");
    refused_by(Seen::Both, &with("metrics = 'wall'"), "4:11", "write a list in brackets");
    refused_by(Seen::Reader, &with("metrics = ['throughput']"), "4:11", "add `work_units");
    refused_by(Seen::Reader, &with("budgets.throughput = '5%'"), "1:1", "add `work_units");
    refused_by(
        Seen::Reader,
        &with("budgets.wall = '5'\nbudgets.cpu = '5 %'\nbudgets.sys = '5 apples'"),
        "6:15",
        "is no limit for sys",
    );
    refused_by(
        Seen::Reader,
        &with("budgets.max_rss = { warn = '1ms', fail = '5%' }"),
        "4:28",
        "is no limit for max_rss",
    );
    refused_by(
        Seen::Reader,
        &with("budgets.wall = { warn = '5%', fail = '3%' }"),
        "4:38",
        "wall fails before it warns",
    );
    refused_by(Seen::Reader, &with("budgets.wall = '5%:3%'"), "4:16", "wall fails before it warns");
    refused_by(Seen::Both, &with("budgets.wall = { warn = '3%' }"), "4:16", "\"fail\" is missing");
    refused_by(Seen::Both, &with("budgets.wall = 0.05"), "4:16", "write a limit such as \"5%\"");
    refused_by(Seen::Both, &with("budgets.wall = true"), "4:16", "or false for no budget");
    refused_by(Seen::Reader, &with("budgets.wall = false"), "1:1", "no budget is left");
    let overridden = format!("[defaults]\nbudgets.wall = '5 apples'\n{}", with("budgets.wall = '5%'"));
    refused_by(Seen::Reader, &overridden, "2:16", "is no limit for wall");
}

#[test]
fn the_analysis_is_checked() {
    refused_by(Seen::Both, "analysis = 3\n", "1:12", "integer `3` cannot stand here: write a table");
    refused_by(Seen::Both, "[analysis]\ndocstrings = 3\n", "2:14", "write true or false");
    refused_by(Seen::Both, "[analysis]\npure_decorators = 'x'\n", "2:19", "write a list in brackets");
}
