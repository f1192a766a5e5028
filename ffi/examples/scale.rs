//! Times selection in a generated suite of many instances, and weighs its database. Prints a Markdown table.
//!
//! `scale [INSTANCES [FILES [CHANGED [FOLDER]]]]`, by default 1,000,000 instances over 10,000 files, of which 20 change. Benchmarks have up
//! to 500 parameter combinations, half of which take another branch; each imports a package of its own and what that imports. FOLDER gets
//! the survey as `suite.snapshot`, and the edits with what they affect as `edits.json`: what a browser is timed with.

use lightspeed::session::index_of;
use lightspeed::store::{
    Benchmark, DATABASE_NAME, Environment, Execution, FileKind, Instance, OpenMode, Phase, Profiles, Store, SurveyData,
    SurveyedFile, TextLoading,
};
use lightspeed::suite::AnalysisConfig;
use lightspeed_core::blocks::{BlockKind, FileBlocks, Options, analyse_python, encode};
use lightspeed_core::impact::{After, Change, Index, Policy, Request, select};
use lightspeed_core::source::{ModuleRoots, blob_id};
use roaring::RoaringBitmap;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const COMBINATIONS: u32 = 500;
const FUNCTIONS: usize = 20;
/// Files that one benchmark imports, and of which it runs functions.
const IMPORTED: u32 = 100;
const RAN: u32 = 30;
const REPETITIONS: usize = 21;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| arguments.next().map_or(Ok(default), |text| text.parse::<u32>());
    let (instances, files, changed) = (number(1_000_000)?, number(10_000)?, number(20)?);
    let folder = arguments.next();
    let directory = tempfile::tempdir()?;
    let path = directory.path().join(DATABASE_NAME);
    let (survey, texts) = survey(instances, files);
    let (rows, count) = (survey.executions.len(), survey.instances.len());
    write(&path, &survey)?;
    drop(survey);
    let roots =
        ModuleRoots { source_package: "pkg".into(), suite_dir: Some("benchmarks".into()), ..ModuleRoots::default() };
    let began = Instant::now();
    let index = open(&path, &roots)?;
    let opening = began.elapsed();
    println!("| generated: {count} instances, {files} files, {rows} executions | | goal |\n|---|---:|---|");
    let size = std::fs::metadata(&path)?.len() as f64 / 1e6;
    println!("| database | {size:.0} MB | < 300 MB: {} |", verdict(size < 300.0));
    println!("| opening: reading the survey, building the index | {:.2} s | |", opening.as_secs_f64());
    let mut edits = Vec::new();
    for (what, edit) in EDITS {
        let edited = edited(&texts, changed, *edit);
        let changes = changes(&edited, &index);
        let (time, affected) = timed(&index, &changes);
        let milliseconds = time.as_secs_f64() * 1e3;
        let met = verdict(milliseconds <= 20.0);
        println!("| {changed} files: {what} ({affected} affected) | {milliseconds:.2} ms | ≤ 20 ms: {met} |");
        edits.push(
            serde_json::json!({ "what": what, "files": edited, "affected": affected, "milliseconds": milliseconds }),
        );
    }
    if let Some(folder) = folder.map(std::path::PathBuf::from) {
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("suite.snapshot"), lightspeed_core::survey::encode(&index.survey()))?;
        std::fs::write(folder.join("edits.json"), serde_json::to_vec(&edits)?)?;
    }
    Ok(())
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "**missed**" }
}

/// What is edited in a file, and how.
type Edit = fn(&str, usize) -> String;
const EDITS: &[(&str, Edit)] = &[
    ("a function's body each", |text, i| text.replacen(&format!("total = {i}\n"), "total = -1\n", 1)),
    ("a constant each, used in other files", |text, i| text.replacen(&format!("LIMIT = {i}\n"), "LIMIT = -1\n", 1)),
    ("a new function each", |text, _| format!("{text}\n\ndef brand_new():\n    return 1\n")),
    ("bodies, constants, defaults, new and lost functions in turn", |text, i| match i % 5 {
        0 => text.replacen(&format!("total = {i}\n"), "total = -1\n", 1),
        1 => text.replacen(&format!("LIMIT = {i}\n"), "LIMIT = -1\n", 1),
        2 => text.replacen("(n, step=1)", "(n, step=2)", 1),
        3 => format!("{text}\n\ndef brand_new():\n    return 1\n"),
        _ => text.split_once("\n\ndef f_0").map_or(String::new(), |(head, _)| head.to_owned()),
    }),
];

/// A module that imports a constant of two others and has functions with a branch each.
fn source(i: usize) -> String {
    let mut text = String::new();
    for other in [i / 2, i / 3] {
        if other != i {
            text.push_str(&format!("from pkg.m_{other} import LIMIT as LIMIT_{other}\n"));
        }
    }
    text.push_str(&format!("\nLIMIT = {i}\nTABLE = [LIMIT, LIMIT_{}]\n", i / 2));
    for f in 0..FUNCTIONS {
        text.push_str(&format!(
            "\n\ndef f_{f}_{i}(n, step=1):\n    total = {i}\n    for k in range(n):\n        total += k * TABLE[0]\n    \
             if n > LIMIT_{}:\n        total -= step\n    else:\n        total += helper_{f}(n)\n    return total\n",
            i / 2
        ));
    }
    text
}

