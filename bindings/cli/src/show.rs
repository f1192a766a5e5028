//! `lightspeed show`: a document from a file, as the command that wrote it would print it.

use crate::args::ShowArgs;
use crate::exit::{Exit, Failure};
use crate::table::Look;
use crate::{
    audit, blocks, explain, init, measure, pair, print, print_json, results, select, stats_compare, stats_simulate,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io::Read as _;
use std::path::Path;

/// What is in front of the name in every schema.
const OURS: &str = "lightspeed.";
/// The version of every document that is written, and so the one that is read.
const VERSION: &str = "1";

/// Why a document is not shown.
enum Refused {
    /// This program knows no such document.
    Unknown,
    /// It is not what its schema says.
    Malformed(serde_json::Error),
    /// It cannot be printed.
    Print(Failure),
}

/// Runs the command.
pub fn run(args: &ShowArgs) -> Result<Exit, Failure> {
    let name = if args.file == Path::new("-") { "standard input".to_owned() } else { args.file.display().to_string() };
    let refused = |why: String| Failure::plain(format!("{name} {why}"));
    let bytes = read(&args.file).map_err(|error| refused(format!("cannot be read: {error}")))?;
    let document: Value = serde_json::from_slice(&bytes).map_err(|error| refused(format!("is not JSON: {error}")))?;
    let Some(schema) = document.get("schema").and_then(Value::as_str).map(str::to_owned) else {
        return Err(refused("does not say what it is: what lightspeed writes has a field \"schema\"".to_owned()));
    };
    let own = env!("CARGO_PKG_VERSION");
    let (kind, version) = schema.strip_prefix(OURS).and_then(|rest| rest.split_once('/')).unwrap_or_default();
    if !kind.is_empty() && version != VERSION {
        return Err(refused(format!(
            "is {OURS}{kind} of version {version:?}, and lightspeed {own} reads version {VERSION}: use the one that wrote it"
        )));
    }
    match show(kind, document, args) {
        Ok(()) => Ok(Exit::Ok),
        Err(Refused::Unknown) => {
            Err(refused(format!("is a {schema:?} document, which lightspeed {own} does not write")))
        }
        Err(Refused::Malformed(error)) => Err(refused(format!("calls itself {schema} and is not: {error}"))),
        Err(Refused::Print(failure)) => Err(failure),
    }
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    if file != Path::new("-") {
        return std::fs::read(file);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn show(kind: &str, document: Value, args: &ShowArgs) -> Result<(), Refused> {
    let look = Look::of_stdout();
    match kind {
        "audit" => shown(document, args, audit::text),
        "blocks" => shown(document, args, blocks::text),
        "explain" => shown(document, args, |report| explain::text(report, look.color)),
        "init" => shown(document, args, init::text),
        "measure" => shown(document, args, |report| measure::text(report, look)),
        "pair" => shown(document, args, |receipt| pair::text(receipt, look.width)),
        "results" => shown(document, args, results::text),
        "select" => shown(document, args, |report| select::text(report, args.explain)),
        "stats_compare" => shown(document, args, |document| stats_compare::text(document, look.width)),
        "stats_simulate" => shown(document, args, stats_simulate::text),
        _ => Err(Refused::Unknown),
    }
}

fn shown<D: Serialize + DeserializeOwned>(
    document: Value,
    args: &ShowArgs,
    text: impl Fn(&D) -> String,
) -> Result<(), Refused> {
    let document: D = serde_json::from_value(document).map_err(Refused::Malformed)?;
    if args.json { print_json(&document) } else { print(text(&document).trim_end()) }.map_err(Refused::Print)
}
