//! Locking accounts, unlocking them, ending whatever opens them, and taking off second factors that were
//! lost. The command line does this beside a running server, so these functions need a store and a clock
//! alone.

use crate::flows::factor_recovery;
use crate::flows::openings::{Spared, end_everything};
use crate::flows::security_log::{self, Noted};
use domain::{
    Account, AccountError, AccountId, Actor, Clock, EmailAddress, Millis, Scope, SecurityEventKind,
};
use store::{Store, Tx, accounts, totp_secrets};

/// The account that an administrator means.
#[derive(Clone, Debug)]
pub enum AccountName {
    Number(AccountId),
    Address(EmailAddress),
}

/// An account, and since when it was locked before it was changed.
#[derive(Debug)]
pub struct Locking {
    pub account: Account,
    /// `None` if it was not locked.
    pub before: Option<Millis>,
}

/// Locks an account: nobody signs in to it, and everything that opens it ends by the next request, at every
/// door and instance. An account that is locked already stays locked since then.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn lock(
    store: &Store,
    clock: &dyn Clock,
    actor: Actor<'_>,
    whom: &AccountName,
) -> Result<Locking, AccountError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = held(tx, actor, whom).await?;
            if account.locked_at.is_none() {
                accounts::set_locked(tx, account.id, Some(now), now).await?;
                let noted = Noted::by(actor, SecurityEventKind::Locked, "");
                security_log::note_here(tx, account.id, &noted, now).await?;
            }
            end_everything(tx, account.id, Spared::NOTHING, now).await?;
            Ok(Locking { before: account.locked_at, account })
        })
        .await
}

/// Unlocks an account. What has ended stays ended: its owner signs in again, with the same password.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn unlock(
    store: &Store,
    clock: &dyn Clock,
    actor: Actor<'_>,
    whom: &AccountName,
) -> Result<Locking, AccountError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = held(tx, actor, whom).await?;
            if account.locked_at.is_some() {
                accounts::set_locked(tx, account.id, None, now).await?;
                let noted = Noted::by(actor, SecurityEventKind::Unlocked, "");
                security_log::note_here(tx, account.id, &noted, now).await?;
            }
            Ok(Locking { before: account.locked_at, account })
        })
        .await
}

/// Ends everything that opens an account except its password, by the next request, at every door and
/// instance.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn end_sessions(
    store: &Store,
    clock: &dyn Clock,
    actor: Actor<'_>,
    whom: &AccountName,
) -> Result<Account, AccountError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = held(tx, actor, whom).await?;
            end_everything(tx, account.id, Spared::NOTHING, now).await?;
            let noted = Noted::by(actor, SecurityEventKind::OpeningsEnded, "");
            security_log::note_here(tx, account.id, &noted, now).await?;
            Ok(account)
        })
        .await
}

/// Takes off all second factors of an account, and ends everything that opens it except its password. Its
/// owner is told. Returns the account as it was: one without second factors stays as it is.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn remove_factors(
    store: &Store,
    clock: &dyn Clock,
    actor: Actor<'_>,
    whom: &AccountName,
) -> Result<Account, AccountError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = held(tx, actor, whom).await?;
            if account.second_factor_at.is_some() {
                let noted = Noted::by(actor, SecurityEventKind::FactorsRemoved, "");
                factor_recovery::remove_factors(tx, &account, &noted, now).await?;
            } else {
                totp_secrets::remove_pending(tx, account.id).await?;
            }
            Ok(account)
        })
        .await
}

/// The account, which no other transaction changes until this one ends. A concurrent sign-in waits for it,
/// and then finds the account locked.
async fn held(tx: &mut Tx, actor: Actor<'_>, whom: &AccountName) -> Result<Account, AccountError> {
    actor.require(Scope::AccountsWrite)?;
    let id = match whom {
        AccountName::Number(id) => *id,
        AccountName::Address(email) => accounts::id_of(tx, email).await?.ok_or(AccountError::NotFound)?,
    };
    accounts::hold(tx, id).await?;
    let account = accounts::find(tx, id).await?.ok_or(AccountError::NotFound)?.account;
    if actor.may_give(account.role) { Ok(account) } else { Err(AccountError::Forbidden) }
}
