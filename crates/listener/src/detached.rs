//! Bodies that the listener writes by itself. A handler's answer borrows the whole request. Once the body is
//! detached from it, the request can be dropped while the client takes the body: that may take hours for an
//! event stream and half a minute for a file, and concerns thousands of clients.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Cursor};
use std::pin::Pin;

use rocket::Request;
use rocket::futures::stream::StreamExt as _;
use rocket::response::stream::ReaderStream;
use rocket::response::{self, Responder, Response};

use super::events::{EventStream, Events};
use super::file::FileBody;

/// A body without its request.
pub(super) enum Detached {
    Events(EventStream),
    File(FileBody),
}

tokio::task_local! {
    /// The place where an answer leaves its body for the listener while a request is dispatched.
    static LEFT: RefCell<Option<Detached>>;
}

/// Dispatches a request, and detaches the body that its answer left. `dispatch` is in a box because Rocket's
/// future has 6 KiB: each future around it would hold two copies and be copied itself.
pub(super) async fn detaching<T>(dispatch: Pin<Box<impl Future<Output = T>>>) -> (T, Option<Detached>) {
    let scope = LEFT.scope(RefCell::new(None), async {
        let reply = dispatch.await;
        (reply, LEFT.with(RefCell::take))
    });
    scope.await
}

/// Leaves a body for the listener. Returns it under another listener, such as Rocket's own.
fn leave(body: Detached) -> Option<Detached> {
    let mut body = Some(body);
    let _ = LEFT.try_with(|left| left.replace(body.take()));
    body
}

impl<'r> Responder<'r, 'static> for Events {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::new();
        answer.set_raw_header("Content-Type", "text/event-stream");
        answer.set_raw_header("Cache-Control", "no-store");
        // Without this header nginx buffers the answer.
        answer.set_raw_header("X-Accel-Buffering", "no");
        if let Some(Detached::Events(events)) = leave(Detached::Events(self.0)) {
            let pieces = events.map(|event| Cursor::new(Vec::from(event)));
            answer.set_streamed_body(ReaderStream::from(pieces));
        }
        Ok(answer)
    }
}

impl FileBody {
    /// Makes this the body of `answer`.
    ///
    /// # Errors
    /// When the file cannot be opened. Only another listener than this crate's opens it here.
    pub fn answer(self, answer: &mut Response<'_>) -> io::Result<()> {
        if let Some(Detached::File(body)) = leave(Detached::File(self)) {
            let file = rocket::tokio::fs::File::from_std(File::open(body.path())?);
            answer.set_sized_body(usize::try_from(body.length()).map_err(io::Error::other)?, file);
        }
        Ok(())
    }
}
