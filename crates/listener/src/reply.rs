//! Converts Rocket's response to hyper's. Small bodies are complete when the head is written. All others are
//! streamed piece by piece from the exchange that produces them. The body owns that exchange: when the client
//! leaves, hyper drops both.

use std::fmt::Write as _;
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

use super::drain::lingering_close;
use super::file::Pieces;
use super::incoming::IncomingBody;
use super::request_ids::{REQUEST_ID, RequestId};
use super::slot::Slot;
use super::slots::Stage;

/// The future of one request. `None`: there is no answer, or its head was sent ahead and this goes on as the
/// maker of the body.
pub(super) type ResponseFuture = Pin<Box<dyn Future<Output = Option<Response<ReplyBody>>> + Send>>;

/// The room for a request's id that was made here.
const ID_BYTES: usize = 16;

pub(super) struct ReplyBody {
    content: Content,
    // Dropped with the body, which hyper drops once it has taken the last byte.
    end: Option<Completion>,
}

enum Content {
    Whole(Bytes),
    Streamed(Box<Streamed>),
    File(Box<Pieces>),
    /// A body that [`super::stream`] writes after the head.
    Detached,
}

/// A body whose exchange produces it while hyper writes it.
pub(super) struct Streamed {
    pub(super) exchange: Option<ResponseFuture>,
    pub(super) chunks: mpsc::Receiver<io::Result<Bytes>>,
    /// The bytes still to come; `None` when the handler declared no size.
    pub(super) remaining: Option<u64>,
    /// Whether it is an event stream, which ends when the server stops.
    pub(super) endless: bool,
}

/// Frees the connection for the next request. It is dropped when the answer is complete.
pub(super) struct Completion {
    pub(super) slot: Arc<Slot>,
    pub(super) left: Option<IncomingBody>,
    pub(super) drain_limit: u64,
}

impl Drop for Completion {
    fn drop(&mut self) {
        self.slot.finish();
        if let (Some(body), Ok(runtime)) = (self.left.take(), Handle::try_current()) {
            self.slot.linger();
            runtime.spawn(lingering_close(body, self.drain_limit));
        }
    }
}

impl ReplyBody {
    pub(super) fn whole(bytes: Bytes, end: Completion) -> ReplyBody {
        ReplyBody { content: Content::Whole(bytes), end: Some(end) }
    }

    pub(super) fn streamed(streamed: Streamed, end: Completion) -> ReplyBody {
        ReplyBody { content: Content::Streamed(Box::new(streamed)), end: Some(end) }
    }

    pub(super) fn file(pieces: Pieces, end: Completion) -> ReplyBody {
        ReplyBody { content: Content::File(Box::new(pieces)), end: Some(end) }
    }

    /// A body that hyper does not write: once the head is written, the connection is taken from hyper.
    pub(super) fn detached() -> ReplyBody {
        ReplyBody { content: Content::Detached, end: None }
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
            Content::Streamed(streamed) if streamed.must_stop(this.end.as_ref()) => Poll::Ready(None),
            Content::Streamed(streamed) => {
                streamed.poll_chunk(cx).map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
            }
            Content::File(pieces) => match &this.end {
                Some(end) => {
                    pieces.poll(&end.slot, cx).map(|piece| piece.map(|piece| piece.map(Frame::data)))
                }
                None => Poll::Ready(None),
            },
            Content::Detached => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Whole(bytes) => bytes.is_empty(),
            Content::Streamed(streamed) => {
                streamed.remaining == Some(0) || streamed.must_stop(self.end.as_ref())
            }
            Content::File(pieces) => pieces.left() == 0,
            Content::Detached => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Streamed(streamed) => streamed.remaining.map(SizeHint::with_exact).unwrap_or_default(),
            Content::File(pieces) => SizeHint::with_exact(pieces.left()),
            Content::Detached => SizeHint::default(),
        }
    }
}

impl Streamed {
    fn must_stop(&self, end: Option<&Completion>) -> bool {
        self.endless && end.is_some_and(|end| end.slot.stage() != Stage::Open)
    }

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

/// Converts the status and the headers of `reply`. hyper adds the framing headers; only the answer to a
/// `HEAD` has its length stated here.
pub(super) fn head(
    reply: &LocalResponse<'_>,
    id: &RequestId,
    stated_length: Option<usize>,
    close: bool,
) -> Response<()> {
    let mut response = Response::new(());
    *response.status_mut() =
        StatusCode::from_u16(reply.status().code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.reserve(reply.headers().len() + 4);
    // All header values share one allocation.
    let values: usize = reply.headers().iter().map(|header| header.value.len()).sum();
    let mut arena = BytesMut::with_capacity(values + ID_BYTES);
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
    // Writing into memory cannot fail.
    let _ = write!(arena, "{id}");
    if let Ok(id) = HeaderValue::from_maybe_shared(arena.split().freeze()) {
        put(headers, REQUEST_ID, id);
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

/// Handlers' headers that are dropped: hyper writes the framing, `Server` would disclose the software, and
/// each request has one id.
fn is_ours(name: &str) -> bool {
    ["server", "content-length", "transfer-encoding", "x-request-id"]
        .iter()
        .any(|ours| name.eq_ignore_ascii_case(ours))
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if headers.try_append(name, value).is_err() {
        log::warn!("a response header was left out, since there are too many");
    }
}
