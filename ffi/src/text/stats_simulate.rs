//! Error rates and power of rules that call a change.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Pairs up to which a change is looked for.
pub const MOST_PAIRS: usize = 400;

/// How a run's time varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// Normal logarithms.
    Gaussian,
    /// Cauchy logarithms.
    Heavy,
    /// A one-sided tail on both sides.
    Skewed,
    /// Normal, and the host slows down.
    Drift,
    /// Normal, and what runs second takes longer.
    Order,
}

/// By which rule a change is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Bets on signs with stakes by rank.
    SignedRank,
    /// Bets on signs.
    Sign,
    /// Bets on sizes.
    Symmetric,
    /// That of perfgate.
    Perfgate,
    /// That of benchstat.
    Benchstat,
    /// That of hyperfine.
    Hyperfine,
    /// That of ASV.
    Asv,
}

impl Noise {
    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gaussian => "gaussian",
            Self::Heavy => "heavy",
            Self::Skewed => "skewed",
            Self::Drift => "drift",
            Self::Order => "order",
        }
    }
}

impl Rule {
    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedRank => "signed-rank",
            Self::Sign => "sign",
            Self::Symmetric => "symmetric",
            Self::Perfgate => "perfgate",
            Self::Benchstat => "benchstat",
            Self::Hyperfine => "hyperfine",
            Self::Asv => "asv",
        }
    }
}

/// Error rates and power.
#[derive(Debug, Serialize, Deserialize)]
pub struct Document {
    /// Name and version.
    pub schema: Cow<'static, str>,
    /// Seed of the noise.
    pub seed: u64,
    /// Series for each number.
    pub series: u32,
    /// Pairs of a series where nothing changed.
    pub pairs: u16,
    /// The error level that rules were asked for.
    pub alpha: f64,
    /// Noise of each side, a share.
    pub spread: f64,
    /// How often a change was called where there was none.
    pub false_positives: Vec<Rate>,
    /// How soon one was called where there was one.
    pub power: Vec<Power>,
    /// What must never happen.
    pub checks: Vec<Check>,
}

/// How often a rule called a change on one kind of noise.
#[derive(Debug, Serialize, Deserialize)]
pub struct Rate {
    /// The rule.
    pub rule: Rule,
    /// The noise.
    pub noise: Noise,
    /// The share of series.
    pub rate: f64,
}

/// How soon a rule called a change.
#[derive(Debug, Serialize, Deserialize)]
pub struct Power {
    /// The rule.
    pub rule: Rule,
    /// The change, a share.
    pub effect: f64,
    /// The share of series in which it was called.
    pub decided: f64,
    /// Pairs after which half of the series had called it.
    pub median_pairs: Option<usize>,
    /// Pairs after which four fifths of the series had.
    pub pairs_80: Option<usize>,
}

/// How often something happened that must not.
#[derive(Debug, Serialize, Deserialize)]
pub struct Check {
    /// What.
    pub what: Cow<'static, str>,
    /// Series that were tried.
    pub of: u32,
    /// Those in which it happened.
    pub violations: u32,
}

/// The document as people read it.
pub fn text(document: &Document) -> String {
    let mut text = String::new();
    let Document { seed, series, pairs, alpha, spread, .. } = document;
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let _ = writeln!(
        text,
        "Seed {seed}, {series} series for each number, noise of {} on each side, no margin, a look after every pair.\n",
        percent(*spread)
    );
    let _ = writeln!(
        text,
        "Series of {pairs} pairs without a change in which one is called at some look (asked for: {}):\n",
        percent(*alpha)
    );
    let mut noises: Vec<Noise> = Vec::new();
    for rate in &document.false_positives {
        if !noises.contains(&rate.noise) {
            noises.push(rate.noise);
        }
    }
    let _ = writeln!(text, "| rule | {} |", noises.iter().map(|noise| noise.as_str()).collect::<Vec<_>>().join(" | "));
    let _ = writeln!(text, "|---|{}", "---:|".repeat(noises.len()));
    for rates in document.false_positives.chunk_by(|a, b| a.rule == b.rule) {
        let cells: Vec<String> = rates.iter().map(|rate| percent(rate.rate)).collect();
        let _ = writeln!(
            text,
            "| {} | {} |",
            rates.first().map_or_else(String::new, |r| r.rule.as_str().to_owned()),
            cells.join(" | ")
        );
    }
    let _ = writeln!(text, "\nPairs until a change is called, of {MOST_PAIRS} at most, Gaussian noise:\n");
    let _ = writeln!(text, "| rule | change | called | median | 80 % within |\n|---|---:|---:|---:|---:|");
    let count = |n: Option<usize>| n.map_or_else(|| "more".to_owned(), |n| n.to_string());
    for power in &document.power {
        let (rule, effect, decided) = (power.rule.as_str(), percent(power.effect), percent(power.decided));
        let _ = writeln!(
            text,
            "| {rule} | +{effect} | {decided} | {} | {} |",
            count(power.median_pairs),
            count(power.pairs_80)
        );
    }
    let _ = writeln!(text, "\n| must never happen | series | violations |\n|---|---:|---:|");
    for check in &document.checks {
        let _ = writeln!(text, "| {} | {} | {} |", check.what, check.of, check.violations);
    }
    text
}
