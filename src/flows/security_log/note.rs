//! Writing down what happened to an account, in the transaction of what caused it.

use crate::flows::client::Client;
use crate::flows::factor_recovery::stop;
use domain::{AccountId, Actor, EventActor, Factors, Millis, SecurityEventKind};
use store::security_events::{self, NewEvent};
use store::{StoreError, Tx};

/// What is written besides the time and where it came from.
#[derive(Clone, Debug)]
pub(in crate::flows) struct Noted<'a> {
    pub(in crate::flows) kind: SecurityEventKind,
    pub(in crate::flows) actor: EventActor,
    /// By what a sign-in was proven.
    pub(in crate::flows) factors: Factors,
    /// A value of the event's kind; never a secret.
    pub(in crate::flows) detail: &'a str,
}

impl<'a> Noted<'a> {
    /// Something that the account's owner did.
    pub(in crate::flows) fn by_owner(kind: SecurityEventKind, detail: &'a str) -> Self {
        Self { kind, actor: EventActor::Owner, factors: Factors::default(), detail }
    }

    /// Something that `actor` did to somebody's account.
    pub(in crate::flows) fn by(actor: Actor<'_>, kind: SecurityEventKind, detail: &'a str) -> Self {
        Self { kind, actor: actor.into(), factors: Factors::default(), detail }
    }

    /// Something that the program did by itself.
    pub(in crate::flows) fn by_itself(kind: SecurityEventKind) -> Self {
        Self { kind, actor: EventActor::System, factors: Factors::default(), detail: "" }
    }

    /// The same, proven by `factors`.
    pub(in crate::flows) fn with(self, factors: Factors) -> Self {
        Self { factors, ..self }
    }
}

/// Writes that something happened to `account`, from where `client` is. Some of it ends a request to have the
/// second factors taken off (`SecurityEventKind::ends_recovery`).
pub(in crate::flows) async fn note(
    tx: &mut Tx,
    account: AccountId,
    noted: &Noted<'_>,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    let place = client.place();
    let own = noted.actor == EventActor::Owner;
    let label = if own { client.browser_label.as_str() } else { "" };
    // A key acts for many people from the network of its server.
    let place = if own && !client.trusted { place.as_str() } else { "" };
    write(tx, account, noted, (label, place), now).await
}

/// Writes that something happened to `account` that no request caused: the command line did it, or the
/// program by itself.
pub(in crate::flows) async fn note_here(
    tx: &mut Tx,
    account: AccountId,
    noted: &Noted<'_>,
    now: Millis,
) -> Result<(), StoreError> {
    write(tx, account, noted, ("", ""), now).await
}

async fn write(
    tx: &mut Tx,
    account: AccountId,
    noted: &Noted<'_>,
    (label, place): (&str, &str),
    now: Millis,
) -> Result<(), StoreError> {
    let event = NewEvent {
        account_id: account,
        kind: noted.kind,
        actor: &noted.actor,
        factors: noted.factors,
        label,
        place,
        detail: noted.detail,
    };
    security_events::insert(tx, &event, now).await?;
    if noted.kind.ends_recovery() && stop(tx, account, None, now).await? {
        let by_itself = NewEvent {
            kind: SecurityEventKind::RecoveryCancelled,
            actor: &EventActor::System,
            factors: Factors::default(),
            label: "",
            place: "",
            detail: "",
            ..event
        };
        security_events::insert(tx, &by_itself, now).await?;
    }
    Ok(())
}
