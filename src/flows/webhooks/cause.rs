//! Writes messages to sites, in the transaction of what they tell of.

use domain::{AccountId, EventActor, Millis, WebhookEvent};
use serde_json::{Map, Value, json};
use store::audit_events::NewEvent;
use store::{StoreError, Tx, accounts, webhook_deliveries};

use super::payload::{self, about, facts};

/// Tells of an event about `account` that was written to the log. What it has changed must be written
/// already, for the message shows the account as it is.
pub(in crate::flows) async fn tell(
    tx: &mut Tx,
    account: AccountId,
    event: &NewEvent<'_>,
    now: Millis,
) -> Result<(), StoreError> {
    let Some(told) = WebhookEvent::of(event.kind) else { return Ok(()) };
    if !webhook_deliveries::is_told(tx, told) {
        return Ok(());
    }
    let facts = facts(event.kind, event.factors, event.detail, event.label);
    write(tx, told, account, event.actor, facts, now).await
}

/// Tells that a part of `account` was changed of which no log is kept.
pub(in crate::flows) async fn tell_changed(
    tx: &mut Tx,
    account: AccountId,
    changed: &str,
    actor: &EventActor,
    now: Millis,
) -> Result<(), StoreError> {
    let told = WebhookEvent::AccountChanged;
    if !webhook_deliveries::is_told(tx, told) {
        return Ok(());
    }
    write(tx, told, account, actor, json!({ "changed": changed }), now).await
}

async fn write(
    tx: &mut Tx,
    told: WebhookEvent,
    account: AccountId,
    actor: &EventActor,
    facts: Value,
    now: Millis,
) -> Result<(), StoreError> {
    let mut data: Map<String, Value> = about(account, actor);
    if let Value::Object(facts) = facts {
        data.extend(facts);
    }
    let shows = [WebhookEvent::AccountCreated, WebhookEvent::AccountVerified, WebhookEvent::AccountChanged];
    if shows.contains(&told)
        && let Some(found) = accounts::find_even_deleted(tx, account).await?
    {
        data.insert("account".to_owned(), payload::account(&found.account));
    }
    webhook_deliveries::insert(tx, told, account, &payload::text(told.as_str(), now, &data), now).await
}
