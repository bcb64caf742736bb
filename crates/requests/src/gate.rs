//! Passes a body to the multipart parser one read at a time, and only when the parser has used up the bytes
//! that it has. Without the gate, the parser would buffer everything that the network offers, a file of any
//! size included, before it returns anything.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

use super::BodyError;
use super::framing::Framing;

/// The maximum number of bytes that the parser may read while it searches for the end of one part's headers.
/// After each read it searches all of them again, so this also bounds the work.
pub(super) const MAX_HEADER_BYTES: usize = 8 * 1024;

/// The state that a [`Gate`] shares with the code that waits for the parser.
pub(super) struct Control {
    open: AtomicBool,
    ended: AtomicBool,
    allowance: AtomicUsize,
}

impl Control {
    pub(super) fn new() -> Self {
        Self { open: AtomicBool::new(false), ended: AtomicBool::new(false), allowance: AtomicUsize::new(0) }
    }

    /// Waits until the parser finds the next part.
    pub(super) async fn headers<T>(
        &self,
        parsing: impl Future<Output = multer::Result<T>>,
    ) -> Result<T, BodyError> {
        self.allowance.store(MAX_HEADER_BYTES, Relaxed);
        self.drive(parsing).await
    }

    /// Waits for more of a part's content. The caller counts the bytes.
    pub(super) async fn content<T>(
        &self,
        parsing: impl Future<Output = multer::Result<T>>,
    ) -> Result<T, BodyError> {
        self.allowance.store(usize::MAX, Relaxed);
        self.drive(parsing).await
    }

    async fn drive<T>(&self, parsing: impl Future<Output = multer::Result<T>>) -> Result<T, BodyError> {
        let mut parsing = pin!(parsing);
        poll_fn(|context| {
            loop {
                if let Poll::Ready(answer) = parsing.as_mut().poll(context) {
                    return Poll::Ready(answer.map_err(|error| reason(&error)));
                }
                if self.ended.load(Relaxed) {
                    return Poll::Ready(Err(BodyError::Malformed));
                }
                // The gate is still open, so the body itself has no data yet and will wake the task.
                if self.open.swap(true, Relaxed) {
                    return Poll::Pending;
                }
            }
        })
        .await
    }
}

fn reason(error: &multer::Error) -> BodyError {
    match error {
        multer::Error::StreamReadFailed(cause) => {
            cause.downcast_ref::<io::Error>().map_or(BodyError::Malformed, BodyError::from_reading)
        }
        _ => BodyError::Malformed,
    }
}

/// The body as the parser may read it. It must be read through its [`Control`] only, because a closed gate
/// wakes no task.
pub(super) struct Gate<'c, R> {
    reader: R,
    framing: Framing,
    control: &'c Control,
}

impl<'c, R: AsyncRead + Unpin> Gate<'c, R> {
    pub(super) fn new(reader: R, boundary: &str, control: &'c Control) -> Self {
        Self { reader, framing: Framing::new(boundary), control }
    }

    /// Checks that nothing follows the parts. Call it when the parser has found the last one.
    ///
    /// # Errors
    /// [`BodyError::Malformed`] if text follows, and the errors of reading.
    pub(super) async fn finish(mut self) -> Result<(), BodyError> {
        let mut bytes = [0; 64];
        while !self.control.ended.load(Relaxed) {
            let read = self.reader.read(&mut bytes).await;
            let count = read.map_err(|error| BodyError::from_reading(&error))?;
            self.control.ended.store(count == 0, Relaxed);
            self.framing.push(&bytes[..count])?;
        }
        self.framing.finish()
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Gate<'_, R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let control = self.control;
        if !control.open.load(Relaxed) {
            return Poll::Pending;
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.reader).poll_read(context, buffer))?;
        let new = &buffer.filled()[before..];
        control.open.store(false, Relaxed);
        control.ended.store(new.is_empty(), Relaxed);
        let left = control.allowance.load(Relaxed).checked_sub(new.len());
        let Some(left) = left else {
            return Poll::Ready(Err(io::Error::other(BodyError::Malformed)));
        };
        control.allowance.store(left, Relaxed);
        Poll::Ready(self.framing.push(new).map_err(io::Error::other))
    }
}
