//! Running git: several commands at once, none of them for ever.

use std::ffi::OsString;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::error::TreeError;

const TIMEOUT: Duration = Duration::from_secs(60);
/// A list of changed files beyond this is no list of changes.
const OUTPUT_CAP: u64 = 256 << 20;
const ERROR_CAP: u64 = 64 << 10;
/// Variables by which a caller (a git hook, for one) would point git at another repository or index than the directory's.
const REPOSITORY_VARIABLES: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
];

/// What a command left behind.
pub(super) struct Output {
    /// Exit code; `None` after a signal.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// The line of standard error that says why it failed.
    pub complaint: String,
}

struct Running {
    child: Child,
    stdout: Receiver<Vec<u8>>,
    stderr: Receiver<Vec<u8>>,
}

/// Runs commands of git in `repository`, at the same time.
pub(super) fn git<const N: usize>(repository: &Path, commands: [Vec<OsString>; N]) -> Result<[Output; N], TreeError> {
    let deadline = Instant::now() + TIMEOUT;
    let running = commands.map(|arguments| start(repository, &arguments));
    // Each is awaited, whatever became of the others: nothing is left running.
    let mut failure = None;
    let outputs = running.map(|running| match running.and_then(|running| finish(running, repository, deadline)) {
        Ok(output) => output,
        Err(error) => {
            failure.get_or_insert(error);
            Output { code: None, stdout: Vec::new(), complaint: String::new() }
        }
    });
    failure.map_or(Ok(outputs), Err)
}

fn start(repository: &Path, arguments: &[OsString]) -> Result<Running, TreeError> {
    let mut command = Command::new("git");
    command
        .args(["--no-pager", "--no-optional-locks", "-c", "core.quotePath=off"])
        // Neither a hook of the user nor a daemon is started on our account.
        .args(["-c", "core.fsmonitor=false"])
        .args(arguments)
        .current_dir(repository)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for variable in REPOSITORY_VARIABLES {
        command.env_remove(variable);
    }
    let mut child = command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => TreeError::GitMissing,
        _ => failed(repository, error.to_string()),
    })?;
    let stdout = collect(child.stdout.take(), OUTPUT_CAP);
    let stderr = collect(child.stderr.take(), ERROR_CAP);
    Ok(Running { child, stdout, stderr })
}

/// Reads a stream to its end in a thread of its own and keeps its beginning.
fn collect(stream: Option<impl Read + Send + 'static>, cap: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // What was read before an error still counts; the exit code tells the rest.
            let _ = stream.by_ref().take(cap).read_to_end(&mut bytes);
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
        let _ = sender.send(bytes);
    });
    receiver
}

fn finish(mut running: Running, repository: &Path, deadline: Instant) -> Result<Output, TreeError> {
    let mut receive = |receiver: &Receiver<Vec<u8>>| {
        receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())).map_err(|_| {
            // If it ended in this instant there is nothing to kill.
            let _ = running.child.kill();
            let _ = running.child.wait();
            TreeError::GitTimedOut { repository: repository.to_path_buf(), seconds: TIMEOUT.as_secs() }
        })
    };
    let stdout = receive(&running.stdout)?;
    let stderr = receive(&running.stderr)?;
    let status = running.child.wait().map_err(|error| failed(repository, error.to_string()))?;
    if stdout.len() as u64 >= OUTPUT_CAP {
        return Err(failed(repository, "its output is larger than 256 MB".to_owned()));
    }
    Ok(Output { code: status.code(), stdout, complaint: complaint(&stderr) })
}

fn complaint(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let fatal = text.lines().find(|line| line.starts_with("fatal:") || line.starts_with("error:"));
    fatal.or_else(|| text.lines().next()).unwrap_or("it said nothing").trim().to_owned()
}

/// The error for a command that could not be carried out.
pub(super) fn failed(repository: &Path, detail: String) -> TreeError {
    TreeError::GitFailed { repository: repository.to_path_buf(), detail }
}
