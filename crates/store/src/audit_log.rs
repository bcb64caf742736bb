//! The `audit_events` table as the operator reads it.

use super::row::row_struct;
use super::statement::{only_value, rows};
use super::{Linked, StoreError};
use domain::{AccountId, AuditEvent, Factors, Millis};

/// Which events are wanted. `None` and the empty text mean any.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// Those since then.
    pub since: Millis,
    /// Those before then.
    pub until: Option<Millis>,
    /// The word of who did it.
    pub actor: Option<String>,
    /// The account of whoever did it.
    pub actor_id: Option<AccountId>,
    /// The key that did it.
    pub actor_name: Option<String>,
    /// To whom it was done.
    pub account: Option<AccountId>,
    /// The word of the kind.
    pub kind: Option<String>,
}

row_struct! {
    struct AuditRow {
        id: i64,
        at: i64,
        kind: String,
        outcome: String,
        actor: String,
        actor_id: Option<i64>,
        actor_name: String,
        account_id: Option<i64>,
        target: String,
        factors: String,
        device: String,
        origin: String,
        detail: String,
        reason: String,
    }
}

impl From<AuditRow> for AuditEvent {
    fn from(row: AuditRow) -> Self {
        Self {
            number: row.id,
            at: Millis(row.at),
            kind: row.kind,
            outcome: row.outcome,
            actor: row.actor,
            actor_id: row.actor_id.map(AccountId),
            actor_name: row.actor_name,
            account_id: row.account_id.map(AccountId),
            target: row.target,
            factors: Factors::parse(&row.factors),
            label: row.device,
            origin: row.origin,
            detail: row.detail,
            reason: row.reason,
        }
    }
}

/// The columns of an event.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, at, kind, outcome, actor, actor_id, actor_name, account_id, target, factors, device, \
             origin, detail, reason FROM audit_events WHERE ",
            $rest
        )
    };
}

/// Those between two numbers that a query wants: its conditions are parameters 1 to 7, the numbers 8 and 9.
macro_rules! wanted {
    ($order:literal) => {
        concat!(
            select!(
                "at >= $1 AND ($2 IS NULL OR at < $2) AND ($3 IS NULL OR actor = $3) \
                 AND ($4 IS NULL OR actor_id = $4) AND ($5 IS NULL OR actor_name = $5) \
                 AND ($6 IS NULL OR account_id = $6) AND ($7 IS NULL OR kind = $7) \
                 AND id > $8 AND id < $9 ORDER BY id "
            ),
            $order,
            " LIMIT $10"
        )
    };
}

/// A number that no event since `since` is at or below, so that a reader need not go through all that
/// happened before.
pub async fn number_before(db: &mut impl Linked, since: Millis) -> Result<i64, StoreError> {
    // The lowest number, not that of the earliest: a clock may have been ahead.
    let first: Option<i64> = only_value!(db, "SELECT MIN(id) FROM audit_events WHERE at >= $1", since.0)?;
    Ok(first.map_or(0, |first| first - 1))
}

/// At most `most` events with a number above `after`, the oldest first.
pub async fn following(
    db: &mut impl Linked,
    query: &AuditQuery,
    after: i64,
    most: i64,
) -> Result<Vec<AuditEvent>, StoreError> {
    found(db, wanted!("ASC"), query, (after, i64::MAX), most).await
}

/// At most `most` events with a number between `after` and `before`, the newest first.
pub async fn preceding(
    db: &mut impl Linked,
    query: &AuditQuery,
    between: (i64, i64),
    most: i64,
) -> Result<Vec<AuditEvent>, StoreError> {
    found(db, wanted!("DESC"), query, between, most).await
}

/// At most `most` events about `account` with a number below `before`, the newest first: one range of an
/// index.
pub async fn of_account(
    db: &mut impl Linked,
    account: AccountId,
    before: i64,
    most: i64,
) -> Result<Vec<AuditEvent>, StoreError> {
    let sql = select!("account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    let rows: Vec<AuditRow> = rows!(db, sql, account.0, before, most)?;
    Ok(rows.into_iter().map(AuditEvent::from).collect())
}

/// The number of the newest event; 0 if there is none.
pub async fn newest(db: &mut impl Linked) -> Result<i64, StoreError> {
    let newest: Option<i64> = only_value!(db, "SELECT MAX(id) FROM audit_events")?;
    Ok(newest.unwrap_or_default())
}

async fn found(
    db: &mut impl Linked,
    sql: &'static str,
    query: &AuditQuery,
    (after, before): (i64, i64),
    most: i64,
) -> Result<Vec<AuditEvent>, StoreError> {
    let rows: Vec<AuditRow> = rows!(
        db,
        sql,
        query.since.0,
        query.until.map(|until| until.0),
        query.actor.as_deref(),
        query.actor_id.map(|id| id.0),
        query.actor_name.as_deref(),
        query.account.map(|id| id.0),
        query.kind.as_deref(),
        after,
        before,
        most,
    )?;
    Ok(rows.into_iter().map(AuditEvent::from).collect())
}
