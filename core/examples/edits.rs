//! Times a document's update after an edit against a fresh analysis of the same bytes, and checks that both agree.
//!
//! Input as for the example `blocks`; the argument says how many edits a source gets. Each edit is made in a line of its
//! own choosing, seeded, such that the source stays one without errors, and taken back by the next. Output is a line
//! of JSON an edit: `[lines, seconds of the update, seconds of the analysis]`.

use lightspeed_core::blocks::{Document, FileBlocks, Options, analyse_python};
use std::hint::black_box;
use std::io::{BufRead, Read};

/// What the edits write before a statement at the margin.
const WRITTEN: &[&str] = &["# a word\n", "import late_module\n", "def added(a, b=1):\n    return a.late + b\n"];
/// What they write after a line that is indented.
const INDENTED: &[&str] = &["late_name = 1\n", "# a word\n", "if late_name: print(late_name.attribute)\n"];
/// How often a line is chosen anew that cannot be edited.
const TRIES: usize = 50;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: usize = std::env::args().nth(1).map_or(Ok(10), |n| n.parse())?;
    let mut chance = Chance(1);
    for source in read_sources()? {
        if !analysed(&source).diagnostics.is_empty() {
            continue;
        }
        let mut document = Document::new(&source, Options::default());
        for i in 0..count {
            let text = if i % 2 == 1 { source.clone() } else { edited(&source, &mut chance) };
            let (fresh, analysing) = timed(|| analysed(&text));
            let ((), updating) = timed(|| document.update(black_box(&text)));
            if *document.blocks() != fresh {
                let text = String::from_utf8_lossy(&text);
                return Err(format!("a document differs from the analysis of\n{text}").into());
            }
            let lines = text.iter().filter(|&&b| b == b'\n').count();
            println!("[{lines}, {updating}, {analysing}]");
        }
    }
    Ok(())
}

fn analysed(source: &[u8]) -> FileBlocks {
    analyse_python(source, &Options::default())
}

/// A linear congruential generator.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

/// The source with a valid edit, or as it is where none is found.
fn edited(source: &[u8], chance: &mut Chance) -> Vec<u8> {
    let valid = |text: &Vec<u8>| analysed(text).diagnostics.is_empty();
    (0..TRIES).map(|_| candidate(source, chance)).find(valid).unwrap_or_else(|| source.to_vec())
}

/// The source with a line changed or something written beside it.
fn candidate(source: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = source.split_inclusive(|&b| b == b'\n').map(<[u8]>::to_vec).collect();
    let at = chance.below(lines.len());
    let Some(line) = lines.get_mut(at) else { return source.to_vec() };
    let indent = line.iter().take_while(|b| b" \t".contains(b)).count();
    if line[indent..].starts_with(b"return ") && !line.ends_with(b"(\n") {
        line.splice(indent + 7..indent + 7, b"not ".iter().copied());
    } else if indent == 0 {
        line.splice(0..0, WRITTEN[chance.below(WRITTEN.len())].bytes());
    } else {
        let added = [&line[..indent], INDENTED[chance.below(INDENTED.len())].as_bytes()].concat();
        line.extend(added);
    }
    lines.concat()
}

fn read_sources() -> Result<Vec<Vec<u8>>, Box<dyn std::error::Error>> {
    let mut input = std::io::stdin().lock();
    let (mut sources, mut line) = (Vec::new(), String::new());
    while input.read_line(&mut line)? > 0 {
        let mut source = vec![0; line.trim().parse()?];
        input.read_exact(&mut source)?;
        sources.push(source);
        line.clear();
    }
    Ok(sources)
}

#[allow(clippy::disallowed_methods, reason = "a stopwatch is what this example is for")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = std::time::Instant::now();
    let done = work();
    (done, start.elapsed().as_secs_f64())
}
