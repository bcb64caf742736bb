//! Mail as leased jobs.

use std::sync::Arc;
use std::time::Duration;

use super::parts::Mailing;
use crate::flows::jobs::leased::{Lease, LeasedWork, WorkOutcome};
use domain::Mail;
use domain::lifetimes::{MAIL_GIVE_UP, MAIL_LEASE, MAIL_SERVER_ASK_AGAIN};
use mailer::SendError;
use store::{Engine, StoreError, outbox};

impl Mailing {
    /// Starts sending mail, until [`stop`](Self::stop).
    pub fn keep(self: &Arc<Self>) {
        self.worker.start(self.clone(), self.parts.at_once);
    }

    /// Sets aside messages older than the retry period. Called while the mail server accepts nothing.
    async fn give_up_old(&self) {
        let now = self.clock.now();
        let given_up: Result<u64, StoreError> =
            self.store.transact(async |tx| outbox::give_up(tx, now.before(MAIL_GIVE_UP), now).await).await;
        match given_up {
            Ok(0) | Err(_) => {}
            Ok(gone) => log::error!("{gone} mails are set aside: the mail server took nothing for too long"),
        }
    }
}

impl LeasedWork for Mailing {
    type Piece = Mail;

    const QUEUE: &'static str = "the outbox";

    const ASK_AGAIN: (Duration, Duration) = MAIL_SERVER_ASK_AGAIN;

    const LEASE: Duration = MAIL_LEASE;

    async fn end_old_leases(&self) -> Result<(), StoreError> {
        match self.store.engine() {
            // A server with SQLite is alone on its database, which its lock makes sure of.
            Engine::Sqlite => self.store.transact(async |tx| outbox::end_leases(tx).await).await,
            Engine::Postgres => Ok(()),
        }
    }

    async fn lease(&self, most: usize) -> Result<Vec<Mail>, StoreError> {
        let now = self.clock.now();
        let mut db = self.store.read().await?;
        // A read blocks nobody; an unconditional write would delay other writers.
        if !outbox::due(&mut db, now).await? {
            return Ok(Vec::new());
        }
        drop(db);
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.store.transact(async |tx| outbox::lease(tx, most, now, now.after(MAIL_LEASE)).await).await
    }

    async fn renew(&self, mail: &Mail) -> Result<bool, StoreError> {
        let _turn = self.turn().await;
        let until = self.clock.now().after(MAIL_LEASE);
        self.store.transact(async |tx| outbox::hold(tx, mail, until).await).await
    }

    async fn work(&self, mail: &Mail, lease: &Lease) -> WorkOutcome {
        self.post(mail, lease).await
    }

    async fn set_aside(&self, mail: &Mail) {
        self.note(mail, None, &SendError::Rejected("a fault of ours".to_owned())).await;
    }

    async fn written(&self) {
        self.news.written.notified().await;
    }

    fn stalled(&self, reason: &str) {
        log::warn!("no mail can be sent, it waits in the outbox: {reason}");
    }

    async fn ask(&self) -> bool {
        match self.parts.mailer.ready().await {
            Ok(()) => {
                log::info!("mail is sent again");
                true
            }
            Err(error) => {
                self.heard(&error.to_string());
                self.give_up_old().await;
                false
            }
        }
    }
}
