//! A gate for each thing of a changing set.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::{Full, Gate, Pass};

/// The number of gates from which on those that nobody uses are looked for.
const FEW: usize = 64;

/// Gates with the same number of places each, one gate for every number that is in use.
pub struct Gates {
    open: Mutex<Open>,
    places: usize,
    most_waiting: usize,
}

struct Open {
    gates: HashMap<u64, Weak<Gate>>,
    /// The number of gates at which unused ones are removed next.
    clean_at: usize,
}

impl Gates {
    /// Each gate lets `places` tasks in at once. Of one client, `most_waiting` may wait at each gate.
    #[must_use]
    pub fn new(places: usize, most_waiting: usize) -> Self {
        Self { open: Mutex::new(Open { gates: HashMap::new(), clean_at: FEW }), places, most_waiting }
    }

    /// Waits for a place behind the gate of `thing`, on behalf of `client`.
    ///
    /// # Errors
    /// [`Full`] at once when the client has too many that wait.
    pub async fn enter(&self, thing: u64, client: u64) -> Result<Pass, Full> {
        self.gate(thing).enter(client).await
    }

    /// The gate of `thing`. It exists as long as somebody holds it, or a pass of it.
    #[must_use]
    pub fn gate(&self, thing: u64) -> Arc<Gate> {
        let mut open = self.open.lock();
        if let Some(gate) = open.gates.get(&thing).and_then(Weak::upgrade) {
            return gate;
        }
        if open.gates.len() >= open.clean_at {
            open.gates.retain(|_, gate| gate.strong_count() > 0);
            open.clean_at = FEW.max(2 * open.gates.len());
        }
        let gate = Arc::new(Gate::new(self.places, self.most_waiting));
        open.gates.insert(thing, Arc::downgrade(&gate));
        gate
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.open.lock().gates.len()
    }
}

impl fmt::Debug for Gates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gates").finish_non_exhaustive()
    }
}
