//! Writing down what happened, in the transaction of what caused it, and telling sites of it (webhooks).

use crate::flows::client::Client;
use crate::flows::factor_recovery::stop;
use crate::flows::webhooks::cause::tell;
use domain::{AccountId, Actor, EventActor, EventKind, Factors, Millis, Outcome};
use store::audit_events::{self, NewEvent};
use store::{StoreError, Tx};

/// What is written besides the time and where it came from.
#[derive(Clone, Debug)]
pub(in crate::flows) struct Noted<'a> {
    pub(in crate::flows) kind: EventKind,
    pub(in crate::flows) actor: EventActor,
    /// By what a sign-in was proven.
    pub(in crate::flows) factors: Factors,
    /// A value of the event's kind; never a secret.
    pub(in crate::flows) detail: &'a str,
    /// What whoever did it gave as a reason; only the operator reads it.
    pub(in crate::flows) reason: &'a str,
}

impl<'a> Noted<'a> {
    /// Something that the account's owner did.
    pub(in crate::flows) fn by_owner(kind: EventKind, detail: &'a str) -> Self {
        Self { kind, actor: EventActor::Owner, factors: Factors::default(), detail, reason: "" }
    }

    /// Something that `actor` did to somebody's account.
    pub(in crate::flows) fn by(actor: Actor<'_>, kind: EventKind, detail: &'a str) -> Self {
        Self { kind, actor: actor.into(), factors: Factors::default(), detail, reason: "" }
    }

    /// Something that the program did by itself.
    pub(in crate::flows) fn by_itself(kind: EventKind) -> Self {
        Self { kind, actor: EventActor::System, factors: Factors::default(), detail: "", reason: "" }
    }

    /// The same, proven by `factors`.
    pub(in crate::flows) fn with(self, factors: Factors) -> Self {
        Self { factors, ..self }
    }

    /// The same, for this reason.
    pub(in crate::flows) fn because(self, reason: &'a str) -> Self {
        Self { reason, ..self }
    }
}

/// Writes that something happened to `account`, from where `client` is. Some of it ends a request to have the
/// second factors taken off (`EventKind::ends_recovery`). Sites may be told of it, with the account as it is
/// now: what has changed is to be written before.
pub(in crate::flows) async fn note(
    tx: &mut Tx,
    account: AccountId,
    noted: &Noted<'_>,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    let origin = client.place();
    let own = noted.actor == EventActor::Owner;
    let label = if own { client.browser_label.as_str() } else { "" };
    // A key acts for many people from the network of its server.
    let place = if own && !client.trusted { origin.as_str() } else { "" };
    write(tx, account, NewEvent { label, place, origin: &origin, ..event(noted) }, now).await
}

/// Writes that something happened to `account` that no request caused: the command line did it, or the
/// program by itself.
pub(in crate::flows) async fn note_here(
    tx: &mut Tx,
    account: AccountId,
    noted: &Noted<'_>,
    now: Millis,
) -> Result<(), StoreError> {
    write(tx, account, event(noted), now).await
}

/// Writes that something happened to each of many accounts, as [`note_here`] does for one.
pub(in crate::flows) async fn note_all_here(
    tx: &mut Tx,
    noted: &[(AccountId, Noted<'_>)],
    now: Millis,
) -> Result<(), StoreError> {
    let events: Vec<(AccountId, NewEvent<'_>)> = noted
        .iter()
        .map(|(account, noted)| (*account, NewEvent { account_id: Some(*account), ..event(noted) }))
        .collect();
    let rows: Vec<NewEvent<'_>> = events.iter().map(|(_, event)| *event).collect();
    audit_events::insert_all(tx, &rows, now).await?;
    for (account, event) in &events {
        follow(tx, *account, event, now).await?;
    }
    Ok(())
}

/// Writes that something happened to what is no account: an API key, a client, the outbox. `target` is its
/// name, `client` whoever's request it was, if any.
pub(in crate::flows) async fn note_thing(
    tx: &mut Tx,
    target: &str,
    noted: &Noted<'_>,
    client: Option<&Client>,
    now: Millis,
) -> Result<(), StoreError> {
    let origin = client.map(Client::place).unwrap_or_default();
    audit_events::insert(tx, &NewEvent { target, origin: &origin, ..event(noted) }, now).await
}

/// Writes that somebody who is not signed in wanted something that another `account` has, and was refused.
/// The account's owner does not read it.
pub(in crate::flows) async fn note_refused(
    tx: &mut Tx,
    account: AccountId,
    (kind, detail): (EventKind, &str),
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    let origin = client.place();
    let noted = Noted { actor: EventActor::Visitor, ..Noted::by_owner(kind, detail) };
    let refused = NewEvent { outcome: Outcome::Refused, origin: &origin, ..event(&noted) };
    audit_events::insert(tx, &NewEvent { account_id: Some(account), ..refused }, now).await
}

/// The row of `noted`, to nobody and from nowhere.
fn event<'a>(noted: &'a Noted<'_>) -> NewEvent<'a> {
    NewEvent {
        account_id: None,
        target: "",
        kind: noted.kind,
        outcome: noted.kind.outcome(),
        actor: &noted.actor,
        factors: noted.factors,
        label: "",
        place: "",
        origin: "",
        detail: noted.detail,
        reason: noted.reason,
    }
}

async fn write(tx: &mut Tx, account: AccountId, event: NewEvent<'_>, now: Millis) -> Result<(), StoreError> {
    let event = NewEvent { account_id: Some(account), ..event };
    audit_events::insert(tx, &event, now).await?;
    follow(tx, account, &event, now).await
}

/// What follows from an event that was written.
async fn follow(
    tx: &mut Tx,
    account: AccountId,
    event: &NewEvent<'_>,
    now: Millis,
) -> Result<(), StoreError> {
    tell(tx, account, event, now).await?;
    if event.kind.ends_recovery() && stop(tx, account, None, now).await? {
        let by_itself = Noted::by_itself(EventKind::RecoveryCancelled);
        let by_itself = NewEvent { account_id: Some(account), ..self::event(&by_itself) };
        audit_events::insert(tx, &by_itself, now).await?;
        tell(tx, account, &by_itself, now).await?;
    }
    Ok(())
}
