//! The `webhook_deliveries` table: messages that sites are still to be sent. One conditional write leases a
//! delivery, and each lease increments `attempts`, as in the outbox: a worker whose lease has passed to
//! another can write nothing about it.

mod operate;

use super::row::row_struct;
use super::statement::{execute, rows, value};
use super::{Change, Link, Linked, PRUNED_AT_ONCE, StoreError, Subscriptions, Tx};
use domain::{AccountId, Delivery, DeliveryId, Millis, WebhookEvent};

pub use operate::{DeliveriesPage, DeliveryCounts, ListedDelivery, counts, counts_of_each, list, retry};

row_struct! {
    struct DeliveryRow {
        id: i64,
        webhook: String,
        message: String,
        event: String,
        body: String,
        attempts: i64,
        failures: i64,
        tried_since: i64,
    }
}

impl DeliveryRow {
    fn read(self) -> Delivery {
        Delivery {
            id: DeliveryId(self.id),
            webhook: self.webhook,
            message: self.message,
            event: self.event,
            body: self.body,
            attempts: self.attempts,
            failures: self.failures,
            tried_since: Millis(self.tried_since),
        }
    }
}

/// Whether any webhook is told of `event`.
pub fn is_told(tx: &Tx, event: WebhookEvent) -> bool {
    tx.subscriptions().is_some_and(|subscriptions| subscriptions.told_of(event).next().is_some())
}

/// Writes a delivery of one message for each webhook that is told of `event`.
pub async fn insert(
    tx: &mut Tx,
    event: WebhookEvent,
    account: AccountId,
    body: &str,
    now: Millis,
) -> Result<(), StoreError> {
    let Some(subscriptions) = tx.subscriptions() else { return Ok(()) };
    let told: Vec<String> = subscriptions.told_of(event).map(str::to_owned).collect();
    if told.is_empty() {
        return Ok(());
    }
    let message = Subscriptions::message_name(subscriptions.random());
    for webhook in told {
        execute!(
            tx,
            "INSERT INTO webhook_deliveries (webhook, message, event, account_id, body, created_at, due_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6)",
            &webhook,
            &message,
            event.as_str(),
            account.0,
            body,
            now.0,
        )?;
    }
    tx.announce(Change::Webhook);
    Ok(())
}

/// Leases at most `most` deliveries to `webhook` until `until`: those that are due and that no worker holds,
/// longest due first.
pub async fn lease(
    tx: &mut Tx,
    webhook: &str,
    most: i64,
    now: Millis,
    until: Millis,
) -> Result<Vec<Delivery>, StoreError> {
    macro_rules! lease {
        ($skip_locked:literal) => {
            concat!(
                "WITH due AS MATERIALIZED (SELECT id FROM webhook_deliveries WHERE webhook = $4 \
                  AND failed_at IS NULL AND due_at <= $2 AND COALESCE(leased_until, 0) <= $2 \
                  ORDER BY due_at, id LIMIT $3 ",
                $skip_locked,
                ") UPDATE webhook_deliveries SET leased_until = $1, attempts = attempts + 1 \
                 WHERE id IN (SELECT id FROM due) \
                 RETURNING id, webhook, message, event, body, attempts, failures, \
                 COALESCE(retried_at, created_at) AS tried_since"
            )
        };
    }
    let statement = match tx.link() {
        Link::Sqlite(_) => lease!(""),
        Link::Postgres(_) => lease!("FOR UPDATE SKIP LOCKED"),
    };
    let found: Vec<DeliveryRow> = rows!(tx, statement, until.0, now.0, most, webhook)?;
    let mut leased: Vec<Delivery> = found.into_iter().map(DeliveryRow::read).collect();
    leased.sort_by_key(|delivery| delivery.id);
    Ok(leased)
}

/// Whether [`lease`] would find a delivery.
pub async fn due(db: &mut impl Linked, webhook: &str, now: Millis) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM webhook_deliveries WHERE webhook = $1 AND failed_at IS NULL AND due_at <= $2 \
               AND COALESCE(leased_until, 0) <= $2 LIMIT 1";
    let found: Option<i64> = value!(db, sql, webhook, now.0)?;
    Ok(found.is_some())
}

/// Whether somebody has made a message for this webhook due since `since`.
pub async fn retried(db: &mut impl Linked, webhook: &str, since: Millis) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM webhook_deliveries WHERE webhook = $1 AND failed_at IS NULL \
               AND retried_at > $2 LIMIT 1";
    let found: Option<i64> = value!(db, sql, webhook, since.0)?;
    Ok(found.is_some())
}

