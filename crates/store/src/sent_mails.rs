//! The `sent_mails` table: which mail was sent to whom, and when.

use super::row::row_struct;
use super::statement::{execute, rows};
use super::{Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{AccountId, Mail, MailId, Millis};

/// A message that the mail server has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMail {
    /// The number that it had in the outbox.
    pub id: MailId,
    /// The kind as stored. Another version of the program may have written it.
    pub kind: String,
    pub recipient: String,
    /// How often it was tried.
    pub attempts: i64,
    pub created_at: Millis,
    pub sent_at: Millis,
}

row_struct! {
    struct SentMailRow {
        id: i64,
        kind: String,
        recipient: String,
        attempts: i64,
        created_at: i64,
        sent_at: i64,
    }
}

/// Notes that `mail` was sent. Mail about no account leaves no trace.
pub async fn insert(tx: &mut Tx, mail: &Mail, now: Millis) -> Result<(), StoreError> {
    let Some(account) = mail.account_id else { return Ok(()) };
    execute!(
        tx,
        "INSERT INTO sent_mails (id, account_id, kind, recipient, attempts, created_at, sent_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
        mail.id.0,
        account.0,
        mail.kind.as_str(),
        mail.recipient.as_str(),
        mail.attempts,
        mail.created_at.0,
        now.0,
    )?;
    Ok(())
}

/// The mail that was sent about `account` since `since`, the newest first, at most `most`.
pub async fn list(
    db: &mut impl Linked,
    account: AccountId,
    since: Millis,
    most: i64,
) -> Result<Vec<SentMail>, StoreError> {
    let found: Vec<SentMailRow> = rows!(
        db,
        "SELECT id, kind, recipient, attempts, created_at, sent_at FROM sent_mails \
         WHERE account_id = $1 AND sent_at >= $2 ORDER BY id DESC LIMIT $3",
        account.0,
        since.0,
        most,
    )?;
    let sent = |row: SentMailRow| SentMail {
        id: MailId(row.id),
        kind: row.kind,
        recipient: row.recipient,
        attempts: row.attempts,
        created_at: Millis(row.created_at),
        sent_at: Millis(row.sent_at),
    };
    Ok(found.into_iter().map(sent).collect())
}

/// Removes what is about an account whose own row has gone.
pub async fn forget(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, "DELETE FROM sent_mails WHERE account_id = $1", account.0)?;
    Ok(())
}

/// Removes at most [`PRUNED_AT_ONCE`] rows of mail that was sent before `before`. Returns their number.
pub async fn prune(tx: &mut Tx, before: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM sent_mails WHERE id IN \
               (SELECT id FROM sent_mails WHERE sent_at < $1 LIMIT $2)";
    Ok(execute!(tx, sql, before.0, PRUNED_AT_ONCE)?)
}
