//! Frames: what a program under measurement tells of itself, among whatever else it writes.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The line before a frame.
pub const BEGIN: &str = "--- lightspeed frame ---";
/// The line after it.
pub const END: &str = "--- end of frame ---";
/// Bytes of a name at most.
const LONGEST_NAME: usize = 100;

/// What frames tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Frame {
    /// Its numbers, by their names: metrics as they were told, and what each counter came to.
    pub metrics: BTreeMap<String, Metric>,
    /// Those that are monotonic counters told once, which therefore count from 0.
    #[serde(skip)]
    pub from_zero: BTreeSet<String>,
}

/// A number that a program tells of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// The number, which is finite.
    pub value: f64,
    /// What it counts; empty for a bare number.
    #[serde(default)]
    pub unit: String,
    /// Which way is better.
    #[serde(default)]
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

/// Why what stands between the lines of a frame is none, or why its counters come to nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FrameError {
    /// The output ends within it.
    #[error("a frame has no last line: print `{END}` after it")]
    Open,
    /// It cannot be read.
    #[error("a frame is not as it must be: {0}")]
    Malformed(String),
    /// A name that no report could show.
    #[error(
        "a metric or counter of a frame is called {0:?}: its name must have 1 to {LONGEST_NAME} bytes and no control characters"
    )]
    Name(String),
    /// One name for a metric and a counter.
    #[error("frames tell {0:?} as a metric and as a counter: give one of them another name")]
    Both(String),
    /// A counter with two kinds.
    #[error(
        "frames tell the counter {0:?} as a gauge and as monotonic: tell it with one `kind` (without any it is monotonic)"
    )]
    Kinds(String),
    /// A monotonic counter whose reading is less than the one before, or than 0.
    #[error("the counter {name:?} of a frame fell from {from} to {to}: declare it a gauge (`\"kind\": \"gauge\"`)")]
    Fell {
        /// Its name.
        name: String,
        /// The reading before; 0 where there was none.
        from: f64,
        /// The reading.
        to: f64,
    },
    /// A monotonic counter told once, where the frame before may be lost.
    #[error(
        "the counter {0:?} is told once in an output whose beginning was not kept: write less between its two frames, or tell it as a metric"
    )]
    Beginning(String),
}

/// Everything that the frames of an output tell. Of a metric that several tell the last one counts, a monotonic counter is its last reading
/// less its first one, a gauge its last reading. Empty where there is no frame; the end of one whose beginning was cut off is none.
///
/// # Errors
/// A frame that does not end, that is no JSON object, or whose numbers are not finite; counters that contradict themselves.
pub fn read_frames(output: &str) -> Result<Frame, FrameError> {
    let mut readings = Readings::default();
    let mut begun: Option<usize> = None;
    let mut at = 0;
    for line in output.split_inclusive('\n') {
        let start = at;
        at += line.len();
        match (line.trim_end(), begun) {
            (BEGIN, None) => begun = Some(at),
            (BEGIN, Some(_)) => return Err(FrameError::Open),
            (END, Some(from)) => {
                readings.add(&output[from..start])?;
                begun = None;
            }
            _ => {}
        }
    }
    if begun.is_some() { Err(FrameError::Open) } else { readings.frame() }
}

/// As [`read_frames`], of the end of an output whose beginning was not kept.
///
/// # Errors
/// As [`read_frames`], and a monotonic counter told once: nobody knows where it began.
pub fn read_last_frames(output: &str) -> Result<Frame, FrameError> {
    let frame = read_frames(output)?;
    match frame.from_zero.first() {
        Some(name) => Err(FrameError::Beginning(name.clone())),
        None => Ok(frame),
    }
}

/// What the frames of an output told so far.
#[derive(Default)]
struct Readings {
    metrics: BTreeMap<String, Metric>,
    counters: BTreeMap<String, Counter>,
}

/// A counter from its first reading to its last.
struct Counter {
    kind: Kind,
    /// The first reading; none while there is but one.
    from: Option<f64>,
    last: Metric,
}

/// What a counter's number is.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// It only rises from 0, and the rise counts.
    #[default]
    Monotonic,
    /// It may fall, and the last reading counts.
    Gauge,
}

