//! A comparison as Markdown: the summary in its directory, and the comment on a pull request.

use super::compare::{found, notes, spent, tree, uncalled};
use super::imports;
use super::units::{Unit, format_percent, format_value};
use super::values::{self, Named};
use crate::session::{BenchmarkResult, CompareReport, CompareResult, ImportReport, Status};
use crate::suite::Layer;
use lightspeed_core::stats::Verdict;
use std::fmt::Write as _;

/// What a comment begins with, so that the next one can take its place.
const MARKER: &str = "<!-- lightspeed compare -->";
/// Rows of each table: a comment holds 65 536 characters.
const MOST_ROWS: usize = 100;
/// What each table begins with.
const HEAD: &str = "| Metric | A | B | Delta |\n|---|---:|---:|---:|\n";
/// Lines of each list.
const MOST_LINES: usize = 50;

/// How it begins.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heading {
    /// With the marker by which a comment is found again.
    pub marked: bool,
}

/// The report as Markdown. What is bold, the evidence carries.
#[must_use]
pub fn markdown(report: &CompareReport, heading: &Heading) -> String {
    let mut text = String::new();
    if heading.marked {
        let _ = writeln!(text, "{MARKER}");
    }
    let _ = writeln!(text, "## Benchmarks: {} → {}\n", escaped(&report.a.name), escaped(&report.b.name));
    let _ = writeln!(text, "{}\n", verdicts(report));
    let _ = writeln!(text, "{}.\n", escaped(&found(report)));
    let (same, others): (Vec<Line<'_>>, Vec<Line<'_>>) = report
        .benchmarks
        .iter()
        .filter(|(_, found)| found.result.current.is_some())
        .partition(|(_, found)| found.result.verdict == Some(Verdict::Equivalent));
    for layer in Layer::ALL {
        let rows: Vec<Line<'_>> = others.iter().filter(|(_, found)| found.layer == layer).copied().collect();
        if !rows.is_empty() {
            let _ = writeln!(text, "### {}\n\n{}", title(layer), table(rows, report));
        }
    }
    if !same.is_empty() {
        text.push_str(&folded(&format!("{} did not change", same.len()), &table(same, report)));
    }
    let told = values::metrics(report.benchmarks.iter().map(|(id, found)| (id, &found.result)));
    text.push_str(&numbers("Told by the benchmarks", &told, report));
    if let Some(memory) = &report.memory {
        text.push_str(&numbers("Peak memory of one call", &values::peaks(memory), report));
    }
    if let Some(found) = &report.imports {
        text.push_str(&imported(found));
    }
    let undecided =
        report.undecided.iter().map(|each| format!("{}: {}", escaped(&each.benchmark), escaped(&each.reason)));
    text.push_str(&listed("undecided", undecided.collect()));
    text.push_str(&listed("gave no number", unmeasured(report)));
    let uncalled = report.memory.as_ref().map(uncalled).unwrap_or_default();
    text.push_str(&listed("without peaks of memory", uncalled.iter().map(|line| escaped(line)).collect()));
    for note in notes(report) {
        let _ = writeln!(text, "- {}", escaped(&note));
    }
    let _ = write!(text, "\n<sub>A is {}, B is {}. ", escaped(&tree(&report.a)), escaped(&tree(&report.b)));
    let _ = write!(text, "`~` marks what noise could explain. {}; ", escaped(&spent(report)));
    let _ = writeln!(text, "{}.</sub>", escaped(&machine(report)));
    text
}

/// What was found, in a line.
fn verdicts(report: &CompareReport) -> String {
    let count = |wanted: Verdict| {
        let is = |found: &&CompareResult| found.result.status == Status::Ok && found.result.verdict == Some(wanted);
        report.benchmarks.values().filter(is).count()
    };
    let failed = report.counts.failed;
    let parts = [
        (count(Verdict::Regressed), "regressed", true),
        (count(Verdict::Improved), "improved", true),
        (count(Verdict::SlowerMinor) + count(Verdict::FasterMinor), "moved, perhaps by less than matters", false),
        (count(Verdict::Equivalent), "did not change", false),
        (report.undecided.len(), "undecided", false),
        (failed, "failed", true),
    ];
    let mut shown = Vec::new();
    for (count, what, grave) in parts.into_iter().filter(|(count, ..)| *count > 0) {
        // Where unaffected instances moved too, nobody knows what moved the others.
        let bold = if grave && (report.drift.is_none() || what == "failed") { "**" } else { "" };
        shown.push(format!("{bold}{count} {what}{bold}"));
    }
    if shown.is_empty() { "Nothing was compared.".to_owned() } else { shown.join(", ") }
}

