//! What every order of an administrator has in common: who gives it, why, whom it is about, and whether they
//! may.

use crate::flows::client::Client;
use crate::flows::security_log::{self, Noted};
use domain::{
    Account, AccountError, AccountId, Actor, EmailAddress, EventKind, Millis, Role, Scope, Username,
};
use store::accounts::{self, Credentials};
use store::{Linked, Store, StoreError, Tx, sessions};

/// The account that an administrator means.
#[derive(Clone, Debug)]
pub enum AccountName {
    Number(AccountId),
    Address(EmailAddress),
    Username(Username),
    /// One that was looked up before: nobody typed the number.
    Known(AccountId),
}

impl AccountName {
    /// Reads what somebody typed: an address, a number, or a username; `@7` is the username `7`.
    pub fn parse(typed: &str) -> Option<Self> {
        if let Some(name) = typed.strip_prefix('@') {
            return Username::parse(name).ok().map(Self::Username);
        }
        let digits = !typed.is_empty() && typed.bytes().all(|byte| byte.is_ascii_digit());
        if digits {
            return typed.parse().ok().map(|number| Self::Number(AccountId(number)));
        }
        let address = EmailAddress::parse(typed).ok().map(Self::Address);
        address.or_else(|| Username::parse(typed).ok().map(Self::Username))
    }
}

/// Who administers, from where and why.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    pub actor: Actor<'a>,
    /// The request that gives it; `None` at the command line.
    pub client: Option<&'a Client>,
    /// What they gave as a reason, for the audit log; may be empty.
    pub reason: &'a str,
}

/// Why an order was not carried out.
#[derive(Debug)]
pub enum OrderError {
    /// The account is not there, the actor has no right, what was typed is wrong, or the database failed.
    Account(AccountError),
    /// Nobody takes their own rights away, or locks or deletes their own account.
    OwnAccount,
    /// Nobody would be left who administers.
    LastAdministrator,
    /// The account is deleted; it can be restored and nothing else.
    Deleted,
    /// What was typed is the number of one account and the username of another.
    Ambiguous,
}

impl From<AccountError> for OrderError {
    fn from(error: AccountError) -> Self {
        Self::Account(error)
    }
}

impl From<StoreError> for OrderError {
    fn from(error: StoreError) -> Self {
        Self::Account(error.into())
    }
}

impl<'a> From<Actor<'a>> for Order<'a> {
    fn from(actor: Actor<'a>) -> Self {
        Self { actor, client: None, reason: "" }
    }
}

impl<'a> Order<'a> {
    /// An order of the command line, without a reason.
    pub fn of_operator() -> Self {
        Self { actor: Actor::Operator, client: None, reason: "" }
    }

    /// The same, for this reason.
    pub fn because(self, reason: &'a str) -> Self {
        Self { reason, ..self }
    }

