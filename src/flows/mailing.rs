//! Sends what stands in the outbox: several messages at once, each held by a lease that ends by itself when whoever
//! holds it is killed. A message that cannot be sent waits as long as it has waited already, so that it comes round
//! less and less often; a mail server that takes nothing at all is asked, without any message, until it does.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use super::Flows;
use super::letters::Prepared;
use crate::domain::{Mail, Millis, TokenDigest};
use crate::infra::mailer::{OutgoingMail, SendError};
use crate::store::{Change, ChangeListener, StoreError, outbox, tickets};

/// How often the outbox is looked into without being told: for retries, and for what a killed instance left.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long a message is held for sending. Longer than one try may take.
pub(super) const LEASE: Duration = Duration::from_secs(300);

/// Shortest and longest time until a message is tried again.
const RETRY: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(3_600));

/// How long a message is tried.
const GIVE_UP_AFTER: Duration = Duration::from_secs(2 * 86_400);

/// Shortest and longest time until a server that takes no mail is asked again.
const ASK_AGAIN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(15));

/// What the worker and those who write messages share.
pub(super) struct Mailing {
    /// A message was written.
    written: Notify,
    stop: watch::Sender<bool>,
    worker: Mutex<Option<JoinHandle<()>>>,
}

impl Default for Mailing {
    fn default() -> Self {
        Self { written: Notify::new(), stop: watch::Sender::new(false), worker: Mutex::new(None) }
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
enum Outcome {
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
        let worker = tokio::spawn(work(self.clone(), mailing.stop.subscribe()));
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

    async fn lease_mail(&self, most: usize) -> Result<Vec<Mail>, StoreError> {
        let now = self.parts().clock.now();
        let mut db = self.store().read().await?;
        // A look costs nobody anything; a write would keep others waiting.
        if !outbox::due(&mut db, now).await? {
            return Ok(Vec::new());
        }
        drop(db);
        let mut tx = self.store().write().await?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let leased = outbox::lease(&mut tx, most, now, now.after(LEASE)).await?;
        tx.commit().await?;
        Ok(leased)
    }

    /// Tries once to send `mail`, and notes what came of it.
    async fn post(&self, mail: &Mail) -> Outcome {
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
            written_at: mail.created_at,
            sent_at: self.parts().clock.now(),
            to: &mail.recipient,
            subject: &letter.subject,
            text: &letter.text,
            html: &letter.html,
        };
        match self.parts().mail.mailer.send(&outgoing).await {
            Ok(()) => {
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

    async fn settle_sent(&self, mail: &Mail) -> Result<(), StoreError> {
        let mut tx = self.store().write().await?;
        outbox::remove(&mut tx, mail).await?;
        tx.commit().await
    }

    /// Notes why a message was not sent, and when it comes round again.
    async fn note(&self, mail: &Mail, ticket: Option<&TokenDigest>, error: &SendError) {
        let now = self.parts().clock.now();
        let waited = now.since(mail.created_at);
        let (due_at, ticket) = match error {
            SendError::Rejected(_) => (None, ticket),
            // Nobody has the link.
            SendError::Deferred(_) => (Some(now.after(waited.clamp(RETRY.0, RETRY.1))), ticket),
            // Somebody may have it.
            SendError::Unclear(_) => (Some(now.after(waited.clamp(RETRY.0, RETRY.1))), None),
            SendError::Unreachable(_) => (Some(now), None),
        };
        let due_at = due_at.filter(|_| waited < GIVE_UP_AFTER);
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
        let mut tx = self.store().write().await?;
        // In the order in which everybody locks: the message, then its ticket.
        match due_at {
            Some(due_at) => outbox::postpone(&mut tx, mail, due_at, reason).await?,
            None => outbox::set_aside(&mut tx, mail, reason, now).await?,
        }
        if let Some(ticket) = ticket {
            tickets::remove(&mut tx, ticket).await?;
        }
        tx.commit().await
    }

    /// Writes until it is written, for as long as the lease lasts: a message that was sent and not noted so would be
    /// sent twice.
    async fn insist<F: Future<Output = Result<(), StoreError>>>(&self, write: impl Fn() -> F) {
        let end = Instant::now() + LEASE / 2;
        while let Err(error) = write().await {
            if Instant::now() >= end {
                log::error!("what became of a mail was not noted: {error}");
                return;
            }
            sleep(Duration::from_secs(1)).await;
        }
    }
}

async fn work(flows: Flows, mut stop: watch::Receiver<bool>) {
    let most = flows.parts().mail.at_once;
    let mut on_their_way: JoinSet<Outcome> = JoinSet::new();
    let mut server = Server { down: None, patience: ASK_AGAIN.0 };
    let mut troubled = false;
    while !*stop.borrow() {
        let mut look_again = LOOK_EVERY;
        if let Some(asked_at) = server.down {
            if asked_at.elapsed() >= server.patience {
                server.ask(&flows).await;
                continue;
            }
            look_again = server.patience.saturating_sub(asked_at.elapsed());
        } else if on_their_way.len() <= most / 2 {
            match flows.lease_mail(most - on_their_way.len()).await {
                Ok(leased) => {
                    troubled = false;
                    for mail in leased {
                        on_their_way.spawn(post(flows.clone(), mail));
                    }
                }
                Err(error) => {
                    if !std::mem::replace(&mut troubled, true) {
                        log::warn!("the outbox cannot be read: {error}");
                    }
                }
            }
        }
        tokio::select! {
            _ = stop.changed() => {}
            Some(done) = on_their_way.join_next(), if !on_their_way.is_empty() => {
                if let Ok(outcome) = done {
                    server.heard(outcome);
                }
            }
            () = flows.0.mailing.written.notified(), if server.down.is_none() => {}
            () = sleep(look_again) => {}
        }
    }
    while on_their_way.join_next().await.is_some() {}
}

/// A message that makes us panic is set aside like any other that can never be sent.
async fn post(flows: Flows, mail: Mail) -> Outcome {
    let (own, held) = (flows.clone(), mail.clone());
    match tokio::spawn(async move { own.post(&held).await }).await {
        Ok(outcome) => outcome,
        Err(_) => {
            flows.note(&mail, None, &SendError::Rejected("a fault of ours".to_owned())).await;
            Outcome::Settled
        }
    }
}

/// What is known of the mail server.
struct Server {
    /// When it was last asked, if it takes nothing.
    down: Option<Instant>,
    /// How long until it is asked again.
    patience: Duration,
}

impl Server {
    fn heard(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Settled => {}
            Outcome::Sent => self.patience = ASK_AGAIN.0,
            Outcome::Unreachable(reason) => {
                if self.down.is_none() {
                    log::warn!("no mail can be sent, it waits in the outbox: {reason}");
                    self.down = Some(Instant::now());
                }
            }
        }
    }

    async fn ask(&mut self, flows: &Flows) {
        match flows.parts().mail.mailer.ready().await {
            Ok(()) => {
                log::info!("mail is sent again");
                self.down = None;
            }
            Err(_) => {
                flows.give_up_old_mail().await;
                self.down = Some(Instant::now());
            }
        }
        // Longer from time to time, until a message has been sent.
        self.patience = (self.patience * 2).min(ASK_AGAIN.1);
    }
}

impl Flows {
    /// Sets aside what has been tried for long enough, while no message is tried at all.
    async fn give_up_old_mail(&self) {
        let now = self.parts().clock.now();
        let written = async {
            let mut tx = self.store().write().await?;
            let gone = outbox::give_up(&mut tx, now.before(GIVE_UP_AFTER), now).await?;
            tx.commit().await?;
            Ok::<_, StoreError>(gone)
        };
        match written.await {
            Ok(0) | Err(_) => {}
            Ok(gone) => log::error!("{gone} mails are set aside: the mail server took nothing for too long"),
        }
    }
}
