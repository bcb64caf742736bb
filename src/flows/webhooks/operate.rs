//! The operator's view of messages to sites: listing deliveries, retrying them, and sending a test message.

use domain::{AccountError, Clock, DeliveryId, EventKind, Random, Scope, WEBHOOK_TEST};
use outbound::{Answered, Outbound, OutboundError};
use serde_json::{Map, Value};
use store::webhook_deliveries::{self, DeliveriesPage};
use store::{Store, Subscriptions};

use super::hook::Webhook;
use super::payload;
use crate::flows::administration::Order;

/// Lists at most `most` deliveries that wait or were set aside, the oldest first, behind the delivery
/// `after`. `failed` selects only those that were set aside.
pub async fn list(
    store: &Store,
    failed: bool,
    after: DeliveryId,
    most: i64,
) -> Result<DeliveriesPage, AccountError> {
    Ok(webhook_deliveries::list(&mut store.read().await?, failed, after, most).await?)
}

/// How many deliveries wait, and how many were set aside.
pub async fn counts(store: &Store, order: Order<'_>) -> Result<(i64, i64), AccountError> {
    order.actor.require(Scope::AccountsRead)?;
    Ok(webhook_deliveries::counts(&mut store.read().await?).await?)
}

/// Makes a delivery, or all of them, due now, with the full retry period of a new one. One that a worker is
/// sending is left alone. Returns the number of deliveries made due.
///
/// # Errors
/// `NotFound` when delivery `id` does not exist or is being sent.
pub async fn retry(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    id: Option<DeliveryId>,
) -> Result<u64, AccountError> {
    order.actor.require(Scope::AccountsWrite)?;
    let now = clock.now();
    let retried = store.transact(async |tx| {
        order.require_still(tx).await?;
        let due = webhook_deliveries::retry(tx, id, now).await?;
        if due == 0 && id.is_some() {
            return Err(AccountError::NotFound);
        }
        let target = id.map(|id| id.to_string()).unwrap_or_default();
        order.note_thing(tx, &target, EventKind::WebhookRetried, "", now).await?;
        Ok(due)
    });
    retried.await
}

/// Sends a message of the type `webhook.test` at once, past the list, and returns the site's answer, whatever
/// its status.
///
/// # Errors
/// The site did not answer.
pub async fn send_test(
    outbound: &Outbound,
    clock: &dyn Clock,
    random: &dyn Random,
    hook: &Webhook,
) -> Result<Answered, OutboundError> {
    let now = clock.now();
    let data = Map::from_iter([("webhook".to_owned(), Value::from(hook.name.as_str()))]);
    let body = payload::text(WEBHOOK_TEST, now, &data);
    hook.tell(outbound, &Subscriptions::message_name(random), &body, now).await
}
