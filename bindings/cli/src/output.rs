//! Files that are written whole or not at all: one that is half written would be worse than none.

use crate::exit::Failure;
use std::io::Write as _;
use std::path::Path;

/// Writes `what` to a file, in place of what is there, or to standard output where the file is `-`.
pub fn write(file: &Path, bytes: &[u8], what: &str) -> Result<(), Failure> {
    let written = if file == Path::new("-") { to_stdout(bytes) } else { to_file(file, bytes) };
    written.map_err(|error| Failure::plain(format!("the {what} cannot be written to {}: {error}", file.display())))
}

/// The same with a document, as JSON.
pub fn write_json(file: &Path, document: &impl serde::Serialize, what: &str) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(document).map_err(|error| Failure::plain(error.to_string()))?;
    write(file, text.as_bytes(), what)
}

/// A reader that went away is no error.
fn to_stdout(bytes: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

fn to_file(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = builder().tempfile_in(directory)?;
    temporary.write_all(bytes)?;
    temporary.persist(file)?;
    Ok(())
}

/// Readable to whom any new file would be; temporary ones are the user's alone.
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}
