//! Sends one message to a site, and settles it.

use std::time::Duration;

use domain::lifetimes::{WEBHOOK_AGAIN, WEBHOOK_GIVE_UP, WEBHOOK_RETRY_AFTER_LONGEST};
use domain::{Delivery, Millis};
use store::{StoreError, webhook_deliveries};

use super::pauses::DEAD_AFTER;
use super::worker::Webhooks;
use crate::flows::jobs::insist::insist;
use crate::flows::jobs::leased::{Lease, WorkOutcome};

/// The answer of a site that wants no more messages (Standard Webhooks: "stop sending it messages").
const GONE: u16 = 410;

/// A message is tried so often at least, however long it has waited while nothing of ours ran.
const FEWEST_TRIES: i64 = 3;

impl Webhooks {
    /// Tries once to send `delivery`, and notes what came of it. Breaks off when the lease was lost: then
    /// another instance sends it.
    pub(super) async fn send(&self, delivery: &Delivery, lease: &Lease) -> WorkOutcome {
        // Only those of the settings are leased.
        let Some(hook) = self.hooks.iter().find(|hook| hook.name == delivery.webhook) else {
            return WorkOutcome::Settled;
        };
        let told = tokio::select! {
            told = hook.tell(&self.outbound, &delivery.message, &delivery.body, self.clock.now()) => told,
            () = lease.lost() => {
                log::warn!("delivery {} is left to whoever has its lease now", delivery.id);
                return WorkOutcome::Settled;
            }
        };
        match told {
            Ok(answer) if answer.is_success() => {
                self.tries.count((hook.name.clone(), "taken"));
                if self.pauses.took(&hook.name) {
                    log::info!("the webhook `{}` takes messages again", hook.name);
                }
                insist("a message to a site", || self.settle_taken(delivery)).await;
                WorkOutcome::Done
            }
            Ok(answer) if answer.status == GONE => {
                self.tries.count((hook.name.clone(), "not_taken"));
                self.pauses.gone(&hook.name, self.clock.now());
                let why = "it answers 410: it wants no more messages";
                log::error!("the webhook `{}`: {why}; what waits for it is set aside", hook.name);
                self.give_up(delivery, why).await;
                self.give_up_since(&hook.name, self.clock.now(), why).await;
                WorkOutcome::Settled
            }
            Ok(answer) => {
                let why = format!("it answers {}", answer.status);
                self.failed(delivery, &why, answer.retry_after).await;
                WorkOutcome::Settled
            }
            Err(error) => {
                self.failed(delivery, &error.to_string(), None).await;
                WorkOutcome::Settled
            }
        }
    }

    async fn settle_taken(&self, delivery: &Delivery) -> Result<(), StoreError> {
        let _permit = self.write_permit().await;
        self.store.transact(async |tx| webhook_deliveries::remove(tx, delivery).await.map(drop)).await
    }

    /// Puts the next try off, or sets the message aside when its time is over; and with it what has waited as
    /// long for a site that takes nothing at all.
    async fn failed(&self, delivery: &Delivery, why: &str, retry_after: Option<Duration>) {
        let (now, webhook) = (self.clock.now(), &delivery.webhook);
        self.tries.count((webhook.clone(), "not_taken"));
        let in_a_row = self.pauses.failed(webhook, retry_after, now);
        if in_a_row == 1 {
            log::warn!("the webhook `{webhook}` did not take a message, which is sent again: {why}");
        }
        match self.again(delivery, retry_after, now) {
            None => self.give_up(delivery, why).await,
            Some(again) => self.note(delivery, why, Some(again), now).await,
        }
        if in_a_row >= DEAD_AFTER {
            self.give_up_since(webhook, now.before(WEBHOOK_GIVE_UP), why).await;
        }
    }

    /// When a message that was not taken is sent again; `None`: never.
    fn again(&self, delivery: &Delivery, retry_after: Option<Duration>, now: Millis) -> Option<Millis> {
        let end = delivery.tried_since.after(WEBHOOK_GIVE_UP);
        if now >= end && delivery.failures + 1 >= FEWEST_TRIES {
            return None;
        }
        let last = WEBHOOK_AGAIN.len() - 1;
        let delay = WEBHOOK_AGAIN[usize::try_from(delivery.failures).map_or(last, |failed| failed.min(last))];
        let mut drawn = [0];
        self.random.fill(&mut drawn);
        let delay = delay + delay / 10 * u32::from(drawn[0]) / 255;
        let wanted = retry_after.unwrap_or_default().min(WEBHOOK_RETRY_AFTER_LONGEST);
        let again = now.after(delay.max(wanted));
        Some(if now < end { again.min(end) } else { again })
    }

    /// Sets a message aside for the operator.
    pub(super) async fn give_up(&self, delivery: &Delivery, why: &str) {
        let Delivery { id, webhook, event, .. } = delivery;
        self.tries.count((webhook.clone(), "set_aside"));
        log::error!("the webhook `{webhook}`: delivery {id} ({event}) is set aside: {why}");
        self.note(delivery, why, None, self.clock.now()).await;
    }

    async fn note(&self, delivery: &Delivery, why: &str, again: Option<Millis>, now: Millis) {
        insist("a message to a site", async || {
            let _permit = self.write_permit().await;
            self.store
                .transact(async |tx| webhook_deliveries::not_taken(tx, delivery, why, again, now).await)
                .await
        })
        .await;
    }

    /// Sets aside what waits for a webhook since `since` or before.
    async fn give_up_since(&self, webhook: &str, since: Millis, why: &str) {
        let now = self.clock.now();
        let mut gone = 0;
        loop {
            let some: Result<u64, StoreError> = self
                .store
                .transact(async |tx| webhook_deliveries::set_aside(tx, webhook, since, why, now).await)
                .await;
            match some {
                // What a failing database leaves is set aside by the next failure.
                Ok(0) | Err(_) => break,
                Ok(some) => gone += some,
            }
        }
        if gone > 0 {
            self.tries.add((webhook.to_owned(), "set_aside"), gone);
            log::error!("the webhook `{webhook}`: {gone} deliveries are set aside: {why}");
        }
    }
}
