//! What a workflow is told of a pair.

use crate::exit::Exit;
use crate::github::{Annotation, Level, Told, gate, markdown};
use lightspeed::pair::PairReceipt;
use lightspeed::text::pair::{cells, conclusion, shown};
use lightspeed_core::stats::{Gate, Verdict};
use std::fmt::Write as _;

/// What the receipt comes to.
pub fn told(receipt: &PairReceipt, exit: Exit) -> Told {
    let verdict = &receipt.verdict;
    let regressed = receipt.stats.metrics.iter().filter(|metric| metric.verdict == Some(Verdict::Regressed)).count();
    let level = match (exit, verdict.gate) {
        (Exit::Ok, Gate::Warn) => Level::Warning,
        (Exit::Ok, _) => Level::Notice,
        _ => Level::Error,
    };
    let lines: Vec<String> = verdict.reasons.iter().cloned().chain([conclusion(receipt)]).collect();
    let word = verdict.verdict.map_or(verdict.status.as_str(), Verdict::as_str);
    let title = format!("{}: {}", receipt.bench.name, word.replace('_', " "));
    Told {
        annotations: vec![Annotation { level, title, message: lines.join("\n"), place: None }],
        outputs: vec![
            ("gate", verdict.gate.to_string()),
            ("verdict", word.to_owned()),
            ("outcome", gate(exit).to_owned()),
            ("pairs", receipt.stats.pairs.to_string()),
            ("regressed", regressed.to_string()),
            ("reasons", verdict.reasons.join("\n")),
        ],
        summary: summary(receipt),
    }
}

fn summary(receipt: &PairReceipt) -> String {
    let mut text = format!("### lightspeed pair: {}\n\n", markdown(&receipt.bench.name));
    let reports = shown(receipt);
    if !reports.is_empty() {
        text.push_str("| metric | baseline | current | change | interval | verdict |\n|---|---:|---:|---:|---:|---|\n");
    }
    for report in reports {
        let _ = writeln!(text, "| {} |", cells(report).map(|cell| markdown(&cell)).join(" | "));
    }
    for reason in &receipt.verdict.reasons {
        let _ = writeln!(text, "\n- {}", markdown(reason));
    }
    let _ = writeln!(text, "\n{}\n", markdown(&conclusion(receipt)));
    text
}
