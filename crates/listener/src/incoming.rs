//! A request body that is still on the wire. The listener reads bodies of up to 64 KiB before Rocket sees the
//! request and passes them to Rocket as its data. A larger body stays unread: it travels in the request's
//! local cache as an [`Incoming`], so that a guard can refuse the request before any of an upload is read.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes};
use rocket::Request;
use rocket::futures::Stream;
use rocket::tokio::io::{AsyncRead, ReadBuf};
use rocket::tokio::time::{Instant, Sleep, sleep_until};

use super::pace::Pace;
use super::slot::Slot;

/// The number of chunks that any body may have, however small they are. Each costs about half a microsecond.
const FREE_CHUNKS: u64 = 1_024;

/// The bytes for which a body may have one chunk more: a body in chunks of one byte costs twenty times as
/// much as the same in a few.
const BYTES_OF_A_CHUNK: u64 = 64;

/// A body too large to be buffered. Its reader can be taken once. Rocket's own data guards see an empty body
/// in a request that has one.
#[derive(Debug, Clone)]
pub struct Incoming {
    body: Arc<Mutex<SharedBody>>,
    content_length: Option<u64>,
}

/// The reader of an [`Incoming`]: both an [`AsyncRead`] and a [`Stream`] of chunks.
///
/// Reading fails with [`io::ErrorKind::TimedOut`] when the client is slower than the listener's [`Pace`],
/// with [`io::ErrorKind::UnexpectedEof`] when it has left, and with [`io::ErrorKind::InvalidData`] when its
/// chunks are malformed or too small for their number. The reader applies no size limit. Dropping it makes
/// the listener drain the unread rest, within its settings.
#[derive(Debug)]
pub struct IncomingBody {
    body: Arc<Mutex<SharedBody>>,
    content_length: Option<u64>,
}

/// The cache entry of a request. The `Option` has a type of its own because a look-up in Rocket's cache
/// inserts a value when there is none.
struct Cached(Option<Incoming>);

#[derive(Debug)]
struct SharedBody {
    wire: Wire,
    /// Whether the handler can still take the reader.
    offered: bool,
    /// Whether a reader is held now.
    held: bool,
}

#[derive(Debug)]
struct Wire {
    body: hyper::body::Incoming,
    front: Bytes,
    pace: Pace,
    alarm: Option<Pin<Box<Sleep>>>,
    waiting_since: Option<Instant>,
    waited: Duration,
    received: u64,
    /// The pieces that have arrived of a body in chunks.
    chunks: u64,
    /// Whether the client declared no size, and sends chunks.
    chunked: bool,
    touched: bool,
    failed: bool,
    /// The connection that waits for the client, as long as there is one.
    slot: Weak<Slot>,
}

impl Incoming {
    /// The unread body of `request`, if it was too large to be buffered. `None` means that Rocket's data is
    /// the body.
    pub fn of<'r>(request: &'r Request<'_>) -> Option<&'r Incoming> {
        request.local_cache(|| Cached(None)).0.as_ref()
    }

    /// Takes the reader. Only the first call returns it; later calls return `None`.
    pub fn take(&self) -> Option<IncomingBody> {
        let mut shared = lock(&self.body);
        if !std::mem::take(&mut shared.offered) {
            return None;
        }
        shared.held = true;
        drop(shared);
        Some(self.reader())
    }

    /// The body's size in bytes as the client declared it; `None` for a chunked body.
    pub fn content_length(&self) -> Option<u64> {
        self.content_length
    }

    pub(crate) fn attach(&self, request: &Request<'_>) {
        request.local_cache(|| Cached(Some(self.clone())));
    }

    /// Gives the reader back to the listener, unless it is still held.
    pub(crate) fn reclaim(&self) -> Option<IncomingBody> {
        let mut shared = lock(&self.body);
        shared.offered = false;
        if std::mem::replace(&mut shared.held, true) {
            return None;
        }
        drop(shared);
        Some(self.reader())
    }

    fn reader(&self) -> IncomingBody {
        IncomingBody { body: Arc::clone(&self.body), content_length: self.content_length }
    }
}

impl IncomingBody {
    pub(crate) fn new(body: hyper::body::Incoming, pace: Pace, slot: &Arc<Slot>) -> IncomingBody {
        let content_length = body.size_hint().exact();
        let wire = Wire {
            body,
            front: Bytes::new(),
            pace,
            alarm: None,
            waiting_since: None,
            waited: Duration::ZERO,
            received: 0,
            chunks: 0,
            chunked: content_length.is_none(),
            touched: false,
            failed: false,
            slot: Arc::downgrade(slot),
        };
        IncomingBody {
            body: Arc::new(Mutex::new(SharedBody { wire, offered: false, held: true })),
            content_length,
        }
    }