    /// The language of whoever gives it, for mail to somebody who has chosen none.
    pub(super) fn locale(&self) -> Option<&'a str> {
        self.client.and_then(|client| client.locale.as_deref())
    }

    /// Writes what was done into the log.
    pub(super) async fn note(
        &self,
        tx: &mut Tx,
        account: AccountId,
        kind: EventKind,
        detail: &str,
        now: Millis,
    ) -> Result<(), StoreError> {
        let noted = self.noted(kind, detail);
        match self.client {
            Some(client) => security_log::note(tx, account, &noted, client, now).await,
            None => security_log::note_here(tx, account, &noted, now).await,
        }
    }

    /// Writes what was done to what is no account; `target` is its name.
    pub(in crate::flows) async fn note_thing(
        &self,
        tx: &mut Tx,
        target: &str,
        kind: EventKind,
        detail: &str,
        now: Millis,
    ) -> Result<(), StoreError> {
        security_log::note_thing(tx, target, &self.noted(kind, detail), self.client, now).await
    }

    /// Makes sure that the order still stands, see [`stands`](Self::stands).
    ///
    /// # Errors
    /// `Forbidden`.
    pub(in crate::flows) async fn require_still(&self, tx: &mut Tx) -> Result<(), AccountError> {
        if self.stands(tx).await? { Ok(()) } else { Err(AccountError::Forbidden) }
    }

    /// Whether staff may still order what they do: their session is there, and they administer. They may have
    /// lost either while the order was on its way, or waited for a row. Ask when the row that is to be
    /// changed is held.
    pub(in crate::flows) async fn stands(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let Actor::Staff(session, _) = self.actor else { return Ok(true) };
        let own = accounts::find(tx, session.account_id).await?.map(|found| found.account);
        let administers = own.is_some_and(|own| own.active() && own.role == Role::ADMINISTRATOR);
        Ok(administers && sessions::exists(tx, session.id).await?)
    }

    pub(super) fn noted<'n>(&self, kind: EventKind, detail: &'n str) -> Noted<'n>
    where
        'a: 'n,
    {
        Noted::by(self.actor, kind, detail).because(self.reason)
    }

    /// The account, which no other transaction changes until this one ends. A concurrent sign-in waits for
    /// it, and then finds what was changed.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`; `Deleted`.
    pub(super) async fn held(&self, tx: &mut Tx, whom: &AccountName) -> Result<Credentials, OrderError> {
        let found = self.held_even_deleted(tx, whom).await?;
        if found.account.deleted_at.is_some() { Err(OrderError::Deleted) } else { Ok(found) }
    }

    /// As [`held`](Self::held), and finds a deleted account too.
    pub(super) async fn held_even_deleted(
        &self,
        tx: &mut Tx,
        whom: &AccountName,
    ) -> Result<Credentials, OrderError> {
        self.actor.require(Scope::AccountsWrite)?;
        let id = id_of(tx, whom).await?.ok_or(AccountError::NotFound)?;
        accounts::hold(tx, id).await?;
        self.require_still(tx).await?;
        let found = accounts::find_even_deleted(tx, id).await?.ok_or(AccountError::NotFound)?;
        if !self.actor.may_give(found.account.role) {
            return Err(AccountError::Forbidden.into());
        }
        Ok(found)
    }

    /// As [`held`](Self::held), for what would take an administrator away. Nobody does that to themselves,
    /// and an administrator does not do it to the last one; the command line may, for it can make another.
    ///
    /// # Errors
    /// `OwnAccount`, `LastAdministrator`.
    pub(super) async fn held_to_take_away(
        &self,
        tx: &mut Tx,
        whom: &AccountName,
    ) -> Result<Credentials, OrderError> {
        // Before the account's own row: all who want both take them in this order.
        accounts::hold_administrators(tx).await?;
        let found = self.held(tx, whom).await?;
        let account = &found.account;
        if let Actor::Staff(session, _) = self.actor {
            if session.account_id == account.id {
                return Err(OrderError::OwnAccount);
            }
            if account.role == Role::ADMINISTRATOR
                && accounts::other_administrators(tx, account.id).await? == 0
            {
                return Err(OrderError::LastAdministrator);
            }
        }
        Ok(found)
    }
}

/// The number of the account, which may be deleted; `None` if there is none.
///
/// # Errors
/// `Unavailable`; `Ambiguous`.
pub async fn number_of(store: &Store, whom: &AccountName) -> Result<Option<AccountId>, OrderError> {
    id_of(&mut store.read().await?, whom).await
}

/// The number of the account, which may be deleted.
pub(super) async fn id_of(db: &mut impl Linked, whom: &AccountName) -> Result<Option<AccountId>, OrderError> {
    match whom {
        AccountName::Number(id) => {
            // Whoever chose a number for a username would otherwise choose whom an order hits.
            let Ok(username) = Username::parse(&id.to_string()) else { return Ok(Some(*id)) };
            match accounts::id_of_username(db, &username).await? {
                Some(other) if other != *id => Err(OrderError::Ambiguous),
                _ => Ok(Some(*id)),
            }
        }
        AccountName::Known(id) => Ok(Some(*id)),
        AccountName::Address(email) => Ok(accounts::id_of_even_deleted(db, email).await?),
        AccountName::Username(username) => Ok(accounts::id_of_username(db, username).await?),
    }
}

/// An account before and after an order.
#[derive(Clone, Debug)]
pub struct Ordered {
    pub account: Account,
    /// Whether anything was changed.
    pub changed: bool,
}
