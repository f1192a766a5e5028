//! A document of any kind, told by its schema.

use super::{
    Look, audit, blocks, compare, doctor, explain, export, init, measure, pair, results, select, stats_compare,
    stats_simulate, sweep,
};
use crate::doctor::DoctorReport;
use crate::pair::PairReceipt;
use crate::session::{
    AuditReport, CompareReport, ExplainReport, ExportReport, InitReport, MeasureReport, Results, SelectReport,
};
use crate::sweep::SweepReport;
use lightspeed_core::report::BlocksReport;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What is in front of the name in every schema.
const OURS: &str = "lightspeed.";
/// The version of every document that is written, and so the one that is read.
const VERSION: &str = "1";
/// That of the library.
const OWN: &str = env!("CARGO_PKG_VERSION");

/// A document that a command writes. Serialises as it was written.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Document {
    /// Of `audit`.
    Audit(Box<AuditReport>),
    /// Of `blocks`.
    Blocks(Box<BlocksReport>),
    /// Of `compare`.
    Compare(Box<CompareReport>),
    /// Of `doctor`.
    Doctor(Box<DoctorReport>),
    /// Of `explain`.
    Explain(Box<ExplainReport>),
    /// Of `export` and `report`.
    Export(Box<ExportReport>),
    /// Of `init`.
    Init(Box<InitReport>),
    /// Of `measure`.
    Measure(Box<MeasureReport>),
    /// Of `pair`.
    Pair(Box<PairReceipt>),
    /// Of `results`.
    Results(Box<Results>),
    /// Of `select`.
    Select(Box<SelectReport>),
    /// Of `stats compare`.
    StatsCompare(Box<stats_compare::Document>),
    /// Of `stats simulate`.
    StatsSimulate(Box<stats_simulate::Document>),
    /// Of `sweep`.
    Sweep(Box<SweepReport>),
}

/// Why a document is not read.
#[derive(Debug, thiserror::Error)]
#[error("the document {}", self.predicate())]
pub enum TextError {
    /// It is no JSON.
    NotJson(#[source] serde_json::Error),
    /// It has no field "schema".
    Unnamed,
    /// It is one of ours, of a version that this library does not read.
    Version {
        /// Its name, as `measure`.
        kind: String,
        /// Its version.
        version: String,
    },
    /// This library knows no such document.
    Unknown {
        /// What it calls itself.
        schema: String,
    },
    /// It is not what its schema says.
    Malformed {
        /// What it calls itself.
        schema: String,
        /// Where it differs.
        source: serde_json::Error,
    },
}

impl TextError {
    /// The sentence without its subject: for those who know the document's name.
    pub fn predicate(&self) -> String {
        match self {
            Self::NotJson(error) => format!("is not JSON: {error}"),
            Self::Unnamed => "does not say what it is: what lightspeed writes has a field \"schema\"".to_owned(),
            Self::Version { kind, version } => format!(
                "is {OURS}{kind} of version {version:?}, and lightspeed {OWN} reads version {VERSION}: use the one that wrote it"
            ),
            Self::Unknown { schema } => format!("is a {schema:?} document, which lightspeed {OWN} does not write"),
            Self::Malformed { schema, source } => format!("calls itself {schema} and is not: {source}"),
        }
    }
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// Where it is none that a command of this version writes.
    pub fn parse(json: &[u8]) -> Result<Self, TextError> {
        let document: Value = serde_json::from_slice(json).map_err(TextError::NotJson)?;
        let Some(schema) = document.get("schema").and_then(Value::as_str).map(str::to_owned) else {
            return Err(TextError::Unnamed);
        };
        let (kind, version) = schema.strip_prefix(OURS).and_then(|rest| rest.split_once('/')).unwrap_or_default();
        if !kind.is_empty() && version != VERSION {
            return Err(TextError::Version { kind: kind.to_owned(), version: version.to_owned() });
        }
        // From its text: readers of a tree of values would stand in the library beside those of text, and be larger.
        match Self::of_kind(kind, &String::from_utf8_lossy(json)) {
            Ok(Some(document)) => Ok(document),
            Ok(None) => Err(TextError::Unknown { schema }),
            Err(source) => Err(TextError::Malformed { schema, source }),
        }
    }

    /// The document as people read it, without a line end after it; `explain` adds the reasons to a selection.
    pub fn text(&self, look: Look, explain: bool) -> String {
        let text = match self {
            Self::Audit(report) => audit::text(report),
            Self::Blocks(report) => blocks::text(report),
            Self::Compare(report) => compare::text(report, look),
            Self::Doctor(report) => doctor::text(report, look),
            Self::Explain(report) => explain::text(report, look.colour),
            Self::Export(report) => export::text(report),
            Self::Init(report) => init::text(report),
            Self::Measure(report) => measure::text(report, look),
            Self::Pair(receipt) => pair::text(receipt, look.width),
            Self::Results(results) => results::text(results, look),
            Self::Select(report) => select::text(report, explain),
            Self::StatsCompare(document) => stats_compare::text(document, look.width),
            Self::StatsSimulate(document) => stats_simulate::text(document),
            Self::Sweep(report) => sweep::text(report, look),
        };
        text.trim_end().to_owned()
    }

    fn of_kind(kind: &str, document: &str) -> Result<Option<Self>, serde_json::Error> {
        Ok(Some(match kind {
            "audit" => Self::Audit(read(document)?),
            "blocks" => Self::Blocks(read(document)?),
            "compare" => Self::Compare(read(document)?),
            "doctor" => Self::Doctor(read(document)?),
            "explain" => Self::Explain(read(document)?),
            "export" => Self::Export(read(document)?),
            "init" => Self::Init(read(document)?),
            "measure" => Self::Measure(read(document)?),
            "pair" => Self::Pair(read(document)?),
            "results" => Self::Results(read(document)?),
            "select" => Self::Select(read(document)?),
            "stats_compare" => Self::StatsCompare(read(document)?),
            "stats_simulate" => Self::StatsSimulate(read(document)?),
            "sweep" => Self::Sweep(read(document)?),
            _ => return Ok(None),
        }))
    }
}

fn read<D: DeserializeOwned>(document: &str) -> Result<Box<D>, serde_json::Error> {
    serde_json::from_str(document).map(Box::new)
}
