//! The dashboard's server: the page and the current snapshot, for this machine alone.

use crate::exit::Failure;
use crate::http::{Request, Response, Status, receive, send};
use lightspeed::cancel::Cancel;
use lightspeed::session::{Export, ExportOptions, Session, SessionError};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A request that is not there by then is none.
const READ_PATIENCE: Duration = Duration::from_secs(5);
/// An answer that was not taken by then is given up.
const WRITE_PATIENCE: Duration = Duration::from_secs(60);
/// Connections at once: several browsers take a dozen.
const MOST_CONNECTIONS: usize = 64;
/// How soon an interrupt is noticed.
const POLL: Duration = Duration::from_millis(50);
/// After a connection that could not be taken: the next one would fail likewise.
const PAUSE: Duration = Duration::from_millis(100);

/// The page is one file: nothing is loaded from elsewhere, and nothing else may show it in a frame.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob:; \
    style-src 'unsafe-inline'; img-src 'self' data: blob:; font-src data:; connect-src 'self' data: blob:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What is served.
pub struct Site {
    page: Arc<Vec<u8>>,
    session: Session,
    options: ExportOptions,
    port: u16,
    /// Exported once for all clients.
    current: Mutex<Current>,
}

struct Current {
    state: String,
    bytes: Arc<Vec<u8>>,
}

impl Site {
    /// A page, and snapshots of a session's database, the first of which is there already.
    pub fn new(page: String, session: Session, options: ExportOptions, first: Export, port: u16) -> Self {
        let current = Mutex::new(Current { state: first.state, bytes: Arc::new(first.bytes) });
        Site { page: Arc::new(page.into_bytes()), session, options, port, current }
    }

    /// Answers one request.
    fn answer(&self, request: &Request) -> Response {
        let known = matches!(request.path.as_str(), "/" | "/snapshot");
        let mut response = match request.method.as_str() {
            _ if !self.is_meant(request) => Response::plain(
                Status::MisdirectedRequest,
                "this server answers under the address that `lightspeed dashboard` printed, and no other",
            ),
            _ if !known => Response::plain(Status::NotFound, "there are / and /snapshot here, and nothing else"),
            "GET" | "HEAD" if request.path == "/" => self.page(),
            "GET" | "HEAD" => self.snapshot(request),
            _ => {
                let mut refused = Response::plain(Status::MethodNotAllowed, "only GET and HEAD are answered");
                refused.headers.push(("Allow", "GET, HEAD".into()));
                refused
            }
        };
        response.headers.extend(
            [
                ("Content-Security-Policy", POLICY),
                ("X-Content-Type-Options", "nosniff"),
                ("Cross-Origin-Resource-Policy", "same-origin"),
                ("Referrer-Policy", "no-referrer"),
                ("Cache-Control", "no-cache"),
            ]
            .map(|(name, value)| (name, value.to_owned())),
        );
        response
    }

    /// Whether the client knows whom it asks: a name of somebody else's that leads here would let their pages read.
    fn is_meant(&self, request: &Request) -> bool {
        let [host] = &request.hosts[..] else { return false };
        let host = host.to_ascii_lowercase();
        let is_it = |name: &str| host == format!("{name}:{}", self.port) || (self.port == 80 && host == name);
        ["127.0.0.1", "localhost", "[::1]"].into_iter().any(is_it)
    }

    fn page(&self) -> Response {
        let headers = vec![("Content-Type", "text/html; charset=utf-8".to_owned())];
        Response { status: Status::Ok, headers, body: Arc::clone(&self.page) }
    }

    fn snapshot(&self, request: &Request) -> Response {
        let (state, bytes) = match self.current() {
            Ok(current) => current,
            Err(error) => return Response::plain(Status::InternalError, &error.to_string()),
        };
        // The same database gives other bytes in another release.
        let tag = format!("\"{state}-{}\"", env!("CARGO_PKG_VERSION"));
        let known = request.if_none_match.as_deref().is_some_and(|tags| has(tags, &tag));
        Response {
            status: if known { Status::NotModified } else { Status::Ok },
            headers: vec![("Content-Type", "application/octet-stream".into()), ("ETag", tag)],
            body: bytes,
        }
    }

    /// The snapshot of the database as it is now. Clients wait for each other, so that one change is exported once.
    fn current(&self) -> Result<(String, Arc<Vec<u8>>), SessionError> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if self.session.state()? != current.state {
            let export = self.session.export(&self.options)?;
            *current = Current { state: export.state, bytes: Arc::new(export.bytes) };
        }
        Ok((current.state.clone(), Arc::clone(&current.bytes)))
    }
}

/// Takes a port of this machine, a free one where it is 0.
pub fn listen(port: u16) -> Result<TcpListener, Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        Failure::plain(match error.kind() {
            ErrorKind::AddrInUse => format!("port {port} is taken: give another --port, or none for a free one"),
            ErrorKind::PermissionDenied => format!("port {port} may not be taken: give a --port of 1024 or above"),
            _ => format!("port {port} cannot be taken: {error}"),
        })
    })
}

/// Serves until told to stop. Each connection has a thread, so that none waits for another.
pub fn serve(site: Site, listener: TcpListener, cancel: &Cancel) -> Result<(), Failure> {
    let site = Arc::new(site);
    std::thread::Builder::new().spawn(move || {
        let open = Arc::new(AtomicUsize::new(0));
        for stream in listener.incoming() {
            let Ok(stream) = stream else {
                std::thread::sleep(PAUSE);
                continue;
            };
            let place = Place::take(&open);
            let site = Arc::clone(&site);
            // Where no thread can be had the connection is dropped, and with it its place.
            let _ = std::thread::Builder::new().spawn(move || site.attend(stream, &place));
        }
    })?;
    while !cancel.is_cancelled() {
        std::thread::sleep(POLL);
    }
    Ok(())
}

impl Site {
    /// Answers a connection. What goes wrong with it is the client's own affair.
    fn attend(&self, mut stream: TcpStream, place: &Place) {
        let (response, with_body) = if place.number >= MOST_CONNECTIONS {
            (Response::plain(Status::Unavailable, "too many connections at once: try again in a moment"), true)
        } else {
            match receive(&mut stream, READ_PATIENCE) {
                Ok(request) => (self.answer(&request), request.method != "HEAD"),
                Err(Some(status)) => (Response::plain(status, "this is no request that is answered here"), true),
                Err(None) => return,
            }
        };
        let _ = send(&mut stream, &response, with_body, WRITE_PATIENCE);
    }
}

/// A connection among those that are open.
struct Place {
    open: Arc<AtomicUsize>,
    number: usize,
}

impl Place {
    fn take(open: &Arc<AtomicUsize>) -> Self {
        Place { open: Arc::clone(open), number: open.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whether a list of tags has one; how strong the client takes it to be does not matter for a whole answer.
fn has(tags: &str, tag: &str) -> bool {
    tags.split(',').map(str::trim).any(|each| each == "*" || each.strip_prefix("W/").unwrap_or(each) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_compared_as_a_list() {
        for tags in ["\"a\"", "\"b\", \"a\"", "W/\"a\"", "*"] {
            assert!(has(tags, "\"a\""), "{tags}");
        }
        for tags in ["", "\"b\"", "a", "\"a\"x"] {
            assert!(!has(tags, "\"a\""), "{tags}");
        }
    }
}
