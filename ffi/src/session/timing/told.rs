//! What the runs of an instance tell of themselves, in frames among their output.

use lightspeed_core::frame::{Frame, FrameError, Metric, read_frames, read_last_frames};

/// What all runs so far told.
#[derive(Clone, Debug, Default)]
pub(in crate::session) struct Told {
    frames: Vec<Frame>,
    mistake: Option<FrameError>,
}

impl Told {
    /// Takes in what a run wrote, of which the last `cap` bytes were kept.
    pub(in crate::session) fn hear(&mut self, output: &str, cap: usize) {
        let read = if output.len() < cap { read_frames } else { read_last_frames };
        match read(output) {
            Ok(frame) => self.frames.push(frame),
            Err(error) => self.mistake = self.mistake.take().or(Some(error)),
        }
    }

    /// The values of a metric, one of each run that told it.
    pub(in crate::session) fn values(&self, name: &str) -> Vec<f64> {
        self.frames.iter().filter_map(|frame| Some(frame.metrics.get(name)?.value)).collect()
    }

    /// A metric as it was told last.
    pub(in crate::session) fn last(&self, name: &str) -> Option<&Metric> {
        self.frames.iter().rev().find_map(|frame| frame.metrics.get(name))
    }

    /// The names of all metrics, each as often as it was told.
    pub(in crate::session) fn names(&self) -> impl Iterator<Item = &String> {
        self.frames.iter().flat_map(|frame| frame.metrics.keys())
    }

    /// What was wrong with a frame, the first that there was.
    pub(in crate::session) fn mistake(&self) -> Option<&FrameError> {
        self.mistake.as_ref()
    }
}