fn survey(instances: u32, files: u32) -> (SurveyData, Vec<String>) {
    let texts: Vec<String> = (0..files as usize).map(source).collect();
    let blocks: Vec<FileBlocks> =
        texts.iter().map(|text| analyse_python(text.as_bytes(), &Options::default())).collect();
    let mut data = SurveyData::default();
    for (i, (text, blocks)) in texts.iter().zip(&blocks).enumerate() {
        data.files.push(SurveyedFile {
            path: format!("m_{i}.py"),
            blob: blob_id(text.as_bytes()).0,
            kind: FileKind::Source,
            analysis: encode(blocks),
            text: Some(text.clone().into_bytes()),
        });
    }
    let mut rows: BTreeMap<(u32, u8, Vec<u32>), RoaringBitmap> = BTreeMap::new();
    let benchmarks = instances.div_ceil(COMBINATIONS);
    for b in 0..benchmarks {
        let first = b * COMBINATIONS;
        let members = COMBINATIONS.min(instances - first);
        let benchmark = data.benchmarks.len() as u32;
        data.benchmarks.push(Benchmark {
            name: format!("suite_{}.Suite.time_{b}", b % 50),
            file: format!("suite_{}.py", b % 50),
            kind: "time".into(),
            unit: "seconds".into(),
            ..Benchmark::default()
        });
        for param in 0..members {
            let id = format!("suite_{}.Suite.time_{b}-{param}", b % 50);
            data.instances.push(Instance { id, benchmark, param: Some(param), always_affected: Vec::new() });
        }
        for k in 0..IMPORTED {
            let file = (b * 37 + k * k) % files;
            let import = rows.entry((file, 0, vec![0])).or_default();
            import.insert_range(first..first + members);
            if k < RAN {
                for (half, branch) in [(0, "/if[0]"), (1, "/if[0].else")] {
                    let units = run_units(&blocks[file as usize], b, branch);
                    let who = rows.entry((file, 2, units)).or_default();
                    let middle = first + members / 2;
                    let _ = if half == 0 {
                        who.insert_range(first..middle)
                    } else {
                        who.insert_range(middle..first + members)
                    };
                }
            }
        }
    }
    for ((file, phase, units), instances) in rows {
        let phase = if phase == 0 { Phase::Import } else { Phase::Run };
        data.executions.push(Execution { file, phase, blocks: units.into_iter().collect(), instances });
    }
    (data, texts)
}

/// Two functions of a file, and one branch of each.
fn run_units(blocks: &FileBlocks, benchmark: u32, branch: &str) -> Vec<u32> {
    let roots: Vec<u32> =
        (0..).zip(&blocks.blocks).filter(|(_, b)| b.kind == BlockKind::Function).map(|(i, _)| i).collect();
    let mut units = Vec::new();
    for shift in [0, 7] {
        let root = roots[(benchmark as usize + shift) % roots.len()];
        let id = format!("{}{branch}", blocks.blocks[root as usize].id);
        units.push(root);
        units.extend(blocks.find(&id));
    }
    units.sort_unstable();
    units
}

fn write(path: &std::path::Path, survey: &SurveyData) -> Outcome<()> {
    let store = Store::open(path, OpenMode::ReadWrite)?;
    let begun = store.begin_generation("{}", &Environment::default())?;
    let checksums = |file: &SurveyedFile| -> Outcome<Vec<u32>> {
        Ok(lightspeed_core::blocks::decode(&file.analysis)?.blocks.iter().map(|block| block.checksum).collect())
    };
    let checksums = survey.files.iter().map(checksums).collect::<Outcome<Vec<_>>>()?;
    store.complete_generation(begun.generation, survey, &Profiles::new(survey, &checksums))?;
    Ok(())
}

fn open(path: &std::path::Path, roots: &ModuleRoots) -> Outcome<Index> {
    let store = Store::open(path, OpenMode::ReadOnly)?;
    let generation = store.current_generation()?.ok_or("no survey")?;
    Ok(index_of(
        store.load_survey(generation.id, TextLoading::Skip)?,
        roots,
        &AnalysisConfig::default(),
        Policy::Precise,
    )?)
}

/// Every n-th file as it is after the edit, by path.
fn edited(texts: &[String], count: u32, edit: Edit) -> BTreeMap<String, String> {
    let step = texts.len() / count.max(1) as usize;
    let place = |n: u32| n as usize * step.max(1) % texts.len();
    (0..count).map(place).map(|i| (format!("m_{i}.py"), edit(&texts[i], i))).collect()
}

fn changes(edited: &BTreeMap<String, String>, index: &Index) -> Vec<Change> {
    let change = |(path, text): (&String, &String)| {
        let blocks = analyse_python(text.as_bytes(), &Options::default());
        debug_assert!(index.file(path).is_some());
        Change { path: path.clone(), after: After::Source(blob_id(text.as_bytes()), blocks) }
    };
    edited.iter().map(change).collect()
}

fn timed(index: &Index, changes: &[Change]) -> (Duration, u64) {
    let costs = BTreeMap::new();
    let request = Request { changes, policy: Policy::Precise, hotfile_threshold: 0.5, costs: &costs };
    let mut times = Vec::new();
    let mut affected = 0;
    for _ in 0..REPETITIONS {
        let began = Instant::now();
        affected = select(index, &request).affected().len();
        times.push(began.elapsed());
    }
    times.sort_unstable();
    (times[REPETITIONS / 2], affected)
}
