//! What sending mail needs.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::flows::jobs::leased::Worker;
use domain::{Clock, Random, Token, TokenDigest};
use look::{RenderedMail, Renderer};
use mailer::Mailer;
use store::{Change, ChangeListener, Store};

/// What is needed for mail.
pub struct MailParts {
    /// Sends it.
    pub mailer: Mailer,
    /// Words it.
    pub renderer: Arc<Renderer>,
    /// Where its links lead, such as `https://accounts.example.org`.
    pub origin: String,
    /// Messages that are sent at once, at most.
    pub at_once: usize,
    /// Transactions that are open for them at once, at most; at least one.
    pub writes_at_once: usize,
}

/// A message, ready to be handed to the mail server.
pub(super) struct Prepared {
    pub(super) mail: RenderedMail,
    /// The secret of its link, and the digest under which the database knows it.
    pub(super) link: Option<(Token, TokenDigest)>,
}

/// Sends what stands in the outbox.
pub struct Mailing {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) parts: MailParts,
    pub(super) news: Arc<OutboxNews>,
    /// Turns to write: requests need the database more than mail does, however many messages are under way.
    turns: Semaphore,
    pub(super) worker: Worker,
}

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
        Self { store, clock, random, parts, news, turns, worker: Worker::new() }
    }

    /// Takes no further message up and waits, for at most `patience`, until those on their way have arrived.
    /// What is still under way then is sent again by the next start.
    pub async fn stop(&self, patience: Duration) {
        if !self.worker.stop(patience).await {
            log::warn!("some mail was still on its way and will be sent again");
        }
        // The answer to a goodbye is not worth waiting for.
        let _ = timeout(Duration::from_secs(1), self.parts.mailer.close()).await;
    }

    /// Waits for a turn to write. It is given back when dropped.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // Nobody closes the semaphore.
        self.turns.acquire().await.ok()
    }
}

/// Hears of messages that are written, by this instance or another.
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
