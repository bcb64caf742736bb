//! Each client has few requests under way at once. So a client that sends hundreds, on as many connections or
//! one behind the other, leaves the threads to others, whose requests would otherwise stand behind all of
//! them each time that they wait for something.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use rocket::local::asynchronous::LocalResponse;
use rocket::tokio::spawn;
use rocket::tokio::time::sleep;
use turns::{Gates, Pass};

use super::client_net::ClientNet;
use super::lanes::{InLane, Lane, Lanes};
use super::slot::Slot;

/// How long a request that was told to come back later still counts as under way. This bounds the refusals
/// that a client can ask for, without keeping anybody waiting for one.
const REST: Duration = Duration::from_millis(100);

/// The requests of each client that are under way.
pub(super) struct UnderWay(Option<(Gates, Lanes)>);

/// A request that is under way until this is dropped.
pub(super) struct Turn {
    pass: Option<Pass>,
    lane: Option<Arc<Lane>>,
}

impl UnderWay {
    /// At most `each` requests of one client are under way at once, on at most half of so many `threads`;
    /// `None` allows any number.
    pub(super) fn new(each: Option<usize>, threads: usize) -> UnderWay {
        // Those that wait are bounded by the connections.
        UnderWay(each.map(|each| (Gates::new(each, usize::MAX), Lanes::new(threads))))
    }

    /// Waits until a request of `net` may be dispatched. While it waits, its connection can be evicted: then
    /// the answer is `None`.
    pub(super) async fn enter(&self, net: ClientNet, slot: &Slot) -> Option<Turn> {
        let Some((gates, lanes)) = &self.0 else { return Some(Turn::free()) };
        let mut entering = pin!(gates.enter(net.number(), net.number()));
        let at_once = poll_fn(|cx| Poll::Ready(entering.as_mut().poll(cx))).await;
        let entered = match at_once {
            Poll::Ready(entered) => entered,
            Poll::Pending => {
                slot.await_turn();
                let entered = entering.await;
                if !slot.turn_came() {
                    return None;
                }
                entered
            }
        };
        // Any number may wait, so nobody is turned away.
        Some(Turn { pass: entered.ok(), lane: Some(lanes.of(net)) })
    }
}

impl Turn {
    /// A turn of a request that keeps nobody waiting.
    pub(super) fn free() -> Turn {
        Turn { pass: None, lane: None }
    }

    /// Has `work` done on the threads that the client may have.
    pub(super) fn run<F: Future>(&self, work: F) -> InLane<F> {
        InLane::new(self.lane.clone(), work)
    }

    /// Ends the turn of a request that was answered with `reply`.
    pub(super) fn end(self, reply: &LocalResponse<'_>) {
        if self.pass.is_some() && reply.headers().contains("Retry-After") {
            spawn(async move {
                sleep(REST).await;
                drop(self);
            });
        }
    }
}
