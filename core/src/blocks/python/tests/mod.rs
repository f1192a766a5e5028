//! Tables of small sources: what is equal, what differs and where, who mentions what.

mod bad_input;
mod blocks;
mod canonical;
mod definitions;
mod edits;
mod grammar;
mod lines;
mod mentions;

use crate::blocks::{Definition, FileBlocks, Mention, Options, analyse_python};
use std::collections::{BTreeMap, BTreeSet};

fn read(source: &str) -> FileBlocks {
    analyse_python(source.as_bytes(), &Options::default())
}

fn clean(source: &str) -> FileBlocks {
    let file = read(source);
    assert_eq!(file.diagnostics, [], "{source}");
    file
}

fn checksums(file: &FileBlocks) -> BTreeMap<&str, u32> {
    file.blocks.iter().map(|b| (b.id.as_str(), b.checksum)).collect()
}

fn binds(file: &FileBlocks, definition: &Definition) -> String {
    let names: Vec<&str> = definition.binds.iter().map(|&n| file.name(n)).collect();
    names.join(",")
}

/// Every definition as `scope kind binds` and its checksum.
fn definitions(file: &FileBlocks) -> Vec<(String, u32)> {
    let describe = |d: &Definition| {
        let scope = &file.blocks[d.scope as usize].id;
        let kind = format!("{:?}", d.kind).to_lowercase();
        (format!("{scope} {kind} {}", binds(file, d)), d.checksum)
    };
    file.definitions.iter().map(describe).collect()
}

/// The two sources mean the same.
fn same(a: &str, b: &str) {
    let (a_file, b_file) = (clean(a), clean(b));
    assert_eq!(checksums(&a_file), checksums(&b_file), "{a}\n=== {b}");
    assert_eq!(definitions(&a_file), definitions(&b_file), "{a}\n=== {b}");
}

/// Ids of blocks that changed, came or went.
fn changed(a: &str, b: &str) -> BTreeSet<String> {
    let (a_file, b_file) = (clean(a), clean(b));
    let (a, b) = (checksums(&a_file), checksums(&b_file));
    let ids = a.keys().chain(b.keys()).copied();
    ids.filter(|id| a.get(id) != b.get(id)).map(str::to_owned).collect()
}

/// The two sources differ in exactly these blocks (separated by spaces).
fn differs(a: &str, b: &str, blocks: &str) {
    let expected: BTreeSet<String> = blocks.split_whitespace().map(str::to_owned).collect();
    assert_eq!(changed(a, b), expected, "{a}\n=== {b}");
}

/// The two module-level sources differ.
fn differ(a: &str, b: &str) {
    differs(a, b, "<module>");
}

/// Definitions that changed, came or went.
fn changed_definitions(a: &str, b: &str) -> BTreeSet<String> {
    let (a_file, b_file) = (clean(a), clean(b));
    let a: BTreeSet<_> = definitions(&a_file).into_iter().collect();
    let b: BTreeSet<_> = definitions(&b_file).into_iter().collect();
    a.symmetric_difference(&b).map(|(d, _)| d.clone()).collect()
}

fn mention(file: &FileBlocks, mention: &Mention) -> String {
    let name = |n: u32| file.name(n);
    match *mention {
        Mention::Global(n) => name(n).to_owned(),
        Mention::Attribute(n) => format!(".{}", name(n)),
        Mention::Member { base, name: n } => format!("{}:{}", name(base), name(n)),
        Mention::Text(n) => format!("'{}'", name(n)),
        Mention::Computed { base, prefix, suffix } => format!("{}:{}*{}", name(base), name(prefix), name(suffix)),
    }
}

/// What the block with this id mentions, sorted.
fn mentions(source: &str, id: &str) -> Vec<String> {
    let file = clean(source);
    let block = file.find(id).unwrap_or_else(|| panic!("no block {id}"));
    let all = &file.blocks[block as usize].mentions;
    let mut texts: Vec<String> = all.iter().map(|m| mention(&file, m)).collect();
    texts.sort();
    texts
}
