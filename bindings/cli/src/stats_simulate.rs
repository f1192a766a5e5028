//! `lightspeed stats simulate`: error rates and power of our rules and of others', on noise from a seed.

use crate::exit::{Exit, Failure};
use crate::stats::SimulateArgs;
use crate::stats_rules::{asv, benchstat, hyperfine, perfgate};
use crate::{print, print_json};
use clap::ValueEnum;
use lightspeed::text::stats_simulate::{self as told, Check, Document, MOST_PAIRS, Power, Rate, text};
use lightspeed_core::stats::{Bet, CompareOptions, EProcess, Gate, GatePolicy, StatsError, Status, Verdict, compare};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng as _;

/// How a run's time varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Noise {
    /// Normal logarithms
    Gaussian,
    /// Cauchy logarithms: no mean, no spread
    Heavy,
    /// A one-sided tail on both sides, as interruptions give
    Skewed,
    /// Normal, and the host slows down by 0.2 % with every run
    Drift,
    /// Normal, and what runs second takes 1 % longer
    Order,
}

/// By which rule a change is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Rule {
    /// Bets on signs with stakes by rank, the default
    SignedRank,
    /// Bets on signs
    Sign,
    /// Bets on sizes
    Symmetric,
    /// perfgate: a paired interval, retried until significant
    Perfgate,
    /// benchstat: Mann–Whitney
    Benchstat,
    /// hyperfine: means ± one standard deviation do not overlap
    Hyperfine,
    /// ASV: is_different
    Asv,
}

/// Runs the command.
pub fn run(args: &SimulateArgs) -> Result<Exit, Failure> {
    let document = simulate(args).map_err(|error| Failure::plain(error.to_string()))?;
    if args.json {
        print_json(&document)?;
    } else {
        print(text(&document).trim_end())?;
    }
    Ok(Exit::Ok)
}

fn simulate(args: &SimulateArgs) -> Result<Document, StatsError> {
    let rules = if args.method.is_empty() { Rule::value_variants() } else { &args.method };
    let noises = if args.noise.is_empty() { Noise::value_variants() } else { &args.noise };
    let (mut false_positives, mut power) = (Vec::new(), Vec::new());
    for rule in rules.iter().copied() {
        for noise in noises.iter().copied() {
            let called = called_at(args, rule, noise, 0.0, usize::from(args.pairs))?;
            let rate = called.iter().flatten().count() as f64 / called.len() as f64;
            false_positives.push(Rate { rule: rule.into(), noise: noise.into(), rate });
        }
        for effect in args.effect.iter().copied() {
            power.push(found(rule, effect, called_at(args, rule, Noise::Gaussian, effect, MOST_PAIRS)?));
        }
    }
    Ok(Document {
        schema: "lightspeed.stats_simulate/1".into(),
        seed: args.seed,
        series: args.series,
        pairs: args.pairs,
        alpha: args.alpha,
        spread: args.spread,
        false_positives,
        power,
        checks: checks(args)?,
    })
}

fn found(rule: Rule, effect: f64, mut called: Vec<Option<usize>>) -> Power {
    called.sort_by_key(|at| at.unwrap_or(usize::MAX));
    let at = |share: f64| called.get((share * called.len() as f64) as usize).copied().flatten();
    let decided = called.iter().flatten().count() as f64 / called.len() as f64;
    Power { rule: rule.into(), effect, decided, median_pairs: at(0.5), pairs_80: at(0.8) }
}

/// For each series, the pair after which a change was called first, with a look after every one and no margin.
fn called_at(
    args: &SimulateArgs,
    rule: Rule,
    noise: Noise,
    effect: f64,
    pairs: usize,
) -> Result<Vec<Option<usize>>, StatsError> {
    let one = |series: u32| {
        let mut source = Source::new(args.seed, series);
        let mut judge = Judge::new(rule, args)?;
        for pair in 0..pairs {
            let (baseline, current) = source.pair(noise, args.spread, pair);
            if judge.calls(baseline, current * (1.0 + effect))? {
                return Ok(Some(pair + 1));
            }
        }
        Ok(None)
    };
    (0..args.series).map(one).collect()
}

/// A rule with what it has seen.
struct Judge {
    rule: Rule,
    alpha: f64,
    process: EProcess,
    baseline: Vec<f64>,
    current: Vec<f64>,
}

impl Judge {
    fn new(rule: Rule, args: &SimulateArgs) -> Result<Self, StatsError> {
        let bet = match rule {
            Rule::Sign => Bet::Sign,
            // The guess is the deviation of differences of two such sides.
            Rule::Symmetric => Bet::symmetric(args.spread.max(1e-6) * std::f64::consts::SQRT_2, 30, args.alpha)?,
            _ => Bet::SignedRank,
        };
        let process = EProcess::new(bet, 0.0)?;
        Ok(Self { rule, alpha: args.alpha, process, baseline: Vec::new(), current: Vec::new() })
    }