/// An instance with what came of it.
type Line<'r> = (&'r String, &'r CompareResult);

fn table(mut rows: Vec<Line<'_>>, report: &CompareReport) -> String {
    let size =
        |found: &CompareResult| found.result.ratio.or(ratio(&found.result)).map_or(0.0, |ratio| ratio.ln().abs());
    rows.sort_by(|a, b| rank(a.1).cmp(&rank(b.1)).then(size(b.1).total_cmp(&size(a.1))).then(a.0.cmp(b.0)));
    let mut text = HEAD.to_owned();
    for (id, found) in rows.iter().take(MOST_ROWS) {
        let result = &found.result;
        let unit = Unit::parse(&result.unit);
        let value =
            |value: Option<f64>| value.map_or("–".to_owned(), |value| whole(&escaped(&format_value(value, &unit))));
        let (a, b) = (value(result.baseline), value(result.current));
        let _ = writeln!(text, "| {} | {a} | {b} | {}{} |", escaped(id), delta(result, report), interval(result));
    }
    text + &rest(rows.len())
}

/// A table of numbers that are no times; nothing where there are none.
fn numbers(title: &str, values: &[Named<'_>], report: &CompareReport) -> String {
    if values.is_empty() {
        return String::new();
    }
    let mut text = format!("### {title}\n\n{HEAD}");
    for named in values.iter().take(MOST_ROWS) {
        let [a, b] = values::shown(named.change).map(|value| whole(&escaped(&value)));
        let delta = whole(&escaped(&values::delta(named.change)));
        let moved = matches!(named.change.verdict, Some(Verdict::Regressed | Verdict::Improved));
        let bold = if moved && report.drift.is_none() { "**" } else { "" };
        let _ = writeln!(text, "| {} {} | {a} | {b} | {bold}{delta}{bold} |", escaped(named.id), escaped(named.name));
    }
    text + &rest(values.len()) + "\n"
}

/// What stands below a table of `count` rows: how many it leaves out.
fn rest(count: usize) -> String {
    if count <= MOST_ROWS {
        return String::new();
    }
    format!("\n{} more are in the document.\n", count - MOST_ROWS)
}

/// What importing costs: in a line, and by module.
fn imported(found: &ImportReport) -> String {
    let mut text = format!("### Imports\n\n{}\n\n", escaped(&imports::total(found)));
    let Some(comparison) = &found.comparison else { return text };
    let blocks = [
        ("Modules by their own time: A, B, difference", imports::lines(comparison).join("\n") + "\n"),
        ("B's imports: cumulative, own", imports::tree(comparison)),
    ];
    for (title, lines) in blocks.iter().filter(|(_, lines)| !lines.trim().is_empty()) {
        // Names of modules are what Python takes for such: they cannot end the block.
        text.push_str(&folded(title, &format!("```text\n{lines}```\n")));
    }
    text
}

/// Text in one line, whatever the width.
fn whole(text: &str) -> String {
    text.replace(' ', "&nbsp;")
}

/// What only opens when somebody asks for it.
fn folded(title: &str, text: &str) -> String {
    format!("<details><summary>{title}</summary>\n\n{text}\n</details>\n\n")
}

fn listed(what: &str, lines: Vec<String>) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut text: String = lines.iter().take(MOST_LINES).map(|line| format!("- {line}\n")).collect();
    if lines.len() > MOST_LINES {
        let _ = writeln!(text, "- … and {} more", lines.len() - MOST_LINES);
    }
    folded(&format!("{} {what}", lines.len()), &text)
}

/// What gave no number, but for what its turn did not come to.
fn unmeasured(report: &CompareReport) -> Vec<String> {
    let undecided = |id: &String| report.undecided.iter().any(|each| each.benchmark == *id);
    let rows = report.benchmarks.iter().filter(|(id, found)| found.result.current.is_none() && !undecided(id));
    let line = |(id, found): Line<'_>| {
        let reason = found.result.reason.as_deref().unwrap_or("no reason was given");
        let status = found.result.status.as_str().replace('_', " ");
        format!("{} – {status}: {}", escaped(id), escaped(reason))
    };
    rows.map(line).collect()
}

