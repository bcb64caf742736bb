//! Server-sent events (`text/event-stream`), written one small piece at a time.

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
    /// An event named `name` with `data` as JSON. `name` must not contain a line break.
    pub fn json(name: &str, data: &impl Serialize) -> Self {
        // Fails only for a type whose map keys are not strings or whose `Serialize` fails. JSON text contains
        // no line break, which would end the event.
        let data = serde_json::to_string(data).unwrap_or_else(|_| "null".into());
        Self(format!("event: {name}\ndata: {data}\n\n").into_bytes())
    }

    /// A comment line. It keeps proxies from closing the connection, and writing it reveals that a client has
    /// left.
    pub fn heartbeat() -> Self {
        Self(b":\n\n".to_vec())
    }
}

/// The events of one answer, in the order in which they are written.
pub type EventStream = BoxStream<'static, Event>;

tokio::task_local! {
    /// The place where [`Events`] leaves its stream for the listener while a request is dispatched.
    static DETACHED_EVENTS: RefCell<Option<EventStream>>;
}

/// Dispatches a request and detaches its events from Rocket's response. The response borrows the whole
/// request; once the events are detached, the request can be dropped while the client waits for events, which
/// may take hours and concern thousands of clients.
pub(super) async fn detaching_events<T>(dispatch: impl Future<Output = T>) -> (T, Option<EventStream>) {
    let scope = DETACHED_EVENTS.scope(RefCell::new(None), async {
        let reply = dispatch.await;
        (reply, DETACHED_EVENTS.with(RefCell::take))
    });
    scope.await
}

/// An answer of server-sent events. It ends when the stream ends, the client leaves or the server stops.
pub struct Events(pub EventStream);

impl<'r> Responder<'r, 'static> for Events {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::new();
        answer.set_raw_header("Content-Type", "text/event-stream");
        answer.set_raw_header("Cache-Control", "no-store");
        // Without this header nginx buffers the answer.
        answer.set_raw_header("X-Accel-Buffering", "no");
        let mut events = Some(self.0);
        // Fails under another listener, such as Rocket's own. The stream then stays in Rocket's response.
        let _ = DETACHED_EVENTS.try_with(|taken| taken.replace(events.take()));
        if let Some(events) = events {
            answer.set_streamed_body(ReaderStream::from(events.map(|Event(bytes)| Cursor::new(bytes))));
        }
        Ok(answer)
    }
}
