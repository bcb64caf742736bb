//! The `audit_events` table: what happened. Rows are added and never changed; old ones are removed.

use super::many_rows::insert_rows;
use super::row::row_struct;
use super::statement::{execute, only_value, row, rows};
use super::{Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{AccountId, EventActor, EventKind, Factors, Millis, Outcome, SecurityEvent};

/// The column values of a new event.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'a> {
    /// To whom.
    pub account_id: Option<AccountId>,
    /// The name of what is no account; may be empty.
    pub target: &'a str,
    pub kind: EventKind,
    pub outcome: Outcome,
    pub actor: &'a EventActor,
    /// By what a sign-in was proven.
    pub factors: Factors,
    /// Browser or app, as the owner of the account may read it; may be empty.
    pub label: &'a str,
    /// The network, as the owner of the account may read it; may be empty.
    pub place: &'a str,
    /// The network of whoever asked; may be empty.
    pub origin: &'a str,
    /// A value whose meaning depends on `kind`; may be empty.
    pub detail: &'a str,
    /// What whoever did it gave as a reason; may be empty.
    pub reason: &'a str,
}

impl NewEvent<'_> {
    /// The account of whoever did it.
    fn actor_id(&self) -> Option<i64> {
        let actor = match self.actor {
            EventActor::Owner => self.account_id,
            other => other.staff(),
        };
        actor.map(|id| id.0)
    }
}

row_struct! {
    struct EventRow {
        id: i64,
        account_id: Option<i64>,
        kind: String,
        outcome: String,
        actor: String,
        actor_id: Option<i64>,
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
            "SELECT id, account_id, kind, outcome, actor, actor_id, actor_name, factors, device, address, detail, at \
             FROM audit_events ",
            $rest
        )
    };
}

impl EventRow {
    /// `None` for an event that only a newer version knows, and for what is not the owner's to read.
    fn read(self) -> Option<SecurityEvent> {
        let kind = EventKind::parse(&self.kind)?;
        // What was refused to somebody else is not the owner's to read.
        if self.outcome != kind.outcome().as_str() {
            return None;
        }
        Some(SecurityEvent {
            number: self.id,
            account_id: AccountId(self.account_id?),
            kind,
            actor: EventActor::parse(&self.actor, self.actor_name, self.actor_id.map(AccountId))?,
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
    insert_all(tx, std::slice::from_ref(new), now).await
}

/// Adds events.
pub async fn insert_all(tx: &mut Tx, new: &[NewEvent<'_>], now: Millis) -> Result<(), StoreError> {
    insert_rows!(
        tx,
        "INSERT INTO audit_events (at, kind, outcome, actor, actor_id, actor_name, account_id, target, \
         factors, device, address, origin, detail, reason)",
        new,
        event => [
            now.0,
            event.kind.as_str(),
            event.outcome.as_str(),
            event.actor.as_str(),
            event.actor_id(),
            event.actor.name(),
            event.account_id.map(|id| id.0),
            event.target,
            event.factors.to_string(),
            event.label,
            event.place,
            event.origin,
            event.detail,
            event.reason,
        ]
    )?;
    for event in new {
        let outcome = (event.kind, event.outcome);
        tx.event_lines().add(outcome, event.actor, event.account_id, event.factors);
    }
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
    kind: EventKind,
    number: i64,
) -> Result<Option<SecurityEvent>, StoreError> {
    let sql = select!("WHERE account_id = $1 AND kind = $2 AND id >= $3 ORDER BY id LIMIT 1");
    let found: Option<EventRow> = row!(db, sql, account.0, kind.as_str(), number)?;
    Ok(found.and_then(EventRow::read))
}

/// The number of the last event of `account` of this kind that neither its owner nor the program caused.
pub async fn last_by_others(
    db: &mut impl Linked,
    account: AccountId,
    kind: EventKind,
) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT MAX(id) FROM audit_events WHERE account_id = $1 AND kind = $2 \
               AND actor IN ('operator', 'staff', 'key')";
    only_value!(db, sql, account.0, kind.as_str()).map_err(StoreError::from)
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
    let sql = "DELETE FROM audit_events WHERE id IN \
               (SELECT id FROM audit_events WHERE at < $1 LIMIT $2)";
    Ok(execute!(tx, sql, before.0, PRUNED_AT_ONCE)?)
}
