//! Times selections from a snapshot through the Rust API: `select_speed SNAPSHOT ROOT FILE TIMES`, for benches/capi.py.
//!
//! FILE below ROOT is asked about with one statement more at its end. Output is a line a selection: how many instances are affected, and
//! the seconds that it took.

use lightspeed_core::impact::Index;
use lightspeed_core::survey::{FileNow, Question, answer, decode};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [snapshot, root, name, times] = arguments.as_slice() else { return Err("SNAPSHOT ROOT FILE TIMES".into()) };
    let index = Index::new(decode(&std::fs::read(snapshot)?)?);
    let mut content = std::fs::read(std::path::Path::new(root).join(name))?;
    content.extend(b"\nlate = 1\n");
    for _ in 0..times.parse()? {
        let began = Instant::now();
        let report = answer(&index, &[FileNow { path: name, content: Some(&content) }], Question::default());
        let took = began.elapsed();
        println!("{} {:.9}", report.affected.len(), took.as_secs_f64());
    }
    Ok(())
}
