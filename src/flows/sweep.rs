//! Clearing away what has expired.

use super::Flows;
use crate::domain::{Millis, SessionLimits, lifetimes};
use crate::store::{StoreError, Tx, bearers, outbox, paired_devices, sessions, tickets};

impl Flows {
    /// Clears away expired sessions, bearers, waiting devices and tickets and forgotten mail now; says how many rows
    /// went.
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        let (now, limits) = (self.parts().clock.now(), self.policy().session);
        let mut gone = 0;
        for kind in Expired::ALL {
            // In pieces: no transaction keeps other writers waiting for long.
            loop {
                match self.store().transact(async |tx| kind.prune(tx, &limits, now).await).await? {
                    0 => break,
                    some => gone += some,
                }
            }
        }
        Ok(gone)
    }

    /// Does so every hour for as long as the program runs.
    pub fn keep_swept(&self) {
        let flows = self.clone();
        tokio::spawn(async move {
            let mut every = tokio::time::interval(lifetimes::SWEEP_EVERY);
            loop {
                every.tick().await;
                if let Err(error) = flows.sweep().await {
                    log::warn!("expired sessions were not cleared away: {error}");
                }
            }
        });
    }
}

/// What is cleared away once it has expired.
#[derive(Clone, Copy)]
enum Expired {
    Sessions,
    Bearers,
    Pairings,
    Tickets,
    Mail,
}

impl Expired {
    const ALL: [Self; 5] = [Self::Sessions, Self::Bearers, Self::Pairings, Self::Tickets, Self::Mail];

    /// Removes a bounded number of rows, and says how many.
    async fn prune(self, tx: &mut Tx, limits: &SessionLimits, now: Millis) -> Result<u64, StoreError> {
        match self {
            Self::Sessions => {
                let (idle, absolute) = (now.before(limits.idle), now.before(limits.absolute));
                Ok(sessions::prune(tx, idle, absolute).await? as u64)
            }
            Self::Bearers => bearers::prune(tx, now).await,
            Self::Pairings => paired_devices::prune(tx, now.before(lifetimes::KEEP_PAIRING)).await,
            Self::Tickets => tickets::prune(tx, now, now.before(lifetimes::KEEP_TICKET)).await,
            Self::Mail => outbox::prune(tx, now.before(lifetimes::KEEP_FAILED_MAIL)).await,
        }
    }
}
