//! The last bytes of an output, without keeping the rest.

use std::collections::VecDeque;

/// What a process wrote to one stream: its last bytes, at most the cap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    /// The last bytes, exactly as written.
    pub bytes: Vec<u8>,
    /// How many bytes were written in all.
    pub total_bytes: u64,
    /// Whether earlier bytes were dropped because of the cap.
    pub truncated: bool,
}

impl Captured {
    /// The bytes as text; what is not UTF-8 is replaced, and so is a character that the cap cut in two.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Collects an output and keeps its last `cap` bytes.
#[derive(Debug)]
pub(super) struct Tail {
    cap: usize,
    kept: VecDeque<u8>,
    total: u64,
}

impl Tail {
    pub(super) fn new(cap: usize) -> Self {
        Self { cap, kept: VecDeque::new(), total: 0 }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.total += bytes.len() as u64;
        let bytes = &bytes[bytes.len().saturating_sub(self.cap)..];
        let excess = (self.kept.len() + bytes.len()).saturating_sub(self.cap);
        self.kept.drain(..excess);
        self.kept.extend(bytes);
    }

    pub(super) fn captured(&self) -> Captured {
        Captured {
            bytes: self.kept.iter().copied().collect(),
            total_bytes: self.total,
            truncated: self.total > self.kept.len() as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_bytes_are_kept_and_the_loss_is_told() {
        let mut tail = Tail::new(4);
        tail.push(b"ab");
        assert_eq!(tail.captured(), Captured { bytes: b"ab".to_vec(), total_bytes: 2, truncated: false });
        tail.push(b"cde");
        assert_eq!(tail.captured(), Captured { bytes: b"bcde".to_vec(), total_bytes: 5, truncated: true });
        tail.push(b"0123456789");
        assert_eq!(tail.captured(), Captured { bytes: b"6789".to_vec(), total_bytes: 15, truncated: true });
    }
}
