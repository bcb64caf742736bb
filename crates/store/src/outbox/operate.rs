//! The statements behind the operator's commands for the outbox.

use domain::{AccountId, MailId, MailKind, Millis};

use crate::row::row_struct;
use crate::statement::{execute, only_value, row, rows};
use crate::{Change, Linked, StoreError, Tx};

/// A message, as the operator's commands list it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedMail {
    pub id: MailId,
    /// The kind as stored. Another version of the program may have written it.
    pub kind: String,
    pub recipient: String,
    /// How often a worker has leased it for sending.
    pub attempts: i64,
    pub created_at: Millis,
    /// The earliest time of the next attempt.
    pub due_at: Millis,
    /// The end of a worker's lease.
    pub leased_until: Option<Millis>,
    /// The time at which it was set aside.
    pub failed_at: Option<Millis>,
    /// Why the last attempt failed; empty before the first failure.
    pub failure: String,
}

row_struct! {
    struct QueuedMailRow {
        id: i64,
        kind: String,
        recipient: String,
        attempts: i64,
        created_at: i64,
        due_at: i64,
        leased_until: Option<i64>,
        failed_at: Option<i64>,
        failure: String,
    }
}

impl From<QueuedMailRow> for QueuedMail {
    fn from(row: QueuedMailRow) -> Self {
        Self {
            id: MailId(row.id),
            kind: row.kind,
            recipient: row.recipient,
            attempts: row.attempts,
            created_at: Millis(row.created_at),
            due_at: Millis(row.due_at),
            leased_until: row.leased_until.map(Millis),
            failed_at: row.failed_at.map(Millis),
            failure: row.failure,
        }
    }
}

/// The columns of what is mail: parameter 1 is the kind that is none.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT id, kind, recipient, attempts, created_at, due_at, leased_until, failed_at, failure \
             FROM outbox WHERE kind <> $1 AND ",
            $condition
        )
    };
}

/// The messages that wait or were set aside, oldest first. With `failed`, only those that were set aside.
pub async fn list(db: &mut impl Linked, failed: bool) -> Result<Vec<QueuedMail>, StoreError> {
    page(db, failed, MailId(0), i64::MAX).await
}

/// At most `most` of the messages that [`list`] finds, with numbers above `after`.
pub async fn page(
    db: &mut impl Linked,
    failed: bool,
    after: MailId,
    most: i64,
) -> Result<Vec<QueuedMail>, StoreError> {
    let sql = if failed {
        select!("id > $2 AND failed_at IS NOT NULL ORDER BY id LIMIT $3")
    } else {
        select!("id > $2 ORDER BY id LIMIT $3")
    };
    let found: Vec<QueuedMailRow> = rows!(db, sql, MailKind::Blank.as_str(), after.0, most)?;
    Ok(found.into_iter().map(QueuedMail::from).collect())
}

/// The messages about `account` that wait or were set aside, the newest first, at most `most`.
pub async fn list_of(
    db: &mut impl Linked,
    account: AccountId,
    most: i64,
) -> Result<Vec<QueuedMail>, StoreError> {
    let sql = select!("account_id = $2 ORDER BY id DESC LIMIT $3");
    let found: Vec<QueuedMailRow> = rows!(db, sql, MailKind::Blank.as_str(), account.0, most)?;
    Ok(found.into_iter().map(QueuedMail::from).collect())
}

/// How full the outbox is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxCounts {
    /// Messages that wait or are being sent.
    pub waiting: i64,
    /// When the oldest of them was written.
    pub oldest: Option<Millis>,
    /// Messages that were set aside.
    pub failed: i64,
}

/// Counts what waits and what was set aside.
pub async fn counts(db: &mut impl Linked) -> Result<OutboxCounts, StoreError> {
    let blank = MailKind::Blank.as_str();
    let sql = "SELECT COUNT(*), MIN(created_at) FROM outbox WHERE failed_at IS NULL AND kind <> $1";
    let waiting: Option<(i64, Option<i64>)> = row!(db, sql, blank)?;
    let sql = "SELECT COUNT(*) FROM outbox WHERE failed_at IS NOT NULL AND kind <> $1";
    let failed: i64 = only_value!(db, sql, blank)?;
    let (waiting, oldest) = waiting.unwrap_or_default();
    Ok(OutboxCounts { waiting, oldest: oldest.map(Millis), failed })
}

/// Makes a message due at `now`, whether it waits or was set aside. `None` means every message. A message
/// that a worker holds is not changed. Returns the number of messages made due.
pub async fn retry(tx: &mut Tx, id: Option<MailId>, now: Millis) -> Result<u64, StoreError> {
    let due = execute!(
        tx,
        "UPDATE outbox SET failed_at = NULL, due_at = $1, retried_at = $1, leased_until = NULL \
         WHERE ($2 IS NULL OR id = $2) AND kind <> $3 \
         AND (failed_at IS NOT NULL OR COALESCE(leased_until, 0) <= $1)",
        now.0,
        id.map(|id| id.0),
        MailKind::Blank.as_str(),
    )?;
    tx.announce(Change::Mail);
    Ok(due)
}
