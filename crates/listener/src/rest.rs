//! What happens to the part of a request body that nobody read. Chromium shows a reset connection when a
//! redirect answers an upload that was not read to its end, so the rest is drained before the answer, within
//! limits.

use std::time::Duration;

use rocket::http::Status;
use rocket::tokio::time::timeout;

use crate::incoming::{Incoming, IncomingBody};

/// An error is shown by browsers even when it comes early; for one, no more than this is drained before the
/// answer.
const DRAINED_FOR_ERRORS: u64 = 1024 * 1024;

/// How long it may take in all: a body that nobody wants is no reason to hold a place for hours.
const DRAIN: Duration = Duration::from_secs(30);

/// How long reading goes on after an answer that came early, so that a reset does not destroy it on its way.
const LINGER: Duration = Duration::from_secs(2);

pub(super) enum Rest {
    /// Nothing is left, or someone is still reading: the connection can go on.
    Settled,
    /// Something is left: the connection ends with this answer, and what still comes should be read for a
    /// while.
    Left(Option<IncomingBody>),
}

/// Drains the body after the request was answered with `status`.
pub(super) async fn settle(incoming: &Incoming, status: Status, expects_continue: bool, limit: u64) -> Rest {
    let Some(mut body) = incoming.reclaim() else {
        return Rest::Settled;
    };
    let limit = if status.code >= 400 { limit.min(DRAINED_FOR_ERRORS) } else { limit };
    // A client that waits for `100 Continue` has sent nothing yet, and reading would ask it to.
    if (expects_continue && !body.is_touched()) || body.remaining().is_some_and(|n| n > limit) {
        return Rest::Left(Some(body));
    }
    let drain = async {
        let mut drained = 0;
        while !body.is_ended() {
            match body.chunk().await {
                Ok(Some(chunk)) => drained += chunk.len() as u64,
                Ok(None) => break,
                Err(_) => return Some(false),
            }
            if drained > limit {
                return Some(true);
            }
        }
        None
    };
    match timeout(DRAIN, drain).await {
        Ok(None) => Rest::Settled,
        Ok(Some(true)) => Rest::Left(Some(body)),
        Ok(Some(false)) | Err(_) => Rest::Left(None),
    }
}

/// Reads on after the answer was sent.
pub(super) async fn linger(mut body: IncomingBody, limit: u64) {
    let read_on = async {
        let mut drained = 0;
        while let Ok(Some(chunk)) = body.chunk().await {
            drained += chunk.len() as u64;
            if drained > limit {
                break;
            }
        }
    };
    // Time running out is one of the two ways this is meant to end.
    let _ = timeout(LINGER, read_on).await;
}
