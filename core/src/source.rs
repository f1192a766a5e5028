//! Source text before any grammar: git blob ids, decoding to UTF-8, module names of paths.

use sha1::{Digest, Sha1};

#[cfg(feature = "parse")]
use crate::unicode::{self, Undecoded};

/// The SHA-1 that git gives a file's content: the fast gate of change detection.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct BlobId(pub [u8; 20]);

impl std::fmt::Display for BlobId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for BlobId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BlobId({self})")
    }
}

/// The id `git hash-object` prints for `content` (SHA-1 repositories, no filters).
#[must_use]
pub fn blob_id(content: &[u8]) -> BlobId {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", content.len()));
    hash.update(content);
    BlobId(hash.finalize().into())
}

/// A stretch of whole lines, 1-based, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Lines {
    /// First line, 1-based.
    pub start: u32,
    /// Last line, included.
    pub end: u32,
}

impl Lines {
    /// Whether `line` lies inside.
    #[must_use]
    pub fn contains(&self, line: u32) -> bool {
        self.start <= line && line <= self.end
    }
}

/// Where Python modules of a tree get their names from.
///
/// Paths are '/'-separated and relative to the source root. A source root that is itself a package
/// (`…/pkg` with `__init__.py`) gives its files the prefix `pkg`; files of a suite beside it
/// (`../benchmarks/bench.py`) are named below the suite's own package.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ModuleRoots {
    /// Dotted name of the source root when it lies inside a package, else empty.
    pub source_package: String,
    /// Directory below the source root that is on the import path (`src`), empty if the root itself is.
    pub import_dir: String,
    /// The suite's directory relative to the source root (may start with `../`), if known.
    pub suite_dir: Option<String>,
    /// Dotted name of the suite's package.
    pub suite_package: String,
    /// Paths of Go's modules by the directories of their `go.mod`, relative to the source root.
    #[serde(default)]
    pub go_modules: std::collections::BTreeMap<String, String>,
}

/// A Python module's dotted name and whether it is a package's `__init__`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModuleName {
    /// Dotted name, `pkg.core`.
    pub name: String,
    /// True for `__init__.py`: relative imports start at the module itself.
    pub is_package: bool,
}

/// A language whose sources are followed by blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Python 3.
    Python,
    /// Go.
    Go,
}

impl Language {
    /// The language that a path, by its last part, is a source of.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (stem, suffix) = name.rsplit_once('.')?;
        match suffix {
            "py" if !stem.is_empty() => Some(Language::Python),
            "go" if !stem.is_empty() => Some(Language::Go),
            _ => None,
        }
    }

    /// Whether this build has its grammar.
    #[must_use]
    pub fn is_read(self) -> bool {
        match self {
            Language::Python => cfg!(feature = "parse"),
            Language::Go => cfg!(feature = "go"),
        }
    }
}

/// Whether a path, by its last part, is Python source.
#[must_use]
pub fn is_python(path: &str) -> bool {
    Language::of(path) == Some(Language::Python)
}

/// Whether a path, by its last part, is Go source.
#[must_use]
pub(crate) fn is_go(path: &str) -> bool {
    Language::of(path) == Some(Language::Go)
}

/// Whether a path, by its last part, is one of Go's test files: they are linked for the tests of their own package only.
#[must_use]
pub(crate) fn is_go_test(path: &str) -> bool {
    path.ends_with("_test.go")
}

/// Whether a path, by its last part, is the file that names a module of Go.
#[must_use]
pub fn is_go_module(path: &str) -> bool {
    path.rsplit('/').next() == Some("go.mod")
}

/// Whether a path, by its last part, is source that this build follows by blocks.
#[must_use]
pub fn is_source(path: &str) -> bool {
    Language::of(path).is_some_and(Language::is_read)
}

/// The directory of a path, empty for the top.
pub(crate) fn directory_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