impl Readings {
    /// Takes in what stands between the lines of a frame.
    fn add(&mut self, text: &str) -> Result<(), FrameError> {
        let mut frame: Map<String, Value> = serde_json::from_str(text).map_err(malformed)?;
        self.metrics.extend(written::<Metric>(&mut frame, "metrics")?);
        written::<Reading>(&mut frame, "counters")?
            .into_iter()
            .try_for_each(|(name, reading)| self.count(name, reading))
    }

    fn count(&mut self, name: String, Reading { metric, kind }: Reading) -> Result<(), FrameError> {
        let before = self.counters.get(&name);
        if before.is_some_and(|counter| counter.kind != kind) {
            return Err(FrameError::Kinds(name));
        }
        let last = before.map(|counter| counter.last.value);
        if kind == Kind::Monotonic && metric.value < last.unwrap_or(0.0) {
            return Err(FrameError::Fell { name, from: last.unwrap_or(0.0), to: metric.value });
        }
        let from = before.and_then(|counter| counter.from).or(last);
        self.counters.insert(name, Counter { kind, from, last: metric });
        Ok(())
    }

    /// Metrics and counters as one.
    fn frame(self) -> Result<Frame, FrameError> {
        let mut frame = Frame { metrics: self.metrics, from_zero: BTreeSet::new() };
        for (name, Counter { kind, from, last: mut metric }) in self.counters {
            if frame.metrics.contains_key(&name) {
                return Err(FrameError::Both(name));
            }
            match (kind, from) {
                (Kind::Monotonic, Some(from)) => metric.value -= from,
                (Kind::Monotonic, None) => {
                    frame.from_zero.insert(name.clone());
                }
                (Kind::Gauge, _) => {}
            }
            frame.metrics.insert(name, metric);
        }
        Ok(frame)
    }
}

/// A number as it is written: alone, or in an object with what belongs to it.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a number stands alone, or as `value` in an object with what belongs to it")]
enum Written<T> {
    Alone(f64),
    Described(T),
}

/// A counter as it is written.
#[derive(Deserialize)]
struct Reading {
    #[serde(flatten)]
    metric: Metric,
    #[serde(default)]
    kind: Kind,
}

impl From<f64> for Metric {
    fn from(value: f64) -> Self {
        Metric { value, unit: String::new(), better: Direction::default() }
    }
}

impl From<f64> for Reading {
    fn from(value: f64) -> Self {
        Reading { metric: value.into(), kind: Kind::default() }
    }
}

/// The numbers that a frame has under a key, by their names.
fn written<T: DeserializeOwned + From<f64>>(
    frame: &mut Map<String, Value>,
    key: &str,
) -> Result<Vec<(String, T)>, FrameError> {
    let found = frame.remove(key).unwrap_or_else(|| json!({}));
    let found: BTreeMap<String, Written<T>> = serde_json::from_value(found).map_err(malformed)?;
    let checked = |(name, number): (String, Written<T>)| {
        if name.is_empty() || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(FrameError::Name(name));
        }
        let number = match number {
            Written::Alone(value) => value.into(),
            Written::Described(number) => number,
        };
        Ok((name, number))
    };
    found.into_iter().map(checked).collect()
}

