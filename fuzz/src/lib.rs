//! What must hold for any bytes: the fuzz targets and the test of the stored crashers assert the same.

use lightspeed_core::blocks::{BlockKind, FileBlocks, Mention, Options, analyse, decode, encode};
use lightspeed_core::coverage::{Format, MOST_LINES, Report, read, read_as};
use lightspeed_core::fingerprint::VERSION;
use lightspeed_core::impact::{Index, Survey};
use lightspeed_core::source::{Language, Lines};
use lightspeed_core::survey::{self, FileNow, Question, answer};
use std::collections::BTreeSet;

/// Analyses `bytes` as source: without a panic, always alike, and with numbers that point at something.
pub fn check_blocks(language: Language, bytes: &[u8]) {
    let options = Options::default();
    let mut file = analyse(language, bytes, &options);
    assert_eq!(file, analyse(language, bytes, &options), "two analyses of the same bytes differ");
    let last = bytes.iter().filter(|&&b| b == b'\n').count() as u32 + 1;
    check_tree(&file);
    check_lines(&file, last);
    file.owners.clear();
    assert_eq!(decode(&encode(&file)), Ok(file), "the codec returns something else");
}

/// Decodes `bytes` (as they are, and as the body of the present version): what comes out can be used and written again.
pub fn check_codec(bytes: &[u8]) {
    let with_version = [&VERSION.to_le_bytes(), bytes].concat();
    for stored in [bytes, &with_version] {
        let Ok(file) = decode(stored) else { continue };
        check_tree(&file);
        assert_eq!(decode(&encode(&file)), Ok(file), "the codec returns something else");
    }
}

/// Decodes `bytes` (as they are, and compressed as the body of the present version) as a survey: refused, or one that can be asked about
/// files that changed, are new or are gone, and written again.
pub fn check_snapshot(bytes: &[u8]) {
    let mut whole = survey::encode(&Survey::default())[..8].to_vec();
    whole.extend(miniz_oxide::deflate::compress_to_vec_zlib(bytes, 1));
    for stored in [bytes, &whole] {
        let Ok(found) = survey::decode(stored) else { continue };
        let index = Index::new(found);
        let written = survey::encode(&index.survey());
        let again = survey::decode(&written).map(|found| survey::encode(&Index::new(found).survey()));
        assert_eq!(again, Ok(written), "what was written comes back as something else");
        let contents: [Option<&[u8]>; 3] = [None, Some(b"x = 1\n"), Some(b"def f():\n    return 1\n")];
        for content in contents {
            let paths = index.files.iter().take(4).map(|file| file.path.as_str()).chain(["new.py", "pkg/__init__.py"]);
            let files: Vec<FileNow<'_>> = paths.map(|path| FileNow { path, content }).collect();
            let report = answer(&index, &files, Question::default());
            assert_eq!(report.affected.len() + report.unaffected.len(), index.instances.len(), "an instance is lost");
        }
    }
}

/// Reads `bytes` as a coverage report, of whatever format and of each: refused or read, always alike, and with lines that
/// a file can have.
pub fn check_coverage(bytes: &[u8]) {
    let found = read(bytes);
    assert_eq!(found, read(bytes), "two readings of the same bytes differ");
    found.iter().for_each(check_executed);
    for format in [Format::Lcov, Format::Cobertura, Format::CoveragePy, Format::GoCover, Format::LlvmCov] {
        read_as(bytes, format).iter().for_each(check_executed);
    }
}

fn check_executed(report: &Report) {
    for (file, lines) in &report.files {
        assert!(lines.first().is_none_or(|first| *first >= 1), "line 0 of {file:?}");
        assert!(lines.last().is_none_or(|last| *last <= MOST_LINES), "a line of {file:?} that no file has");
    }
}

fn check_tree(file: &FileBlocks) {
    assert_eq!(file.blocks.first().map(|b| b.kind), Some(BlockKind::Module), "the first block is no module");
    for (i, block) in file.blocks.iter().enumerate() {
        let (parent, root) = (block.parent as usize, block.root as usize);
        assert!(i == 0 || parent < i, "block {i} precedes its parent {parent}");
        assert!(root <= i && file.blocks[root].root == block.root, "block {i} has no root: {root}");
        check_mentions(file, &block.mentions);
        let _ = (file.is_import_time(i as u32), file.class_of(i as u32));
    }
    for definition in &file.definitions {
        assert!((definition.scope as usize) < file.blocks.len(), "a definition without a scope");
        assert!(definition.block.is_none_or(|b| (b as usize) < file.blocks.len()), "a header without a block");
        assert!(definition.binds.iter().all(|&n| (n as usize) < file.names.len()), "a bound name that is not there");
        check_mentions(file, &definition.mentions);
    }
    let _ = file.reaches_beyond_names();
}

fn check_mentions(file: &FileBlocks, mentions: &[Mention]) {
    for mention in mentions {
        let names = match *mention {
            Mention::Global(n) | Mention::Attribute(n) | Mention::Text(n) => vec![n],
            Mention::Member { base, name } => vec![base, name],
            Mention::Computed { base, prefix, suffix } => vec![base, prefix, suffix],
        };
        assert!(names.iter().all(|&n| (n as usize) < file.names.len()), "a mentioned name that is not there");
    }
}

/// What holds for an analysis beside what a stored one must have: ids are unique, lines lie in the file.
fn check_lines(file: &FileBlocks, last: u32) {
    let within = |lines: Lines| 1 <= lines.start && lines.start <= lines.end && lines.end <= last;
    let ids: BTreeSet<&str> = file.blocks.iter().map(|b| b.id.as_str()).collect();
    assert_eq!(ids.len(), file.blocks.len(), "two blocks of one id");
    for block in &file.blocks {
        assert!(within(block.lines), "lines of block {}: {:?} of {last}", block.id, block.lines);
    }
    for definition in &file.definitions {
        assert!(within(definition.lines), "lines of a definition: {:?} of {last}", definition.lines);
    }
    for owner in &file.owners {
        let known = |number: u32, count: usize| (number as usize) < count;
        assert!(within(owner.lines), "lines of an owner: {:?} of {last}", owner.lines);
        assert!(known(owner.block, file.blocks.len()), "an owner without a block");
        assert!(owner.definition.is_none_or(|d| known(d, file.definitions.len())), "an owner without a definition");
    }
    for diagnostic in &file.diagnostics {
        assert!(within(diagnostic.lines), "lines of a diagnostic: {:?} of {last}", diagnostic.lines);
    }
}
