//! Making the files, as leased jobs, on whichever instance.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use domain::lifetimes::{DATA_EXPORT_LEASE, DATA_EXPORT_RETRIES};
use domain::{AccountError, Clock, CustomFields, MailKind, Random, Token};
use exports::ExportFolder;
use limiter::Limiter;
use look::{Renderer, ViewError};
use pictures::PictureStorage;
use store::data_exports::{self, DataExport};
use store::{Engine, Store, StoreError, accounts};
use tokio::sync::Notify;

use crate::flows::jobs::insist::insist;
use crate::flows::jobs::leased::{Lease, LeasedWork, WorkOutcome, Worker};
use crate::flows::mail::cause::tell;
use crate::flows::openings::Openings;

/// How many an instance makes at once. Each reads much, and requests want the connections.
const AT_ONCE: usize = 1;

/// What it is called in the log.
const JOB: &str = "a file with somebody's data";

/// Files with what accounts have, for their owners.
pub struct DataExports {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    /// Where the files are. Instances share it.
    pub(in crate::flows) folder: ExportFolder,
    pub(in crate::flows) pictures: Arc<dyn PictureStorage>,
    /// Words what people read.
    pub(in crate::flows) renderer: Arc<Renderer>,
    /// The operator's fields.
    pub(in crate::flows) fields: CustomFields,
    /// Lists what opens an account.
    pub(in crate::flows) openings: Openings,
    pub(in crate::flows) worker: Worker,
    pub(in crate::flows) asked: Notify,
}

/// Whether a job was still this worker's when it ended.
enum Settled {
    /// It was.
    Own,
    /// Another worker has it, or nobody wants it any more.
    Lost,
}

impl From<bool> for Settled {
    fn from(own: bool) -> Self {
        if own { Self::Own } else { Self::Lost }
    }
}

impl DataExports {
    /// Starts making them, until [`stop`](Self::stop).
    pub fn keep(self: &Arc<Self>) {
        self.worker.start(self.clone(), AT_ONCE);
    }

    /// Begins none, and waits at most `patience` for one that is being made. What is left is made anew after
    /// the next start.
    pub async fn stop(&self, patience: Duration) {
        if !self.worker.stop(patience).await {
            log::warn!("{JOB} was being made and will be made again");
        }
    }

    /// Has this instance look at once; others look each second.
    pub(super) fn wake(&self) {
        self.asked.notify_one();
    }

    /// Makes one, and writes that it is there. Its owner is told by mail, where the address was proven:
    /// another's owner may not be who made the account.
    async fn make_one(&self, export: &DataExport) -> Result<Settled, MakeError> {
        let made = self.make(export).await?;
        let (id, now) = (export.account, self.clock.now());
        let settled = self.store.transact_on(id, async |tx| {
            accounts::hold(tx, id).await?;
            let account = accounts::find(tx, id).await?.map(|found| found.account);
            let account = account.filter(|account| made && account.active());
            let Some(account) = account else {
                // Nobody can fetch it.
                data_exports::withdraw(tx, export).await?;
                return Ok::<_, StoreError>(Settled::Lost);
            };
            if !data_exports::made(tx, export, now).await? {
                return Ok(Settled::Lost);
            }
            if account.verified_at.is_some() {
                tell(tx, MailKind::DataReady, &account, "", export.locale.as_deref(), now).await?;
            }
            Ok(Settled::Own)
        });
        Ok(settled.await?)
    }

    /// Puts the next try off, or gives it up.
    async fn failed(&self, export: &DataExport, why: &str) {
        let again = usize::try_from(export.attempts - 1).ok();
        let again = again.and_then(|failed| DATA_EXPORT_RETRIES.get(failed));
        match again {
            Some(again) => {
                log::warn!("{JOB} could not be made, and is tried again later: {why}");
                let until = self.clock.now().after(*again);
                insist(JOB, || async {
                    let put_off =
                        self.store.transact(async |tx| data_exports::put_off(tx, export, until).await);
                    put_off.await.map(drop)
                })
                .await;
            }
            None => self.give_up(export, why).await,
        }
    }

