//! A gate that lets a fixed number of tasks in at once.

use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::Turns;

/// Lets a fixed number of tasks in at once. The others wait, and their clients take turns.
pub struct Gate {
    state: Mutex<State>,
    most_waiting: usize,
}

struct State {
    free: usize,
    waiting: Turns<oneshot::Sender<Pass>>,
}

/// As many tasks of one client wait as may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("too many requests of one client wait already")
    }
}

impl std::error::Error for Full {}

/// A place behind the gate. Dropping it lets the next one in.
#[must_use = "the place is given up when the pass is dropped"]
pub struct Pass {
    /// `None` while the place is being handed on.
    gate: Option<Arc<Gate>>,
}

impl Gate {
    /// A gate that lets `places` tasks in at once. Of one client, `most_waiting` may wait.
    #[must_use]
    pub fn new(places: usize, most_waiting: usize) -> Self {
        Self { state: Mutex::new(State { free: places, waiting: Turns::default() }), most_waiting }
    }

    /// Enters if a place is free. A place is never free while somebody waits.
    #[must_use]
    pub fn try_enter(self: &Arc<Self>) -> Option<Pass> {
        let mut state = self.state.lock();
        state.free = state.free.checked_sub(1)?;
        Some(Pass { gate: Some(Arc::clone(self)) })
    }

    /// Waits for a place on behalf of `client`. Dropping the future gives the turn up.
    ///
    /// # Errors
    /// [`Full`] at once when the client has too many that wait.
    pub async fn enter(self: &Arc<Self>, client: u64) -> Result<Pass, Full> {
        loop {
            let turn = {
                let mut state = self.state.lock();
                if let Some(free) = state.free.checked_sub(1) {
                    state.free = free;
                    return Ok(Pass { gate: Some(Arc::clone(self)) });
                }
                if state.waiting.len_of(client) >= self.most_waiting {
                    // Whoever stopped waiting is still in line.
                    state.waiting.retain_of(client, |waiting| !waiting.is_closed());
                }
                if state.waiting.len_of(client) >= self.most_waiting {
                    return Err(Full);
                }
                let (sender, turn) = oneshot::channel();
                state.waiting.push(client, sender);
                turn
            };
            // The sender is dropped unused only with the gate, which `self` keeps.
            if let Ok(pass) = turn.await {
                return Ok(pass);
            }
        }
    }

    /// The number of tasks that wait, and of those that have stopped waiting but were not noticed yet.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.state.lock().waiting.len()
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("waiting", &self.waiting()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pass").finish_non_exhaustive()
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let Some(mut gate) = self.gate.take() else { return };
        loop {
            let next = {
                let mut state = gate.state.lock();
                let Some(next) = state.waiting.pop() else {
                    state.free += 1;
                    return;
                };
                next
            };
            // If the next one leaves after the pass was sent, the pass is dropped with its receiver, and its
            // place is handed on from there.
            match next.send(Pass { gate: Some(gate) }) {
                Ok(()) => return,
                Err(mut back) => match back.gate.take() {
                    Some(given_back) => gate = given_back,
                    None => return,
                },
            }
        }
    }
}
