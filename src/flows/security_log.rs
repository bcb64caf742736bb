//! The security log: what happened to an account, written with what caused it.

use super::client::Client;
use domain::{AccountId, EventActor, Factors, Millis, SecurityEventKind};
use store::security_events::{self, NewEvent};
use store::{StoreError, Tx};

/// What is written besides the time and where it came from.
#[derive(Clone, Debug)]
pub(super) struct Noted<'a> {
    pub(super) kind: SecurityEventKind,
    pub(super) actor: EventActor,
    /// By what a sign-in was proven.
    pub(super) factors: Factors,
    /// A value of the event's kind; never a secret, nor anything that a stranger typed.
    pub(super) detail: &'a str,
}

impl<'a> Noted<'a> {
    /// Something that the account's owner did.
    pub(super) fn by_owner(kind: SecurityEventKind, detail: &'a str) -> Self {
        Self { kind, actor: EventActor::Owner, factors: Factors::default(), detail }
    }

    /// The same, proven by `factors`.
    pub(super) fn with(self, factors: Factors) -> Self {
        Self { factors, ..self }
    }
}

/// Writes that something happened to `account`, from where `client` is.
pub(super) async fn note(
    tx: &mut Tx,
    account: AccountId,
    noted: &Noted<'_>,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    let place = client.place();
    let own = noted.actor == EventActor::Owner;
    let event = NewEvent {
        account_id: account,
        kind: noted.kind,
        actor: &noted.actor,
        factors: noted.factors,
        label: if own { &client.browser_label } else { "" },
        // A key acts for many people from the network of its server.
        place: if own && !client.trusted { &place } else { "" },
        detail: noted.detail,
    };
    security_events::insert(tx, &event, now).await
}
