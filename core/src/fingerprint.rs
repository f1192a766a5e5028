//! Canonical form of syntax as bytes, and its checksum.
//!
//! The form is a prefix code: every node is a tag, its children, an end mark; every text carries its length.
//! Two forms are equal only if the syntax they stand for is equal.

/// Version of the canonical form and of the analysis beside it. A survey made with another version is stale.
pub const VERSION: u32 = 2;

/// Numbers the tags of a language, from 1 on in the order they stand in.
#[cfg(feature = "parse")]
macro_rules! tags {
    ($($name:ident)*) => { $crate::fingerprint::tags!(@ 1u8; $($name)*); };
    (@ $n:expr; $head:ident $($tail:ident)*) => {
        pub(super) const $head: u8 = $n;
        $crate::fingerprint::tags!(@ $n + 1; $($tail)*);
    };
    (@ $n:expr;) => {};
}
#[cfg(feature = "parse")]
pub(crate) use tags;

/// A canonical form under construction.
#[derive(Clone, Debug, Default)]
pub struct Canon(Vec<u8>);

/// Ends a node; no tag has this value.
const END: u8 = 0;

impl Canon {
    /// Opens a node.
    pub fn open(&mut self, tag: u8) {
        debug_assert_ne!(tag, END);
        self.0.push(tag);
    }

    /// Closes the innermost open node.
    pub fn close(&mut self) {
        self.0.push(END);
    }

    /// A leaf node.
    pub fn leaf(&mut self, tag: u8) {
        self.open(tag);
        self.close();
    }

    /// A text, length first.
    pub fn bytes(&mut self, text: &[u8]) {
        self.length(text.len());
        self.0.extend_from_slice(text);
    }

    fn length(&mut self, mut n: usize) {
        while n >= 0x80 {
            self.0.push((n & 0x7f) as u8 | 0x80);
            n >>= 7;
        }
        self.0.push(n as u8);
    }

    /// A node that holds one text.
    pub fn text(&mut self, tag: u8, text: &[u8]) {
        self.0.reserve(text.len() + 8);
        self.open(tag);
        self.bytes(text);
        self.close();
    }

    /// A node that holds one text: `parts` with commas between them.
    pub fn joined(&mut self, tag: u8, parts: &[&str]) {
        self.open(tag);
        self.length(parts.iter().map(|part| part.len() + 1).sum::<usize>().saturating_sub(1));
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                self.0.push(b',');
            }
            self.0.extend_from_slice(part.as_bytes());
        }
        self.close();
    }

    /// Appends another form.
    pub fn append(&mut self, other: &Canon) {
        self.0.extend_from_slice(&other.0);
    }

    /// A copy of what was written from `at` on.
    #[must_use]
    pub fn copy_from(&self, at: usize) -> Canon {
        Canon(self.0.get(at..).unwrap_or_default().to_vec())
    }

    /// Makes what was written from `at` on the children of a node that is yet to be closed.
    pub fn open_at(&mut self, at: usize, tag: u8) {
        debug_assert_ne!(tag, END);
        self.0.insert(at, tag);
    }

    /// Gives the node that was opened at `at` another tag.
    pub fn retag(&mut self, at: usize, tag: u8) {
        debug_assert_ne!(tag, END);
        if let Some(old) = self.0.get_mut(at) {
            *old = tag;
        }
    }

    /// Swaps two neighbours: what was written from `first` to `second`, and from there on.
    pub fn swap_tail(&mut self, first: usize, second: usize) {
        if let Some(tail) = self.0.get_mut(first..).filter(|tail| second - first <= tail.len()) {
            tail.rotate_left(second - first);
        }
    }

    /// Bytes written so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets what was written from `at` on.
    pub fn truncate(&mut self, at: usize) {
        self.0.truncate(at);
    }

    /// CRC32 of the form.
    #[must_use]
    pub fn checksum(&self) -> u32 {
        self.checksum_from(0)
    }

    /// CRC32 of what was written from `at` on.
    #[must_use]
    pub fn checksum_from(&self, at: usize) -> u32 {
        crate::checksum::hash(self.0.get(at..).unwrap_or_default())
    }
}
