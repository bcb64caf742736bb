//! Draining: the rest of a request body that no handler read is read and discarded before the answer, within
//! limits. Otherwise Chromium shows a reset connection when a redirect answers an upload.

use std::time::Duration;

use rocket::http::Status;
use rocket::tokio::time::timeout;

use crate::incoming::{Incoming, IncomingBody};

/// The longest time that draining delays the answer. A slow body that no handler wants must not hold a slot
/// for hours.
const DRAIN: Duration = Duration::from_secs(30);

/// How long a client may send nothing before an error is answered all the same. A program may wait for the
/// answer before it sends the body.
const PAUSE: Duration = Duration::from_millis(500);

/// How long a client may send nothing after an early answer before its connection closes.
const LINGER: Duration = Duration::from_secs(5);

pub(super) enum Drained {
    /// Nothing is left, or a reader is still held: the connection can serve another request.
    Whole,
    /// Bytes are left, so the connection ends with this answer. The body is for [`lingering_close`]; `None`
    /// means that the client has left or is too slow.
    Partly(Option<IncomingBody>),
}

/// Drains at most `limit` bytes of the body after the handler has answered with `status`. Firefox and WebKit
/// show a broken connection, and Caddy forwards one, when an answer comes before they have sent the body.
pub(super) async fn drain(
    incoming: &Incoming,
    status: Status,
    expects_continue: bool,
    limit: u64,
) -> Drained {
    let Some(mut body) = incoming.reclaim() else {
        return Drained::Whole;
    };
    // A client that waits for `100 Continue` has sent nothing yet, and reading would ask it to send the body.
    if (expects_continue && !body.is_touched()) || body.remaining().is_some_and(|n| n > limit) {
        return Drained::Partly(Some(body));
    }
    let pause = if status.code >= 400 { PAUSE } else { DRAIN };
    let draining = async {
        let mut drained = 0;
        while !body.is_ended() {
            match timeout(pause, body.chunk()).await {
                Ok(Ok(Some(chunk))) => drained += chunk.len() as u64,
                Ok(Ok(None)) => break,
                Ok(Err(_)) => return Some(false),
                Err(_) => return Some(true),
            }
            if drained > limit {
                return Some(true);
            }
        }
        None
    };
    match timeout(DRAIN, draining).await {
        Ok(None) => Drained::Whole,
        Ok(Some(true)) | Err(_) => Drained::Partly(Some(body)),
        Ok(Some(false)) => Drained::Partly(None),
    }
}

/// Reads on after an early answer as long as bytes come, and discards at most `limit` of them (a lingering
/// close). Closing at once would reset the connection: browsers then show a broken connection, and proxies
/// such as Apache and Varnish a 502 or 503, in place of the answer.
pub(super) async fn lingering_close(mut body: IncomingBody, limit: u64) {
    let mut drained = 0;
    // A client that sends nothing, has left, or is slower than the listener's pace ends this like the limit.
    while let Ok(Ok(Some(chunk))) = timeout(LINGER, body.chunk()).await {
        drained += chunk.len() as u64;
        if drained > limit {
            break;
        }
    }
}
