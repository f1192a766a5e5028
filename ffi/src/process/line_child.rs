//! A long-lived child that is spoken to line by line.

use std::io;
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::net::{SendFlags, send};

use super::drain::{Drain, wait_all};
use super::leader::{CANCEL_CHECK, Leader, Waited};
use super::pipes::Pipes;
use super::run::DRAIN_LIMIT;
use super::tail::{Captured, Tail};
use super::{Command, ProcessError, Status};
use crate::cancel::Cancel;

/// How long the child may leave a request unread.
const SEND_LIMIT: Duration = Duration::from_secs(10);
/// How long a child may take to end by itself after the end of its input.
const FAREWELL_LIMIT: Duration = Duration::from_millis(500);

/// A child with a line-wise standard input and output. Dropping it closes its input, and soon after ends its whole group.
#[derive(Debug)]
pub struct LineChild {
    program: String,
    input: UnixStream,
    lines: Receiver<Vec<u8>>,
    stderr: Arc<Mutex<Tail>>,
    drains: Vec<Drain>,
    leader: Leader,
}

/// What came of waiting for a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// A line, without its end.
    Line(Vec<u8>),
    /// The child has ended or closed its output.
    Closed,
    /// The time was up.
    TimedOut,
    /// The caller asked to stop.
    Cancelled,
}

impl LineChild {
    /// Starts `command`; its `stdin` and `timeout` do not apply, its `output_cap` is for standard error.
    ///
    /// # Errors
    /// Where it could not be started.
    pub fn start(command: &Command) -> Result<Self, ProcessError> {
        let refused = |source: io::Error| ProcessError::Start { program: command.program(), source };
        // A socket, not a pipe: writing to a child that has gone must not raise SIGPIPE in the host.
        let (input, theirs) = UnixStream::pair().map_err(refused)?;
        input.set_write_timeout(Some(SEND_LIMIT)).map_err(refused)?;
        let mut child = command.spawn(OwnedFd::from(theirs).into())?;
        let (stdout, stderr_pipe) = (child.stdout.take(), child.stderr.take());
        let leader = Leader::new(child).map_err(refused)?;
        let stderr = Arc::new(Mutex::new(Tail::new(command.output_cap)));
        let (sender, lines) = channel();
        let mut drains = Vec::new();
        if let Some(pipe) = stdout {
            drains.push(Drain::start(pipe, into_lines(sender)).map_err(refused)?);
        }
        if let Some(pipe) = stderr_pipe {
            drains.push(Drain::start(pipe, into_tail(stderr.clone())).map_err(refused)?);
        }
        Ok(Self { program: command.program(), input, lines, stderr, drains, leader })
    }

    /// Sends one line; false where the child no longer reads.
    pub fn send(&mut self, line: &str) -> bool {
        let mut bytes = line.as_bytes().to_vec();
        bytes.push(b'\n');
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            match send(&self.input, rest, SendFlags::NOSIGNAL) {
                Ok(0) => return false,
                Ok(sent) => rest = &rest[sent..],
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => return false,
            }
        }
        true
    }

    /// Waits for the next line, at most `limit`.
    pub fn receive(&mut self, limit: Duration, cancel: &Cancel) -> Received {
        let deadline = Instant::now().checked_add(limit);
        loop {
            // Asked before waiting: what was written before the end is then in the pipe already.
            let exited = self.leader.has_exited();
            let left = deadline.map_or(CANCEL_CHECK, |end| end.saturating_duration_since(Instant::now()));
            let wait = if exited { DRAIN_LIMIT } else { left.min(CANCEL_CHECK) };
            match self.lines.recv_timeout(wait) {
                Ok(line) => return Received::Line(line),
                Err(RecvTimeoutError::Disconnected) => return Received::Closed,
                Err(RecvTimeoutError::Timeout) if exited => return Received::Closed,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if cancel.is_cancelled() {
                return Received::Cancelled;
            }
            if deadline.is_some_and(|end| Instant::now() >= end) {
                return Received::TimedOut;
            }
        }
    }

    /// The end of what it wrote to standard error so far.
    pub fn stderr(&self) -> Captured {
        self.stderr.lock().unwrap_or_else(PoisonError::into_inner).captured()
    }

    /// Closes its input, lets it end by itself for a moment, then ends its group. Returns how it ended, and the end of its
    /// standard error; a status of [`Status::TimedOut`] says that it had to be killed.
    ///
    /// # Errors
    /// Where its end could not be learnt.
    pub fn finish(mut self) -> Result<(Status, Captured), ProcessError> {
        let killed = !self.farewell();
        self.end(killed)
    }

    /// Ends its group at once. Returns as [`finish`](Self::finish) does.
    ///
    /// # Errors
    /// Where its end could not be learnt.
    pub fn kill(mut self) -> Result<(Status, Captured), ProcessError> {
        let killed = !self.leader.has_exited();
        self.end(killed)
    }

    /// Closes its input; whether it has ended by itself soon after.
    fn farewell(&mut self) -> bool {
        let _ = self.input.shutdown(Shutdown::Write);
        let deadline = Instant::now() + FAREWELL_LIMIT;
        matches!(self.leader.wait(Some(deadline), &Cancel::new(), &mut Pipes::default()), Waited::Exited(_))
    }

    fn end(&mut self, killed: bool) -> Result<(Status, Captured), ProcessError> {
        self.leader.stop(&mut Pipes::default());
        self.leader.kill_group();
        wait_all(&self.drains, DRAIN_LIMIT);
        let program = self.program.clone();
        let (used, _) = self.leader.reap().map_err(|source| ProcessError::Wait { program, source })?;
        let status = if killed { Status::TimedOut } else { used.status.into() };
        Ok((status, self.stderr()))
    }
}

impl Drop for LineChild {
    fn drop(&mut self) {
        // Its own way out first, on which it may remove what it has put down; the leader's drop does the rest.
        self.farewell();
    }
}

/// A sink that keeps the end of what it is given.
fn into_tail(tail: Arc<Mutex<Tail>>) -> impl FnMut(&[u8]) + Send + 'static {
    move |bytes| tail.lock().unwrap_or_else(PoisonError::into_inner).push(bytes)
}

/// A sink that cuts what it is given into lines. A last line without an end is not one: its writer died over it.
fn into_lines(lines: Sender<Vec<u8>>) -> impl FnMut(&[u8]) + Send + 'static {
    let mut partial: Vec<u8> = Vec::new();
    move |bytes| {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            partial.extend_from_slice(piece);
            if partial.last() == Some(&b'\n') {
                partial.pop();
                let _ = lines.send(std::mem::take(&mut partial));
            }
        }
    }
}
