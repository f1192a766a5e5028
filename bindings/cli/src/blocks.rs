//! `lightspeed blocks`: what a source file is made of.

use crate::args::BlocksArgs;
use crate::exit::{Exit, Failure};
use crate::{print, print_json};
use lightspeed_core::blocks::{BlockKind, DefinitionKind, Options, analyse_python};
use lightspeed_core::source::blob_id;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What files are made of.
#[derive(Serialize, Deserialize)]
pub struct Document {
    schema: Cow<'static, str>,
    files: Vec<File>,
}

#[derive(Serialize, Deserialize)]
struct File {
    path: String,
    blob: String,
    blocks: Vec<Block>,
    definitions: Vec<Definition>,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Serialize, Deserialize)]
struct Block {
    id: String,
    kind: BlockKind,
    start_line: u32,
    end_line: u32,
    checksum: String,
}

#[derive(Serialize, Deserialize)]
struct Definition {
    scope: String,
    kind: DefinitionKind,
    binds: Vec<String>,
    start_line: u32,
    end_line: u32,
    checksum: String,
}

#[derive(Serialize, Deserialize)]
struct Diagnostic {
    start_line: u32,
    end_line: u32,
    message: String,
}

/// Runs the command.
pub fn run(args: &BlocksArgs) -> Result<Exit, Failure> {
    let options = Options { docstrings: args.docstrings, ..Options::default() };
    let files = args.files.iter().map(|path| {
        let bytes = lightspeed::tree::read_file(path).map_err(|error| Failure::plain(error.to_string()))?;
        Ok(file(&path.to_string_lossy(), &bytes, &options))
    });
    let document = Document { schema: "lightspeed.blocks/1".into(), files: files.collect::<Result<_, Failure>>()? };
    if args.json {
        print_json(&document)?;
    } else {
        print(&text(&document))?;
    }
    Ok(Exit::Ok)
}

fn file(path: &str, bytes: &[u8], options: &Options) -> File {
    let found = analyse_python(bytes, options);
    let id = |index: u32| format!("{path}::{}", found.blocks[index as usize].id);
    File {
        path: path.to_owned(),
        blob: blob_id(bytes).to_string(),
        blocks: (0..)
            .zip(&found.blocks)
            .map(|(i, b)| Block {
                id: id(i),
                kind: b.kind,
                start_line: b.lines.start,
                end_line: b.lines.end,
                checksum: format!("{:08x}", b.checksum),
            })
            .collect(),
        definitions: found
            .definitions
            .iter()
            .map(|d| Definition {
                scope: id(d.scope),
                kind: d.kind,
                binds: d.binds.iter().map(|&n| found.name(n).to_owned()).collect(),
                start_line: d.lines.start,
                end_line: d.lines.end,
                checksum: format!("{:08x}", d.checksum),
            })
            .collect(),
        diagnostics: found
            .diagnostics
            .iter()
            .map(|d| Diagnostic { start_line: d.lines.start, end_line: d.lines.end, message: d.message.clone() })
            .collect(),
    }
}

/// The document as people read it.
pub fn text(document: &Document) -> String {
    document.files.iter().map(of_file).collect::<Vec<_>>().join("\n")
}

fn of_file(file: &File) -> String {
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
