//! Messages to sites as leased jobs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::lifetimes::WEBHOOK_LEASE;
use domain::{Clock, Delivery, Millis, Random};
use metrics::Tally;
use outbound::Outbound;
use store::{Change, ChangeListener, Engine, Store, StoreError, webhook_deliveries};
use tokio::sync::{Notify, Semaphore, SemaphorePermit};

use super::hook::Webhook;
use super::pauses::{AT_ONCE_EACH, Pauses};
use crate::flows::jobs::leased::{Lease, LeasedWork, WorkOutcome, Worker};

/// How many of them write to the database at once: the other connections are for requests.
const WRITES_AT_ONCE: usize = 2;

/// Sends sites what was written for them.
pub struct Webhooks {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) outbound: Outbound,
    pub(super) hooks: Vec<Webhook>,
    pub(super) pauses: Pauses,
    news: Arc<WebhookNews>,
    writes: Semaphore,
    /// Whose turn it is to be asked about first.
    turn: AtomicUsize,
    worker: Worker,
    /// What became of tries, by the webhook.
    pub(super) tries: Tally<(String, &'static str)>,
}

impl Webhooks {
    pub(in crate::flows) fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        outbound: Outbound,
        hooks: Vec<Webhook>,
    ) -> Self {
        let (news, turn, worker) = (Arc::new(WebhookNews(Notify::new())), AtomicUsize::new(0), Worker::new());
        if !hooks.is_empty() {
            store.subscribe(news.clone());
        }
        let (pauses, writes) = (Pauses::default(), Semaphore::new(WRITES_AT_ONCE));
        let tries = Tally::default();
        Self { store, clock, random, outbound, hooks, pauses, news, writes, turn, worker, tries }
    }

    /// The names of the webhooks.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.hooks.iter().map(|hook| hook.name.as_str())
    }

    /// What became of tries since the start, by the webhook: `taken`, `not_taken`, and `set_aside` for each
    /// message that is tried no more.
    pub fn tries(&self) -> Vec<((String, &'static str), u64)> {
        self.tries.all()
    }

    /// Starts sending, until [`stop`](Self::stop), if there is anybody to send to.
    pub fn keep(self: &Arc<Self>) {
        if !self.hooks.is_empty() {
            // A slow site takes no other's place.
            self.worker.start(self.clone(), self.hooks.len() * AT_ONCE_EACH);
        }
    }

    /// Sends nothing more, and waits at most `patience` for what is under way. What is left is sent after the
    /// next start.
    pub async fn stop(&self, patience: Duration) {
        if !self.worker.stop(patience).await {
            log::warn!("some messages to sites were still on their way and will be sent again");
        }
    }

    /// Waits for a permit to write. Dropping it returns it.
    pub(super) async fn write_permit(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.writes.acquire().await.ok()
    }

    /// The webhooks that something is due for and that may be sent something now, each with how much.
    async fn waiting(&self, now: Millis) -> Result<Vec<(&Webhook, usize)>, StoreError> {
        let first = self.turn.fetch_add(1, Ordering::Relaxed) % self.hooks.len().max(1);
        let mut waiting = Vec::new();
        // A read blocks nobody; an unconditional write would delay other writers.
        let mut db = self.store.read().await?;
        for hook in self.hooks.iter().cycle().skip(first).take(self.hooks.len()) {
            let places =
                match (self.pauses.places(&hook.name, now), self.pauses.spared_since(&hook.name, now)) {
                    // Somebody says that the site works again: it is tried with one message.
                    (0, Some(since)) if webhook_deliveries::retried(&mut db, &hook.name, since).await? => 1,
                    (places, _) => places,
                };
            if places > 0 && webhook_deliveries::due(&mut db, &hook.name, now).await? {
                waiting.push((hook, places));
            }
        }
        Ok(waiting)
    }
}

impl LeasedWork for Webhooks {
    type Piece = Delivery;

    const QUEUE: &'static str = "the list of messages to sites";

    // Each site is a far side of its own (`pauses`), so none speaks for all.
    const ASK_AGAIN: (Duration, Duration) = (WEBHOOK_LEASE, WEBHOOK_LEASE);

    const LEASE: Duration = WEBHOOK_LEASE;

    async fn end_old_leases(&self) -> Result<(), StoreError> {
        match self.store.engine() {
            // A server with SQLite is alone on its database, which its lock makes sure of.
            Engine::Sqlite => self.store.transact(async |tx| webhook_deliveries::end_leases(tx).await).await,
            Engine::Postgres => Ok(()),
        }
    }

    async fn lease(&self, most: usize) -> Result<Vec<Delivery>, StoreError> {
        let now = self.clock.now();
        let (until, mut all) = (now.after(WEBHOOK_LEASE), Vec::new());
        for (hook, places) in self.waiting(now).await? {
            let wanted = i64::try_from(places.min(most - all.len())).unwrap_or(i64::MAX);
            if wanted == 0 {
                break;
            }
            let leased = self
                .store
                .transact(async |tx| webhook_deliveries::lease(tx, &hook.name, wanted, now, until).await);
            match leased.await {
                Ok(leased) => {
                    self.pauses.begun(&hook.name, leased.len());
                    all.extend(leased);
                }
                // What was leased before is to be sent.
                Err(_) if !all.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }

    async fn renew(&self, delivery: &Delivery) -> Result<bool, StoreError> {
        let _permit = self.write_permit().await;
        let until = self.clock.now().after(WEBHOOK_LEASE);
        self.store.transact(async |tx| webhook_deliveries::hold(tx, delivery, until).await).await
    }

    async fn work(&self, delivery: &Delivery, lease: &Lease) -> WorkOutcome {
        let _place = self.pauses.place(&delivery.webhook);
        self.send(delivery, lease).await
    }

    async fn set_aside(&self, delivery: &Delivery) {
        self.give_up(delivery, "a fault of ours").await;
    }

    async fn written(&self) {
        self.news.0.notified().await;
    }

    fn stalled(&self, _: &str) {}

    async fn ask(&self) -> bool {
        true
    }
}

/// Wakes the worker when this or another instance writes a message.
struct WebhookNews(Notify);

impl ChangeListener for WebhookNews {
    fn changed(&self, change: &Change) {
        if matches!(change, Change::Webhook) {
            self.0.notify_one();
        }
    }

    fn lost_track(&self) {
        self.0.notify_one();
    }
}
