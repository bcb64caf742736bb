//! Server-sent events (`text/event-stream`), one small piece at a time.

use std::cell::RefCell;
use std::io::Cursor;

use rocket::Request;
use rocket::futures::stream::{BoxStream, StreamExt as _};
use rocket::response::stream::ReaderStream;
use rocket::response::{self, Responder, Response};
use serde::Serialize;

/// One server-sent event, as its bytes on the wire.
pub struct Event(Vec<u8>);

impl From<Event> for Vec<u8> {
    fn from(event: Event) -> Self {
        event.0
    }
}

impl Event {
    /// An event of this name whose data is JSON.
    pub fn json(name: &str, data: &impl Serialize) -> Self {
        // Types with string keys and a `Serialize` that cannot fail. Their JSON has no line breaks, which
        // would end the event.
        let data = serde_json::to_string(data).unwrap_or_else(|_| "null".into());
        Self(format!("event: {name}\ndata: {data}\n\n").into_bytes())
    }

    /// A comment. It keeps proxies from closing the connection, and writing it reveals a client that has
    /// left.
    pub fn heartbeat() -> Self {
        Self(b":\n\n".to_vec())
    }
}

/// The events of one answer, in the order in which they are written.
pub type EventStream = BoxStream<'static, Event>;

tokio::task_local! {
    /// Where [`Events`] leaves its stream for the listener, while a request is dispatched.
    static DETACHED_EVENTS: RefCell<Option<EventStream>>;
}

/// Dispatches a request and detaches its events from Rocket's response, which borrows the whole request:
/// without it the request can be dropped while its client waits for events, for hours beside thousands of
/// others.
pub(super) async fn detaching_events<T>(dispatch: impl Future<Output = T>) -> (T, Option<EventStream>) {
    let scope = DETACHED_EVENTS.scope(RefCell::new(None), async {
        let reply = dispatch.await;
        (reply, DETACHED_EVENTS.with(RefCell::take))
    });
    scope.await
}

/// An answer of server-sent events. It ends with the stream, when the client leaves, or when the server
/// stops.
pub struct Events(pub EventStream);

impl<'r> Responder<'r, 'static> for Events {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::new();
        answer.set_raw_header("Content-Type", "text/event-stream");
        answer.set_raw_header("Cache-Control", "no-store");
        // Else nginx buffers the answer.
        answer.set_raw_header("X-Accel-Buffering", "no");
        let mut events = Some(self.0);
        // Fails under another listener, such as Rocket's own: there the stream stays in Rocket's response.
        let _ = DETACHED_EVENTS.try_with(|taken| taken.replace(events.take()));
        if let Some(events) = events {
            answer.set_streamed_body(ReaderStream::from(events.map(|Event(bytes)| Cursor::new(bytes))));
        }
        Ok(answer)
    }
}
