//! From Rocket's response to hyper's. Small bodies are whole when the head goes out; all others are drawn,
//! piece by piece, from the exchange that makes them. That exchange lives inside the body: when the client
//! leaves, hyper drops the body, and with it goes whatever produced it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use rocket::local::asynchronous::LocalResponse;
use rocket::tokio::runtime::Handle;
use rocket::tokio::sync::mpsc;

use super::access::Entry;
use super::exchange::Exchange;
use super::rest;
use super::seats::{Seat, Stage};
use crate::web::events::EventStream;
use crate::web::incoming::IncomingBody;

pub(super) struct ReplyBody {
    content: Content,
    // Dropped with the body, which hyper does once it has taken the last byte.
    _end: End,
}

enum Content {
    Whole(Bytes),
    Drawn(Box<Drawn>),
    Events(Box<Told>),
}

/// Events that are told as they come, and the line that the log gets at their end.
struct Told {
    events: EventStream,
    entry: Option<Entry>,
}

/// A body in the making.
pub(super) struct Drawn {
    pub(super) exchange: Option<Exchange>,
    pub(super) chunks: mpsc::Receiver<io::Result<Bytes>>,
    /// Bytes still to come, where the handler said so.
    pub(super) remaining: Option<u64>,
    /// Event streams have no end of their own, so a stop of the server ends them.
    pub(super) endless: bool,
}

/// What is to be done when an answer is complete.
pub(super) struct End {
    pub(super) seat: Arc<Seat>,
    pub(super) left: Option<IncomingBody>,
    pub(super) drain_limit: u64,
}

impl Drop for End {
    fn drop(&mut self) {
        self.seat.finish();
        if let (Some(body), Ok(runtime)) = (self.left.take(), Handle::try_current()) {
            runtime.spawn(rest::linger(body, self.drain_limit));
        }
    }
}

impl ReplyBody {
    pub(super) fn whole(bytes: Bytes, end: End) -> ReplyBody {
        ReplyBody { content: Content::Whole(bytes), _end: end }
    }

    pub(super) fn drawn(drawn: Drawn, end: End) -> ReplyBody {
        ReplyBody { content: Content::Drawn(Box::new(drawn)), _end: end }
    }

    /// Events of our own. Nothing else is left of the exchange by now.
    pub(super) fn events(events: EventStream, entry: Option<Entry>, end: End) -> ReplyBody {
        ReplyBody { content: Content::Events(Box::new(Told { events, entry })), _end: end }
    }

    /// Streams of events have no end of their own.
    fn must_stop(&self, endless: bool) -> bool {
        endless && self._end.seat.stage() != Stage::Open
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        match &mut this.content {
            Content::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Content::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Content::Events(_) if this._end.seat.stage() != Stage::Open => Poll::Ready(None),
            Content::Events(told) => told.events.as_mut().poll_next(cx).map(|event| {
                let bytes = Bytes::from(Vec::from(event?));
                if let Some(entry) = &mut told.entry {
                    entry.bytes += bytes.len() as u64;
                }
                Some(Ok(Frame::data(bytes)))
            }),
            Content::Drawn(drawn) => {
                if drawn.endless && this._end.seat.stage() != Stage::Open {
                    return Poll::Ready(None);
                }
                drawn.poll_chunk(cx).map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Whole(bytes) => bytes.is_empty(),
            Content::Drawn(drawn) => drawn.remaining == Some(0) || self.must_stop(drawn.endless),
            Content::Events(_) => self.must_stop(true),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Drawn(drawn) => drawn.remaining.map(SizeHint::with_exact).unwrap_or_default(),
            Content::Events(_) => SizeHint::default(),
        }
    }
}

impl Drawn {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if let Some(exchange) = &mut self.exchange
            && exchange.as_mut().poll(cx).is_ready()
        {
            self.exchange = None;
        }
        let chunk = self.chunks.poll_recv(cx);
        if let (Poll::Ready(Some(Ok(chunk))), Some(remaining)) = (&chunk, &mut self.remaining) {
            *remaining = remaining.saturating_sub(chunk.len() as u64);
        }
        chunk
    }
}

/// Status and headers of `reply`. Framing is hyper's business; only the answer to a `HEAD` states a length by
/// itself.
pub(super) fn head(reply: &LocalResponse<'_>, stated_length: Option<usize>, close: bool) -> Response<()> {
    let mut response = Response::new(());
    *response.status_mut() =
        StatusCode::from_u16(reply.status().code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.reserve(reply.headers().len() + 3);
    // All values share one allocation.
    let mut arena = BytesMut::with_capacity(reply.headers().iter().map(|header| header.value.len()).sum());
    for header in reply.headers().iter() {
        if is_ours(header.name.as_str()) {
            continue;
        }
        arena.extend_from_slice(header.value.as_bytes());
        let value = HeaderValue::from_maybe_shared(arena.split().freeze());
        match (HeaderName::from_bytes(header.name.as_str().as_bytes()), value) {
            (Ok(name), Ok(value)) => put(headers, name, value),
            _ => log::warn!(
                "a response header was left out, since it is malformed: {:?}",
                header.name.as_str()
            ),
        }
    }
    if let Some(length) = stated_length {
        put(headers, CONTENT_LENGTH, HeaderValue::from(length));
    }
    if close {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

pub(super) fn is_event_stream<T>(response: &Response<T>) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
}

/// Headers that handlers do not decide: framing is set here, and what server this is, is nobody's business.
fn is_ours(name: &str) -> bool {
    ["server", "content-length", "transfer-encoding"].iter().any(|ours| name.eq_ignore_ascii_case(ours))
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if headers.try_append(name, value).is_err() {
        log::warn!("a response header was left out, since there are too many");
    }
}
