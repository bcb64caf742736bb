//! The access log: one line per request, without its path, its query, its headers and its body, because those
//! carry secrets and whatever else a stranger writes.

use std::time::Instant;

use hyper::Method;

use super::present::{AnsweredBy, NOBODY};
use super::request_ids::RequestIds;

/// The status logged for a request whose client left before the answer. nginx uses the same number.
const CLIENT_LEFT: u16 = 499;

/// The methods that are logged as they came. Any other is `other`: a stranger may write what they like.
const METHODS: [Method; 9] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
    Method::CONNECT,
];

/// A line of the log. Dropping it writes the line, so that a request that is cut short is logged too.
pub(super) struct Entry {
    method: Method,
    ids: RequestIds,
    started: Instant,
    pub(super) by: Option<AnsweredBy>,
    pub(super) status: u16,
    pub(super) bytes: u64,
}

impl Entry {
    pub(super) fn start(method: &Method, ids: &RequestIds) -> Entry {
        let (method, ids) = (method.clone(), ids.clone());
        Entry { method, ids, started: Instant::now(), by: None, status: CLIENT_LEFT, bytes: 0 }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let method = if METHODS.contains(&self.method) { self.method.as_str() } else { "other" };
        let AnsweredBy { door, route } = self.by.unwrap_or(NOBODY);
        tracing::info!(
            target: "vestibule::access",
            method,
            route,
            status = self.status,
            bytes = self.bytes,
            duration_ms = self.started.elapsed().as_micros() as f64 / 1000.0,
            door,
            request_id = %self.ids.id,
            trace_id = self.ids.trace.map(tracing::field::display),
        );
    }
}
