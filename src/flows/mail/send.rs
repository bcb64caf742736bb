//! Sends what stands in the outbox: several messages at once, each held by a lease that ends by itself when whoever
//! holds it is killed. A message that cannot be sent waits as long as it has waited already, so that it comes round
//! less and less often; a mail server that takes nothing at all is asked, without any message, until it does.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore, SemaphorePermit, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::{Prepared, worker};
use crate::domain::{
    Mail, Millis, TokenDigest,
    lifetimes::{MAIL_GIVE_UP, MAIL_LEASE, MAIL_RETRY_FIRST, MAIL_RETRY_LAST},
};
use crate::flows::Flows;
use crate::infra::mailer::{OutgoingMail, SendError};
use crate::store::{Change, ChangeListener, StoreError, outbox, tickets};

/// What the worker and those who write messages share.
pub(in crate::flows) struct Mailing {
    /// A message was written.
    pub(super) written: Notify,
    stop: watch::Sender<bool>,
    /// Leave to write: requests need the database more than mail does, however many messages are under way.
    turns: Semaphore,
    worker: Mutex<Option<JoinHandle<()>>>,
}

impl Mailing {
    /// `turns`: transactions of the worker that may be open at once.
    pub(in crate::flows) fn new(turns: usize) -> Self {
        Self {
            written: Notify::new(),
            stop: watch::Sender::new(false),
            turns: Semaphore::new(turns),
            worker: Mutex::new(None),
        }
    }
}

impl ChangeListener for Mailing {
    fn changed(&self, change: &Change) {
        if matches!(change, Change::Mail) {
            self.written.notify_one();
        }
    }

    fn lost_track(&self) {
        self.written.notify_one();
    }
}

/// What became of one try.
pub(super) enum Outcome {
    /// The message is off the worker's hands: sent, refused, put off, or somebody else's.
    Settled,
    /// It was sent.
    Sent,
    /// The server takes nothing: no use in trying others.
    Unreachable(String),
}

impl Flows {
    /// Sends mail for as long as the program runs, or until [`stop_mailing`](Self::stop_mailing).
    pub fn keep_mailing(&self) {
        let mailing = &self.0.mailing;
        let worker = tokio::spawn(worker::work(self.clone(), mailing.stop.subscribe()));
        *mailing.worker.lock().unwrap_or_else(PoisonError::into_inner) = Some(worker);
    }

    /// Takes no further message up and waits, for at most `patience`, until those on their way have arrived. What is
    /// still under way then is sent again by the next start.
    pub async fn stop_mailing(&self, patience: Duration) {
        let mailing = &self.0.mailing;
        mailing.stop.send_replace(true);
        let worker = mailing.worker.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut worker) = worker
            && timeout(patience, &mut worker).await.is_err()
        {
            log::warn!("some mail was still on its way and will be sent again");
            worker.abort();
        }
        // The answer to a goodbye is not worth waiting for.
        let _ = timeout(Duration::from_secs(1), self.parts().mail.mailer.close()).await;
    }

    pub(super) async fn lease_mail(&self, most: usize) -> Result<Vec<Mail>, StoreError> {
        let now = self.parts().clock.now();
        let mut db = self.store().read().await?;
        // A look costs nobody anything; a write would keep others waiting.
        if !outbox::due(&mut db, now).await? {
            return Ok(Vec::new());
        }
        drop(db);
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.store().transact(async |tx| outbox::lease(tx, most, now, now.after(MAIL_LEASE)).await).await
    }

    /// Tries once to send `mail`, and notes what came of it.
    pub(super) async fn post(&self, mail: &Mail) -> Outcome {
        let prepared = match self.prepare_mail(mail).await {
            Ok(Some(prepared)) => prepared,
            Ok(None) => return Outcome::Settled,
            Err(error) => {
                self.note(mail, None, &SendError::Deferred(error.to_string())).await;
                return Outcome::Settled;
            }
        };
        let Prepared { letter, link } = prepared;
        let outgoing = OutgoingMail {
            id: mail.id.0,
            attempt: mail.attempts,
            written_at: mail.created_at.0,
            sent_at: self.parts().clock.now().0,
            to: &mail.recipient,
            subject: &letter.subject,
            text: &letter.text,
            html: &letter.html,
        };
        match self.parts().mail.mailer.send(&outgoing).await {
            Ok(_) => {
                self.insist(|| self.settle_sent(mail)).await;
                Outcome::Sent
            }
            Err(error) => {
                // A server may quote what it refuses.
                let error = match &link {
                    Some((token, _)) => error.without(token.reveal()),
                    None => error,
                };
                self.note(mail, link.as_ref().map(|(_, ticket)| ticket), &error).await;
                match error {
                    SendError::Unreachable(reason) => Outcome::Unreachable(reason),
                    _ => Outcome::Settled,
                }
            }
        }
    }

    /// Waits for leave to write. It is given back when dropped.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // Nobody closes the semaphore.
        self.0.mailing.turns.acquire().await.ok()
    }

    async fn settle_sent(&self, mail: &Mail) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        self.store().transact(async |tx| outbox::remove(tx, mail).await.map(drop)).await
    }

    /// Notes why a message was not sent, and when it comes round again.
    pub(super) async fn note(&self, mail: &Mail, ticket: Option<&TokenDigest>, error: &SendError) {
        let now = self.parts().clock.now();
        let waited = now.since(mail.tried_since);
        let (due_at, ticket) = match error {
            SendError::Rejected(_) => (None, ticket),
            // Nobody has the link.
            SendError::Deferred(_) => {
                (Some(now.after(waited.clamp(MAIL_RETRY_FIRST, MAIL_RETRY_LAST))), ticket)
            }
            // Somebody may have it.
            SendError::Unclear(_) => (Some(now.after(waited.clamp(MAIL_RETRY_FIRST, MAIL_RETRY_LAST))), None),
            SendError::Unreachable(_) => (Some(now), None),
        };
        let due_at = due_at.filter(|_| waited < MAIL_GIVE_UP);
        match due_at {
            None => log::error!("mail {} is set aside: {error}", mail.id),
            Some(_) if matches!(error, SendError::Unreachable(_)) => {}
            Some(_) => log::warn!("mail {} is tried again later: {error}", mail.id),
        }
        self.insist(|| self.settle_failed(mail, ticket, error.reason(), due_at, now)).await;
    }

    async fn settle_failed(
        &self,
        mail: &Mail,
        ticket: Option<&TokenDigest>,
        reason: &str,
        due_at: Option<Millis>,
        now: Millis,
    ) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        self.store()
            .transact(async |tx| {
                // Every transaction locks in this order: the message, then its ticket.
                outbox::not_sent(tx, mail, reason, due_at, now).await?;
                match ticket {
                    Some(ticket) => tickets::remove(tx, ticket).await,
                    None => Ok(()),
                }
            })
            .await
    }

    /// Writes until it is written, for as long as the lease lasts: a message that was sent and not noted so would be
    /// sent twice.
    async fn insist<F: Future<Output = Result<(), StoreError>>>(&self, write: impl Fn() -> F) {
        let end = Instant::now() + MAIL_LEASE / 2;
        while let Err(error) = write().await {
            if Instant::now() >= end {
                log::error!("what became of a mail was not noted: {error}");
                return;
            }
            sleep(Duration::from_secs(1)).await;
        }
    }
}
