//! Analyses sources that arrive on standard input, for scripts that check the analysis from outside.
//!
//! A request is a line with a byte count, then that many bytes of Python source, with an argument `go` of Go; an argument
//! `docstrings` counts docstrings as code, `mentions` adds to each block and definition what it mentions. The reply is one line of JSON; with an argument `encoded`, the stored form as hex digits.

use lightspeed_core::blocks::{FileBlocks, Mention, Options, analyse, encode};
use lightspeed_core::source::Language;
use serde_json::{Value, json};
use std::io::{BufRead, BufWriter, Read, Write};

fn main() -> std::io::Result<()> {
    let options = Options { docstrings: std::env::args().any(|a| a == "docstrings"), ..Options::default() };
    let encoded = std::env::args().any(|a| a == "encoded");
    let language = if std::env::args().any(|a| a == "go") { Language::Go } else { Language::Python };
    let mentions = std::env::args().any(|a| a == "mentions");
    let mut input = std::io::stdin().lock();
    let mut output = BufWriter::new(std::io::stdout().lock());
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let count: usize = line.trim().parse().map_err(std::io::Error::other)?;
        let mut source = vec![0; count];
        input.read_exact(&mut source)?;
        let file = analyse(language, &source, &options);
        if encoded {
            encode(&file).iter().try_for_each(|byte| write!(output, "{byte:02x}"))?;
            writeln!(output)?;
        } else {
            writeln!(output, "{}", document(&file, mentions))?;
        }
        output.flush()?;
        line.clear();
    }
    Ok(())
}

fn document(file: &FileBlocks, mentions: bool) -> Value {
    let blocks: Vec<Value> = file
        .blocks
        .iter()
        .map(|b| {
            row(json!([b.id, b.checksum, b.lines.start, b.lines.end, b.kind]), file, mentions.then_some(&b.mentions))
        })
        .collect();
    let definitions: Vec<Value> = file
        .definitions
        .iter()
        .map(|d| {
            let binds: Vec<&str> = d.binds.iter().map(|&n| file.name(n)).collect();
            let scope = &file.blocks[d.scope as usize].id;
            row(
                json!([scope, d.kind, d.checksum, d.lines.start, d.lines.end, binds]),
                file,
                mentions.then_some(&d.mentions),
            )
        })
        .collect();
    let diagnostics: Vec<Value> =
        file.diagnostics.iter().map(|d| json!([d.lines.start, d.lines.end, d.message])).collect();
    json!({"blocks": blocks, "definitions": definitions, "diagnostics": diagnostics})
}

/// The row, with what it mentions as its last element where that is wanted.
fn row(mut row: Value, file: &FileBlocks, mentions: Option<&Vec<Mention>>) -> Value {
    let text = |mention: &Mention| match *mention {
        Mention::Global(name) => format!("global {}", file.name(name)),
        Mention::Attribute(name) => format!("attribute {}", file.name(name)),
        Mention::Member { base, name } => format!("member {} {}", file.name(base), file.name(name)),
        Mention::Text(name) => format!("text {}", file.name(name)),
        Mention::Computed { base, prefix, suffix } => {
            format!("computed {} {} {}", file.name(base), file.name(prefix), file.name(suffix))
        }
    };
    if let (Some(mentions), Some(elements)) = (mentions, row.as_array_mut()) {
        let mut texts: Vec<String> = mentions.iter().map(text).collect();
        texts.sort_unstable();
        elements.push(texts.into());
    }
    row
}
