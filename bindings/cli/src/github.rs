//! What a GitHub workflow is told: annotations on the output, outputs of the step, a summary of the job.

use crate::exit::Exit;
use crate::progress::VolumeArgs;
use lightspeed::pair::random_seed;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};

/// GitHub shows this many annotations of each level, and drops the others.
const MOST_ANNOTATIONS: usize = 10;

/// All that a command tells a workflow.
#[derive(Debug, Default)]
pub struct Told {
    /// What is shown beside the change.
    pub annotations: Vec<Annotation>,
    /// What later steps can read, by name.
    pub outputs: Vec<(&'static str, String)>,
    /// Markdown.
    pub summary: String,
}

/// One annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// How grave it is.
    pub level: Level,
    /// Its heading.
    pub title: String,
    /// What it says.
    pub message: String,
    /// The lines that it is about.
    pub place: Option<Place>,
}

/// How grave an annotation is; the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It is why the command fails.
    Error,
    /// Worth a look.
    Warning,
    /// Good to know.
    Notice,
}

/// Lines of a file, relative to the workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The first line, and the last.
    pub lines: Option<(u32, u32)>,
}

impl Told {
    /// Prints the annotations: after the text, or on standard error where a document has standard output for itself. What
    /// belongs into the workflow's files is appended to them, or left out with a note.
    pub fn tell(&self, json: bool, volume: VolumeArgs) {
        let reporter = volume.reporter();
        for line in limited(&self.annotations).iter().map(Annotation::command) {
            // A reader that went away has no use for the rest either.
            let _ = if json { writeln!(std::io::stderr(), "{line}") } else { writeln!(std::io::stdout(), "{line}") };
        }
        let outputs = self.outputs.iter().map(|(name, value)| output(name, value)).collect();
        for (variable, text, what) in
            [("GITHUB_OUTPUT", outputs, "no step outputs"), ("GITHUB_STEP_SUMMARY", self.summary.clone(), "no summary")]
        {
            match std::env::var_os(variable).filter(|file| !file.is_empty()) {
                None => reporter.note(&format!("note: {variable} is not set: there will be {what}")),
                Some(file) => {
                    if let Err(error) = append(Path::new(&file), &text) {
                        reporter
                            .warn(&format!("{variable}: {} cannot be written: {error}", Path::new(&file).display()));
                    }
                }
            }
        }
    }
}

impl Annotation {
    /// As a workflow command.
    pub fn command(&self) -> String {
        let level = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Notice => "notice",
        };
        let mut properties = Vec::new();
        if let Some(place) = &self.place {
            properties.push(format!("file={}", property(&place.file)));
            if let Some((first, last)) = place.lines {
                properties.push(format!("line={first},endLine={last}"));
            }
        }
        properties.push(format!("title={}", property(&self.title)));
        format!("::{level} {}::{}", properties.join(","), data(&self.message))
    }
}

/// The word for how a command ended.
pub fn gate(exit: Exit) -> &'static str {
    match exit {
        Exit::Ok => "pass",
        Exit::Warned => "warn",
        Exit::Finding | Exit::BenchmarkFailed => "fail",
        Exit::Inconclusive => "inconclusive",
        Exit::NothingMeasured => "not_measured",
        Exit::Interrupted => "interrupted",
        Exit::Error => "error",
    }
}

/// Says that the command could not be carried out.
pub fn failed(message: &str) {
    let annotation =
        Annotation { level: Level::Error, title: "lightspeed".to_owned(), message: message.to_owned(), place: None };
    let _ = writeln!(std::io::stderr(), "{}", annotation.command());
}

/// Text that a workflow's runner does not take for commands, whatever it holds; anywhere else, the text as it is.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if in_workflow() && (text.contains("::") || text.contains("##[")) {
        Cow::Owned(without_commands(text))
    } else {
        Cow::Borrowed(text)
    }
}

/// The same for a JSON document, whose meaning stays.
pub fn guarded_json(json: String) -> String {
    // No line of it begins with a colon; the older commands may stand anywhere in a line.
    if in_workflow() { json.replace("##[", "\\u0023#[") } else { json }
}

/// The path as the workflow knows it: relative to the workspace, else to the current directory. `None` outside of it.
pub fn in_workspace(path: &Path) -> Option<String> {
    let workspace = std::env::var_os("GITHUB_WORKSPACE").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let workspace = workspace.or_else(|| std::env::current_dir().ok())?.canonicalize().ok()?;
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    Some(plain.strip_prefix(&workspace).ok()?.to_string_lossy().into_owned())
}

