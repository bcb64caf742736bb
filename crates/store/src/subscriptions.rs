//! Which webhooks are told of what. The settings say it once, and every transaction knows it: so that
//! whatever writes an event writes its deliveries too, at no cost where nobody is told.

use std::fmt;
use std::sync::Arc;

use domain::{Random, WebhookEvent, WebhookSubscription};

/// The webhooks of the settings, and what names their messages.
pub struct Subscriptions {
    webhooks: Vec<WebhookSubscription>,
    random: Arc<dyn Random>,
}

impl Subscriptions {
    /// `random` draws the names of messages.
    pub fn new(webhooks: Vec<WebhookSubscription>, random: Arc<dyn Random>) -> Self {
        Self { webhooks, random }
    }

    /// The names of the webhooks that are told of `event`.
    pub(super) fn told_of(&self, event: WebhookEvent) -> impl Iterator<Item = &str> {
        let told = self.webhooks.iter().filter(move |webhook| webhook.events.contains(&event));
        told.map(|webhook| webhook.name.as_str())
    }

    /// The name of a new message. It has no full stop, as Standard Webhooks demands.
    pub fn message_name(random: &dyn Random) -> String {
        let mut drawn = [0; 16];
        random.fill(&mut drawn);
        format!("msg_{:032x}", u128::from_be_bytes(drawn))
    }

    pub(super) fn random(&self) -> &dyn Random {
        self.random.as_ref()
    }
}

impl fmt::Debug for Subscriptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.webhooks).finish()
    }
}
