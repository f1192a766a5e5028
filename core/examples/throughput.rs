//! Times the analysis of sources on standard input against bare tree-sitter parsing of the same bytes.
//!
//! Input as for the example `blocks`; the first argument says how many rounds, a second `go` that it is Go. Output is a line of JSON a round:
//! `[seconds parsing, seconds analysing, seconds analysing and writing the document]`, taken in turn file by file.

use lightspeed_core::blocks::{Options, analyse};
use lightspeed_core::report::{BlocksReport, FileReport};
use lightspeed_core::source::Language;
use std::hint::black_box;
use std::io::{BufRead, Read};
use std::time::Duration;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rounds: u32 = std::env::args().nth(1).map_or(Ok(5), |n| n.parse())?;
    let sources = read_sources()?;
    let options = Options::default();
    let go = std::env::args().nth(2).is_some_and(|language| language == "go");
    let (language, grammar): (_, tree_sitter::Language) = match go {
        true => (Language::Go, tree_sitter_go::LANGUAGE.into()),
        false => (Language::Python, tree_sitter_python::LANGUAGE.into()),
    };
    for _ in 0..rounds {
        let (mut parsing, mut analysing, mut writing) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
        for source in &sources {
            parsing += timed(|| {
                let mut parser = tree_sitter::Parser::new();
                black_box(parser.set_language(&grammar).is_ok());
                black_box(parser.parse(source, None));
            });
            analysing += timed(|| {
                black_box(analyse(language, source, &options));
            });
            writing += timed(|| {
                let file = FileReport::new("a", source, &analyse(language, source, &options));
                black_box(serde_json::to_string(&BlocksReport::new(vec![file])).is_ok());
            });
        }
        println!("[{}, {}, {}]", parsing.as_secs_f64(), analysing.as_secs_f64(), writing.as_secs_f64());
    }
    Ok(())
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
fn timed(work: impl FnOnce()) -> Duration {
    let start = std::time::Instant::now();
    work();
    start.elapsed()
}
