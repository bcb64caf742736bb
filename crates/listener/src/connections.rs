//! How many connections there are, for whoever watches the server.

use std::fmt;
use std::sync::Arc;

use super::slots::Slots;

/// Counts the connections of a server.
#[derive(Clone)]
pub struct Connections(Arc<Slots>);

impl Connections {
    pub(super) fn of(slots: &Arc<Slots>) -> Connections {
        Connections(Arc::clone(slots))
    }

    /// The connections that are open, event streams included.
    pub fn open(&self) -> usize {
        self.0.taken().0
    }

    /// The most that may be open.
    pub fn most(&self) -> usize {
        self.0.taken().1
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").field("open", &self.open()).finish_non_exhaustive()
    }
}
