//! The statements behind the operator's list of deliveries.

use domain::{AccountId, DeliveryId, Millis};

use crate::row::row_struct;
use crate::statement::{execute, row, rows};
use crate::{Change, Linked, StoreError, Tx};

/// A delivery, as the operator's list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDelivery {
    pub id: DeliveryId,
    /// The name of the webhook in the settings, which may have it no more.
    pub webhook: String,
    /// The name of the message (`webhook-id`).
    pub message: String,
    /// Its type, such as `account.created`.
    pub event: String,
    /// Whom it is about.
    pub account: AccountId,
    /// How often a worker has leased it.
    pub attempts: i64,
    pub created_at: Millis,
    /// The earliest time of the next try.
    pub due_at: Millis,
    /// The end of a worker's lease.
    pub leased_until: Option<Millis>,
    /// The time at which it was set aside.
    pub failed_at: Option<Millis>,
    /// Why the last try failed, or why it was set aside; empty before the first failure.
    pub failure: String,
}

/// Some deliveries, the oldest first.
#[derive(Clone, Debug, Default)]
pub struct DeliveriesPage {
    pub deliveries: Vec<ListedDelivery>,
    /// The number after which there are more; `None` if there are not.
    pub next: Option<DeliveryId>,
}

row_struct! {
    struct ListedRow {
        id: i64,
        webhook: String,
        message: String,
        event: String,
        account_id: i64,
        attempts: i64,
        created_at: i64,
        due_at: i64,
        leased_until: Option<i64>,
        failed_at: Option<i64>,
        failure: String,
    }
}

impl ListedRow {
    fn read(self) -> ListedDelivery {
        ListedDelivery {
            id: DeliveryId(self.id),
            webhook: self.webhook,
            message: self.message,
            event: self.event,
            account: AccountId(self.account_id),
            attempts: self.attempts,
            created_at: Millis(self.created_at),
            due_at: Millis(self.due_at),
            leased_until: self.leased_until.map(Millis),
            failed_at: self.failed_at.map(Millis),
            failure: self.failure,
        }
    }
}

/// At most `most` deliveries that wait or were set aside, with numbers above `after`, the oldest first. With
/// `failed`, only those that were set aside.
pub async fn list(
    db: &mut impl Linked,
    failed: bool,
    after: DeliveryId,
    most: i64,
) -> Result<DeliveriesPage, StoreError> {
    let sql = "SELECT id, webhook, message, event, account_id, attempts, created_at, due_at, leased_until, \
               failed_at, failure FROM webhook_deliveries \
               WHERE id > $1 AND (failed_at IS NOT NULL OR NOT $2) ORDER BY id LIMIT $3";
    // One more tells whether there are more.
    let mut found: Vec<ListedRow> = rows!(db, sql, after.0, failed, most.saturating_add(1))?;
    let shown = usize::try_from(most).unwrap_or_default();
    let more = found.len() > shown;
    found.truncate(shown);
    let next = found.last().filter(|_| more).map(|last| DeliveryId(last.id));
    Ok(DeliveriesPage { deliveries: found.into_iter().map(ListedRow::read).collect(), next })
}

/// How many deliveries wait, and how many were set aside.
pub async fn counts(db: &mut impl Linked) -> Result<(i64, i64), StoreError> {
    let sql = "SELECT COUNT(*) - COUNT(failed_at), COUNT(failed_at) FROM webhook_deliveries";
    let counted: Option<(i64, i64)> = row!(db, sql)?;
    Ok(counted.unwrap_or_default())
}

/// What waits for one webhook, and what was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryCounts {
    /// The name of the webhook in the settings, which may have it no more.
    pub webhook: String,
    /// Deliveries that wait or are being sent.
    pub waiting: i64,
    /// When the oldest of them was written.
    pub oldest: Option<Millis>,
    /// Deliveries that were set aside.
    pub failed: i64,
}

row_struct! {
    struct DeliveryCountsRow {
        webhook: String,
        waiting: i64,
        oldest: Option<i64>,
        failed: i64,
    }
}

/// [`counts`] of each webhook that something waits for or was set aside for.
pub async fn counts_of_each(db: &mut impl Linked) -> Result<Vec<DeliveryCounts>, StoreError> {
    let sql = "SELECT webhook, COUNT(*) - COUNT(failed_at) AS waiting, \
               MIN(CASE WHEN failed_at IS NULL THEN created_at END) AS oldest, COUNT(failed_at) AS failed \
               FROM webhook_deliveries GROUP BY webhook ORDER BY webhook";
    let rows: Vec<DeliveryCountsRow> = rows!(db, sql)?;
    let counted = rows.into_iter().map(|row| DeliveryCounts {
        webhook: row.webhook,
        waiting: row.waiting,
        oldest: row.oldest.map(Millis),
        failed: row.failed,
    });
    Ok(counted.collect())
}

/// Makes a delivery due at `now`, whether it waits or was set aside, and lets it be tried for as long as a
/// new one. `None` means every delivery. One that a worker holds is not changed. Returns the number of
/// deliveries made due.
pub async fn retry(tx: &mut Tx, id: Option<DeliveryId>, now: Millis) -> Result<u64, StoreError> {
    let due = execute!(
        tx,
        "UPDATE webhook_deliveries SET failed_at = NULL, due_at = $1, retried_at = $1, failures = 0, \
         leased_until = NULL WHERE ($2 IS NULL OR id = $2) \
         AND (failed_at IS NOT NULL OR COALESCE(leased_until, 0) <= $1)",
        now.0,
        id.map(|id| id.0),
    )?;
    tx.announce(Change::Webhook);
    Ok(due)
}
