//! Times a document's update after an edit against a fresh analysis of the same bytes, and checks that both agree.
//!
//! Input as for the example `blocks`; the argument says how many edits a source gets. Each edit is put at a line of its
//! own choosing, seeded, and taken out again by the next one. Output is a line of JSON an edit:
//! `[lines, seconds of the update, seconds of the analysis]`.

use lightspeed_core::blocks::{Document, Options, analyse_python};
use std::hint::black_box;
use std::io::{BufRead, Read};

/// What the edits write: words in a comment, statements, a function.
const WRITTEN: &[&str] = &["# a word\n", "import late_module\n", "def added(a, b=1):\n    return a.late + b\n"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: usize = std::env::args().nth(1).map_or(Ok(10), |n| n.parse())?;
    let mut chance = 1_u64;
    for source in read_sources()? {
        let mut document = Document::new(&source, Options::default());
        for i in 0..count {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let text = if i % 3 == 2 { source.clone() } else { edited(&source, chance, i) };
            let (fresh, analysing) = timed(|| analyse_python(&text, &Options::default()));
            let ((), updating) = timed(|| document.update(black_box(&text)));
            if *document.blocks() != fresh {
                return Err(
                    format!("a document differs from the analysis of\n{}", String::from_utf8_lossy(&text)).into()
                );
            }
            let lines = text.iter().filter(|&&b| b == b'\n').count();
            println!("[{lines}, {updating}, {analysing}]");
        }
    }
    Ok(())
}

/// The source with a line replaced: in a body, the value of an assignment or a `return` where the line is one, else
/// something written before the line.
fn edited(source: &[u8], chance: u64, i: usize) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = source.split_inclusive(|&b| b == b'\n').map(<[u8]>::to_vec).collect();
    let at = (chance >> 33) as usize % lines.len().max(1);
    let Some(line) = lines.get_mut(at) else { return source.to_vec() };
    let indent = line.iter().take_while(|b| b" \t".contains(b)).count();
    let rest = line[indent..].to_vec();
    if rest.starts_with(b"return ") && !rest.ends_with(b"(\n") {
        line.splice(indent + 7..indent + 7, b"not ".iter().copied());
    } else if indent == 0 {
        line.splice(0..0, WRITTEN[i % WRITTEN.len()].bytes());
    } else {
        let added = [&line[..indent], b"late_name = 1\n".as_slice()].concat();
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
