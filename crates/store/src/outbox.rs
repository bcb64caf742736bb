//! The `outbox` table: mail that waits to be sent. One conditional write leases a message, so that two
//! workers never hold it at the same time. Each lease increments `attempts`. A worker whose lease has passed
//! to another no longer matches the row, so it cannot write to it.

mod operate;

use super::mail_log::{self, LoggedMail, MailOutcome};
use super::row::row_struct;
use super::statement::{execute, only_value, row, rows, value};
use super::{Change, Link, Linked, StoreError, Tx};
use domain::{AccountId, EmailAddress, Mail, MailId, MailKind, Millis};

pub use operate::{OutboxCounts, QueuedMail, counts, list, list_of, page, retry};

/// The column values that a new message's row begins with.
#[derive(Clone, Copy, Debug)]
pub struct NewMail<'a> {
    pub kind: MailKind,
    /// The account that the message is about; `None` for a blank.
    pub account_id: Option<AccountId>,
    pub recipient: &'a str,
    /// The code of the message's language; `None` for the site's language.
    pub locale: Option<&'a str>,
    /// A further value that the message names, in a form of the program's own. Its meaning depends on `kind`.
    pub detail: &'a str,
}

row_struct! {
    struct MailRow {
        id: i64,
        kind: String,
        account_id: Option<i64>,
        recipient: String,
        locale: Option<String>,
        detail: String,
        attempts: i64,
        created_at: i64,
        tried_since: i64,
    }
}

impl MailRow {
    /// Returns `None` for a kind that only another version of the program knows, so that it does not hold up
    /// other messages.
    fn read(self) -> Option<Mail> {
        Some(Mail {
            id: MailId(self.id),
            kind: MailKind::parse(&self.kind)?,
            account_id: self.account_id.map(AccountId),
            recipient: self.recipient,
            locale: self.locale,
            detail: self.detail,
            attempts: self.attempts,
            created_at: Millis(self.created_at),
            tried_since: Millis(self.tried_since),
        })
    }
}

/// Adds a message. Only the newest `kept` waiting messages of this kind and account stay, so that a mail
/// server that returns after a long outage does not flood a mailbox.
pub async fn insert(tx: &mut Tx, new: &NewMail<'_>, kept: i64, now: Millis) -> Result<MailId, StoreError> {
    let account = new.account_id.map(|id| id.0);
    let id: i64 = only_value!(
        tx,
        "INSERT INTO outbox (kind, account_id, recipient, locale, created_at, due_at, detail) \
         VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING id",
        new.kind.as_str(),
        account,
        new.recipient,
        new.locale,
        now.0,
        new.detail,
    )?;
    execute!(
        tx,
        "DELETE FROM outbox WHERE account_id = $1 AND kind = $2 AND failed_at IS NULL AND id NOT IN \
         (SELECT id FROM outbox WHERE account_id = $1 AND kind = $2 AND failed_at IS NULL \
          ORDER BY id DESC LIMIT $3)",
        account,
        new.kind.as_str(),
        kept,
    )?;
    tx.announce(Change::Mail);
    Ok(MailId(id))
}

/// Removes the messages of `account` that carry a link.
pub async fn withdraw_links(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    for kind in MailKind::ALL.into_iter().filter(|kind| kind.link().is_some()) {
        withdraw(tx, account, kind).await?;
    }
    Ok(())
}

/// A message that was withdrawn: number, recipient, attempts, when it was written and set aside, and why.
type WithdrawnRow = (i64, String, i64, i64, Option<i64>, String);

/// Removes the messages of `account` that are of one kind and for this recipient.
pub async fn withdraw_from(
    tx: &mut Tx,
    account: AccountId,
    kind: MailKind,
    recipient: &EmailAddress,
) -> Result<(), StoreError> {
    // SQLite's LOWER leaves letters beyond ASCII as they are.
    let withdrawn: Vec<WithdrawnRow> = rows!(
        tx,
        "DELETE FROM outbox WHERE account_id = $1 AND kind = $2 AND (recipient = $3 OR LOWER(recipient) = $4) \
         RETURNING id, recipient, attempts, created_at, failed_at, failure",
        account.0,
        kind.as_str(),
        recipient.as_str(),
        recipient.key(),
    )?;
    log_failed(tx, account, kind, withdrawn).await
}

