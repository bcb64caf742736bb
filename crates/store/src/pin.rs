//! SQLite's shared lock on its log, kept from one look-up to the next. Whoever reads takes it and gives it back, which for
//! the first and the last of a process is a call of the system under a lock that all its connections wait for: half of
//! what a look-up costs. A transaction that stays open beside them makes all others neither the first nor the last.
//!
//! A reader keeps the log from beginning anew. So this one gives way before every write of this store and stays away until
//! that is done. For those who write past the store, such as another program, it rests for [`REST`] after [`KEPT`]. It only holds the place: every look-up has a transaction of its own and sees
//! what is there at that moment.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::runtime::Handle;

/// For how long the lock is kept at most.
const KEPT: Duration = Duration::from_millis(100);

/// For how long nobody takes it then.
const REST: Duration = Duration::from_millis(10);

#[derive(Default)]
pub(super) struct Pin {
    connection: Mutex<Option<Connection>>,
    held: AtomicBool,
    writers: AtomicUsize,
    /// Whether [`give_back`] is on its way: one for all turns until then, or many writes would leave many behind.
    timed: AtomicBool,
}

impl Pin {
    /// Takes the lock, if nobody has or writes. Without it a look-up only takes longer, so that nothing that goes wrong
    /// here is an error.
    pub(super) fn take(self: &Arc<Self>, open: impl FnOnce() -> rusqlite::Result<Connection>) {
        if self.held.load(Ordering::Acquire) || self.writers.load(Ordering::Acquire) > 0 {
            return;
        }
        let (Ok(runtime), Some(mut kept)) = (Handle::try_current(), self.connection.try_lock()) else {
            return;
        };
        // Once more, now that nobody changes it: whoever is about to write waits for `kept`.
        if self.held.load(Ordering::Acquire) || self.writers.load(Ordering::Acquire) > 0 {
            return;
        }
        let Some(connection) = kept.take().or_else(|| open().ok()) else { return };
        // The lock comes with the first read.
        if connection.execute_batch("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1").is_ok() {
            *kept = Some(connection);
            self.held.store(true, Ordering::Release);
        }
        if !self.timed.swap(true, Ordering::AcqRel) {
            runtime.spawn(give_back(Arc::downgrade(self)));
        }
    }

    /// Gives the lock back and keeps it away until what is returned is dropped.
    pub(super) fn give_way(self: &Arc<Self>) -> Writing {
        self.writers.fetch_add(1, Ordering::AcqRel);
        self.release();
        Writing(Arc::clone(self))
    }

    fn release(&self) {
        let mut kept = self.connection.lock();
        if self.held.swap(false, Ordering::AcqRel)
            && let Some(connection) = kept.take()
        {
            // One that cannot end its transaction is closed, which ends it.
            *kept = connection.execute_batch("COMMIT").is_ok().then_some(connection);
        }
    }
}

async fn give_back(pin: Weak<Pin>) {
    tokio::time::sleep(KEPT).await;
    if let Some(pin) = pin.upgrade() {
        let rest = pin.give_way();
        tokio::time::sleep(REST).await;
        pin.timed.store(false, Ordering::Release);
        drop(rest);
    }
}

/// Somebody writes.
pub(super) struct Writing(Arc<Pin>);

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.writers.fetch_sub(1, Ordering::AcqRel);
    }
}
