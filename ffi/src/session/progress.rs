//! What a session tells about itself while it works.

/// A step of a session's work.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    /// A stretch of work begins.
    Begin {
        /// What is done: `survey`, `measure` …
        what: &'a str,
        /// How many items it has.
        total: usize,
    },
    /// An item is worked on.
    Item {
        /// Its name.
        name: &'a str,
    },
    /// An item is done.
    Done,
    /// A run ended, or what runs is known in detail: for who wants to know it all.
    Ran {
        /// What ran and how it ended, in a line.
        text: &'a str,
    },
    /// Something worth a line.
    Note {
        /// The line.
        text: &'a str,
    },
}

/// Hears of events, on the thread that called the session.
pub type Listener<'l> = &'l mut dyn FnMut(Event<'_>);
