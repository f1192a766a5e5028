//! What is made of the header: constants for the bindings, the reference, a program that prints the layout of structs.

use crate::committed::Committed;
use crate::header::{HEADER, NOUNS};
use crate::interface::{Interface, Item};
use anyhow::Result;
use std::fmt::Write as _;
use std::path::Path;

/// Numbers and names for the bindings.
pub const CONSTANTS: Committed = Committed { path: "bindings/constants.json", task: "constants", generate: constants };

/// The reference of the C interface.
pub const REFERENCE: Committed = Committed { path: "docs/c-reference.md", task: "reference", generate: reference };

/// A C program that prints where the fields of structs lie.
pub const LAYOUT: Committed = Committed { path: "tests/abi/layout.c", task: "layout", generate: layout };

fn interface(root: &Path) -> Result<Interface> {
    Interface::of(&(HEADER.generate)(root)?)
}

fn constants(root: &Path) -> Result<String> {
    let interface = interface(root)?;
    let mut enums = serde_json::Map::new();
    for found in &interface.enums {
        let prefix = format!("{}_", found.name.to_uppercase());
        let named = found.constants.iter().map(|(name, number, _)| {
            (name.strip_prefix(&prefix).unwrap_or(name).to_owned(), serde_json::Value::from(*number))
        });
        enums.insert(found.name.clone(), named.collect());
    }
    let document = serde_json::json!({
        "abi_version": lightspeed::capi::LIGHTSPEED_ABI_VERSION,
        "enums": enums,
        "functions": interface.functions.iter().map(|function| &function.name).collect::<Vec<_>>(),
    });
    Ok(format!("{document:#}\n"))
}

fn layout(root: &Path) -> Result<String> {
    let mut text = String::from(
        "/* Generated from include/lightspeed.h by `cargo run -p xtask -- layout`; do not edit. Prints sizes and offsets: tests/abi/layout.txt. */\n\
         #include <lightspeed.h>\n#include <stdio.h>\n\n\
         #define STRUCT(name) printf(#name \" %zu\\n\", sizeof(name))\n\
         #define FIELD(name, field) printf(\"  \" #field \" %zu %zu\\n\", offsetof(name, field), sizeof(((name *)0)->field))\n\n\
         int main(void) {\n",
    );
    for found in &interface(root)?.structs {
        writeln!(text, "    STRUCT({});", found.name)?;
        for (_, field, _) in &found.fields {
            writeln!(text, "    FIELD({}, {field});", found.name)?;
        }
    }
    text.push_str("    return 0;\n}\n");
    Ok(text)
}

fn reference(root: &Path) -> Result<String> {
    let interface = interface(root)?;
    let mut text = String::from(
        "# The C interface, item by item\n\n\
         Generated from the comments of `include/lightspeed.h` by `cargo run -p xtask -- reference`; do not edit. What holds for all of it, \
         ownership and threads above all, is in [c-api.md](c-api.md).\n",
    );
    for noun in NOUNS {
        let mut section = String::new();
        let belongs = |name: &str| noun_of(name) == Some(noun);
        for item in interface.types.iter().filter(|item| belongs(&item.name)) {
            write_item(&mut section, item)?;
        }
        for found in interface.enums.iter().filter(|found| belongs(&found.name)) {
            writeln!(section, "\n### `{}`\n\n{}\n\n| constant | | |\n|---|---:|---|", found.name, found.doc)?;
            for (name, number, doc) in &found.constants {
                writeln!(section, "| `{name}` | {number} | {} |", doc.replace('\n', " "))?;
            }
        }
        for found in interface.structs.iter().filter(|found| belongs(&found.name)) {
            writeln!(section, "\n### `{}`\n\n{}\n\n| field | |\n|---|---|", found.name, found.doc)?;
            for (declaration, _, doc) in &found.fields {
                writeln!(section, "| `{declaration}` | {} |", doc.replace('\n', " ").replace('|', "\\|"))?;
            }
        }
        let macros = interface.macros.iter().filter(|item| belongs(&item.name.to_lowercase()));
        let functions = interface.functions.iter().filter(|item| belongs(&item.name));
        for item in macros.chain(functions) {
            write_item(&mut section, item)?;
        }
        if !section.is_empty() {
            write!(text, "\n## {noun}\n{section}")?;
        }
    }
    Ok(text)
}

fn write_item(text: &mut String, item: &Item) -> Result<()> {
    Ok(writeln!(text, "\n### `{}`\n\n```c\n{}\n```\n\n{}", item.name, item.text, item.doc)?)
}

/// The noun that a name begins with; of several the longest.
fn noun_of(name: &str) -> Option<&'static str> {
    let rest = name.strip_prefix("lightspeed_")?;
    let begins = |noun: &&str| rest.strip_prefix(noun).is_some_and(|after| after.is_empty() || after.starts_with('_'));
    let known = NOUNS.into_iter().filter(begins).max_by_key(|noun| noun.len());
    known.or_else(|| {
        let aliases = [
            ("abi", "version"),
            ("bytes", "str"),
            ("block", "blocks"),
            ("language", "blocks"),
            ("launch", "session"),
            ("file", "index"),
            ("event", "progress"),
            ("listener", "progress"),
            ("outcome", "result"),
            ("verdict", "result"),
            ("gate", "result"),
            ("policy", "select"),
            ("paired", "measure"),
            ("design", "experiment"),
            ("side", "experiment"),
            ("run", "experiment"),
            ("compare", "stats"),
            ("summary", "stats"),
        ];
        aliases.into_iter().find(|(word, _)| rest.split('_').next() == Some(word)).map(|(_, noun)| noun)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_in_the_reference() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let (text, interface) = (reference(&root).unwrap(), interface(&root).unwrap());
        let names = interface.functions.iter().chain(&interface.types).chain(&interface.macros).map(|item| &item.name);
        let named =
            names.chain(interface.enums.iter().map(|e| &e.name)).chain(interface.structs.iter().map(|s| &s.name));
        for name in named {
            assert!(text.contains(&format!("\n### `{name}`\n")), "{name} belongs to no noun of the reference");
        }
    }
}
