//! Times the statistics. Output is a line of JSON a measurement: what, and seconds a call as the median of the rounds and in the fastest.
//!
//! The samples are those that `benches/stats_speed.py` gives to scipy: value = offset + (1 + i·7919 mod 104729)/2²⁰.

use lightspeed_core::stats::{
    Bet, BootstrapOptions, CompareOptions, EProcess, Resampled, StatsError, benjamini_hochberg, bootstrap, compare,
    holm, mann_whitney, sign_flip, signed_rank, summarize, welch,
};
use std::hint::black_box;
use std::time::Duration;

const ROUNDS: usize = 15;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (base, now) = (sample(0, 50, 1.0), sample(1000, 50, 1.01));
    let options = CompareOptions::default();
    let runs = |sample: &[f64]| sample.iter().map(|v| [*v]).collect::<Vec<_>>();
    let (few_base, few_now) = (runs(&base[..30]), runs(&now[..30]));
    let coarse = |sample: &[f64]| sample.iter().map(|v| (v * 256.0).floor() / 256.0).collect::<Vec<f64>>();
    let (tied_base, tied_now) = (coarse(&base), coarse(&now));

    report("compare, 30 and 30 runs", 200, || compare(&few_base, &few_now, &options).map(drop))?;
    report("compare, 30 and 30 runs with ties", 20, || {
        compare(&runs(&tied_base[..30]), &runs(&tied_now[..30]), &options).map(drop)
    })?;
    report("10,000 comparisons of 30 and 30 with Holm and Benjamini-Hochberg", 1, || many(&few_base, &few_now))?;
    report("mann_whitney, exact, 50 and 50", 20, || mann_whitney(&base, &now, 0.05).map(drop))?;
    report("mann_whitney, exact with ties, 50 and 50", 20, || mann_whitney(&tied_base, &tied_now, 0.05).map(drop))?;
    report("signed_rank, exact, 50 pairs", 20, || signed_rank(&base, &now, 0.05).map(drop))?;
    report("signed_rank, exact with ties, 50 pairs", 20, || signed_rank(&tied_base, &tied_now, 0.05).map(drop))?;
    report("sign_flip, exact, 20 pairs", 1, || sign_flip(&base[..20], &now[..20], 0.05, 9999, 1).map(drop))?;
    report("sign_flip, 9,999 draws, 50 pairs", 5, || sign_flip(&base, &now, 0.05, 9999, 1).map(drop))?;
    report("welch, 50 and 50", 200, || welch(&base, &now, 0.05).map(drop))?;
    report("summarize, 50", 200, || summarize(&base).map(drop))?;
    let medians = BootstrapOptions { resampled: Resampled::Medians, resamples: 2000, seed: 1, alpha: 0.05 };
    report("bootstrap of medians, 2,000 resamples, 50 and 50", 1, || bootstrap(&base, &now, &medians).map(drop))?;
    for (name, bet) in [("sign", Bet::Sign), ("symmetric", Bet::symmetric(0.02, 30, 0.05)?)] {
        report(&format!("100 pairs with a verdict after each, {name} bets"), 1, || peek(bet))?;
    }
    let (base, now) = (sample(0, 100_000, 1.0), sample(1000, 100_000, 1.01));
    report("mann_whitney, 100,000 and 100,000", 1, || mann_whitney(&base, &now, 0.05).map(drop))?;
    report("signed_rank, 100,000 pairs", 1, || signed_rank(&base, &now, 0.05).map(drop))?;
    Ok(())
}

fn sample(from: u64, n: u64, offset: f64) -> Vec<f64> {
    (from..from + n).map(|i| offset + (1 + i * 7919 % 104_729) as f64 / f64::from(1 << 20)).collect()
}

fn many(base: &[[f64; 1]], now: &[[f64; 1]]) -> Result<(), StatsError> {
    let p_values: Result<Vec<f64>, StatsError> = (0..10_000)
        .map(|_| compare(black_box(base), black_box(now), &CompareOptions::default()).map(|result| result.p_value))
        .collect();
    let p_values = p_values?;
    black_box((holm(&p_values)?, benjamini_hochberg(&p_values)?));
    Ok(())
}

fn peek(bet: Bet) -> Result<(), StatsError> {
    let mut process = EProcess::new(bet, 0.02)?;
    for (base, now) in sample(0, 100, 1.0).into_iter().zip(sample(1000, 100, 1.01)) {
        process.push(base, now)?;
        black_box(process.verdict(0.05)?);
    }
    Ok(())
}

fn report(what: &str, calls: u32, work: impl Fn() -> Result<(), StatsError>) -> Result<(), StatsError> {
    work()?;
    let mut seconds = Vec::new();
    for _ in 0..ROUNDS {
        let mut outcome = Ok(());
        let taken = timed(|| (0..calls).for_each(|_| outcome = black_box(work())));
        outcome?;
        seconds.push(taken.as_secs_f64() / f64::from(calls));
    }
    seconds.sort_by(f64::total_cmp);
    println!("[\"{what}\", {:e}, {:e}]", seconds[ROUNDS / 2], seconds[0]);
    Ok(())
}

#[allow(clippy::disallowed_methods, reason = "a stopwatch is what this example is for")]
fn timed(work: impl FnOnce()) -> Duration {
    let start = std::time::Instant::now();
    work();
    start.elapsed()
}
