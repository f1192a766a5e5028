//! Analyses sources that arrive on standard input, for scripts that check the analysis from outside.
//!
//! A request is a line with a byte count, then that many bytes of Python source; an argument `docstrings`
//! counts docstrings as code. The reply is one line of JSON; with an argument `encoded`, the stored form as hex digits.

use lightspeed_core::blocks::{FileBlocks, Options, analyse_python, encode};
use serde_json::{Value, json};
use std::io::{BufRead, BufWriter, Read, Write};

fn main() -> std::io::Result<()> {
    let options = Options { docstrings: std::env::args().any(|a| a == "docstrings"), ..Options::default() };
    let encoded = std::env::args().any(|a| a == "encoded");
    let mut input = std::io::stdin().lock();
    let mut output = BufWriter::new(std::io::stdout().lock());
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let count: usize = line.trim().parse().map_err(std::io::Error::other)?;
        let mut source = vec![0; count];
        input.read_exact(&mut source)?;
        let file = analyse_python(&source, &options);
        if encoded {
            encode(&file).iter().try_for_each(|byte| write!(output, "{byte:02x}"))?;
            writeln!(output)?;
        } else {
            writeln!(output, "{}", document(&file))?;
        }
        output.flush()?;
        line.clear();
    }
    Ok(())
}

fn document(file: &FileBlocks) -> Value {
    let blocks: Vec<Value> =
        file.blocks.iter().map(|b| json!([b.id, b.checksum, b.lines.start, b.lines.end, b.kind])).collect();
    let definitions: Vec<Value> = file
        .definitions
        .iter()
        .map(|d| {
            let binds: Vec<&str> = d.binds.iter().map(|&n| file.name(n)).collect();
            let scope = &file.blocks[d.scope as usize].id;
            json!([scope, d.kind, d.checksum, d.lines.start, d.lines.end, binds])
        })
        .collect();
    let diagnostics: Vec<Value> =
        file.diagnostics.iter().map(|d| json!([d.lines.start, d.lines.end, d.message])).collect();
    json!({"blocks": blocks, "definitions": definitions, "diagnostics": diagnostics})
}
