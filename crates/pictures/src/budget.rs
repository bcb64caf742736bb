//! Bounds the memory and the cores that decoding takes, however many pictures arrive at once.

use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;

/// The cores and the memory that all decodes of the process share. A decode waits until its share is free,
/// first come, first served.
#[derive(Debug)]
pub struct DecodeBudget {
    seats: FairSemaphore,
    memory: FairSemaphore,
}

impl DecodeBudget {
    /// The default memory of all decodes together, in bytes: 66 MiB. With allocator slack, any number of
    /// simultaneous ordinary photographs then stays under 100 MiB.
    pub const DEFAULT_MEMORY: u64 = 66 * 1024 * 1024;

    /// A budget of `memory` bytes for at most `at_once` simultaneous decodes (both at least 1). A decode
    /// estimated above `memory` runs alone.
    pub fn new(at_once: usize, memory: u64) -> Self {
        Self { seats: FairSemaphore::new(at_once as u64), memory: FairSemaphore::new(memory) }
    }

    /// Waits for a free core.
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

/// The right to decode one picture. Dropping it frees the core and the memory.
#[derive(Debug)]
pub(super) struct Seat<'a> {
    budget: &'a DecodeBudget,
    // Fields drop in this order: the memory is free before the next job takes the seat.
    memory: Option<SemaphorePermit<'a>>,
    _seat: SemaphorePermit<'a>,
}

impl Seat<'_> {
    /// Waits until `bytes` fit beside the other decodes. Call it at most once per seat: two decodes that each
    /// hold half of their memory could wait for each other.
    pub fn reserve(&mut self, bytes: u64) {
        if self.memory.is_none() {
            self.memory = Some(self.budget.memory.enter(bytes));
        }
    }
}

/// A first-in, first-out weighted semaphore. Without the order, a decode that needs the whole budget would
/// wait for ever behind a stream of small ones.
#[derive(Debug)]
struct FairSemaphore {
    capacity: u64,
    state: Mutex<SemaphoreState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct SemaphoreState {
    used: u64,
    next_ticket: u64,
    serving: u64,
}

impl FairSemaphore {
    fn new(capacity: u64) -> Self {
        Self { capacity: capacity.max(1), state: Mutex::default(), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, SemaphoreState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for `weight`, cut down to the whole capacity if it is more.
    fn enter(&self, weight: u64) -> SemaphorePermit<'_> {
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
        SemaphorePermit { semaphore: self, weight }
    }
}

#[derive(Debug)]
struct SemaphorePermit<'a> {
    semaphore: &'a FairSemaphore,
    weight: u64,
}

impl Drop for SemaphorePermit<'_> {
    fn drop(&mut self) {
        self.semaphore.lock().used -= self.weight;
        self.semaphore.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    impl FairSemaphore {
        /// Waits until so many have asked since the semaphore was made. From then on the last of them is
        /// inside, or waits: both are decided while its number is drawn.
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
            // It would fit, but waits behind the large one.
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
