//! The parts for sending mail, and the service that does it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::flows::jobs::leased::Worker;
use domain::{Clock, EmailAddress, Millis, Random, Token, TokenDigest};
use look::{RenderedMail, Renderer};
use mailer::Mailer;
use metrics::Tally;
use store::{Change, ChangeListener, Store};

/// The parts for sending mail.
pub struct MailParts {
    pub mailer: Arc<Mailer>,
    pub renderer: Arc<Renderer>,
    /// Origin of the links, such as `https://accounts.example.org`.
    pub origin: String,
    /// Most messages that one mailbox gets in an hour; `None`: no limit.
    pub hourly: Option<usize>,
    /// Most messages being sent at once.
    pub at_once: usize,
    /// Most write transactions open for them at once; at least one.
    pub writes_at_once: usize,
}

/// Whether mail can go to `address`: not every server takes letters beyond ASCII before the `@`. The server
/// is asked, at most once an hour.
pub(in crate::flows) async fn reaches(mailer: &Mailer, address: &EmailAddress) -> bool {
    !address.needs_utf8() || mailer.takes_utf8().await
}

/// A rendered message, ready for the mail server.
pub(super) struct Prepared {
    pub(super) mail: RenderedMail,
    /// The secret of the message's link, and the digest that the database stores.
    pub(super) link: Option<(Token, TokenDigest)>,
}

/// Sends the messages in the outbox.
pub struct Mailing {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) parts: MailParts,
    pub(super) news: Arc<OutboxNews>,
    /// Permits for write transactions. They leave database connections free for requests, however many
    /// messages are being sent.
    turns: Semaphore,
    /// The messages that found no room in their mailbox's hour, since the start.
    pub(super) held_back: AtomicU64,
    /// How many of them [`take_held_back`](Self::take_held_back) has told.
    pub(super) held_back_told: AtomicU64,
    /// What tries to send came to.
    pub(super) tries: Tally<&'static str>,
    pub(super) worker: Worker,
    /// What the mail server last said.
    last: Mutex<Option<MailServerAnswer>>,
}

/// What the mail server last said to this instance.
#[derive(Clone, Debug)]
pub struct MailServerAnswer {
    /// Its reply, or why there was none.
    pub said: String,
    pub at: Millis,
}

/// Longest part of an answer that is kept, in characters. RFC 5321 allows 512 octets for a line of a reply.
const KEPT_ANSWER: usize = 512;

impl Mailing {
    pub(in crate::flows) fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        parts: MailParts,
    ) -> Self {
        let news = Arc::new(OutboxNews { written: Notify::new() });
        store.subscribe(news.clone());
        let turns = Semaphore::new(parts.writes_at_once);
        Self {
            store,
            clock,
            random,
            parts,
            news,
            turns,
            held_back: AtomicU64::new(0),
            held_back_told: AtomicU64::new(0),
            tries: Tally::default(),
            worker: Worker::new(),
            last: Mutex::default(),
        }
    }

    /// Keeps what the mail server said.
    pub(super) fn heard(&self, said: &str) {
        let answer =
            MailServerAnswer { said: said.chars().take(KEPT_ANSWER).collect(), at: self.clock.now() };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    /// What the mail server last said to this instance; `None` before it was asked.
    pub fn last_answer(&self) -> Option<MailServerAnswer> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What tries to send came to since the start: `sent`, or why not.
    pub fn tries(&self) -> Vec<(&'static str, u64)> {
        self.tries.all()
    }

    /// The messages that found no room in their mailbox's hour, since the start.
    pub fn held_back(&self) -> u64 {
        self.held_back.load(Ordering::Relaxed)
    }

    /// Leases no further messages and waits at most `patience` for those being sent. The next start sends
    /// again the ones that were not settled.
    pub async fn stop(&self, patience: Duration) {
        if !self.worker.stop(patience).await {
            log::warn!("some mail was still on its way and will be sent again");
        }
        // SMTP's reply to QUIT is worth at most a second.
        let _ = timeout(Duration::from_secs(1), self.parts.mailer.close()).await;
    }

    /// Waits for a permit to write. Dropping it returns it.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.turns.acquire().await.ok()
    }
}

/// Wakes the worker when this or another instance writes a message.
pub(super) struct OutboxNews {
    pub(super) written: Notify,
}

impl ChangeListener for OutboxNews {
    fn changed(&self, change: &Change) {
        if matches!(change, Change::Mail) {
            self.written.notify_one();
        }
    }

    fn lost_track(&self) {
        self.written.notify_one();
    }
}
