//! What takes tables of the world's scripts: old encodings and normal forms. Natively they are ours; in WebAssembly they are the
//! JavaScript engine's, whose tables of encodings are compared with ours before they are relied on.

#[cfg(target_family = "wasm")]
mod engine;
#[cfg(any(target_family = "wasm", test))]
mod probe;
#[cfg(not(target_family = "wasm"))]
mod tables;

#[cfg(target_family = "wasm")]
pub(crate) use engine::{decode, nfkc};
#[cfg(not(target_family = "wasm"))]
pub(crate) use tables::{decode, nfkc};

/// Why bytes have no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undecoded {
    /// The Encoding Standard (or the engine) has no encoding of this label.
    Unknown,
    /// The bytes are none of this encoding.
    Invalid,
    /// The engine's decoder is not that of the Encoding Standard.
    #[cfg(target_family = "wasm")]
    Otherwise,
}
