//! Cobertura's XML: `<class filename=…>` with `<line number=… hits=…>` inside; paths are relative to one of the `<source>`s.

use super::report::{CoverageError, Report, bad_document, line_number};
use crate::number;
use roxmltree::{Document, Node, ParsingOptions};

const FORMAT: &str = "Cobertura XML";

pub(super) fn read(text: &str) -> Result<Report, CoverageError> {
    // Every such file names its DTD; no entity is fetched.
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| bad_document(FORMAT, error))?;
    let root = document.root_element();
    if root.tag_name().name() != "coverage" {
        return Err(bad_document(FORMAT, format!("its root is <{}>, not <coverage>", root.tag_name().name())));
    }
    let sources: Vec<&str> = elements(root, "source").filter_map(|source| source.text()).map(str::trim).collect();
    // With one source its paths are known in full; with several nobody can tell which it is.
    let base = match sources.as_slice() {
        [one] if !one.is_empty() => format!("{}/", one.trim_end_matches('/')),
        _ => String::new(),
    };
    let mut report = Report::default();
    for class in elements(root, "class") {
        let name = class.attribute("filename").ok_or_else(|| bad_document(FORMAT, "a <class> without filename"))?;
        let path = if name.starts_with('/') { name.to_owned() } else { format!("{base}{name}") };
        for line in elements(class, "line") {
            report.add(&path, executed(line)?);
        }
    }
    Ok(report)
}

fn executed(line: Node<'_, '_>) -> Result<Option<u32>, CoverageError> {
    let attribute = |name: &str| {
        let value = line.attribute(name).and_then(number::parse);
        value.ok_or_else(|| bad_document(FORMAT, format!("a <line> whose {name} is no number")))
    };
    let (number, hits) = (attribute("number")?, attribute("hits")?);
    let line = line_number(number).map_err(|problem| bad_document(FORMAT, problem))?;
    Ok(line.filter(|_| hits > 0.0))
}

fn elements<'a, 'i>(below: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    below.descendants().filter(move |node| node.is_element() && node.tag_name().name() == name)
}
