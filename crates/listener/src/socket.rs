//! A TCP stream that reports to its slot when bytes arrive and when writing blocks. It hands hyper one head
//! at a time, see [`requests::Heads`], and adds the site's headers to hyper's own refusals.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, BytesMut};
use rocket::tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use rocket::tokio::net::TcpStream;

use super::slot::Slot;

/// The most bytes read at once while a request is being answered: enough to notice that the client has left,
/// or sends more requests, and too few to matter.
const EARLY: usize = 1024;

pub(super) struct Socket {
    // Fields are dropped in this order: the descriptor is closed before the slot becomes free.
    stream: TcpStream,
    slot: Arc<Slot>,
    /// Bytes behind a head or body that hyper has not asked for yet.
    held: BytesMut,
    own_headers: Arc<[u8]>,
    own: Option<OwnAnswer>,
}

/// A refusal by hyper, with the site's headers, while it is written.
struct OwnAnswer {
    bytes: Vec<u8>,
    sent: usize,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, slot: Arc<Slot>, own_headers: Arc<[u8]>) -> Socket {
        Socket { stream, slot, held: BytesMut::new(), own_headers, own: None }
    }

    /// The stream, and whether hyper has seen all that arrived.
    pub(super) fn into_stream(self) -> (TcpStream, bool) {
        let silent = self.held.is_empty();
        (self.stream, silent)
    }

    /// Passes on what was held, up to the end of the head or body that it continues.
    fn pass_held(&mut self, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let some = self.held.len().min(buf.remaining());
        let Some(bytes) = self.held.get(..some) else { return Poll::Pending };
        let Some(passed) = self.slot.bytes_arrived(bytes) else { return Poll::Ready(Err(malformed())) };
        if passed == 0 {
            // hyper asks again when it has read the head.
            return Poll::Pending;
        }
        buf.put_slice(&bytes[..passed]);
        self.held.advance(passed);
        if self.held.is_empty() {
            self.held = BytesMut::new();
        }
        Poll::Ready(Ok(()))
    }

    /// Writes hyper's refusal `whole` with the site's headers. Tells hyper of the bytes that it knows.
    fn poll_own(&mut self, cx: &mut Context<'_>, whole: &[&[u8]]) -> Poll<io::Result<usize>> {
        let length = whole.iter().map(|part| part.len()).sum();
        let own = self.own.get_or_insert_with(|| {
            let mut bytes = whole.concat();
            if bytes.ends_with(b"\r\n\r\n") {
                bytes.truncate(bytes.len() - 2);
                bytes.extend_from_slice(&self.own_headers);
                bytes.extend_from_slice(b"\r\n");
            }
            OwnAnswer { bytes, sent: 0 }
        });
        while let Some(rest) = own.bytes.get(own.sent..).filter(|rest| !rest.is_empty()) {
            own.sent += ready!(Pin::new(&mut self.stream).poll_write(cx, rest))?;
        }
        self.own = None;
        Poll::Ready(Ok(length))
    }

    /// Whether hyper refuses a malformed head by itself: no request was read, so there is no other answer.
    fn is_own(&self, first: &[u8]) -> bool {
        self.own.is_some() || (self.slot.is_in_head() && first.starts_with(b"HTTP/1."))
    }

    fn wrote(&self, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &result {
            Poll::Pending => self.slot.write_blocked(),
            Poll::Ready(Ok(count)) => self.slot.bytes_left(*count),
            Poll::Ready(Err(_)) => self.slot.bytes_left(0),
        }
        result
    }
}

/// Ends the body that is being read as hyper's own errors of malformed chunks do.
fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a line between chunks ends without CR")
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.held.is_empty() {
            return this.pass_held(buf);
        }
        let before = buf.filled().len();
        if this.slot.is_ahead() {
            let mut early = [0; EARLY];
            let most = buf.remaining().min(EARLY);
            let mut some = ReadBuf::new(&mut early[..most]);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut some))?;
            buf.put_slice(some.filled());
        } else {
            ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
        }
        let arrived = &buf.filled()[before..];
        if !arrived.is_empty() {
            let Some(passed) = this.slot.bytes_arrived(arrived) else {
                return Poll::Ready(Err(malformed()));
            };
            this.held.extend_from_slice(&arrived[passed..]);
            buf.set_filled(before + passed);
            if passed == 0 {
                return Poll::Pending;
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = match this.is_own(buf) {
            true => this.poll_own(cx, &[buf]),
            false => Pin::new(&mut this.stream).poll_write(cx, buf),
        };
        this.wrote(result)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = match this.is_own(bufs.first().map_or(&[], |first| first)) {
            true => this.poll_own(cx, &bufs.iter().map(|buf| &**buf).collect::<Vec<_>>()),
            false => Pin::new(&mut this.stream).poll_write_vectored(cx, bufs),
        };
        this.wrote(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
