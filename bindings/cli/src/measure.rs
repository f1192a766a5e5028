//! `lightspeed measure`: run what is affected and compare.

use crate::args::MeasureArgs;
use crate::exit::{Exit, Failure};
use crate::github_measure::told;
use crate::terminal::look;
use crate::{print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::session::{MeasureOptions, PairedOptions};
use lightspeed::suite::SuiteConfig;
use lightspeed::text::measure::text;

/// Runs the command.
pub fn run(args: &MeasureArgs, cancel: Cancel) -> Result<Exit, Failure> {
    let session = args.session.open(cancel)?;
    let options = MeasureOptions {
        timing: args.timing.timing(),
        step_id: args.step_id.clone(),
        margin: args.margin,
        alpha: args.alpha,
        strict_host: args.strict_host,
        paired: args.paired.then(|| PairedOptions {
            base: args.changes.base.clone(),
            most_pairs: args.max_pairs as usize,
            budget_s: args.time_budget,
            seed: args.seed.unwrap_or_else(lightspeed::pair::random_seed),
        }),
    };
    let mut reporter = args.session.volume.reporter();
    let (_, report) =
        session.measure(&args.changes.options_for(args.paired)?, &options, &mut |event| reporter.hear(&event))?;
    drop(reporter);
    if args.session.json {
        print_json(&report)?;
    } else {
        print(&text(&report, look()))?;
    }
    let limits = args.gate.limits(matches!(session.config(), SuiteConfig::Commands(_)));
    let exit = args.gate.exit(&report.counts, limits, report.benchmarks.values());
    if args.github {
        let root = session.source_root().ok();
        told(&report, exit, limits, root.as_deref()).tell(args.session.json, args.session.volume);
    }
    Ok(exit)
}