/// Ends all leases. Only for whoever knows that no other process sends: it could be sending these messages.
pub async fn end_leases(tx: &mut Tx) -> Result<(), StoreError> {
    execute!(tx, "UPDATE webhook_deliveries SET leased_until = NULL WHERE leased_until IS NOT NULL")?;
    Ok(())
}

/// Extends the lease on `delivery` to `until`. Returns `false` when the lease was lost or has been ended.
pub async fn hold(tx: &mut Tx, delivery: &Delivery, until: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE webhook_deliveries SET leased_until = $1 WHERE id = $2 AND attempts = $3 \
               AND failed_at IS NULL AND leased_until IS NOT NULL";
    Ok(execute!(tx, sql, until.0, delivery.id.0, delivery.attempts)? > 0)
}

/// Removes `delivery` after it was taken. Returns `false` when the lease was lost before.
pub async fn remove(tx: &mut Tx, delivery: &Delivery) -> Result<bool, StoreError> {
    let sql = "DELETE FROM webhook_deliveries WHERE id = $1 AND attempts = $2";
    Ok(execute!(tx, sql, delivery.id.0, delivery.attempts)? > 0)
}

/// Ends the lease on `delivery` after a try that failed with `failure`. It becomes due again at `retry_at`;
/// `None` sets it aside for the operator.
pub async fn not_taken(
    tx: &mut Tx,
    delivery: &Delivery,
    failure: &str,
    retry_at: Option<Millis>,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "UPDATE webhook_deliveries SET leased_until = NULL, failures = failures + 1, \
         due_at = COALESCE($1, due_at), failed_at = COALESCE($2, failed_at), failure = $3 \
         WHERE id = $4 AND attempts = $5",
        retry_at.map(|at| at.0),
        retry_at.is_none().then_some(now.0),
        failure,
        delivery.id.0,
        delivery.attempts,
    )?;
    Ok(())
}

/// Sets aside what has waited for `webhook` since `since` or before and no worker holds, for the reason
/// `why`: so many at once that no other writer waits for long. Returns their number.
pub async fn set_aside(
    tx: &mut Tx,
    webhook: &str,
    since: Millis,
    why: &str,
    now: Millis,
) -> Result<u64, StoreError> {
    // On PostgreSQL another instance may lease one meanwhile: so what was found is looked at again.
    let sql = "UPDATE webhook_deliveries SET failed_at = $1, failure = $2, leased_until = NULL WHERE id IN \
               (SELECT id FROM webhook_deliveries WHERE webhook = $3 AND failed_at IS NULL \
                AND COALESCE(retried_at, created_at) <= $4 AND COALESCE(leased_until, 0) <= $1 LIMIT $5) \
               AND failed_at IS NULL AND COALESCE(leased_until, 0) <= $1";
    Ok(execute!(tx, sql, now.0, why, webhook, since.0, PRUNED_AT_ONCE)?)
}

/// The webhooks that something has waited for since `since` or before.
pub async fn waited_for(db: &mut impl Linked, since: Millis) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT DISTINCT webhook FROM webhook_deliveries WHERE failed_at IS NULL \
               AND COALESCE(retried_at, created_at) <= $1";
    let found: Vec<(String,)> = rows!(db, sql, since.0)?;
    Ok(found.into_iter().map(|(webhook,)| webhook).collect())
}

/// Removes what was set aside of an account that is gone: it may name the person. What waits is still sent,
/// for those who have heard of the account.
pub async fn forget(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    let sql = "DELETE FROM webhook_deliveries WHERE account_id = $1 AND failed_at IS NOT NULL";
    execute!(tx, sql, account.0)?;
    Ok(())
}

/// Removes at most [`PRUNED_AT_ONCE`] deliveries that were set aside before `since`. Returns their number.
pub async fn prune(tx: &mut Tx, since: Millis) -> Result<u64, StoreError> {
    // What names somebody goes with the account. That it has gone says no more than its number.
    let sql = "DELETE FROM webhook_deliveries WHERE id IN \
               (SELECT id FROM webhook_deliveries AS d WHERE failed_at < $1 OR (failed_at IS NOT NULL \
                AND event <> $3 AND NOT EXISTS (SELECT 1 FROM accounts WHERE accounts.id = d.account_id)) LIMIT $2)";
    Ok(execute!(tx, sql, since.0, PRUNED_AT_ONCE, WebhookEvent::AccountErased.as_str())?)
}
