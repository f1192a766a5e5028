//! Why instances are affected: which rule, which change, by way of what.

use crate::source::Lines;
use roaring::RoaringBitmap;

/// Reasons with whom each affects.
pub(super) type Reasons = Vec<(Reason, RoaringBitmap)>;

/// Why instances are affected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Reason {
    /// The changed file; for `always` the suite file.
    pub file: String,
    /// Which rule.
    pub rule: Rule,
    /// The block that was executed or mentions the name.
    pub block: Option<String>,
    /// File of that block, where it is another one.
    pub block_file: Option<String>,
    /// The changed name.
    pub name: Option<String>,
    /// Lines of the change before.
    pub old_lines: Option<Lines>,
    /// Lines of the change now.
    pub new_lines: Option<Lines>,
    /// Statements between the change and the block, first to last.
    pub chain: Vec<Link>,
    /// Why an instance is always affected.
    pub detail: Option<String>,
}

/// One statement of a chain of mentions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Link {
    /// Where it stands.
    pub file: String,
    /// Its lines at survey time.
    pub lines: Lines,
    /// The name it mentions.
    pub mentions: String,
}

/// Rules of selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// It executed a block whose checksum differs.
    BlockChanged,
    /// It executed a block that is gone.
    BlockGone,
    /// It executed code that mentions a name whose definition differs.
    NameChanged,
    /// It executed code that mentions a name that is new.
    NameNew,
    /// It executed code that mentions a name that is gone.
    NameGone,
    /// It executed a function whose decorators or defaults differ.
    HeaderChanged,
    /// It imported a file whose statements have other effects.
    EffectChanged,
    /// It imported a file whose import now fails, or may fail.
    ImportBroken,
    /// It ran a function while importing whose body differs.
    ImportBody,
    /// A special method appeared on an existing class, or left it.
    SpecialMethod,
    /// The benchmark itself, its class or what the runner reads from it.
    Benchmark,
    /// The file has parts that cannot be read.
    Unknown,
    /// A file it read as a whole differs.
    WholeFile,
    /// A source of a compiled module that it loaded differs.
    BuiltFrom,
    /// A module it looked for in vain appeared.
    ModuleAppeared,
    /// A directory that it listed has a new or lost file.
    DirectoryChanged,
    /// It stands for a hotfile's change.
    Sentinel,
    /// It imported a file of which something that runs at import differs (policy `strict`).
    ImportTime,
    /// It depends on a file that differs (policy `file`).
    FileChanged,
    /// Nothing reliable is known of it.
    Always,
    /// It is new in the suite, or its parameters are.
    NewBenchmark,
}

impl Reason {
    /// A reason that names only a file and a rule.
    #[must_use]
    pub fn new(file: &str, rule: Rule) -> Self {
        Reason {
            file: file.to_owned(),
            rule,
            block: None,
            block_file: None,
            name: None,
            old_lines: None,
            new_lines: None,
            chain: Vec::new(),
            detail: None,
        }
    }
}
