//! `lightspeed show`: a receipt from a file, as people read it.

use crate::args::ShowArgs;
use crate::exit::{Exit, Failure};
use crate::print;
use lightspeed::pair::{PairReceipt, SCHEMA};

/// Runs the command.
pub fn run(args: &ShowArgs) -> Result<Exit, Failure> {
    let name = args.file.display();
    let refused = |why: String| Failure::plain(format!("{name} {why}"));
    let bytes = std::fs::read(&args.file).map_err(|error| refused(format!("cannot be read: {error}")))?;
    let document: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| refused(format!("is not JSON: {error}")))?;
    match document.get("schema").and_then(|schema| schema.as_str()) {
        Some(SCHEMA) => {
            let receipt: PairReceipt = serde_json::from_value(document)
                .map_err(|error| refused(format!("calls itself {SCHEMA} and is not: {error}")))?;
            print(crate::pair::text(&receipt).trim_end())?;
            Ok(Exit::Ok)
        }
        Some(other) => {
            Err(refused(format!("is a {other:?} document, which this version cannot show: it shows {SCHEMA}")))
        }
        None => Err(refused("does not say what it is: a receipt has a field \"schema\"".to_owned())),
    }
}
