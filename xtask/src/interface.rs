//! The C header read back: its constants, enums, structs and functions with their comments, for what else is made of them.

use anyhow::{Context as _, Result, bail};

/// What the header declares, in its order.
#[derive(Debug, Default)]
pub struct Interface {
    /// Macros.
    pub macros: Vec<Item>,
    /// Enums.
    pub enums: Vec<Enum>,
    /// Structs whose fields are known.
    pub structs: Vec<Struct>,
    /// Handles and callback types.
    pub types: Vec<Item>,
    /// Functions.
    pub functions: Vec<Item>,
}

/// Something declared.
#[derive(Debug)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// Its comment.
    pub doc: String,
    /// The declaration.
    pub text: String,
}

/// An enum.
#[derive(Debug)]
pub struct Enum {
    /// Its name.
    pub name: String,
    /// Its comment.
    pub doc: String,
    /// Name, number and comment of each constant.
    pub constants: Vec<(String, i64, String)>,
}

/// A struct.
#[derive(Debug)]
pub struct Struct {
    /// Its name.
    pub name: String,
    /// Its comment.
    pub doc: String,
    /// Declaration, name and comment of each field.
    pub fields: Vec<(String, String, String)>,
}

impl Interface {
    /// Reads a header that cbindgen wrote.
    pub fn of(header: &str) -> Result<Self> {
        let mut interface = Interface::default();
        let mut rest = header;
        let mut doc = String::new();
        while let Some(next) = Next::of(&mut rest)? {
            match next {
                Next::Doc(text) => doc = text,
                Next::Macro(text) => {
                    let doc = std::mem::take(&mut doc);
                    if !doc.is_empty() {
                        let name = text.split([' ', '(']).nth(1).unwrap_or_default().to_owned();
                        interface.macros.push(Item { name, doc, text });
                    }
                }
                Next::Declaration(text) => interface.declare(std::mem::take(&mut doc), &text)?,
            }
        }
        Ok(interface)
    }

    fn declare(&mut self, doc: String, text: &str) -> Result<()> {
        if doc.is_empty() {
            // What cbindgen repeats for other compilers.
            return Ok(());
        }
        let word = |index: usize| text.split_whitespace().nth(index).unwrap_or_default().to_owned();
        if text.starts_with("enum ") {
            let constants = members(text)?.into_iter().map(|(doc, member)| {
                let (name, number) =
                    member.split_once('=').with_context(|| format!("a constant without number: {member}"))?;
                Ok((name.trim().to_owned(), number.trim().parse()?, doc))
            });
            self.enums.push(Enum { name: word(1), doc, constants: constants.collect::<Result<_>>()? });
        } else if text.starts_with("typedef struct") && text.contains('{') {
            let fields = members(text)?.into_iter().map(|(doc, member)| {
                let name = member.rsplit([' ', '*']).next().unwrap_or_default().to_owned();
                (member, name, doc)
            });
            self.structs.push(Struct { name: word(2), doc, fields: fields.collect() });
        } else if let Some(callback) = text.strip_prefix("typedef").filter(|rest| rest.contains("(*")) {
            let name = callback.split_once("(*").and_then(|(_, rest)| rest.split(')').next()).unwrap_or_default();
            self.types.push(Item { name: name.to_owned(), doc, text: text.to_owned() });
        } else if text.starts_with("typedef struct") {
            self.types.push(Item { name: word(2), doc, text: text.to_owned() });
        } else if let Some((head, _)) = text.split_once('(') {
            let name = head.rsplit([' ', '*']).next().unwrap_or_default().to_owned();
            self.functions.push(Item { name, doc, text: text.to_owned() });
        } else {
            bail!("the header declares something that is not understood: {text}");
        }
        Ok(())
    }
}

/// The next thing in a header.
enum Next {
    Doc(String),
    Macro(String),
    Declaration(String),
}

