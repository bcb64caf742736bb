//! Event streams, each written by a small task of its own. hyper holds two buffers of 8 KiB for every
//! connection, busy or not, and thousands of streams stay open for hours. So hyper writes only the head; then
//! the socket is taken from it, and this module writes the chunks.

use std::future::poll_fn;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use rocket::futures::StreamExt as _;
use rocket::tokio::io::AsyncWriteExt as _;
use rocket::tokio::net::TcpStream;
use rocket::tokio::select;
use rocket::tokio::time::timeout;

use super::access::Entry;
use super::events::EventStream;
use super::reply::Completion;
use super::shared::Shared;
use super::slots::Stage;

/// An event stream whose head hyper writes. This module writes the events.
pub(super) struct DetachedStream {
    pub(super) events: EventStream,
    pub(super) entry: Option<Entry>,
    /// Whether the client speaks HTTP/1.1 and gets chunks. Otherwise the events end with the connection.
    pub(super) chunked: bool,
    pub(super) completion: Completion,
}

/// The place where a request leaves its event stream for its connection, which takes it once the head is
/// written.
#[derive(Clone, Default)]
pub(super) struct Handover(Arc<Mutex<Option<DetachedStream>>>);

impl Handover {
    pub(super) fn leave(&self, told: DetachedStream) {
        *self.slot() = Some(told);
    }

    pub(super) fn take(&self) -> Option<DetachedStream> {
        self.slot().take()
    }

    /// The value is only replaced as a whole, so a poisoned lock is ignored.
    fn slot(&self) -> MutexGuard<'_, Option<DetachedStream>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DetachedStream {
    /// Writes events until they end, the client leaves or stops reading, another connection needs the slot,
    /// or the server stops. `silent` says that the client has sent nothing since its request.
    pub(super) async fn write_events(mut self, shared: Arc<Shared>, mut stream: TcpStream, mut silent: bool) {
        let slot = Arc::clone(&self.completion.slot);
        loop {
            let event = select! {
                biased;
                () = slot.has_to_leave(Stage::Closing) => None,
                () = left(&stream, &mut silent) => return,
                event = self.events.next() => event.map(Vec::from),
            };
            let over = event.is_none();
            let bytes = event.unwrap_or_default();
            if let Some(entry) = &mut self.entry {
                entry.bytes += bytes.len() as u64;
            }
            let bytes = if self.chunked { chunk(&bytes) } else { bytes };
            select! {
                biased;
                () = slot.has_to_leave(Stage::Ended) => return,
                written = write(&stream, &bytes, shared.settings.write_timeout) => {
                    if written.is_err() {
                        return;
                    }
                }
            }
            if over {
                // Fails only when the client has left.
                let _ = stream.shutdown().await;
                return;
            }
        }
    }
}

/// An HTTP/1.1 chunk. A chunk without bytes ends the body (RFC 9112, section 7.1).
fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// Resolves when the client has closed its side, as leaving clients of event streams do. After a client has
/// sent bytes instead, this never resolves, and the next failing write reveals that the client has left.
async fn left(stream: &TcpStream, silent: &mut bool) {
    poll_fn(|cx| if *silent { poll_left(stream, silent, cx) } else { Poll::Pending }).await;
}

fn poll_left(stream: &TcpStream, silent: &mut bool, cx: &mut Context<'_>) -> Poll<()> {
    loop {
        let Poll::Ready(Ok(())) = stream.poll_read_ready(cx) else { return Poll::Pending };
        match stream.try_read(&mut [0]) {
            Ok(0) => return Poll::Ready(()),
            Ok(_) => {
                *silent = false;
                return Poll::Pending;
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return Poll::Ready(()),
        }
    }
}

/// Writes all of `bytes`.
///
/// # Errors
/// `TimedOut` when the client reads nothing for as long as `patience`, otherwise the socket's error.
async fn write(stream: &TcpStream, mut bytes: &[u8], patience: Duration) -> io::Result<()> {
    while !bytes.is_empty() {
        match stream.try_write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                timeout(patience, stream.writable()).await??;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