    /// Turns the reader into an [`Incoming`], whose reader can be taken once.
    pub(crate) fn park(self) -> Incoming {
        lock(&self.body).offered = true;
        Incoming { body: Arc::clone(&self.body), content_length: self.content_length }
    }

    /// Puts bytes back in front of the unread rest. They were counted when they arrived.
    pub(crate) fn unread(&mut self, bytes: Bytes) {
        lock(&self.body).wire.front = bytes;
    }

    /// Whether the whole body has been read. For a chunked body this is known only after its last chunk was
    /// asked for.
    pub(crate) fn is_ended(&self) -> bool {
        let shared = lock(&self.body);
        shared.wire.front.is_empty() && shared.wire.body.is_end_stream()
    }

    /// Whether reading was ever tried. The first try makes hyper send `100 Continue`.
    pub(crate) fn is_touched(&self) -> bool {
        lock(&self.body).wire.touched
    }

    /// The bytes still to come; `None` when the client declared no size.
    pub(crate) fn remaining(&self) -> Option<u64> {
        lock(&self.body).wire.body.size_hint().exact()
    }

    /// The body's size in bytes as the client declared it; `None` for a chunked body.
    pub fn content_length(&self) -> Option<u64> {
        self.content_length
    }

    /// The number of bytes that have arrived so far.
    pub fn received(&self) -> u64 {
        lock(&self.body).wire.received
    }

    /// The next chunk of the body, without a copy; `None` at its end. Cancel-safe.
    ///
    /// # Errors
    /// The three errors listed at [`IncomingBody`].
    pub async fn chunk(&mut self) -> io::Result<Option<Bytes>> {
        std::future::poll_fn(|cx| lock(&self.body).wire.poll_chunk(cx)).await
    }
}

impl Drop for IncomingBody {
    fn drop(&mut self) {
        lock(&self.body).held = false;
    }
}

impl AsyncRead for IncomingBody {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut shared = lock(&self.body);
        if let Some(mut chunk) = ready!(shared.wire.poll_chunk(cx))? {
            let fits = chunk.len().min(buf.remaining());
            buf.put_slice(&chunk.split_to(fits));
            shared.wire.front = chunk;
        }
        Poll::Ready(Ok(()))
    }
}

impl Stream for IncomingBody {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        lock(&self.body).wire.poll_chunk(cx).map(Result::transpose)
    }
}

impl Wire {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        if !self.front.is_empty() {
            return Poll::Ready(Ok(Some(std::mem::take(&mut self.front))));
        }
        if self.failed {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        self.touched = true;
        loop {
            match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Ready(frame) => {
                    if let Some(since) = self.waiting_since.take() {
                        self.waited += since.elapsed();
                        self.tell(Slot::bytes_taken);
                    }
                    match frame.transpose().map_err(into_io)?.map(|frame| frame.into_data()) {
                        Some(Ok(data)) if !data.is_empty() => {
                            self.received += data.len() as u64;
                            self.chunks += 1;
                            if self.chunked && self.chunks > FREE_CHUNKS + self.received / BYTES_OF_A_CHUNK {
                                return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
                            }
                            return Poll::Ready(Ok(Some(data)));
                        }
                        Some(_) => {}
                        None => return Poll::Ready(Ok(None)),
                    }
                }
                Poll::Pending => {
                    ready!(self.poll_alarm(cx));
                    self.failed = true;
                    return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                }
            }
        }
    }

    fn tell(&self, event: impl FnOnce(&Slot)) {
        if let Some(slot) = self.slot.upgrade() {
            event(&slot);
        }
    }

    fn poll_alarm(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let since = match self.waiting_since {
            Some(since) => since,
            None => {
                self.tell(Slot::bytes_awaited);
                *self.waiting_since.insert(Instant::now())
            }
        };
        let mut patience = self.pace.idle;
        if let Some(earned) = self.received.saturating_mul(1000).checked_div(self.pace.min_rate) {
            let allowed = self.pace.grace.saturating_add(Duration::from_millis(earned));
            patience = patience.min(allowed.saturating_sub(self.waited));
        }
        let deadline = since + patience;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if alarm.deadline() != deadline {
            alarm.as_mut().reset(deadline);
        }
        Future::poll(alarm.as_mut(), cx)
    }
}

fn into_io(error: hyper::Error) -> io::Error {
    let kind =
        std::error::Error::source(&error).and_then(|e| e.downcast_ref::<io::Error>()).map(io::Error::kind);
    let kind = match kind {
        Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => io::ErrorKind::InvalidData,
        _ => io::ErrorKind::UnexpectedEof,
    };
    io::Error::new(kind, error)
}

/// A panic cannot leave the value half changed, so a poisoned lock is ignored.
fn lock(body: &Mutex<SharedBody>) -> MutexGuard<'_, SharedBody> {
    body.lock().unwrap_or_else(PoisonError::into_inner)
}