fn malformed(error: serde_json::Error) -> FrameError {
    FrameError::Malformed(error.to_string())
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

    /// What one frame after another tells of counters, each given as the inside of `counters`.
    fn counted(frames: &[&str]) -> Result<Frame, FrameError> {
        let frames = frames.iter().map(|counters| framed(&format!(r#"{{"counters": {{{counters}}}}}"#)));
        read_frames(&frames.collect::<Vec<_>>().join("in between\n"))
    }

    #[test]
    fn a_counter_is_its_rise_and_a_gauge_its_last_reading() {
        let depth = |value| format!(r#""depth": {{"value": {value}, "kind": "gauge", "unit": "nodes"}}"#);
        let first = format!(r#""requests": 20, {}"#, depth(9));
        let last = format!(r#""requests": {{"value": 120, "better": "higher", "kind": "monotonic"}}, {}"#, depth(3));
        let found = counted(&[&first, r#""requests": 70, "late": 5"#, &last]).unwrap();
        assert_eq!(found.metrics["requests"], Metric { value: 100.0, unit: String::new(), better: Direction::Higher });
        assert_eq!(found.metrics["depth"], Metric { value: 3.0, unit: "nodes".to_owned(), better: Direction::Lower });
        assert_eq!(found.metrics["late"].value, 5.0);
        assert_eq!(found.from_zero, BTreeSet::from(["late".to_owned()]));
        assert_eq!(serde_json::to_value(&found).unwrap().as_object().unwrap().keys().collect::<Vec<_>>(), ["metrics"]);
    }

    #[test]
    fn a_counter_without_a_beginning_is_refused_where_it_may_be_lost() {
        let (first, last) =
            (framed(r#"{"counters": {"a": 3}}"#), framed(r#"{"counters": {"a": 5}, "metrics": {"b": 1}}"#));
        assert_eq!(read_last_frames(&last), Err(FrameError::Beginning("a".to_owned())));
        assert_eq!(read_last_frames(&format!("{first}{last}")).unwrap().metrics["a"].value, 2.0);
        let gauge = framed(r#"{"counters": {"a": {"value": 3, "kind": "gauge"}}}"#);
        assert_eq!(read_last_frames(&gauge).unwrap().metrics["a"].value, 3.0);
    }

    #[test]
    fn counters_that_contradict_themselves_are_refused() {
        let gauge = r#""a": {"value": 1, "kind": "gauge"}"#;
        for frames in [[gauge, r#""a": 1"#], [r#""a": 1"#, gauge]] {
            assert_eq!(counted(&frames), Err(FrameError::Kinds("a".to_owned())));
        }
        let fell = |from, to| Err(FrameError::Fell { name: "a".to_owned(), from, to });
        assert_eq!(counted(&[r#""a": 1"#, r#""a": 3"#, r#""a": 2.5"#]), fell(3.0, 2.5));
        assert_eq!(counted(&[r#""a": -1e308"#, r#""a": 1e308"#]), fell(0.0, -1e308));
        assert_eq!(counted(&[gauge, r#""a": {"value": -1, "kind": "gauge"}"#]).unwrap().metrics["a"].value, -1.0);
        for frames in [
            [r#"{"metrics": {"a": 1}}"#, r#"{"counters": {"a": 1}}"#],
            [r#"{"metrics": {"a": 1}, "counters": {"a": 1}}"#, "{}"],
        ] {
            assert_eq!(read_frames(&frames.map(framed).concat()), Err(FrameError::Both("a".to_owned())));
        }
        for wrong in
            [r#""a": "1""#, r#""a": 1e999"#, r#""a": {"kind": "gauge"}"#, r#""a": {"value": 1, "kind": "rate"}"#]
        {
            let error = counted(&[wrong]).unwrap_err();
            assert!(matches!(error, FrameError::Malformed(_)), "{wrong}: {error}");
        }
        assert_eq!(counted(&[r#""": 1"#]), Err(FrameError::Name(String::new())));
    }

    proptest! {
        #[test]
        fn any_output_is_read_or_refused(lines in prop::collection::vec(prop_oneof![
            Just(BEGIN.to_owned()),
            Just(END.to_owned()),
            Just(r#"{"metrics": {"a": 1}}"#.to_owned()),
            (prop::sample::select(vec!["a", "b", "c"]), any::<f64>(), prop::sample::select(vec!["monotonic", "gauge"]))
                .prop_map(|(name, value, kind)| json!({"counters": {name: {"value": value, "kind": kind}}}).to_string()),
            ".*",
        ], 0..12)) {
            if let Ok(frame) = read_frames(&lines.join("\n")) {
                prop_assert!(frame.metrics.values().all(|metric| metric.value.is_finite()));
                prop_assert!(frame.from_zero.iter().all(|name| frame.metrics.contains_key(name)));
            }
        }

        #[test]
        fn readings_come_to_their_rise_or_are_refused(readings in prop::collection::vec(0_u32..50, 1..6)) {
            let told = readings.iter().map(|reading| format!(r#""a": {reading}"#)).collect::<Vec<_>>();
            let found = counted(&told.iter().map(String::as_str).collect::<Vec<_>>());
            if readings.is_sorted() {
                let from = if readings.len() > 1 { readings[0] } else { 0 };
                let found = found.unwrap();
                prop_assert_eq!(found.metrics["a"].value, f64::from(readings[readings.len() - 1] - from));
                prop_assert_eq!(found.from_zero.contains("a"), readings.len() == 1);
            } else {
                let fell = matches!(found, Err(FrameError::Fell { .. }));
                prop_assert!(fell);
            }
        }
    }
}
