//! As much of HTTP/1.1 as it takes to serve a page: one request a connection, with bounds on its time and size.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A browser's request line and headers take a tenth of it.
const MOST_HEAD: usize = 16 << 10;
const MOST_HEADERS: usize = 100;
/// Sent at once; the deadline is looked at in between.
const CHUNK: usize = 256 << 10;
/// What a client still sends while it is answered is read, as far as this: closing on it would take the answer away.
const MOST_REST: usize = 64 << 10;
const REST_PATIENCE: Duration = Duration::from_millis(500);

/// What of a request counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET` …
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// Every `Host` header; there must be one.
    pub hosts: Vec<String>,
    /// Tags of what the client has, as it lists them.
    pub if_none_match: Option<String>,
}

/// An answer's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Ok = 200,
    NotModified = 304,
    BadRequest = 400,
    NotFound = 404,
    MethodNotAllowed = 405,
    RequestTimeout = 408,
    MisdirectedRequest = 421,
    HeadersTooLarge = 431,
    InternalError = 500,
    Unavailable = 503,
}

impl Status {
    fn reason(self) -> &'static str {
        match self {
            Status::Ok => "OK",
            Status::NotModified => "Not Modified",
            Status::BadRequest => "Bad Request",
            Status::NotFound => "Not Found",
            Status::MethodNotAllowed => "Method Not Allowed",
            Status::RequestTimeout => "Request Timeout",
            Status::MisdirectedRequest => "Misdirected Request",
            Status::HeadersTooLarge => "Request Header Fields Too Large",
            Status::InternalError => "Internal Server Error",
            Status::Unavailable => "Service Unavailable",
        }
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// How it went.
    pub status: Status,
    /// Headers besides those of the body's length and of the connection.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Arc<Vec<u8>>,
}

impl Response {
    /// An answer that is one sentence.
    pub fn plain(status: Status, sentence: &str) -> Self {
        let body = Arc::new(format!("{sentence}\n").into_bytes());
        Response { status, headers: vec![("Content-Type", "text/plain; charset=utf-8".into())], body }
    }
}

/// Reads a request; `Err(None)` where the client went away.
pub fn receive(stream: &mut TcpStream, patience: Duration) -> Result<Request, Option<Status>> {
    let deadline = Instant::now() + patience;
    let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        // A timeout of zero is refused.
        stream.set_read_timeout(Some(left)).map_err(|_| Some(Status::RequestTimeout))?;
        match stream.read(&mut buffer) {
            Ok(0) => return Err(None),
            Ok(length) => head.extend_from_slice(buffer.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err(Some(Status::RequestTimeout));
            }
            Err(_) => return Err(None),
        }
        if head.len() > MOST_HEAD {
            return Err(Some(Status::HeadersTooLarge));
        }
        if let Some(request) = parsed(&head)? {
            return Ok(request);
        }
    }
}

/// Answers, without the body where only the head was asked for, and closes the connection.
pub fn send(stream: &mut TcpStream, response: &Response, with_body: bool, patience: Duration) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", response.status as u16, response.status.reason());
    for (name, value) in &response.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if response.status != Status::NotModified {
        head.push_str(&format!("Content-Length: {}\r\n", response.body.len()));
    }
    head.push_str("Connection: close\r\n\r\n");
    let deadline = Instant::now() + patience;
    let body = if with_body && response.status != Status::NotModified { &response.body[..] } else { &[] };
    for chunk in std::iter::once(head.as_bytes()).chain(body.chunks(CHUNK)) {
        let mut rest = chunk;
        while !rest.is_empty() {
            stream.set_write_timeout(Some(deadline.saturating_duration_since(Instant::now())))?;
            match stream.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(length) => rest = rest.get(length..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
    stream.shutdown(Shutdown::Write)?;
    read_rest(stream)
}

fn read_rest(stream: &mut TcpStream) -> std::io::Result<()> {
    let (deadline, mut buffer, mut read) = (Instant::now() + REST_PATIENCE, [0; 4096], 0);
    while read < MOST_REST {
        stream.set_read_timeout(Some(deadline.saturating_duration_since(Instant::now())))?;
        match stream.read(&mut buffer)? {
            0 => break,
            length => read += length,
        }
    }
    Ok(())
}

/// The request, once its head is all there.
fn parsed(head: &[u8]) -> Result<Option<Request>, Status> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(head) {
        Ok(httparse::Status::Partial) => return Ok(None),
        Ok(httparse::Status::Complete(_)) => {}
        Err(httparse::Error::TooManyHeaders) => return Err(Status::HeadersTooLarge),
        Err(_) => return Err(Status::BadRequest),
    }
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Status::BadRequest);
    let values = |name: &str| {
        let named = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
        named.map(|header| text(header.value)).collect::<Result<Vec<String>, Status>>()
    };
    let target = request.path.unwrap_or_default();
    let tags = values("If-None-Match")?;
    Ok(Some(Request {
        method: request.method.unwrap_or_default().to_owned(),
        path: target.split('?').next().unwrap_or_default().to_owned(),
        hosts: values("Host")?,
        if_none_match: (!tags.is_empty()).then(|| tags.join(", ")),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_when_it_is_all_there() {
        let whole = b"GET /snapshot?x=1 HTTP/1.1\r\nhost: localhost:1\r\nIF-NONE-MATCH: \"a\", \"b\"\r\n\r\n";
        for end in 0..whole.len() {
            assert_eq!(parsed(&whole[..end]), Ok(None), "{end}");
        }
        let request = parsed(whole).unwrap().unwrap();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/snapshot"));
        assert_eq!(request.hosts, ["localhost:1"]);
        assert_eq!(request.if_none_match.as_deref(), Some("\"a\", \"b\""));
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for bytes in [&b"\x16\x03\x01\x02\x00"[..], b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n", b"GET /\r\n\r\n"] {
            assert_eq!(parsed(bytes), Err(Status::BadRequest), "{bytes:?}");
        }
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(MOST_HEADERS + 1));
        assert_eq!(parsed(many.as_bytes()), Err(Status::HeadersTooLarge));
    }
}
