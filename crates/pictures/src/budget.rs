//! Keeps the memory and the cores that pictures take bounded, however many arrive at once.

use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;

/// What all decodes of the process together may use. Whoever asks for more waits; first come, first served.
#[derive(Debug)]
pub struct DecodeBudget {
    seats: Gate,
    memory: Gate,
}

impl DecodeBudget {
    /// The memory shared by all decodes unless said otherwise, in bytes: 72 MiB, which with allocator slack
    /// stays under 100 MiB for any number of ordinary photographs at once.
    pub const DEFAULT_MEMORY: u64 = 72 * 1024 * 1024;

    /// A budget of `memory` bytes for at most `at_once` decodes (both at least 1). A job estimated above
    /// `memory` runs alone.
    pub fn new(at_once: usize, memory: u64) -> Self {
        Self { seats: Gate::new(at_once as u64), memory: Gate::new(memory) }
    }

    /// Waits for a core.
    pub(super) fn seat(&self) -> Seat<'_> {
        Seat { budget: self, _seat: self.seats.enter(1), memory: None }
    }
}

impl Default for DecodeBudget {
    /// One decode per core and [`DecodeBudget::DEFAULT_MEMORY`].
    fn default() -> Self {
        Self::new(available_parallelism().map_or(1, NonZero::get), Self::DEFAULT_MEMORY)
    }
}

/// A right to decode one picture; dropping it gives back all it holds.
#[derive(Debug)]
pub(super) struct Seat<'a> {
    budget: &'a DecodeBudget,
    // Fields drop in this order: the memory is free before the next job takes the seat.
    memory: Option<Pass<'a>>,
    _seat: Pass<'a>,
}

impl Seat<'_> {
    /// Waits until `bytes` fit beside the other decodes. At most once per seat: two half-served jobs could
    /// wait for each other.
    pub fn reserve(&mut self, bytes: u64) {
        if self.memory.is_none() {
            self.memory = Some(self.budget.memory.enter(bytes));
        }
    }
}

/// A first-in, first-out weighted semaphore: without the order, a job that needs everything would wait for
/// ever behind a stream of small ones.
#[derive(Debug)]
struct Gate {
    capacity: u64,
    state: Mutex<GateState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct GateState {
    used: u64,
    next_ticket: u64,
    serving: u64,
}

impl Gate {
    fn new(capacity: u64) -> Self {
        Self { capacity: capacity.max(1), state: Mutex::default(), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, GateState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for `weight`, cut down to the whole capacity if it is more.
    fn enter(&self, weight: u64) -> Pass<'_> {
        let weight = weight.min(self.capacity);
        let mut state = self.lock();
        let ticket = state.next_ticket;
        state.next_ticket += 1;
        while state.serving != ticket || state.used + weight > self.capacity {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.serving += 1;
        state.used += weight;
        drop(state);
        self.changed.notify_all();
        Pass { gate: self, weight }
    }
}

#[derive(Debug)]
struct Pass<'a> {
    gate: &'a Gate,
    weight: u64,
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.gate.lock().used -= self.weight;
        self.gate.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    impl Gate {
        /// Waits until so many have asked since the gate was made. From then on the last of them is inside, or
        /// waits: both are decided while its number is drawn.
        fn asked_by(&self, count: u64) -> (u64, u64) {
            loop {
                let state = self.lock();
                if state.next_ticket >= count {
                    return (state.serving, state.used);
                }
                drop(state);
                thread::yield_now();
            }
        }
    }

    #[test]
    fn no_more_jobs_run_than_there_are_seats() {
        let budget = DecodeBudget::new(2, 1000);
        let (first, second) = (budget.seat(), budget.seat());
        thread::scope(|scope| {
            let third = scope.spawn(|| drop(budget.seat()));
            assert_eq!(budget.seats.asked_by(3), (2, 2));
            drop(first);
            third.join().unwrap();
        });
        drop(second);
        assert_eq!(budget.seats.lock().used, 0);
    }

    #[test]
    fn jobs_wait_for_memory_in_their_seats() {
        let budget = DecodeBudget::new(8, 100);
        let (mut first, mut second) = (budget.seat(), budget.seat());
        first.reserve(40);
        second.reserve(40);
        thread::scope(|scope| {
            let third = scope.spawn(|| budget.seat().reserve(40));
            assert_eq!(budget.memory.asked_by(3), (2, 80));
            assert_eq!(budget.seats.asked_by(3), (3, 3));
            drop(second);
            third.join().unwrap();
        });
        assert_eq!(budget.memory.lock().used, 40);
    }

    #[test]
    fn a_job_above_the_budget_runs_alone_and_does_not_starve() {
        let budget = DecodeBudget::new(4, 100);
        let mut small = budget.seat();
        small.reserve(30);
        thread::scope(|scope| {
            let large = scope.spawn(|| {
                let mut large = budget.seat();
                large.reserve(5000);
                large
            });
            assert_eq!(budget.memory.asked_by(2), (1, 30));
            // It would fit, but is behind the large one.
            let later = scope.spawn(|| budget.seat().reserve(30));
            assert_eq!(budget.memory.asked_by(3), (1, 30));
            drop(small);
            let large = large.join().unwrap();
            assert_eq!(budget.memory.asked_by(3), (2, 100));
            drop(large);
            later.join().unwrap();
        });
        assert_eq!(budget.memory.lock().used, 0);
    }

    #[test]
    fn a_seat_is_given_back_when_its_job_panics() {
        let budget = DecodeBudget::new(1, 100);
        let outcome = thread::scope(|scope| {
            scope
                .spawn(|| {
                    let mut seat = budget.seat();
                    seat.reserve(100);
                    std::panic::resume_unwind(Box::new("broken"));
                })
                .join()
        });
        assert!(outcome.is_err());
        budget.seat().reserve(100);
    }
}
