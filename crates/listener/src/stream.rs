//! Event streams, told by a small task of their own. hyper holds two buffers of 8 KiB for every connection, busy or
//! not. So it writes the head and is then let go of: what is left to write are chunks, for hours perhaps, beside
//! thousands of others.

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

use super::Shared;
use super::access::Entry;
use super::reply::End;
use super::seats::Stage;
use crate::events::EventStream;

/// Events that are still to be told, and what is to be done at their end.
pub(super) struct Told {
    pub(super) events: EventStream,
    pub(super) entry: Option<Entry>,
    /// Whether the client knows chunks (HTTP/1.1); otherwise the end of the connection is the end of the events.
    pub(super) chunked: bool,
    pub(super) end: End,
}

/// Where a request leaves its events for its connection, which is theirs once the head is written.
#[derive(Clone, Default)]
pub(super) struct Handover(Arc<Mutex<Option<Told>>>);

impl Handover {
    pub(super) fn leave(&self, told: Told) {
        *self.slot() = Some(told);
    }

    pub(super) fn take(&self) -> Option<Told> {
        self.slot().take()
    }

    /// It is replaced as a whole, so a poisoned one is as good as any.
    fn slot(&self) -> MutexGuard<'_, Option<Told>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Told {
    /// Writes events until they end, the client leaves or takes in nothing more, its place is needed or the server
    /// stops. `silent`: the client has sent nothing since its request.
    pub(super) async fn tell(mut self, shared: Arc<Shared>, mut stream: TcpStream, mut silent: bool) {
        let seat = Arc::clone(&self.end.seat);
        loop {
            let event = select! {
                biased;
                () = seat.has_to_leave(Stage::Closing) => None,
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
                () = seat.has_to_leave(Stage::Ended) => return,
                written = write(&stream, &bytes, shared.settings.write_timeout) => {
                    if written.is_err() {
                        return;
                    }
                }
            }
            if over {
                // Fails only where the client has left.
                let _ = stream.shutdown().await;
                return;
            }
        }
    }
}

/// One of no bytes ends the body (RFC 9112 7.1).
fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// Resolves when the client has closed its side, by which clients of event streams leave. If it sends something instead,
/// that is left where it is, and the next write finds out.
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

/// Writes all of `bytes`, unless for as long as `patience` the client takes in nothing.
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