fn title(layer: Layer) -> &'static str {
    match layer {
        Layer::Startup => "Startup",
        Layer::Import => "Import",
        Layer::Micro => "Micro",
        Layer::Integration => "Integration",
        Layer::Memory => "Memory",
    }
}

/// What asks most of a reader comes first.
fn rank(found: &CompareResult) -> usize {
    use Verdict::{Equivalent, FasterMinor, Improved, Inconclusive, Regressed, SlowerMinor};
    const ORDER: [Verdict; 6] = [Regressed, Improved, SlowerMinor, FasterMinor, Inconclusive, Equivalent];
    found.result.verdict.and_then(|verdict| ORDER.iter().position(|each| *each == verdict)).unwrap_or(ORDER.len())
}

/// The change as `-73% (3.75x)`: how much less, and how many times as fast.
fn delta(result: &BenchmarkResult, report: &CompareReport) -> String {
    let Some(ratio) = result.ratio.or(ratio(result)) else {
        return escaped(result.status.as_str());
    };
    let text = whole(&change(ratio));
    match result.verdict {
        Some(Verdict::Regressed | Verdict::Improved) if report.drift.is_none() => format!("**{text}**"),
        Some(Verdict::Inconclusive) | None => format!("{text}&nbsp;&#126;"),
        _ => text,
    }
}

fn ratio(result: &BenchmarkResult) -> Option<f64> {
    let (before, now) = (result.baseline?, result.current?);
    (before > 0.0 && now > 0.0).then(|| now / before)
}

fn change(ratio: f64) -> String {
    let percent = (ratio - 1.0) * 100.0;
    let percent = format_percent(percent, if percent.abs() < 10.0 { 1 } else { 0 });
    let speed = 1.0 / ratio;
    // Two digits that say something.
    let digits = if speed < 0.1 { (1.0 - speed.log10().floor()).clamp(2.0, 9.0) as usize } else { 2 };
    format!("{percent} ({speed:.digits$}x)")
}

/// The interval below the change, where there is one and it is no point.
fn interval(result: &BenchmarkResult) -> String {
    let Some(bounds) = result.interval.filter(|bounds| bounds.low != bounds.high) else { return String::new() };
    let end = |end: Option<f64>| end.map_or("?".to_owned(), |ratio| format!("{:+.1}%", (ratio - 1.0) * 100.0));
    whole(&format!("<br><sub>{} … {}</sub>", end(bounds.low), end(bounds.high)))
}

/// The class of machine, in words.
fn machine(report: &CompareReport) -> String {
    let host = &report.environment.host_class;
    let text = |key: &str| host.get(key).and_then(serde_json::Value::as_str).unwrap_or("?").to_owned();
    let number = |key: &str| host.get(key).and_then(serde_json::Value::as_u64).unwrap_or(0);
    let (cpus, memory) = (number("usable_cpus"), number("memory_gib"));
    let mut words = format!("{}, {cpus} CPUs, {memory} GiB, {}", text("cpu"), text("os"));
    if !report.environment.interpreter.is_empty() {
        let _ = write!(words, ", {}", report.environment.interpreter);
    }
    words
}

/// Any text as Markdown that shows just that text, in one line, in a table too.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in text.chars() {
        match c {
            c if c.is_control() => safe.push(' '),
            ' ' | '.' | ',' | ';' | '?' | '-' | '/' | '(' | ')' | '+' | '%' | '=' | '\'' | '"' | ':' => safe.push(c),
            c if c.is_ascii_punctuation() => {
                // Writing to a String cannot fail.
                let _ = write!(safe, "&#{};", c as u32);
            }
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_says_how_much_less_and_how_many_times_as_fast() {
        for (ratio, text) in [
            (0.266_7, "-73% (3.75x)"),
            (1.5, "+50% (0.67x)"),
            (1.054, "+5.4% (0.95x)"),
            (1.000_1, "0.0% (1.00x)"),
            (12.0, "+1100% (0.083x)"),
            (800.0, "+79900% (0.0013x)"),
        ] {
            assert_eq!(change(ratio), text);
        }
    }

    #[test]
    fn nothing_in_a_name_means_anything() {
        assert_eq!(escaped("a|<b>`c`\n@d *e* [f]"), "a&#124;&#60;b&#62;&#96;c&#96; &#64;d &#42;e&#42; &#91;f&#93;");
    }
}
