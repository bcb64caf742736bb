//! Builds the webhooks from the settings.

use std::sync::Arc;

use domain::{Random, WebhookSubscription};
use store::{Store, Subscriptions};

use crate::config::Settings;
use crate::flows::Webhook;

/// The webhooks of these settings.
pub fn webhooks(settings: &Settings) -> Vec<Webhook> {
    let targets = settings.webhook_targets().into_iter();
    let made = targets.map(|target| Webhook {
        name: target.name,
        url: target.url,
        secrets: target.secrets,
        events: target.events,
    });
    made.collect()
}

/// Has whatever is written through `store` be told to the webhooks of these settings. `random` draws the
/// names of messages.
pub(super) fn subscribe(store: &Store, settings: &Settings, random: Arc<dyn Random>) {
    let told = settings.webhook_targets().into_iter();
    let told: Vec<_> =
        told.map(|target| WebhookSubscription { name: target.name, events: target.events }).collect();
    if !told.is_empty() {
        store.tell(Subscriptions::new(told, random));
    }
}