impl ModuleRoots {
    /// The path by which the Go package in `directory` is imported, where a `go.mod` tells.
    #[must_use]
    pub fn go_package(&self, directory: &str) -> Option<String> {
        let mut around = directory;
        loop {
            if let Some(module) = self.go_modules.get(around) {
                let below = directory[around.len()..].trim_start_matches('/');
                return Some(if below.is_empty() { module.clone() } else { format!("{module}/{below}") });
            }
            if around.is_empty() {
                return None;
            }
            around = directory_of(around);
        }
    }

    /// The module that `path` would be imported as; `None` for a path that is no Python source.
    #[must_use]
    pub fn module_of(&self, path: &str) -> Option<ModuleName> {
        let stem = path.strip_suffix(".py")?;
        let (prefix, rest) = match &self.suite_dir {
            Some(dir) if !dir.is_empty() && stem.strip_prefix(dir.as_str()).is_some_and(|r| r.starts_with('/')) => {
                (self.suite_package.as_str(), &stem[dir.len() + 1..])
            }
            _ => {
                let inside = stem.strip_prefix(self.import_dir.as_str()).and_then(|rest| rest.strip_prefix('/'));
                (self.source_package.as_str(), if self.import_dir.is_empty() { stem } else { inside.unwrap_or(stem) })
            }
        };
        if rest.starts_with("../") {
            return None;
        }
        let mut parts: Vec<&str> = prefix.split('.').chain(rest.split('/')).filter(|p| !p.is_empty()).collect();
        let is_package = parts.last() == Some(&"__init__");
        if is_package {
            parts.pop();
        }
        Some(ModuleName { name: parts.join("."), is_package })
    }
}

/// Resolves a module reference as written (`.x.y`, `..`, `a.b`) from inside `from`.
///
/// Returns `None` where a relative reference climbs above the top.
#[must_use]
pub fn resolve_module(reference: &str, from: &ModuleName) -> Option<String> {
    let dots = reference.bytes().take_while(|&b| b == b'.').count();
    if dots == 0 {
        return Some(reference.to_owned());
    }
    let mut parts: Vec<&str> = from.name.split('.').filter(|p| !p.is_empty()).collect();
    let climb = if from.is_package { dots - 1 } else { dots };
    if climb > parts.len() {
        return None;
    }
    parts.truncate(parts.len() - climb);
    parts.extend(reference[dots..].split('.').filter(|p| !p.is_empty()));
    Some(parts.join("."))
}

/// Decodes Python source to UTF-8 as PEP 263 says: BOM, coding cookie, else UTF-8.
///
/// # Errors
/// A sentence naming the encoding that is unknown or does not fit the bytes.
#[cfg(feature = "parse")]
pub fn decode_python(bytes: &[u8]) -> Result<std::borrow::Cow<'_, str>, String> {
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let label = coding_cookie(body);
    let utf8 = |label: &str| {
        let lower = label.to_ascii_lowercase().replace('_', "-");
        lower == "utf-8" || lower.starts_with("utf-8-") || lower == "utf8"
    };
    match label {
        Some(label) if !utf8(&label) => {
            match label.to_ascii_lowercase().replace('_', "-").as_str() {
                // The web's latin-1 is windows-1252; Python's is not: bytes 0x80..0x9f are controls.
                "latin-1" | "iso-8859-1" | "iso-latin-1" | "latin1" | "l1" | "iso8859-1" => {
                    Ok(body.iter().map(|&b| char::from(b)).collect::<String>().into())
                }
                other => unicode::decode(other, body).map_err(|undecoded| match undecoded {
                    Undecoded::Unknown => format!("unknown source encoding {label:?}"),
                    Undecoded::Invalid => format!("bytes that are not valid {label}"),
                    #[cfg(target_family = "wasm")]
                    Undecoded::Otherwise => {
                        format!("{label}, which this JavaScript engine decodes otherwise than the standard says")
                    }
                }),
            }
        }
        _ => std::str::from_utf8(body)
            .map(Into::into)
            .map_err(|e| format!("bytes that are not valid UTF-8 at offset {}", e.valid_up_to())),
    }
}

