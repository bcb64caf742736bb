//! Clearing away what has expired.

use super::Flows;
use crate::domain::lifetimes;
use crate::store::{StoreError, bearers, outbox, paired_devices, sessions, tickets};

impl Flows {
    /// Clears away expired sessions, bearers, waiting devices and tickets and forgotten mail now; says how many rows
    /// went.
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        let now = self.parts().clock.now();
        let limits = &self.policy().session;
        let mut gone = 0;
        loop {
            let mut tx = self.parts().store.write().await?;
            let ended =
                sessions::prune(&mut tx, now.before(limits.idle), now.before(limits.absolute)).await?;
            tx.commit().await?;
            gone += ended;
            if ended == 0 {
                break;
            }
        }
        loop {
            let mut tx = self.parts().store.write().await?;
            let ended = bearers::prune(&mut tx, now).await?;
            tx.commit().await?;
            gone += ended;
            if ended == 0 {
                break;
            }
        }
        loop {
            let mut tx = self.parts().store.write().await?;
            let ended = paired_devices::prune(&mut tx, now.before(lifetimes::KEEP_PAIRING)).await?;
            tx.commit().await?;
            gone += ended;
            if ended == 0 {
                break;
            }
        }
        loop {
            let mut tx = self.parts().store.write().await?;
            let ended = tickets::prune(&mut tx, now, now.before(lifetimes::KEEP_TICKET)).await?;
            tx.commit().await?;
            gone += ended;
            if ended == 0 {
                break;
            }
        }
        let mut tx = self.parts().store.write().await?;
        gone += outbox::prune(&mut tx, now.before(lifetimes::KEEP_FAILED_MAIL)).await?;
        tx.commit().await?;
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
