//! The outputs of a child, emptied by whoever waits for it, so that it never blocks on a full one.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::tail::{Captured, Tail};

/// How much is read at once: what a pipe holds.
const PIECE: usize = 64 * 1024;

/// Both outputs of a child, or none.
#[derive(Debug, Default)]
pub(super) struct Pipes {
    pipes: Vec<Pipe>,
    buffer: Vec<u8>,
}

#[derive(Debug)]
struct Pipe {
    /// Until it has ended.
    open: Option<File>,
    tail: Tail,
}

impl Pipes {
    /// Takes the child's outputs; keeps the last `cap` bytes of each.
    pub(super) fn of(child: &mut Child, cap: usize) -> Self {
        let ends: [Option<OwnedFd>; 2] = [child.stdout.take().map(Into::into), child.stderr.take().map(Into::into)];
        let pipe = |end: Option<OwnedFd>| Pipe { open: end.map(File::from), tail: Tail::new(cap) };
        Self { pipes: ends.map(pipe).into(), buffer: vec![0; PIECE] }
    }

    /// Waits until `signal` or an output can be read, at most `limit`; reads what the outputs hold. Returns when `signal` was
    /// seen, if it was.
    pub(super) fn wait(&mut self, signal: Option<BorrowedFd<'_>>, limit: Duration) -> Option<Instant> {
        let open: Vec<usize> = (0..self.pipes.len()).filter(|&i| self.pipes[i].open.is_some()).collect();
        let files = open.iter().filter_map(|&i| self.pipes[i].open.as_ref());
        let mut fds: Vec<PollFd<'_>> = files.map(|file| PollFd::new(file, PollFlags::IN)).collect();
        if let Some(signal) = signal {
            fds.push(PollFd::from_borrowed_fd(signal, PollFlags::IN));
        }
        let limit = Timespec::try_from(limit).unwrap_or(Timespec { tv_sec: 1, tv_nsec: 0 });
        // Interrupted or refused: whoever asked asks again, and its own clock ends it.
        let ready = poll(&mut fds, Some(&limit)).unwrap_or(0) > 0;
        let now = Instant::now();
        let ready: Vec<bool> = fds.iter().map(|fd| ready && !fd.revents().is_empty()).collect();
        for (&pipe, ready) in open.iter().zip(&ready) {
            if *ready {
                self.pipes[pipe].read(&mut self.buffer);
            }
        }
        (ready.len() > open.len() && ready[open.len()]).then_some(now)
    }

    /// Reads until both have ended, at most `limit`; whether they have.
    pub(super) fn drain(&mut self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        while self.pipes.iter().any(|pipe| pipe.open.is_some()) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            self.wait(None, left);
        }
        true
    }

    /// The end of standard output and standard error.
    pub(super) fn captured(&self) -> (Captured, Captured) {
        let of = |place: usize| self.pipes.get(place).map_or_else(Captured::default, |pipe| pipe.tail.captured());
        (of(0), of(1))
    }
}

impl Pipe {
    fn read(&mut self, buffer: &mut [u8]) {
        let Some(file) = &mut self.open else { return };
        match file.read(buffer) {
            Ok(0) => self.open = None,
            Ok(read) => self.tail.push(&buffer[..read]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => self.open = None,
        }
    }
}
