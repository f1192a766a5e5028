//! Heat and the map of a suite: counted from rows that are written down here.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use lightspeed_core::blocks::Options;
use lightspeed_core::impact::{Benchmark, Grouping, Index, suite_map};
use lightspeed_core::report::{block_heat, instance_files, surveyed_files};
use lightspeed_core::survey::{Extras, SurveyBuilder, decode_with, encode_with};
use std::collections::BTreeMap;

const SOURCE: &[u8] = b"def f():\n    return 1\n\n\ndef g():\n    return 2\n";

fn index() -> Index {
    let mut builder = SurveyBuilder::new(Options::default());
    builder.add_file("pkg/a.py", SOURCE).unwrap();
    builder.add_file("pkg/unused.py", SOURCE).unwrap();
    builder.add_file("pkg/data.json", b"{}").unwrap();
    for name in ["one.Suite.time_f", "one.Suite.time_g", "two.time_both"] {
        builder.add_benchmark(name).unwrap();
    }
    builder.executed(0, "pkg/a.py", &[2]).unwrap();
    builder.executed(1, "pkg/a.py", &[6]).unwrap();
    builder.executed(2, "pkg/a.py", &[2, 6]).unwrap();
    builder.depends_on(2, "pkg/data.json").unwrap();
    Index::new(builder.finish())
}

#[test]
fn blocks_are_as_hot_as_instances_execute_them() {
    let index = index();
    let heat = block_heat(&index, "pkg/a.py").unwrap();
    let counts: BTreeMap<_, _> =
        heat.iter().map(|block| (block.id.as_str(), (block.importing, block.executing))).collect();
    assert_eq!((counts["pkg/a.py::f"], counts["pkg/a.py::g"]), ((0, 2), (0, 2)));
    assert_eq!((heat[1].start_line, heat[1].end_line), (1, 2));
    assert_eq!(block_heat(&index, "pkg/b.py"), None);
}

#[test]
fn the_map_counts_blocks_by_group_and_leaves_out_what_nobody_executes() {
    let index = index();
    let map = suite_map(&index, Grouping::Class);
    let rows: Vec<_> = map.rows.iter().map(|(name, who)| (name.as_str(), who.iter().collect::<Vec<_>>())).collect();
    assert_eq!(rows, [("one.Suite", vec![0, 1]), ("two", vec![2])]);
    let columns: Vec<_> = map.columns.iter().map(|&file| index.files[file as usize].path.as_str()).collect();
    assert_eq!(columns, ["pkg/a.py", "pkg/data.json"]);
    assert_eq!(map.cells, [2, 0, 2, 1]);
    let single = suite_map(&index, Grouping::Benchmark);
    assert_eq!(single.cells, [1, 0, 1, 0, 2, 1]);
    assert_eq!(suite_map(&Index::default(), Grouping::File), Default::default());
}

#[test]
fn files_and_instances_tell_of_each_other() {
    let index = index();
    let files: Vec<_> =
        surveyed_files(&index).into_iter().map(|file| (file.path, file.importers, file.users)).collect();
    let expected = [("pkg/a.py", 3, 3), ("pkg/unused.py", 0, 0), ("pkg/data.json", 1, 1)];
    assert_eq!(files, expected.map(|(path, importers, users)| (path.to_owned(), importers, users)));
    let depends = instance_files(&index, 2);
    let told: Vec<_> = depends.iter().map(|file| (file.path.as_str(), file.blocks.len(), file.opened)).collect();
    assert_eq!(told, [("pkg/a.py", 2, false), ("pkg/data.json", 0, true)]);
    assert_eq!(depends[0].blocks, ["pkg/a.py::f", "pkg/a.py::g"]);
    assert!(instance_files(&index, 99).is_empty());
}

#[test]
fn a_snapshot_brings_back_what_it_was_given() {
    let texts = BTreeMap::from([("pkg/a.py".to_owned(), SOURCE.to_vec())]);
    let extras = Extras { texts, context: "{\"schema\": \"x\"}".to_owned() };
    let bytes = encode_with(&index().survey(), &extras);
    let (survey, found) = decode_with(&bytes).unwrap();
    assert_eq!(found, extras);
    assert_eq!(encode_with(&survey, &found), bytes);
}

#[test]
fn benchmarks_of_a_suite_know_their_place() {
    let of = |name, file, directory| {
        let found = Benchmark::of_suite(name, file, directory);
        (found.file, found.qualified)
    };
    let expected = |file: &str, qualified: &str| (file.to_owned(), qualified.to_owned());
    assert_eq!(
        of("sub.core.Suite.time_x", "sub/core.py", Some("benchmarks")),
        expected("benchmarks/sub/core.py", "Suite.time_x")
    );
    assert_eq!(of("sub.time_x", "sub/__init__.py", Some(".")), expected("sub/__init__.py", "time_x"));
    assert_eq!(of("named.Otherwise.time_x", "core.py", None), expected("core.py", "Otherwise.time_x"));
    assert_eq!(of("time_x", "core.py", Some("")), expected("core.py", "time_x"));
}