/// Removes the messages of `account` that are of one kind.
pub async fn withdraw(tx: &mut Tx, account: AccountId, kind: MailKind) -> Result<(), StoreError> {
    let withdrawn: Vec<WithdrawnRow> = rows!(
        tx,
        "DELETE FROM outbox WHERE account_id = $1 AND kind = $2 \
         RETURNING id, recipient, attempts, created_at, failed_at, failure",
        account.0,
        kind.as_str(),
    )?;
    log_failed(tx, account, kind, withdrawn).await
}

/// Notes those of the withdrawn messages that were set aside: the outbox said why until now.
async fn log_failed(
    tx: &mut Tx,
    account: AccountId,
    kind: MailKind,
    withdrawn: Vec<WithdrawnRow>,
) -> Result<(), StoreError> {
    for (id, recipient, attempts, created_at, failed_at, failure) in withdrawn {
        let Some(failed_at) = failed_at else { continue };
        let logged = LoggedMail {
            id: MailId(id),
            kind: kind.as_str().to_owned(),
            recipient,
            attempts,
            created_at: Millis(created_at),
            outcome: MailOutcome::Withdrawn,
            failure,
            at: Millis(failed_at),
        };
        mail_log::write(tx, account, &logged).await?;
    }
    Ok(())
}

/// Leases at most `max_messages` until `until`: messages that are due and that no worker holds, longest due
/// first.
pub async fn lease(
    tx: &mut Tx,
    max_messages: i64,
    now: Millis,
    until: Millis,
) -> Result<Vec<Mail>, StoreError> {
    macro_rules! lease {
        ($skip_locked:literal) => {
            concat!(
                "WITH due AS MATERIALIZED (SELECT id FROM outbox WHERE failed_at IS NULL AND due_at <= $2 \
                  AND COALESCE(leased_until, 0) <= $2 ORDER BY due_at, id LIMIT $3 ",
                $skip_locked,
                ") UPDATE outbox SET leased_until = $1, attempts = attempts + 1 \
                 WHERE id IN (SELECT id FROM due) \
                 RETURNING id, kind, account_id, recipient, locale, detail, attempts, created_at, \
                 COALESCE(retried_at, created_at) AS tried_since"
            )
        };
    }
    // On PostgreSQL an instance skips the rows that another instance is leasing. SQLite has one writer at a
    // time.
    let statement = match tx.link() {
        Link::Sqlite(_) => lease!(""),
        Link::Postgres(_) => lease!("FOR UPDATE SKIP LOCKED"),
    };
    let found: Vec<MailRow> = rows!(tx, statement, until.0, now.0, max_messages)?;
    let mut leased: Vec<Mail> = found.into_iter().filter_map(MailRow::read).collect();
    leased.sort_by_key(|mail| mail.id);
    Ok(leased)
}

/// Whether [`lease`] would find a message.
pub async fn due(db: &mut impl Linked, now: Millis) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM outbox WHERE failed_at IS NULL AND due_at <= $1 \
               AND COALESCE(leased_until, 0) <= $1 LIMIT 1";
    let found: Option<i64> = value!(db, sql, now.0)?;
    Ok(found.is_some())
}

/// Whether a message of this kind for `account` has not been sent yet.
pub async fn waits(db: &mut impl Linked, account: AccountId, kind: MailKind) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM outbox WHERE account_id = $1 AND kind = $2 AND failed_at IS NULL LIMIT 1";
    let found: Option<i64> = value!(db, sql, account.0, kind.as_str())?;
    Ok(found.is_some())
}

/// Sets aside the messages that have been tried since before `since` and that no worker holds. Returns their
/// number.
pub async fn give_up(tx: &mut Tx, since: Millis, now: Millis) -> Result<u64, StoreError> {
    let sql = "UPDATE outbox SET failed_at = $1 WHERE COALESCE(retried_at, created_at) <= $2 \
               AND failed_at IS NULL AND COALESCE(leased_until, 0) <= $1";
    Ok(execute!(tx, sql, now.0, since.0)?)
}

