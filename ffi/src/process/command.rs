//! What to run: an argv, where, with what environment, and within which limits.

use std::ffi::{OsStr, OsString};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::Duration;

use super::ProcessError;

/// A program to run. It is never passed through a shell.
#[derive(Clone, Debug)]
pub struct Command {
    /// The program and its arguments. A program without a `/` is looked up on PATH; a relative one with a `/` is
    /// relative to `cwd`.
    pub argv: Vec<OsString>,
    /// The directory it runs in.
    pub cwd: PathBuf,
    /// Whether it starts from this process's environment.
    pub inherit_env: bool,
    /// Variables to set (`Some`) or to remove (`None`) on top of that.
    pub env: Vec<(OsString, Option<OsString>)>,
    /// How long it may run before its whole group is ended.
    pub timeout: Duration,
    /// How many bytes are kept of each of its outputs (the last ones).
    pub output_cap: usize,
    /// What it reads.
    pub stdin: Stdin,
    /// How its process is made.
    pub launch: Launch,
}

/// How a process is made. The system counts the memory that it starts with to its peak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Launch {
    /// The quickest way: it starts with all the memory of this process, so that no smaller peak can be told.
    #[default]
    Quick,
    /// By a copy of this process, some 0.2 ms slower: it starts with what this process has written to.
    Lean,
}

/// What a process finds on its standard input.
#[derive(Clone, Debug, Default)]
pub enum Stdin {
    /// Nothing: end of input at once.
    #[default]
    Null,
    /// These bytes, then end of input.
    Bytes(Vec<u8>),
}

impl Command {
    /// A command with the inherited environment, no input, a timeout of one minute and an output cap of 1 MiB.
    pub fn new<I, S>(argv: I, cwd: impl Into<PathBuf>) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        Self {
            argv: argv.into_iter().map(|argument| argument.as_ref().to_owned()).collect(),
            cwd: cwd.into(),
            inherit_env: true,
            env: Vec::new(),
            timeout: Duration::from_secs(60),
            output_cap: 1 << 20,
            stdin: Stdin::Null,
            launch: Launch::Quick,
        }
    }

    /// The program's name, for messages.
    pub(super) fn program(&self) -> String {
        self.argv.first().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Starts the program as the leader of a new process group, both outputs piped.
    pub(super) fn spawn(&self, stdin: Stdio) -> Result<Child, ProcessError> {
        let (program, arguments) = self.argv.split_first().ok_or(ProcessError::EmptyCommand)?;
        if !self.cwd.is_dir() {
            return Err(ProcessError::WorkingDirectory { program: self.program(), cwd: self.cwd.clone() });
        }
        let mut command = std::process::Command::new(program);
        command.args(arguments).current_dir(&self.cwd).process_group(0);
        command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        if !self.inherit_env {
            command.env_clear();
        }
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if self.launch == Launch::Lean {
            // The library starts a process by fork, not by posix_spawn, as soon as its group is to be set, here to what it is.
            command.gid(rustix::process::getgid().as_raw());
        }
        command.spawn().map_err(|source| self.start_error(source))
    }

    /// The input as a file: it can neither block the writer nor raise SIGPIPE in a host that has not ignored it.
    pub(super) fn input(&self) -> Result<Stdio, ProcessError> {
        match &self.stdin {
            Stdin::Null => Ok(Stdio::null()),
            Stdin::Bytes(bytes) => {
                file_with(bytes).map_err(|source| ProcessError::Start { program: self.program(), source })
            }
        }
    }

    pub(super) fn start_error(&self, source: io::Error) -> ProcessError {
        let program = self.program();
        match source.kind() {
            io::ErrorKind::NotFound => ProcessError::NotFound { program },
            io::ErrorKind::PermissionDenied => ProcessError::NotExecutable { program },
            _ => ProcessError::Start { program, source },
        }
    }
}

fn file_with(bytes: &[u8]) -> io::Result<Stdio> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file.into())
}
