//! Documents as people read them: the same text from the program and from every binding.

pub mod audit;
pub mod blocks;
pub mod compare;
pub mod compare_markdown;
pub mod doctor;
mod document;
pub mod explain;
pub mod export;
pub mod imports;
pub mod init;
pub mod measure;
mod paint;
pub mod pair;
pub mod results;
pub mod select;
pub mod stats_compare;
pub mod stats_simulate;
pub mod sweep;
mod sweep_chart;
pub mod sweep_csv;
pub mod sweep_html;
mod sweep_law;
pub mod sweep_markdown;
pub mod table;
pub mod units;
pub mod values;

pub use document::{Document, TextError};

/// How the text looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// Columns to fit into; `None` does not wrap.
    pub width: Option<u16>,
    /// Whether to colour, with the escape sequences of terminals.
    pub colour: bool,
}

/// The text of a document that a command of this version writes, as `lightspeed show` prints it; no line end after it.
///
/// # Errors
/// Where the text is no such document.
pub fn render(document: &str, look: Look) -> Result<String, TextError> {
    Ok(Document::parse(document.as_bytes())?.text(look, false))
}
