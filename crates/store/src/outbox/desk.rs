//! SQL for the operator's view of the outbox.

use crate::connection::on;
use crate::row::row;
use crate::{Change, Linked, StoreError, Tx};
use domain::{MailId, MailKind, Millis};

/// A message as its operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedMail {
    /// Its number.
    pub id: MailId,
    /// What it says, as stored: another version of the program may have written it.
    pub kind: String,
    /// Address that it goes to.
    pub recipient: String,
    /// How often it was leased for sending.
    pub attempts: i64,
    /// When it was written.
    pub created_at: Millis,
    /// Not to be tried before.
    pub due_at: Millis,
    /// Until when somebody is sending it.
    pub leased_until: Option<Millis>,
    /// When it was set aside.
    pub failed_at: Option<Millis>,
    /// Why it was not sent the last time; may be empty.
    pub failure: String,
}

row! {
    struct Row {
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

/// The messages that wait or were set aside, in the order in which they were written; `failed`: the latter alone.
pub async fn list(db: &mut impl Linked, failed: bool) -> Result<Vec<QueuedMail>, StoreError> {
    let rows: Vec<Row> = on!(db.link(), c => {
        sqlx::query_as(
            "SELECT id, kind, recipient, attempts, created_at, due_at, leased_until, failed_at, failure FROM outbox \
             WHERE kind <> $1 AND (failed_at IS NOT NULL OR NOT $2) ORDER BY id",
        )
        .bind(MailKind::Blank.as_str())
        .bind(failed)
        .fetch_all(c)
        .await
    })?;
    let queued = |row: Row| QueuedMail {
        id: MailId(row.id),
        kind: row.kind,
        recipient: row.recipient,
        attempts: row.attempts,
        created_at: Millis(row.created_at),
        due_at: Millis(row.due_at),
        leased_until: row.leased_until.map(Millis),
        failed_at: row.failed_at.map(Millis),
        failure: row.failure,
    };
    Ok(rows.into_iter().map(queued).collect())
}

/// Makes a message, or all of them, due at `now`, whether it waits or was set aside; what somebody is sending stays
/// theirs. Says how many are due now.
pub async fn retry(tx: &mut Tx, id: Option<MailId>, now: Millis) -> Result<u64, StoreError> {
    let due = on!(tx.link(), c => {
        sqlx::query(
            "UPDATE outbox SET failed_at = NULL, due_at = $1, retried_at = $1, leased_until = NULL \
             WHERE ($2 IS NULL OR id = $2) AND kind <> $3 AND (failed_at IS NOT NULL OR COALESCE(leased_until, 0) <= $1)",
        )
        .bind(now.0)
        .bind(id.map(|id| id.0))
        .bind(MailKind::Blank.as_str())
        .execute(c)
        .await
        .map(|done| done.rows_affected())
    })?;
    tx.announce(Change::Mail);
    Ok(due)
}
