//! `lightspeed pair`: two commands in turn, until it is known whether they differ.

use crate::exit::{Exit, Failure};
use crate::github_pair::told;
use crate::pair_args::PairArgs;
use crate::terminal::look;
use crate::{output, print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::pair::{PairReceipt, run_pair};
use lightspeed::text::pair::text;
use lightspeed_core::stats::{Gate, Status, Verdict};

/// Runs the command.
pub fn run(args: &PairArgs, cancel: &Cancel) -> Result<Exit, Failure> {
    let options = args.options()?;
    let mut reporter = args.volume.reporter();
    let receipt = run_pair(&options, cancel, &mut |event| reporter.hear(&event))?;
    drop(reporter);
    if let Some(file) = &args.output {
        output::write_json(file, &receipt, "receipt")?;
    }
    if args.json {
        print_json(&receipt)?;
    } else {
        print(text(&receipt, look().width).trim_end())?;
    }
    let exit = exit(&receipt, args);
    if args.github {
        told(&receipt, exit).tell(args.json, args.volume);
    }
    Ok(exit)
}

fn exit(receipt: &PairReceipt, args: &PairArgs) -> Exit {
    let verdict = &receipt.verdict;
    let inconclusive = verdict.verdict == Some(Verdict::Inconclusive);
    match (verdict.gate, verdict.status) {
        (_, Status::Failed | Status::TimedOut) => Exit::BenchmarkFailed,
        _ if verdict.interrupted => Exit::Interrupted,
        (Gate::Fail, _) => Exit::Finding,
        (_, Status::Unmeasurable | Status::NotRunBudget) => Exit::NothingMeasured,
        _ if args.fail_on_inconclusive && inconclusive => Exit::Inconclusive,
        (Gate::Warn, _) if args.fail_on_warn => Exit::Warned,
        _ => Exit::Ok,
    }
}
