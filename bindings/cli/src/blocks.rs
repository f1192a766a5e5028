//! `lightspeed blocks`: what a source file is made of.

use crate::args::BlocksArgs;
use crate::exit::{Exit, Failure};
use crate::{print, print_json};
use lightspeed::text::blocks::text;
use lightspeed_core::blocks::{Options, analyse};
use lightspeed_core::report::{BlocksReport, FileReport};
use lightspeed_core::source::Language;

/// Runs the command.
pub fn run(args: &BlocksArgs) -> Result<Exit, Failure> {
    let options = Options { docstrings: args.docstrings, ..Options::default() };
    let files = args.files.iter().map(|path| {
        let bytes = lightspeed::tree::read_file(path).map_err(|error| Failure::plain(error.to_string()))?;
        let path = path.to_string_lossy();
        let language = Language::of(&path).unwrap_or(Language::Python);
        Ok(FileReport::new(&path, &bytes, &analyse(language, &bytes, &options)))
    });
    let document = BlocksReport::new(files.collect::<Result<_, Failure>>()?);
    if args.json {
        print_json(&document)?;
    } else {
        print(&text(&document))?;
    }
    Ok(Exit::Ok)
}
