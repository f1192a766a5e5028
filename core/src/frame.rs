//! Frames: what a program under measurement tells of itself, among whatever else it writes.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The line before a frame.
pub const BEGIN: &str = "--- lightspeed frame ---";
/// The line after it.
pub const END: &str = "--- end of frame ---";
/// Bytes of a metric's name at most.
const LONGEST_NAME: usize = 100;

/// What frames tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Frame {
    /// Its numbers, by their names.
    pub metrics: BTreeMap<String, Metric>,
}

/// A number that a program tells of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// The number, which is finite.
    pub value: f64,
    /// What it counts; empty for a bare number.
    pub unit: String,
    /// Which way is better.
    pub better: Direction,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Less is better.
    #[default]
    Lower,
    /// More is better.
    Higher,
}

/// Why what stands between the lines of a frame is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The output ends within it.
    #[error("a frame has no last line: print `{END}` after it")]
    Open,
    /// It cannot be read.
    #[error("a frame is not as it must be: {0}")]
    Malformed(String),
    /// A name that no report could show.
    #[error(
        "a metric of a frame is called {0:?}: its name must have 1 to {LONGEST_NAME} bytes and no control characters"
    )]
    Name(String),
}

/// A metric as it is written: a number, or an object with what belongs to it.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenMetric {
    Number(f64),
    Described {
        value: f64,
        #[serde(default)]
        unit: String,
        #[serde(default)]
        better: Direction,
    },
}

/// Everything that the frames of an output tell; where several tell the same metric, the last one counts. Empty where there is none.
/// The end of a frame whose beginning was cut off is none.
///
/// # Errors
/// A frame that does not end, that is no JSON object, or whose metrics are no finite numbers.
pub fn read_frames(output: &str) -> Result<Frame, FrameError> {
    let mut frame = Frame::default();
    let mut begun: Option<usize> = None;
    let mut at = 0;
    for line in output.split_inclusive('\n') {
        let start = at;
        at += line.len();
        match (line.trim_end(), begun) {
            (BEGIN, None) => begun = Some(at),
            (BEGIN, Some(_)) => return Err(FrameError::Open),
            (END, Some(from)) => {
                add(&output[from..start], &mut frame)?;
                begun = None;
            }
            _ => {}
        }
    }
    if begun.is_some() { Err(FrameError::Open) } else { Ok(frame) }
}

fn add(text: &str, frame: &mut Frame) -> Result<(), FrameError> {
    let malformed = |error: serde_json::Error| FrameError::Malformed(error.to_string());
    let mut written: Map<String, Value> = serde_json::from_str(text).map_err(malformed)?;
    let metrics = written.remove("metrics").unwrap_or_else(|| json!({}));
    let metrics: BTreeMap<String, WrittenMetric> = serde_json::from_value(metrics).map_err(malformed)?;
    for (name, metric) in metrics {
        if name.is_empty() || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(FrameError::Name(name));
        }
        let metric = match metric {
            WrittenMetric::Number(value) => Metric { value, unit: String::new(), better: Direction::default() },
            WrittenMetric::Described { value, unit, better } => Metric { value, unit, better },
        };
        frame.metrics.insert(name, metric);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn framed(text: &str) -> String {
        format!("{BEGIN}\n{text}\n{END}\n")
    }

    #[test]
    fn metrics_are_numbers_or_say_what_they_count() {
        let text = framed(
            r#"{"metrics": {"rows": 12, "quality": {"value": 0.5, "unit": "share", "better": "higher"}}, "other": []}"#,
        );
        let found = read_frames(&format!("starting\n{text}done\n")).unwrap().metrics;
        assert_eq!(found["rows"], Metric { value: 12.0, unit: String::new(), better: Direction::Lower });
        assert_eq!(found["quality"], Metric { value: 0.5, unit: "share".to_owned(), better: Direction::Higher });
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn the_last_of_several_counts_and_what_was_cut_off_is_none() {
        let (first, second) = (framed(r#"{"metrics": {"a": 1, "b": 1}}"#), framed(r#"{"metrics": {"a": 2}}"#));
        let found = read_frames(&format!("\"x\": 3}}\n{END}\r\n{first}{second}")).unwrap().metrics;
        assert_eq!((found["a"].value, found["b"].value), (2.0, 1.0));
        assert_eq!(read_frames("nothing\nat all"), Ok(Frame::default()));
    }

    #[test]
    fn what_is_no_frame_is_an_error() {
        for open in [format!("{BEGIN}\n{{}}"), format!("{BEGIN}\n{BEGIN}\n{{}}\n{END}\n")] {
            assert_eq!(read_frames(&open), Err(FrameError::Open));
        }
        for wrong in [
            "",
            "[]",
            r#"{"metrics": {"a": "1"}}"#,
            r#"{"metrics": {"a": 1e999}}"#,
            r#"{"metrics": {"a": {"unit": "s"}}}"#,
        ] {
            let error = read_frames(&framed(wrong)).unwrap_err();
            assert!(matches!(error, FrameError::Malformed(_)), "{wrong}: {error}");
        }
        for name in ["", "a\\nb", &"x".repeat(101)] {
            let error = read_frames(&framed(&format!(r#"{{"metrics": {{"{name}": 1}}}}"#))).unwrap_err();
            assert!(matches!(error, FrameError::Name(_)), "{name}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_output_is_read_or_refused(lines in prop::collection::vec(prop_oneof![Just(BEGIN.to_owned()), Just(END.to_owned()), Just(r#"{"metrics": {"a": 1}}"#.to_owned()), ".*"], 0..12)) {
            if let Ok(frame) = read_frames(&lines.join("\n")) {
                prop_assert!(frame.metrics.values().all(|metric| metric.value.is_finite()));
            }
        }
    }
}
