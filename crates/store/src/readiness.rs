//! Whether anything can be written: a database that answers reads may be full, or for reading alone. The
//! table `readiness` has one row, which is written to find out.

use std::io;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::connection::on;
use super::{Linked as _, Store, StoreError, Tx};

/// How long an answer counts. Whoever asks causes at most one write in this time.
const COUNTS: Duration = Duration::from_secs(1);

/// The newest answer, and when it was found. The lock is held while a write is tried: others wait for it.
#[derive(Default)]
pub(super) struct Readiness(Mutex<Option<(Instant, bool)>>);

impl Store {
    /// Writes to the database, unless it was tried within the last second.
    pub async fn try_write(&self) -> Result<(), StoreError> {
        let mut newest = self.readiness.0.lock().await;
        if let Some((at, written)) = *newest
            && at.elapsed() < COUNTS
        {
            let failed = || StoreError::Unavailable(sqlx::Error::PoolTimedOut);
            return written.then_some(()).ok_or_else(failed);
        }
        let written = match self.file_is_there() {
            true => self.transact(async |tx| write(tx).await).await,
            false => Err(StoreError::unavailable(sqlx::Error::Io(io::ErrorKind::NotFound.into()))),
        };
        *newest = Some((Instant::now(), written.is_ok()));
        written
    }
}

impl Store {
    /// Whether SQLite's file still has its name. Without it, all that is written is lost when the program
    /// ends.
    fn file_is_there(&self) -> bool {
        self.fast.as_ref().is_none_or(|fast| fast.file().is_file())
    }
}

async fn write(tx: &mut Tx) -> Result<(), StoreError> {
    let sql = "UPDATE readiness SET writes = writes + 1 WHERE id = 1";
    on!(tx.link(), c => sqlx::query(sql).execute(c).await.map(drop))?;
    Ok(())
}
