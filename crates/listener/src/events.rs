//! Server-sent events (`text/event-stream`), one small piece at a time.

use std::cell::RefCell;
use std::io::Cursor;

use rocket::Request;
use rocket::futures::stream::{BoxStream, StreamExt as _};
use rocket::response::stream::ReaderStream;
use rocket::response::{self, Responder, Response};
use serde::Serialize;

/// One event, as it goes over the wire.
pub struct Event(Vec<u8>);

impl From<Event> for Vec<u8> {
    fn from(event: Event) -> Self {
        event.0
    }
}

impl Event {
    /// An event of this name whose data are JSON.
    pub fn json(name: &str, data: &impl Serialize) -> Self {
        // Our own types have string keys and no failing `Serialize`; JSON of theirs has no line breaks.
        let data = serde_json::to_string(data).unwrap_or_else(|_| "null".into());
        Self(format!("event: {name}\ndata: {data}\n\n").into_bytes())
    }

    /// A comment, which keeps proxies from giving up and finds out whether the client is still there.
    pub fn heartbeat() -> Self {
        Self(b":\n\n".to_vec())
    }
}

/// What is left of an answer once its head is known: its events.
pub type EventStream = BoxStream<'static, Event>;

tokio::task_local! {
    /// Where the listener waits for a stream of events, while a request is dispatched.
    static HANDED_OVER: RefCell<Option<EventStream>>;
}

/// Dispatches a request and takes its events out of Rocket's hands: so that nothing of the request has to be kept while
/// its client waits for them, perhaps for hours beside thousands of others.
pub async fn taking_over<T>(dispatch: impl Future<Output = T>) -> (T, Option<EventStream>) {
    let scope = HANDED_OVER.scope(RefCell::new(None), async {
        let reply = dispatch.await;
        (reply, HANDED_OVER.with(RefCell::take))
    });
    scope.await
}

/// The answer that goes on until the stream ends, the client leaves or the server stops.
pub struct Events(pub EventStream);

impl<'r> Responder<'r, 'static> for Events {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::new();
        answer.set_raw_header("Content-Type", "text/event-stream");
        answer.set_raw_header("Cache-Control", "no-store");
        // nginx collects answers otherwise.
        answer.set_raw_header("X-Accel-Buffering", "no");
        let mut events = Some(self.0);
        // Fails where another listener than ours serves, as in tests of plug-ins.
        let _ = HANDED_OVER.try_with(|taken| taken.replace(events.take()));
        if let Some(events) = events {
            answer.set_streamed_body(ReaderStream::from(events.map(|Event(bytes)| Cursor::new(bytes))));
        }
        Ok(answer)
    }
}
