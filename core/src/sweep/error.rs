//! What can be wrong with a sweep before anything runs.

/// Why a sweep cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SweepError {
    /// An axis is not `name=values`.
    #[error("{0:?} is no axis: write it as name=1,2,4 or name=1..16 step 2 or name=log2 1..64")]
    Axis(String),
    /// An axis of a document that is neither text nor parts.
    #[error(
        "an axis is text such as \"n=1,2,4\", or a table {{ name, values, kind, default }}: kind is int, float, shape or text"
    )]
    Written,
    /// The name of an axis.
    #[error("an axis cannot be called {0:?}: letters, digits and _, not a digit first")]
    Name(String),
    /// A sweep of nothing.
    #[error("a sweep needs an axis: write it as name=1,2,4")]
    NoAxes,
    /// Two axes have one name.
    #[error("the axis {0} is there twice")]
    Twice(String),
    /// An axis without values.
    #[error("the axis {0} has no values")]
    Empty(String),
    /// A value that is there twice.
    #[error("the axis {axis} has the value {value} twice")]
    Repeated {
        /// The axis.
        axis: String,
        /// The value.
        value: String,
    },
    /// A range that does not end.
    #[error(
        "{0:?} is no range: write it as 1..16, 1..16 step 2 or log2 1..64, from the smaller to the larger; texts with .. as name:text=…"
    )]
    Range(String),
    /// A value that is of another kind than its axis.
    #[error("{value:?} on the axis {axis} is not {kind}")]
    Kind {
        /// The axis.
        axis: String,
        /// The value.
        value: String,
        /// What its values are.
        kind: &'static str,
    },
    /// A kind that there is not.
    #[error("{0:?} is no kind of values: write int, float, shape or text")]
    NoKind(String),
    /// Axes that go together have different lengths.
    #[error("zipped axes have as many values as each other: {first} has {first_len}, {other} has {other_len}")]
    Unequal {
        /// The first axis.
        first: String,
        /// How many values it has.
        first_len: usize,
        /// Another one.
        other: String,
        /// How many values that one has.
        other_len: usize,
    },
    /// More points than anybody would wait for.
    #[error("these axes have more than {most} points: give fewer values, or zip them")]
    Many {
        /// How many there may be.
        most: usize,
    },
    /// An axis that there is not.
    #[error("there is no axis {name}; the axes are {axes}")]
    NoAxis {
        /// The name.
        name: String,
        /// The axes.
        axes: String,
    },
    /// Workers that cannot be counted.
    #[error("the axis {0} cannot count workers: its values must be whole numbers from 1")]
    Workers(String),
    /// A placeholder that no axis has.
    #[error(
        "the command says {{{name}}}, and there is no such axis: the axes are {axes}; write {{{{{name}}}}} where braces are meant"
    )]
    Placeholder {
        /// The name.
        name: String,
        /// The axes.
        axes: String,
    },
    /// An axis that the command does not mention.
    #[error("the command does not say {{{0}}}, so that axis would change nothing")]
    Unused(String),
}