    fn calls(&mut self, baseline: f64, current: f64) -> Result<bool, StatsError> {
        if matches!(self.rule, Rule::SignedRank | Rule::Sign | Rule::Symmetric) {
            self.process.push(baseline, current)?;
            return Ok(self.process.verdict(self.alpha)?.is_change());
        }
        self.baseline.push(baseline);
        self.current.push(current);
        let (baseline, current) = (&self.baseline, &self.current);
        Ok(match self.rule {
            Rule::Perfgate => perfgate(baseline, current),
            Rule::Benchstat => benchstat(baseline, current, self.alpha),
            Rule::Hyperfine => hyperfine(baseline, current),
            _ => asv(baseline, current),
        })
    }
}

/// Times of pairs from a seed. The order is random in blocks of two.
struct Source {
    random: Pcg64,
    baseline_first: bool,
}

impl Source {
    fn new(seed: u64, series: u32) -> Self {
        let state = u128::from(seed) << 64 | u128::from(series);
        let mut random = Pcg64::new(state, 0x0a02_bdbf_7bb3_c0a7_ac28_fa16_a64a_bf96);
        // The first numbers of nearby states resemble each other.
        (0..8).for_each(|_| {
            random.next_u64();
        });
        Self { random, baseline_first: true }
    }

    fn uniform(&mut self) -> f64 {
        ((self.random.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn noise(&mut self, noise: Noise) -> f64 {
        let (u, v) = (self.uniform(), self.uniform());
        match noise {
            Noise::Heavy => (std::f64::consts::PI * (u - 0.5)).tan().clamp(-300.0, 300.0),
            Noise::Skewed => -u.ln(),
            Noise::Gaussian | Noise::Drift | Noise::Order => {
                (-2.0 * u.ln()).sqrt() * (2.0 * std::f64::consts::PI * v).cos()
            }
        }
    }

    fn pair(&mut self, noise: Noise, spread: f64, pair: usize) -> (f64, f64) {
        let second_of_block = pair % 2 == 1;
        let coin = self.uniform() < 0.5;
        self.baseline_first = if second_of_block { !self.baseline_first } else { coin };
        let place = |first: bool| match noise {
            Noise::Order if !first => 0.01,
            Noise::Drift => 0.002 * (2 * pair + usize::from(!first)) as f64,
            _ => 0.0,
        };
        let (baseline, current) = (spread * self.noise(noise), spread * self.noise(noise));
        ((baseline + place(self.baseline_first)).exp(), (current + place(!self.baseline_first)).exp())
    }
}

/// What must never happen.
fn checks(args: &SimulateArgs) -> Result<Vec<Check>, StatsError> {
    let policy = GatePolicy::default();
    let (mut passes, mut decided, mut changed) = (0, 0, 0);
    for series in 0..args.series {
        let mut source = Source::new(args.seed, series);
        let mut slow = EProcess::new(Bet::default(), 0.02)?;
        for pair in 0..usize::from(args.pairs).min(40) {
            let (baseline, current) = source.pair(Noise::Gaussian, 0.5, pair);
            slow.push(baseline, 10.0 * current)?;
            let verdict = slow.verdict(args.alpha)?;
            passes += u32::from(policy.judge(Status::Ok, Some(verdict)) == Gate::Pass);
        }
        let side = |source: &mut Source, factor: f64| -> Vec<[f64; 1]> {
            (0..3).map(|pair| [factor * source.pair(Noise::Gaussian, 1e-6, pair).0]).collect()
        };
        let (few, slower) = (side(&mut source, 1.0), side(&mut source, 1.001));
        let options = CompareOptions { margin: 0.0, alpha: args.alpha.min(0.05) };
        decided += u32::from(compare(&few[..1], &slower[..1], &options)?.verdict != Verdict::Inconclusive);
        let mut early = EProcess::new(Bet::default(), 0.0)?;
        let mut same = EProcess::new(Bet::default(), 0.0)?;
        for (before, now) in few.iter().zip(&slower) {
            early.push(before[0], now[0])?;
        }
        decided += u32::from(early.verdict(args.alpha.min(0.05))? != Verdict::Inconclusive);
        for pair in 0..usize::from(args.pairs) {
            let value = source.pair(Noise::Gaussian, args.spread, pair).0;
            same.push(value, value)?;
            changed += u32::from(same.verdict(args.alpha)?.is_change());
        }
    }
    let of = args.series;
    Ok(vec![
        Check { what: "10 times slower at 50 % noise, and the gate says pass".into(), of, violations: passes },
        Check { what: "one run, or three pairs, and the verdict is not inconclusive".into(), of, violations: decided },
        Check { what: "both sides identical, and a change is called".into(), of, violations: changed },
    ])
}

impl From<Noise> for told::Noise {
    fn from(noise: Noise) -> Self {
        match noise {
            Noise::Gaussian => Self::Gaussian,
            Noise::Heavy => Self::Heavy,
            Noise::Skewed => Self::Skewed,
            Noise::Drift => Self::Drift,
            Noise::Order => Self::Order,
        }
    }
}

impl From<Rule> for told::Rule {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::SignedRank => Self::SignedRank,
            Rule::Sign => Self::Sign,
            Rule::Symmetric => Self::Symmetric,
            Rule::Perfgate => Self::Perfgate,
            Rule::Benchstat => Self::Benchstat,
            Rule::Hyperfine => Self::Hyperfine,
            Rule::Asv => Self::Asv,
        }
    }
}
