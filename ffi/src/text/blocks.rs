//! What a source file is made of.

use lightspeed_core::report::{BlocksReport, FileReport};

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
