//! Sources that are edited again and again under one session: only what an edit touched is analysed again.

use lightspeed_core::blocks::{Document, FileBlocks, Options, analyse_python};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// How many documents are kept: those used last.
const MOST: usize = 8;
/// Larger sources are analysed anew each time.
const MOST_BYTES: usize = 1 << 20;

/// The documents of a session and its clones.
#[derive(Clone, Debug, Default)]
pub(super) struct Documents(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    options: Options,
    /// Paths that were analysed once: a document pays from the second time on.
    once: BTreeSet<String>,
    /// By path, the one used last at the end.
    documents: Vec<(String, Document)>,
}

impl Documents {
    /// The analysis of the source at `path`, which holds `bytes` now.
    pub(super) fn analyse(&self, path: &str, bytes: &[u8], options: &Options) -> FileBlocks {
        if bytes.len() > MOST_BYTES {
            return analyse_python(bytes, options);
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.options != *options {
            *kept = Kept { options: options.clone(), ..Kept::default() };
        }
        let known = kept.documents.iter().position(|(known, _)| known == path);
        let document = match known.map(|at| kept.documents.remove(at).1) {
            Some(mut document) => {
                document.update(bytes);
                document
            }
            None if kept.once.insert(path.to_owned()) => {
                drop(kept);
                return analyse_python(bytes, options);
            }
            None => Document::new(bytes, options.clone()),
        };
        let blocks = document.blocks().clone();
        kept.documents.push((path.to_owned(), document));
        if kept.documents.len() > MOST {
            kept.documents.remove(0);
        }
        blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_answers_like_a_fresh_analysis() {
        let (documents, plain) = (Documents::default(), Options::default());
        let counted = Options { docstrings: true, ..Options::default() };
        for round in 0..6 {
            let options = if round == 4 { &counted } else { &plain };
            for file in 0..MOST + 3 {
                let source =
                    format!("def f():\n    \"doc {round}\"\n    return {}\n\n\ndef g():\n    pass\n", round * file);
                let found = documents.analyse(&format!("{file}.py"), source.as_bytes(), options);
                assert_eq!(found, analyse_python(source.as_bytes(), options));
            }
        }
        let kept = documents.0.lock().unwrap();
        assert!(kept.documents.len() <= MOST && kept.once.len() == MOST + 3);
    }
}