/// Decodes Go source, which is UTF-8; a mark of byte order at its start is passed over.
///
/// # Errors
/// A sentence that says where the bytes are no UTF-8.
#[cfg(feature = "go")]
pub(crate) fn decode_go(bytes: &[u8]) -> Result<std::borrow::Cow<'_, str>, String> {
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(body)
        .map(Into::into)
        .map_err(|error| format!("bytes that are not valid UTF-8 at offset {}", error.valid_up_to()))
}

/// The `coding[:=]name` comment of the first two lines, if any.
#[cfg(feature = "parse")]
fn coding_cookie(body: &[u8]) -> Option<String> {
    for line in body.split(|&b| b == b'\n').take(2) {
        let text = line.iter().position(|b| !b" \t\x0c".contains(b)).map_or(&b""[..], |i| &line[i..]);
        if text.is_empty() {
            continue;
        }
        if !text.starts_with(b"#") {
            return None;
        }
        let text = String::from_utf8_lossy(text);
        let names =
            text.match_indices("coding").filter_map(|(at, word)| text[at + word.len()..].strip_prefix([':', '=']));
        for rest in names {
            let name: String = rest
                .trim_start_matches([' ', '\t'])
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
                .collect();
            if !name.is_empty() {
                return Some(name);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blob_id_is_what_git_prints() {
        // `printf 'hello\n' | git hash-object --stdin`
        assert_eq!(blob_id(b"hello\n").to_string(), "ce013625030ba8dba906f756967f9e9ca394464a");
        assert_eq!(blob_id(b"").to_string(), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    }

    #[test]
    fn module_names_follow_the_roots() {
        let roots = ModuleRoots {
            source_package: "pkg".into(),
            import_dir: String::new(),
            suite_dir: Some("../benchmarks".into()),
            suite_package: "benchmarks".into(),
            ..ModuleRoots::default()
        };
        let name = |path: &str| roots.module_of(path).map(|m| (m.name, m.is_package));
        assert_eq!(name("core.py"), Some(("pkg.core".into(), false)));
        assert_eq!(name("__init__.py"), Some(("pkg".into(), true)));
        assert_eq!(name("sub/__init__.py"), Some(("pkg.sub".into(), true)));
        assert_eq!(name("../benchmarks/bench.py"), Some(("benchmarks.bench".into(), false)));
        assert_eq!(name("../setup.py"), None);
        assert_eq!(name("data.json"), None);
    }

    #[test]
    fn relative_references_resolve_from_module_and_package() {
        let module = ModuleName { name: "pkg.sub.mod".into(), is_package: false };
        let package = ModuleName { name: "pkg.sub".into(), is_package: true };
        assert_eq!(resolve_module(".x", &module).as_deref(), Some("pkg.sub.x"));
        assert_eq!(resolve_module("..", &module).as_deref(), Some("pkg"));
        assert_eq!(resolve_module(".x", &package).as_deref(), Some("pkg.sub.x"));
        assert_eq!(resolve_module("a.b", &package).as_deref(), Some("a.b"));
        assert_eq!(resolve_module("....x", &module), None);
    }

    #[cfg(feature = "parse")]
    #[test]
    fn encodings_follow_pep_263() {
        assert_eq!(
            decode_python(b"# -*- coding: latin-1 -*-\nx = '\xe9'\n").unwrap(),
            "# -*- coding: latin-1 -*-\nx = 'é'\n"
        );
        let second = b"# the coding is in the coding: latin-1\nx = '\xe9'\n";
        assert!(decode_python(second).unwrap().ends_with("'é'\n"));
        assert_eq!(decode_python(b"\xef\xbb\xbfx = 1\n").unwrap(), "x = 1\n");
        assert!(decode_python(b"x = '\xe9'\n").is_err());
        assert!(decode_python(b"# coding: klingon\n").is_err());
        assert_eq!(decode_python(b"x = 1  # coding: klingon\n").unwrap(), "x = 1  # coding: klingon\n");
    }
}