/// Ends all leases. Only for whoever knows that no other process sends: it could be sending these messages.
pub async fn end_leases(tx: &mut Tx) -> Result<(), StoreError> {
    execute!(tx, "UPDATE outbox SET leased_until = NULL WHERE leased_until IS NOT NULL")?;
    Ok(())
}

/// Extends the lease on `mail` to `until`. Returns `false` when the lease was lost or has been ended. After
/// `true`, no other worker can take the message before the transaction ends.
pub async fn hold(tx: &mut Tx, mail: &Mail, until: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE outbox SET leased_until = $1 WHERE id = $2 AND attempts = $3 AND failed_at IS NULL \
               AND leased_until IS NOT NULL";
    Ok(execute!(tx, sql, until.0, mail.id.0, mail.attempts)? > 0)
}

/// Removes `mail` after it was sent. Returns `false` when the lease was lost before.
pub async fn remove(tx: &mut Tx, mail: &Mail) -> Result<bool, StoreError> {
    let sql = "DELETE FROM outbox WHERE id = $1 AND attempts = $2";
    Ok(execute!(tx, sql, mail.id.0, mail.attempts)? > 0)
}

/// Ends the lease on `mail` after sending it failed with `failure`. The message becomes due again at
/// `retry_at`; `None` sets it aside for the operator.
pub async fn not_sent(
    tx: &mut Tx,
    mail: &Mail,
    failure: &str,
    retry_at: Option<Millis>,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "UPDATE outbox SET leased_until = NULL, due_at = COALESCE($1, due_at), \
         failed_at = COALESCE($2, failed_at), failure = $3 WHERE id = $4 AND attempts = $5",
        retry_at.map(|at| at.0),
        retry_at.is_none().then_some(now.0),
        failure,
        mail.id.0,
        mail.attempts,
    )?;
    Ok(())
}

/// Ends the lease on `mail` and makes it a digest with this `detail`, due at `due_at`. Does nothing when the
/// lease was lost.
pub async fn put_off_as_digest(
    tx: &mut Tx,
    mail: &Mail,
    detail: &str,
    due_at: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "UPDATE outbox SET kind = $1, detail = $2, due_at = $3, leased_until = NULL \
         WHERE id = $4 AND attempts = $5",
        MailKind::Digest.as_str(),
        detail,
        due_at.0,
        mail.id.0,
        mail.attempts,
    )?;
    Ok(())
}

/// The digest that waits for this account and recipient and that no worker holds: its number, its attempts
/// and its detail.
pub async fn waiting_digest(
    db: &mut impl Linked,
    account: AccountId,
    recipient: &str,
    now: Millis,
) -> Result<Option<(MailId, i64, String)>, StoreError> {
    let found: Option<(i64, i64, String)> = row!(
        db,
        "SELECT id, attempts, detail FROM outbox WHERE account_id = $1 AND recipient = $2 AND kind = $3 \
         AND failed_at IS NULL AND COALESCE(leased_until, 0) <= $4 ORDER BY id LIMIT 1",
        account.0,
        recipient,
        MailKind::Digest.as_str(),
        now.0,
    )?;
    Ok(found.map(|(id, attempts, detail)| (MailId(id), attempts, detail)))
}

/// Replaces the detail of a digest that [`waiting_digest`] found. Returns `false` when a worker has leased it
/// meanwhile.
pub async fn set_digest(
    tx: &mut Tx,
    (id, attempts): (MailId, i64),
    detail: &str,
    now: Millis,
) -> Result<bool, StoreError> {
    let sql = "UPDATE outbox SET detail = $1 WHERE id = $2 AND attempts = $3 \
               AND COALESCE(leased_until, 0) <= $4";
    Ok(execute!(tx, sql, detail, id.0, attempts, now.0)? > 0)
}

/// Removes the messages that were set aside before `since`. Returns their number.
pub async fn prune(tx: &mut Tx, since: Millis) -> Result<u64, StoreError> {
    Ok(execute!(tx, "DELETE FROM outbox WHERE failed_at < $1", since.0)?)
}
