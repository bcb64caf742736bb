//! Clearing away what has expired.

use std::time::Duration;

use super::Flows;
use crate::store::{StoreError, bearers, outbox, pairings, sessions, tickets};

/// How often.
const EVERY: Duration = Duration::from_secs(3_600);

/// Expired tickets that were mailed are kept this long, so that "this link was used" can be told from nonsense in the log.
const KEEP_TICKETS: Duration = Duration::from_secs(7 * 86_400);

/// Mail that was set aside is kept this long, for its operator.
const KEEP_MAIL: Duration = Duration::from_secs(30 * 86_400);

/// A waiting device whose code has ended is kept this long: its stream, which may be late, gives it the next one.
const KEEP_PAIRINGS: Duration = Duration::from_secs(3_600);

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
            gone += ended as u64;
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
            let ended = pairings::prune(&mut tx, now.before(KEEP_PAIRINGS)).await?;
            tx.commit().await?;
            gone += ended;
            if ended == 0 {
                break;
            }
        }
        loop {
            let mut tx = self.parts().store.write().await?;
            let ended = tickets::prune(&mut tx, now, now.before(KEEP_TICKETS)).await?;
            tx.commit().await?;
            gone += ended;
            if ended == 0 {
                break;
            }
        }
        let mut tx = self.parts().store.write().await?;
        gone += outbox::prune(&mut tx, now.before(KEEP_MAIL)).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// Does so every hour for as long as the program runs.
    pub fn keep_swept(&self) {
        let flows = self.clone();
        tokio::spawn(async move {
            let mut every = tokio::time::interval(EVERY);
            loop {
                every.tick().await;
                if let Err(error) = flows.sweep().await {
                    log::warn!("expired sessions were not cleared away: {error}");
                }
            }
        });
    }
}
