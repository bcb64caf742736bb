//! The access log: one line per request, without queries, headers or bodies, because those carry secrets.

use std::time::Instant;

use hyper::Method;
use hyper::http::request::Parts;

/// The status logged for a request whose client left before the answer. nginx uses the same number.
const CLIENT_LEFT: u16 = 499;

/// The most characters of a path in the log.
const LONGEST_PATH: usize = 500;

/// A line of the log. Dropping it writes the line, so that a request that is cut short is logged too.
pub(super) struct Entry {
    method: Method,
    path: String,
    started: Instant,
    pub(super) status: u16,
    pub(super) bytes: u64,
}

impl Entry {
    pub(super) fn start(parts: &Parts) -> Entry {
        let path = parts.uri.path();
        let path = match path.char_indices().nth(LONGEST_PATH) {
            Some((end, _)) => format!("{}…", &path[..end]),
            None => path.to_owned(),
        };
        let method = parts.method.clone();
        Entry { method, path, started: Instant::now(), status: CLIENT_LEFT, bytes: 0 }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let Entry { method, path, started, status, bytes } = self;
        let took = started.elapsed().as_millis();
        log::info!(target: "vestibule::access", "{method} {path} {status} {bytes} {took}ms");
    }
}
