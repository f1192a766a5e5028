//! `lightspeed show`: a document from a file, as the command that wrote it would print it.

use crate::args::ShowArgs;
use crate::exit::{Exit, Failure};
use crate::terminal::look;
use crate::{print, print_json};
use lightspeed::text::{Document, sweep};
use std::io::Read as _;
use std::path::Path;

/// Runs the command.
pub fn run(args: &ShowArgs) -> Result<Exit, Failure> {
    let name = if args.file == Path::new("-") { "standard input".to_owned() } else { args.file.display().to_string() };
    let refused = |why: String| Failure::plain(format!("{name} {why}"));
    let bytes = read(&args.file).map_err(|error| refused(format!("cannot be read: {error}")))?;
    let document = Document::parse(&bytes).map_err(|error| refused(error.predicate()))?;
    if args.json {
        print_json(&document)?;
    } else {
        // Not of the document itself: the shared library would have to hold what draws.
        let plots = if let Document::Sweep(report) = &document { sweep::plots(report, look()) } else { String::new() };
        print(&(plots + &document.text(look(), args.explain)))?;
    }
    Ok(Exit::Ok)
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    if file != Path::new("-") {
        return std::fs::read(file);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}
