//! `lightspeed blocks`: what a source file is made of.

use crate::args::BlocksArgs;
use crate::exit::{Exit, Failure};
use crate::{print, print_json};
use lightspeed_core::blocks::{Options, analyse_python};
use lightspeed_core::report::{BlocksReport, FileReport};

/// Runs the command.
pub fn run(args: &BlocksArgs) -> Result<Exit, Failure> {
    let options = Options { docstrings: args.docstrings, ..Options::default() };
    let files = args.files.iter().map(|path| {
        let bytes = lightspeed::tree::read_file(path).map_err(|error| Failure::plain(error.to_string()))?;
        Ok(FileReport::new(&path.to_string_lossy(), &bytes, &analyse_python(&bytes, &options)))
    });
    let document = BlocksReport::new(files.collect::<Result<_, Failure>>()?);
    if args.json {
        print_json(&document)?;
    } else {
        print(&text(&document))?;
    }
    Ok(Exit::Ok)
}

/// The document as people read it.
pub fn text(document: &BlocksReport) -> String {
    document.files.iter().map(of_file).collect::<Vec<_>>().join("\n")
}

fn of_file(file: &FileReport) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["lines", "kind", "checksum", "block"]);
    for block in &file.blocks {
        let kind = format!("{:?}", block.kind).to_lowercase();
        table.add_row([
            format!("{}-{}", block.start_line, block.end_line),
            kind,
            block.checksum.clone(),
            block.id.clone(),
        ]);
    }
    let mut out = format!("{}  {}\n{}", file.path, file.blob, table.trim_fmt());
    for d in &file.diagnostics {
        out.push_str(&format!("\n{}:{}: {}", file.path, d.start_line, d.message));
    }
    out
}
