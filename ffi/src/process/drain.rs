//! A thread that empties a pipe until it ends or is told to stop, so that no child ever blocks on a full one.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// How soon a reader notices that it should stop, where the pipe stays silent.
const STOP_CHECK_NS: i64 = 20_000_000;

/// A reader of one pipe. Dropping it ends the reader, even where a stray process still holds the pipe.
#[derive(Debug)]
pub(super) struct Drain {
    stop: Arc<AtomicBool>,
    ended: Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

impl Drain {
    /// Hands everything read from `pipe` to `sink`, from a thread of its own.
    pub(super) fn start(
        pipe: impl Into<OwnedFd>,
        mut sink: impl FnMut(&[u8]) + Send + 'static,
    ) -> std::io::Result<Self> {
        let pipe = File::from(pipe.into());
        let stop = Arc::new(AtomicBool::new(false));
        let (end, ended) = channel();
        let told = stop.clone();
        let thread = std::thread::Builder::new().name("lightspeed-drain".into()).spawn(move || {
            empty(pipe, &told, &mut sink);
            drop(sink);
            let _ = end.send(());
        })?;
        Ok(Self { stop, ended, thread: Some(thread) })
    }

    /// Waits until the pipe has ended, at most until `deadline`.
    pub(super) fn wait(&self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        !matches!(self.ended.recv_timeout(left), Err(RecvTimeoutError::Timeout))
    }
}

impl Drop for Drain {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn empty(mut pipe: File, stop: &AtomicBool, sink: &mut impl FnMut(&[u8])) {
    let mut buffer = vec![0; 64 * 1024];
    while !stop.load(Ordering::SeqCst) {
        let timeout = Timespec { tv_sec: 0, tv_nsec: STOP_CHECK_NS };
        match poll(&mut [PollFd::new(&pipe, PollFlags::IN)], Some(&timeout)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return,
            Ok(_) => {}
        }
        match pipe.read(&mut buffer) {
            Ok(0) => return,
            Ok(read) => sink(&buffer[..read]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

/// Waits for all of them, together at most `limit`.
pub(super) fn wait_all(drains: &[Drain], limit: Duration) -> bool {
    let deadline = Instant::now() + limit;
    drains.iter().all(|drain| drain.wait(deadline))
}