/// Any text as Markdown that shows just that text, in one line, in a table too.
pub fn markdown(text: &str) -> String {
    let mut safe = String::new();
    for c in text.chars() {
        match c {
            c if c.is_control() => safe.push(' '),
            ' ' | '.' | ',' | ';' | '?' | '-' | '/' | '(' | ')' | '+' | '%' | '=' | '\'' | '"' => safe.push(c),
            c if c.is_ascii_punctuation() => {
                // Writing to a String cannot fail.
                let _ = write!(safe, "&#{};", c as u32);
            }
            c => safe.push(c),
        }
    }
    safe
}

fn in_workflow() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| !value.is_empty())
}

fn without_commands(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for line in text.split_inclusive(['\n', '\r']) {
        if line.trim_start().starts_with("::") {
            safe.push_str("| ");
        }
        safe.push_str(&line.replace("##[", "# #["));
    }
    safe
}

/// What GitHub would show: the gravest first, and of each level the last one stands for those that would be dropped.
fn limited(annotations: &[Annotation]) -> Vec<Annotation> {
    let mut shown = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Notice] {
        let of_level: Vec<&Annotation> = annotations.iter().filter(|a| a.level == level).collect();
        if of_level.len() <= MOST_ANNOTATIONS {
            shown.extend(of_level.into_iter().cloned());
            continue;
        }
        let (first, rest) = of_level.split_at(MOST_ANNOTATIONS - 1);
        shown.extend(first.iter().copied().cloned());
        let titles: Vec<&str> = rest.iter().map(|annotation| annotation.title.as_str()).collect();
        let title = format!("{} more", rest.len());
        shown.push(Annotation { level, title, message: titles.join("\n"), place: None });
    }
    shown
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// One output. Nobody can guess the line that ends it.
fn output(name: &str, value: &str) -> String {
    let mut end = String::new();
    while end.is_empty() || value.contains(&end) {
        end = format!("end-{:013x}{:013x}", random_seed(), random_seed());
    }
    format!("{name}<<{end}\n{value}\n{end}\n")
}

fn append(file: &Path, text: &str) -> std::io::Result<()> {
    std::fs::OpenOptions::new().append(true).create(true).open(file)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn annotation(title: &str, message: &str, file: Option<&str>) -> Annotation {
        let place = file.map(|file| Place { file: file.to_owned(), lines: Some((3, 5)) });
        Annotation { level: Level::Error, title: title.to_owned(), message: message.to_owned(), place }
    }

    #[test]
    fn nothing_in_an_annotation_can_end_it() {
        let hostile = "a,b:c%0A\r\n::set-env name=X::y";
        let command = annotation(hostile, hostile, Some("x,y:z.py")).command();
        assert_eq!(
            command,
            "::error file=x%2Cy%3Az.py,line=3,endLine=5,title=a%2Cb%3Ac%250A%0D%0A%3A%3Aset-env name=X%3A%3Ay\
             ::a,b:c%250A%0D%0A::set-env name=X::y"
        );
        assert_eq!(annotation("t", "m", None).command(), "::error title=t::m");
    }

    #[test]
    fn lines_that_look_like_commands_are_none_any_more() {
        let text = "fine\n  ::stop-commands::x\r::error::y\nend ##[error]z :: a::b";
        let safe = without_commands(text);
        assert!(safe.split(['\n', '\r']).all(|line| !line.trim_start().starts_with("::")), "{safe}");
        assert!(!safe.contains("##[") && safe.ends_with("z :: a::b") && safe.starts_with("fine\n|   ::"));
        assert_eq!(without_commands("a::b\nc"), "a::b\nc");
    }

    #[test]
    fn an_output_ends_where_nobody_can_guess() {
        let value = "one\ngate<<x\nend-0\n";
        let (first, second) = (output("reasons", value), output("reasons", value));
        assert_ne!(first, second);
        let (head, rest) = first.split_once('\n').unwrap_or_default();
        let end = head.trim_start_matches("reasons<<");
        assert_eq!(rest, format!("{value}\n{end}\n"));
        assert!(end.len() > 20);
    }

    #[test]
    fn more_annotations_than_are_shown_become_one() {
        let all: Vec<Annotation> = (0..25).map(|i| annotation(&format!("t{i}"), "m", None)).collect();
        let shown = limited(&all);
        assert_eq!((shown.len(), shown[9].title.as_str()), (10, "16 more"));
        assert!(shown[9].message.ends_with("t24"));
        assert_eq!(limited(&all[..10]), all[..10]);
    }

    #[test]
    fn markdown_shows_names_as_they_are() {
        assert_eq!(markdown("a_b|<c>\n`d`"), "a&#95;b&#124;&#60;c&#62; &#96;d&#96;");
        assert_eq!(markdown("é 1.5 (x, y)"), "é 1.5 (x, y)");
    }
}
