//! The `security_events` table. Rows are added and never changed; old ones are removed.

use super::row::row_struct;
use super::statement::{execute, row, rows};
use super::{Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{AccountId, EventActor, Factors, Millis, SecurityEvent, SecurityEventKind};

/// The column values of a new event.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'a> {
    pub account_id: AccountId,
    pub kind: SecurityEventKind,
    pub actor: &'a EventActor,
    /// By what a sign-in was proven.
    pub factors: Factors,
    /// Browser or app; may be empty.
    pub label: &'a str,
    /// The network; may be empty.
    pub place: &'a str,
    /// A value whose meaning depends on `kind`; may be empty.
    pub detail: &'a str,
}

row_struct! {
    struct EventRow {
        id: i64,
        account_id: i64,
        kind: String,
        actor: String,
        actor_name: String,
        factors: String,
        device: String,
        address: String,
        detail: String,
        at: i64,
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, account_id, kind, actor, actor_name, factors, device, address, detail, at \
             FROM security_events ",
            $rest
        )
    };
}

impl EventRow {
    /// `None` for an event that only a newer version knows.
    fn read(self) -> Option<SecurityEvent> {
        Some(SecurityEvent {
            number: self.id,
            account_id: AccountId(self.account_id),
            kind: SecurityEventKind::parse(&self.kind)?,
            actor: EventActor::parse(&self.actor, self.actor_name)?,
            factors: Factors::parse(&self.factors),
            label: self.device,
            place: self.address,
            detail: self.detail,
            at: Millis(self.at),
        })
    }
}

/// Adds an event.
pub async fn insert(tx: &mut Tx, new: &NewEvent<'_>, now: Millis) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO security_events \
         (account_id, kind, actor, actor_name, factors, device, address, detail, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.account_id.0,
        new.kind.as_str(),
        new.actor.as_str(),
        new.actor.name(),
        new.factors.to_string(),
        new.label,
        new.place,
        new.detail,
        now.0,
    )?;
    Ok(())
}

/// One event of `account`.
pub async fn find(
    db: &mut impl Linked,
    account: AccountId,
    number: i64,
) -> Result<Option<SecurityEvent>, StoreError> {
    let found: Option<EventRow> = row!(db, select!("WHERE id = $1 AND account_id = $2"), number, account.0)?;
    Ok(found.and_then(EventRow::read))
}

/// The first event of `account` of this kind with the number `number` or a higher one.
pub async fn first_since(
    db: &mut impl Linked,
    account: AccountId,
    kind: SecurityEventKind,
    number: i64,
) -> Result<Option<SecurityEvent>, StoreError> {
    let sql = select!("WHERE account_id = $1 AND kind = $2 AND id >= $3 ORDER BY id LIMIT 1");
    let found: Option<EventRow> = row!(db, sql, account.0, kind.as_str(), number)?;
    Ok(found.and_then(EventRow::read))
}

/// Some of an account's events, the newest first.
#[derive(Clone, Debug, Default)]
pub struct EventsPage {
    pub events: Vec<SecurityEvent>,
    /// The number below which there are more; `None` if there are not.
    pub next: Option<i64>,
}

/// The events of `account` since `since` with a number below `before`, the newest first, at most `most`.
pub async fn list(
    db: &mut impl Linked,
    account: AccountId,
    since: Millis,
    before: i64,
    most: i64,
) -> Result<EventsPage, StoreError> {
    let sql = select!("WHERE account_id = $1 AND id < $2 AND at >= $3 ORDER BY id DESC LIMIT $4");
    // One more tells whether there are more.
    let mut found: Vec<EventRow> = rows!(db, sql, account.0, before, since.0, most.saturating_add(1))?;
    let shown = usize::try_from(most).unwrap_or_default();
    let more = found.len() > shown;
    found.truncate(shown);
    let next = found.last().filter(|_| more).map(|last| last.id);
    Ok(EventsPage { events: found.into_iter().filter_map(EventRow::read).collect(), next })
}

/// Removes at most [`PRUNED_AT_ONCE`] events from before `before`. Returns their number.
pub async fn prune(tx: &mut Tx, before: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM security_events WHERE id IN \
               (SELECT id FROM security_events WHERE at < $1 LIMIT $2)";
    Ok(execute!(tx, sql, before.0, PRUNED_AT_ONCE)?)
}
