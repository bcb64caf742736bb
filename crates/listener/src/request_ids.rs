//! The names of a request: its id, which the answer carries, and the trace that it belongs to.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::header::{HeaderMap, HeaderName, HeaderValue};

/// The header of the id, in requests of a trusted proxy and in answers.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The header of the trace (W3C Trace Context, level 1).
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The longest id that is taken over, in bytes: a UUID has 36.
const LONGEST_ID: usize = 64;

/// The length of a `traceparent` of version 00.
const TRACEPARENT_BYTES: usize = 55;

/// The id of a request, in the log and in the header `X-Request-Id` of its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Written);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Written {
    /// Made here.
    Here(u64),
    /// By the proxy in front.
    ByProxy(Arc<str>),
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Written::Here(number) => write!(f, "{number:016x}"),
            Written::ByProxy(id) => f.write_str(id),
        }
    }
}

/// The trace that a request belongs to, as whoever sent it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceId(u128);

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl TraceId {
    /// The trace that a valid `traceparent` of version 00 names. Any other says nothing.
    fn of(headers: &HeaderMap) -> Option<TraceId> {
        let mut sent = headers.get_all(TRACEPARENT).into_iter();
        let (one, another) = (sent.next()?.as_bytes(), sent.next());
        if another.is_some() || one.len() != TRACEPARENT_BYTES {
            return None;
        }
        let mut parts = one.split(|byte| *byte == b'-');
        let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let right = parts.next().is_none() && version == b"00" && parent.len() == 16 && flags.len() == 2;
        let (trace, parent) = (number(trace)?, number(parent)?);
        number(flags)?;
        (right && trace != 0 && parent != 0).then_some(TraceId(trace))
    }
}

/// The number in lower-case hexadecimal digits.
fn number(digits: &[u8]) -> Option<u128> {
    let lower = digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let digits = std::str::from_utf8(digits).ok().filter(|_| lower)?;
    u128::from_str_radix(digits, 16).ok()
}

/// The names of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestIds {
    /// Its id.
    pub id: RequestId,
    /// The trace that it belongs to, if it says so.
    pub trace: Option<TraceId>,
}

/// Makes ids. They are no secret: they only must not meet.
#[derive(Debug)]
pub(super) struct IdMaker {
    seed: u64,
    next: AtomicU64,
}

impl IdMaker {
    pub(super) fn new() -> IdMaker {
        // The keys of a hash table differ in each process.
        IdMaker { seed: RandomState::new().hash_one(std::process::id()), next: AtomicU64::new(0) }
    }

    /// The names of a request. Its id is what `trusted` says, if that is short and plain.
    pub(super) fn of(&self, headers: &HeaderMap, trusted: bool) -> RequestIds {
        let sent = headers.get(REQUEST_ID).filter(|_| trusted).and_then(plain);
        let written = sent.map_or_else(|| Written::Here(self.make()), |id| Written::ByProxy(id.into()));
        RequestIds { id: RequestId(written), trace: TraceId::of(headers) }
    }

    /// The next output of SplitMix64 (Steele, Lea and Flood, 2014), which repeats none before it has had all.
    fn make(&self) -> u64 {
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        let mut mixed = self.seed.wrapping_add(count.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

fn plain(sent: &HeaderValue) -> Option<&str> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let short = (1..=LONGEST_ID).contains(&sent.len());
    sent.to_str().ok().filter(|id| short && id.bytes().all(allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(header: HeaderName, value: &str, trusted: bool) -> RequestIds {
        let headers = HeaderMap::from_iter([(header, HeaderValue::from_str(value).unwrap())]);
        IdMaker::new().of(&headers, trusted)
    }

    #[test]
    fn an_id_is_taken_from_whom_is_trusted_if_it_is_plain() {
        for (sent, trusted, taken) in [
            ("0af7651916cd43dd8448eb211c80319c", true, true),
            ("Root-1_2.3", true, true),
            ("x", true, true),
            ("x", false, false),
            ("", true, false),
            ("two words", true, false),
            ("a\"b", true, false),
            ("a=b", true, false),
            (&"x".repeat(64), true, true),
            (&"x".repeat(65), true, false),
        ] {
            let id = ids(REQUEST_ID, sent, trusted).id.to_string();
            assert_eq!(id == sent, taken, "{sent}");
            assert!(taken || id.len() == 16, "{id}");
        }
    }

    #[test]
    fn ids_that_are_made_here_differ() {
        let maker = IdMaker::new();
        let made: std::collections::HashSet<u64> = (0..10_000).map(|_| maker.make()).collect();
        assert_eq!(made.len(), 10_000);
    }

    #[test]
    fn only_a_valid_traceparent_counts() {
        let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let trace = ids(TRACEPARENT, valid, false).trace.unwrap();
        assert_eq!(trace.to_string(), "0af7651916cd43dd8448eb211c80319c");
        for wrong in [
            "",
            "00",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
            "00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01",
            "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
            "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        ] {
            assert_eq!(ids(TRACEPARENT, wrong, true).trace, None, "{wrong}");
        }
        let mut twice = HeaderMap::new();
        twice.append(TRACEPARENT, HeaderValue::from_static(valid));
        twice.append(TRACEPARENT, HeaderValue::from_static(valid));
        assert_eq!(IdMaker::new().of(&twice, true).trace, None);
    }
}
