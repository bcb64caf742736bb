//! A client's requests are worked at by at most half of the threads at a time. Its requests that are under
//! way would otherwise take all of them, and each step of everybody else's request would wait for one of its
//! steps.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

use super::client_net::ClientNet;

/// The number of lanes from which on those that nobody uses are looked for.
const FEW: usize = 64;

/// The lanes of all clients that have requests under way.
pub(super) struct Lanes {
    known: Mutex<Known>,
    threads_each: usize,
}

struct Known {
    lanes: HashMap<ClientNet, Weak<Lane>>,
    /// The number of lanes at which unused ones are removed next.
    clean_at: usize,
}

/// The lane of one client.
pub(super) struct Lane(Mutex<Inside>);

struct Inside {
    free: usize,
    /// The tasks that found the lane full. They are as few as a client has requests under way.
    waiting: Vec<Waker>,
}

/// A future that is polled in a lane.
pub(super) struct InLane<F> {
    lane: Option<Arc<Lane>>,
    future: Pin<Box<F>>,
}

impl Lanes {
    /// Lanes for a runtime with `threads` threads.
    pub(super) fn new(threads: usize) -> Lanes {
        let known = Known { lanes: HashMap::new(), clean_at: FEW };
        Lanes { known: Mutex::new(known), threads_each: (threads / 2).max(1) }
    }

    /// The lane of `net`. It exists as long as somebody holds it.
    pub(super) fn of(&self, net: ClientNet) -> Arc<Lane> {
        let mut known = lock(&self.known);
        if let Some(lane) = known.lanes.get(&net).and_then(Weak::upgrade) {
            return lane;
        }
        if known.lanes.len() >= known.clean_at {
            known.lanes.retain(|_, lane| lane.strong_count() > 0);
            known.clean_at = FEW.max(2 * known.lanes.len());
        }
        let lane = Arc::new(Lane(Mutex::new(Inside { free: self.threads_each, waiting: Vec::new() })));
        known.lanes.insert(net, Arc::downgrade(&lane));
        lane
    }
}

impl Lane {
    /// Enters, or has `cx` woken when somebody leaves.
    fn enter(&self, cx: &Context<'_>) -> Option<Inner<'_>> {
        let mut inside = lock(&self.0);
        match inside.free.checked_sub(1) {
            Some(free) => {
                inside.free = free;
                Some(Inner(self))
            }
            None => {
                if !inside.waiting.iter().any(|waiting| waiting.will_wake(cx.waker())) {
                    inside.waiting.push(cx.waker().clone());
                }
                None
            }
        }
    }
}

/// A thread inside a lane. Dropping it, by a panic too, lets another one in.
struct Inner<'a>(&'a Lane);

impl Drop for Inner<'_> {
    fn drop(&mut self) {
        let waiting = {
            let mut inside = lock(&self.0.0);
            inside.free += 1;
            std::mem::take(&mut inside.waiting)
        };
        // All of them: one alone may belong to a task that has been dropped meanwhile.
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl<F: Future> InLane<F> {
    /// Has `future` polled in `lane`; without one, at any time.
    pub(super) fn new(lane: Option<Arc<Lane>>, future: F) -> InLane<F> {
        InLane { lane, future: Box::pin(future) }
    }
}

impl<F: Future> Future for InLane<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        let Some(lane) = &this.lane else { return this.future.as_mut().poll(cx) };
        match lane.enter(cx) {
            Some(_inner) => this.future.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }
}

/// A panic cannot leave the value half changed, so a poisoned lock is ignored.
fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::pin::pin;

    use super::*;

    /// Polls `future`, and while it is inside, another of the same lane.
    #[test]
    fn a_full_lane_lets_nobody_in_and_wakes_them_when_it_is_free() {
        let lanes = Lanes::new(3);
        let net = ClientNet::from_number(1);
        let mut second = pin!(InLane::new(Some(lanes.of(net)), async { 2 }));
        let first = InLane::new(Some(lanes.of(net)), async {
            let waits = second.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending();
            let mut other = pin!(InLane::new(Some(lanes.of(ClientNet::from_number(2))), async { 3 }));
            (waits, other.as_mut().poll(&mut Context::from_waker(Waker::noop())))
        });
        let polled = pin!(first).poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(polled, Poll::Ready((true, Poll::Ready(3))));
        assert_eq!(second.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(2));
    }

    #[test]
    fn unused_lanes_are_forgotten_and_used_ones_are_kept() {
        let lanes = Lanes::new(2);
        let kept = lanes.of(ClientNet::from_number(0));
        let mut held = pin!(InLane::new(Some(Arc::clone(&kept)), pending::<()>()));
        assert!(held.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        for number in 1..10 * FEW as u64 {
            lanes.of(ClientNet::from_number(number));
        }
        assert!(lock(&lanes.known).lanes.len() <= FEW + 1);
        assert!(Arc::ptr_eq(&kept, &lanes.of(ClientNet::from_number(0))));
    }
}
