//! SQL for mail that is to be sent. A message is leased by one conditional write, so two who send never hold it at
//! the same time; each lease counts `attempts` up, so that whoever lost theirs can say nothing about it any more.

mod desk;

use super::connection::on;
use super::row::row;
use super::{Change, Link, Linked, StoreError, Tx};
use domain::{AccountId, Mail, MailId, MailKind, Millis};

pub use desk::{QueuedMail, list, retry};

/// A message to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewMail<'a> {
    /// What it says.
    pub kind: MailKind,
    /// Whom it is about; `None` for a blank.
    pub account_id: Option<AccountId>,
    /// Address that it goes to.
    pub recipient: &'a str,
    /// Language; none: the site's.
    pub locale: Option<&'a str>,
    /// What it names besides, in our own words.
    pub detail: &'a str,
}

row! {
    struct Row {
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

impl Row {
    /// `None` for a kind that only another version of the program knows: it must not keep the others waiting.
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

/// Writes a message. Of the messages of its kind about one account only the newest `most` are kept, so that a mail
/// server that is down for long does not end in a flood.
pub async fn insert(tx: &mut Tx, new: &NewMail<'_>, most: i64, now: Millis) -> Result<MailId, StoreError> {
    let id: i64 = on!(tx.link(), c => {
        sqlx::query_scalar(
            "INSERT INTO outbox (kind, account_id, recipient, locale, created_at, due_at, detail) \
             VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING id",
        )
        .bind(new.kind.as_str())
        .bind(new.account_id.map(|id| id.0))
        .bind(new.recipient)
        .bind(new.locale)
        .bind(now.0)
        .bind(new.detail)
        .fetch_one(c)
        .await
    })?;
    on!(tx.link(), c => {
        sqlx::query(
            "DELETE FROM outbox WHERE account_id = $1 AND kind = $2 AND failed_at IS NULL AND id NOT IN \
             (SELECT id FROM outbox WHERE account_id = $1 AND kind = $2 AND failed_at IS NULL \
              ORDER BY id DESC LIMIT $3)",
        )
        .bind(new.account_id.map(|id| id.0))
        .bind(new.kind.as_str())
        .bind(most)
        .execute(c)
        .await
        .map(drop)
    })?;
    tx.announce(Change::Mail);
    Ok(MailId(id))
}

/// Takes back every message of `account` that carries a link.
pub async fn withdraw_links(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    for kind in MailKind::ALL.into_iter().filter(|kind| kind.link().is_some()) {
        withdraw(tx, account, kind).await?;
    }
    Ok(())
}

/// Takes back every message of `account` of one kind.
pub async fn withdraw(tx: &mut Tx, account: AccountId, kind: MailKind) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query("DELETE FROM outbox WHERE account_id = $1 AND kind = $2")
            .bind(account.0)
            .bind(kind.as_str())
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// Leases at most `most` messages that are due and that nobody is sending, longest due first.
pub async fn lease(tx: &mut Tx, most: i64, now: Millis, until: Millis) -> Result<Vec<Mail>, StoreError> {
    macro_rules! lease {
        ($skip_locked:literal) => {
            concat!(
                "WITH due AS MATERIALIZED (SELECT id FROM outbox WHERE failed_at IS NULL AND due_at <= $2 \
                  AND COALESCE(leased_until, 0) <= $2 ORDER BY due_at, id LIMIT $3 ",
                $skip_locked,
                ") UPDATE outbox SET leased_until = $1, attempts = attempts + 1 WHERE id IN (SELECT id FROM due) \
                 RETURNING id, kind, account_id, recipient, locale, detail, attempts, created_at, \
                 COALESCE(retried_at, created_at) AS tried_since"
            )
        };
    }
    // Several instances pass by what another one is leasing. SQLite has one writer at a time.
    let statement = match tx.link() {
        Link::Sqlite(_) => lease!(""),
        Link::Postgres(_) => lease!("FOR UPDATE SKIP LOCKED"),
    };
    let rows: Vec<Row> = on!(tx.link(), c => {
        sqlx::query_as(statement).bind(until.0).bind(now.0).bind(most).fetch_all(c).await
    })?;
    let mut leased: Vec<Mail> = rows.into_iter().filter_map(Row::read).collect();
    leased.sort_by_key(|mail| mail.id);
    Ok(leased)
}

/// Whether [`lease`] would find anything.
pub async fn due(db: &mut impl Linked, now: Millis) -> Result<bool, StoreError> {
    let found: Option<i64> = on!(db.link(), c => {
        sqlx::query_scalar(
            "SELECT id FROM outbox WHERE failed_at IS NULL AND due_at <= $1 \
             AND COALESCE(leased_until, 0) <= $1 LIMIT 1",
        )
        .bind(now.0)
        .fetch_optional(c)
        .await
    })?;
    Ok(found.is_some())
}

/// Sets aside what nobody is sending of the messages that have been tried since before `since`; says how many.
pub async fn give_up(tx: &mut Tx, since: Millis, now: Millis) -> Result<u64, StoreError> {
    let gone = on!(tx.link(), c => {
        sqlx::query(
            "UPDATE outbox SET failed_at = $1 WHERE COALESCE(retried_at, created_at) <= $2 AND failed_at IS NULL \
             AND COALESCE(leased_until, 0) <= $1",
        )
        .bind(now.0)
        .bind(since.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(gone)
}

/// Whether the lease on `mail` is still held; until the transaction ends nobody else can take it then.
pub async fn hold(tx: &mut Tx, mail: &Mail, until: Millis) -> Result<bool, StoreError> {
    let held: Option<i64> = on!(tx.link(), c => {
        sqlx::query_scalar(
            "UPDATE outbox SET leased_until = $1 WHERE id = $2 AND attempts = $3 AND failed_at IS NULL RETURNING id",
        )
        .bind(until.0)
        .bind(mail.id.0)
        .bind(mail.attempts)
        .fetch_optional(c)
        .await
    })?;
    Ok(held.is_some())
}

/// `mail` was sent. `false` when the lease was lost meanwhile.
pub async fn remove(tx: &mut Tx, mail: &Mail) -> Result<bool, StoreError> {
    let gone: Option<i64> = on!(tx.link(), c => {
        sqlx::query_scalar("DELETE FROM outbox WHERE id = $1 AND attempts = $2 RETURNING id")
            .bind(mail.id.0).bind(mail.attempts).fetch_optional(c).await
    })?;
    Ok(gone.is_some())
}

/// `mail` was not sent, because of `failure`: it is tried again at `due_at`.
pub async fn postpone(tx: &mut Tx, mail: &Mail, due_at: Millis, failure: &str) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query(
            "UPDATE outbox SET leased_until = NULL, due_at = $1, failure = $2 WHERE id = $3 AND attempts = $4",
        )
        .bind(due_at.0)
        .bind(failure)
        .bind(mail.id.0)
        .bind(mail.attempts)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// `mail` was not sent, because of `failure`, and is not tried again: it is kept for the operator.
pub async fn set_aside(tx: &mut Tx, mail: &Mail, failure: &str, now: Millis) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query(
            "UPDATE outbox SET leased_until = NULL, failed_at = $1, failure = $2 WHERE id = $3 AND attempts = $4",
        )
        .bind(now.0)
        .bind(failure)
        .bind(mail.id.0)
        .bind(mail.attempts)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Removes messages set aside before `since`; says how many went.
pub async fn prune(tx: &mut Tx, since: Millis) -> Result<u64, StoreError> {
    let gone = on!(tx.link(), c => {
        sqlx::query("DELETE FROM outbox WHERE failed_at < $1")
            .bind(since.0).execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(gone)
}
