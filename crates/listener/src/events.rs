//! Server-sent events (`text/event-stream`), written one small piece at a time.

use rocket::futures::stream::BoxStream;
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

/// An answer of server-sent events. It ends when the stream ends, the client leaves or the server stops.
pub struct Events(pub EventStream);