    /// Its owner sees that it failed, and may ask again.
    async fn give_up(&self, export: &DataExport, why: &str) {
        log::error!("{JOB} could not be made, and is given up: {why}");
        let now = self.clock.now();
        insist(JOB, || async {
            let given_up = self.store.transact(async |tx| data_exports::given_up(tx, export, now).await);
            given_up.await.map(drop)
        })
        .await;
    }

    async fn remove(&self, export: &DataExport) {
        if let Err(error) = self.folder.remove(&export.file).await {
            log::warn!("{JOB} that nobody wants is removed later: {error}");
        }
    }
}

/// Why one could not be made.
#[derive(Debug)]
pub(super) struct MakeError(String);

impl From<io::Error> for MakeError {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<StoreError> for MakeError {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

impl From<ViewError> for MakeError {
    fn from(error: ViewError) -> Self {
        Self(error.to_string())
    }
}

impl From<AccountError> for MakeError {
    fn from(error: AccountError) -> Self {
        Self(format!("{error:?}"))
    }
}

impl LeasedWork for DataExports {
    type Piece = DataExport;

    const QUEUE: &'static str = "the list of files with people's data";

    // The far side is our own disk: each try finds out for itself.
    const ASK_AGAIN: (Duration, Duration) = (DATA_EXPORT_LEASE, DATA_EXPORT_LEASE);

    const LEASE: Duration = DATA_EXPORT_LEASE;

    async fn end_old_leases(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        match self.store.engine() {
            // A server with SQLite is alone on its database, which its lock makes sure of.
            Engine::Sqlite => self.store.transact(async |tx| data_exports::end_leases(tx, now).await).await,
            Engine::Postgres => Ok(()),
        }
    }

    async fn lease(&self, most: usize) -> Result<Vec<DataExport>, StoreError> {
        let now = self.clock.now();
        let mut leased = Vec::new();
        // A read blocks nobody; an unconditional write would delay other writers.
        while leased.len() < most && data_exports::due(&mut self.store.read().await?, now).await? {
            // Each try has a file of its own, which no other worker writes.
            let file = Token::generate(self.random.as_ref());
            let until = now.after(DATA_EXPORT_LEASE);
            let one =
                self.store.transact(async |tx| data_exports::lease(tx, file.reveal(), now, until).await);
            match one.await? {
                Some(export) => leased.push(export),
                None => break,
            }
        }
        Ok(leased)
    }

    async fn renew(&self, export: &DataExport) -> Result<bool, StoreError> {
        let until = self.clock.now().after(DATA_EXPORT_LEASE);
        self.store.transact(async |tx| data_exports::put_off(tx, export, until).await).await
    }

    async fn work(&self, export: &DataExport, lease: &Lease) -> WorkOutcome {
        if export.attempts > tries() {
            // Whoever took it last was killed by it.
            self.give_up(export, "it was begun too often").await;
            return WorkOutcome::Settled;
        }
        let made = tokio::select! {
            made = self.make_one(export) => made,
            () = lease.lost() => Ok(Settled::Lost),
        };
        match made {
            Ok(Settled::Own) => {}
            Ok(Settled::Lost) => self.remove(export).await,
            Err(error) => {
                self.remove(export).await;
                self.failed(export, &error.0).await;
            }
        }
        WorkOutcome::Settled
    }

    async fn set_aside(&self, export: &DataExport) {
        self.give_up(export, "a fault of ours").await;
        self.remove(export).await;
    }

    async fn written(&self) {
        self.asked.notified().await;
    }

    fn stalled(&self, _: &str) {}

    async fn ask(&self) -> bool {
        true
    }
}

/// How often one is tried.
fn tries() -> i64 {
    i64::try_from(DATA_EXPORT_RETRIES.len() + 1).unwrap_or(i64::MAX)
}