impl Next {
    fn of(rest: &mut &str) -> Result<Option<Self>> {
        loop {
            *rest = rest.trim_start();
            if rest.is_empty() {
                return Ok(None);
            }
            if rest.starts_with("/**") {
                return Ok(Some(Next::Doc(comment(rest)?)));
            }
            if rest.starts_with("/*") || rest.starts_with("//") {
                let end = if rest.starts_with("/*") { "*/" } else { "\n" };
                *rest = rest.split_once(end).map_or("", |(_, after)| after);
            } else if rest.starts_with("#define") {
                return Ok(Some(Next::Macro(directive(rest))));
            } else if rest.starts_with('#') {
                directive(rest);
            } else if let Some(after) = rest.strip_prefix("extern \"C\" {").or_else(|| rest.strip_prefix('}')) {
                *rest = after;
            } else {
                return Ok(Some(Next::Declaration(declaration(rest)?)));
            }
        }
    }
}

/// A comment without its stars.
fn comment(rest: &mut &str) -> Result<String> {
    let (text, after) = rest.split_once("*/").context("a comment that does not end")?;
    *rest = after;
    let lines = text.trim_start_matches("/**").lines().map(|line| line.trim_start().trim_start_matches('*').trim());
    Ok(lines.collect::<Vec<_>>().join("\n").trim().to_owned())
}

/// A preprocessor line with those that continue it.
fn directive(rest: &mut &str) -> String {
    let mut text = String::new();
    while let Some((line, after)) = rest.split_once('\n') {
        *rest = after;
        text.push_str(line);
        if !line.ends_with('\\') {
            break;
        }
        text.push('\n');
    }
    text
}

/// Up to the semicolon that ends it, without preprocessor lines inside.
fn declaration(rest: &mut &str) -> Result<String> {
    let (mut depth, mut text) = (0_usize, String::new());
    while let Some((line, after)) = rest.split_once('\n') {
        *rest = after;
        let code = line.split("//").next().unwrap_or_default();
        if code.starts_with('#') || code.trim() == ": int32_t" {
            continue;
        }
        depth += code.matches('{').count();
        depth = depth.saturating_sub(code.matches('}').count());
        text.push_str(line);
        text.push('\n');
        if depth == 0 && code.trim_end().ends_with(';') {
            return Ok(text.trim().to_owned());
        }
    }
    bail!("a declaration that does not end: {text}")
}

/// Comment and text of what stands between the braces.
fn members(text: &str) -> Result<Vec<(String, String)>> {
    let body = text.split_once('{').and_then(|(_, rest)| rest.rsplit_once('}')).context("braces are missing")?.0;
    let (mut found, mut rest) = (Vec::new(), body.trim());
    while !rest.is_empty() {
        let doc = comment(&mut rest)?;
        let end = rest.find([';', ',']).context("a member that does not end")?;
        found.push((doc, rest[..end].trim().to_owned()));
        rest = rest[end + 1..].trim_start();
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_understood() {
        let header = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../include/lightspeed.h")).unwrap();
        let interface = Interface::of(&header).unwrap();
        let status = interface.enums.iter().find(|found| found.name == "lightspeed_status").unwrap();
        assert_eq!(status.constants[5].0, "LIGHTSPEED_STATUS_CANCELLED");
        assert_eq!((status.constants[5].1, status.constants.len() > 20), (5, true));
        let text = interface.structs.iter().find(|found| found.name == "lightspeed_str").unwrap();
        assert_eq!(text.fields.iter().map(|field| field.1.as_str()).collect::<Vec<_>>(), ["ptr", "len"]);
        let symbols = include_str!("../../tests/abi/symbols.txt");
        let mut functions: Vec<&str> = interface.functions.iter().map(|function| function.name.as_str()).collect();
        functions.sort_unstable();
        assert_eq!(functions, symbols.lines().collect::<Vec<_>>());
        for function in &interface.functions {
            assert!(!function.doc.is_empty(), "{} has no comment", function.name);
        }
        for found in &interface.structs {
            assert!(found.fields.iter().all(|field| !field.2.is_empty()), "{} has fields without comment", found.name);
        }
    }
}
