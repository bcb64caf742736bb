//! Server-sent events (`text/event-stream`), one small piece at a time.

use std::io::Cursor;

use rocket::Request;
use rocket::futures::stream::{BoxStream, StreamExt as _};
use rocket::response::stream::ReaderStream;
use rocket::response::{self, Responder, Response};
use serde::Serialize;

/// One event, as it goes over the wire.
pub struct Event(Vec<u8>);

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

/// The answer that goes on until the stream ends, the client leaves or the server stops.
pub struct Events(pub BoxStream<'static, Event>);

impl<'r> Responder<'r, 'static> for Events {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::new();
        answer.set_raw_header("Content-Type", "text/event-stream");
        answer.set_raw_header("Cache-Control", "no-store");
        // nginx collects answers otherwise.
        answer.set_raw_header("X-Accel-Buffering", "no");
        answer.set_streamed_body(ReaderStream::from(self.0.map(|Event(bytes)| Cursor::new(bytes))));
        Ok(answer)
    }
}
