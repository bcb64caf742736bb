//! The `mail_log` table: what became of mail, and when.

use super::row::row_struct;
use super::statement::{execute, rows};
use super::{Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{AccountId, Mail, MailId, Millis};

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailOutcome {
    /// The mail server has taken it.
    Sent,
    /// It was not sent: its mailbox had its messages of the hour.
    HeldBack,
    /// It was set aside, and then its link was made void.
    Withdrawn,
}

impl MailOutcome {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::HeldBack => "held_back",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Sent, Self::HeldBack, Self::Withdrawn].into_iter().find(|known| known.as_str() == word)
    }
}

/// A message that is in the outbox no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedMail {
    /// The number that it had in the outbox.
    pub id: MailId,
    /// The kind as stored. Another version of the program may have written it.
    pub kind: String,
    pub recipient: String,
    /// How often it was tried.
    pub attempts: i64,
    pub created_at: Millis,
    pub outcome: MailOutcome,
    /// Why the last try failed; may be empty.
    pub failure: String,
    /// When it was sent, held back or set aside.
    pub at: Millis,
}

row_struct! {
    struct LoggedMailRow {
        id: i64,
        kind: String,
        recipient: String,
        attempts: i64,
        created_at: i64,
        outcome: String,
        failure: String,
        at: i64,
    }
}

impl LoggedMailRow {
    /// `None` for an outcome that only a newer version knows.
    fn read(self) -> Option<LoggedMail> {
        Some(LoggedMail {
            id: MailId(self.id),
            kind: self.kind,
            recipient: self.recipient,
            attempts: self.attempts,
            created_at: Millis(self.created_at),
            outcome: MailOutcome::parse(&self.outcome)?,
            failure: self.failure,
            at: Millis(self.at),
        })
    }
}

/// Notes what became of `mail`. Mail about no account leaves no trace.
pub async fn insert(tx: &mut Tx, mail: &Mail, outcome: MailOutcome, now: Millis) -> Result<(), StoreError> {
    let Some(account) = mail.account_id else { return Ok(()) };
    let logged = LoggedMail {
        id: mail.id,
        kind: mail.kind.as_str().to_owned(),
        recipient: mail.recipient.clone(),
        attempts: mail.attempts,
        created_at: mail.created_at,
        outcome,
        failure: String::new(),
        at: now,
    };
    write(tx, account, &logged).await
}

/// Notes what became of a message about `account`.
pub(crate) async fn write(tx: &mut Tx, account: AccountId, mail: &LoggedMail) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO mail_log (id, account_id, kind, recipient, attempts, created_at, outcome, failure, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING",
        mail.id.0,
        account.0,
        mail.kind.as_str(),
        mail.recipient.as_str(),
        mail.attempts,
        mail.created_at.0,
        mail.outcome.as_str(),
        mail.failure.as_str(),
        mail.at.0,
    )?;
    Ok(())
}

/// The mail about `account` that left the outbox since `since`, the newest first, at most `most`.
pub async fn list(
    db: &mut impl Linked,
    account: AccountId,
    since: Millis,
    most: i64,
) -> Result<Vec<LoggedMail>, StoreError> {
    list_below(db, account, since, MailId(i64::MAX), most).await
}

/// As [`list`], of the messages with numbers below `before`.
pub async fn list_below(
    db: &mut impl Linked,
    account: AccountId,
    since: Millis,
    before: MailId,
    most: i64,
) -> Result<Vec<LoggedMail>, StoreError> {
    let found: Vec<LoggedMailRow> = rows!(
        db,
        "SELECT id, kind, recipient, attempts, created_at, outcome, failure, at FROM mail_log \
         WHERE account_id = $1 AND at >= $2 AND id < $3 ORDER BY id DESC LIMIT $4",
        account.0,
        since.0,
        before.0,
        most,
    )?;
    Ok(found.into_iter().filter_map(LoggedMailRow::read).collect())
}

/// Removes what is about an account whose own row has gone.
pub(crate) async fn forget(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, "DELETE FROM mail_log WHERE account_id = $1", account.0)?;
    Ok(())
}

/// Removes at most [`PRUNED_AT_ONCE`] rows from before `before`. Returns their number.
pub async fn prune(tx: &mut Tx, before: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM mail_log WHERE id IN (SELECT id FROM mail_log WHERE at < $1 LIMIT $2)";
    Ok(execute!(tx, sql, before.0, PRUNED_AT_ONCE)?)
}
