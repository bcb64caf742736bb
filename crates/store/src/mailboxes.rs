//! The `mailbox_uses` table: the messages that were handed to a mail server within the last hour, by mailbox.

use super::statement::{execute, rows};
use super::{Link, Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{Mail, MailId, MailKind, MailboxTie, Millis};

/// A message that went to a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailboxUse {
    /// `None` for a kind that only another version of the program knows.
    pub kind: Option<MailKind>,
    /// How the account that it was about is tied to the mailbox.
    pub tie: MailboxTie,
    pub at: Millis,
}

/// Lets other transactions that count this mailbox wait until this one ends. On SQLite this does nothing:
/// there is one writer at a time.
pub async fn hold(tx: &mut Tx, mailbox: &str) -> Result<(), StoreError> {
    if let Link::Postgres(c) = tx.link() {
        let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
        sqlx::query(sql).bind(mailbox).execute(c).await?;
    }
    Ok(())
}

/// What went to the mailbox after `since`, without the message `except`, oldest first.
pub async fn uses(
    db: &mut impl Linked,
    mailbox: &str,
    except: MailId,
    since: Millis,
) -> Result<Vec<MailboxUse>, StoreError> {
    let found: Vec<(String, String, i64)> = rows!(
        db,
        "SELECT kind, tie, used_at FROM mailbox_uses WHERE mailbox = $1 AND used_at > $2 AND mail_id <> $3 \
         ORDER BY used_at, mail_id",
        mailbox,
        since.0,
        except.0,
    )?;
    let read = |(kind, tie, at): (String, String, i64)| MailboxUse {
        kind: MailKind::parse(&kind),
        tie: MailboxTie::parse(&tie),
        at: Millis(at),
    };
    Ok(found.into_iter().map(read).collect())
}

/// Counts `mail`. One that was counted before counts once, at its latest time.
pub async fn note(
    tx: &mut Tx,
    mailbox: &str,
    mail: &Mail,
    tie: MailboxTie,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO mailbox_uses (mail_id, mailbox, kind, used_at, tie) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (mail_id) DO UPDATE SET used_at = EXCLUDED.used_at",
        mail.id.0,
        mailbox,
        mail.kind.as_str(),
        now.0,
        tie.as_str(),
    )?;
    Ok(())
}

/// Removes at most [`PRUNED_AT_ONCE`] rows from before `since`. Returns their number.
pub async fn prune(tx: &mut Tx, since: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM mailbox_uses WHERE mail_id IN \
               (SELECT mail_id FROM mailbox_uses WHERE used_at < $1 LIMIT $2)";
    Ok(execute!(tx, sql, since.0, PRUNED_AT_ONCE)?)
}
