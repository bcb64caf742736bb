//! Who an account is: its role, username and address, whether that is proven, and the link by which its owner
//! chooses a password.

use super::order::{AccountName, Order, OrderError, Ordered};
use crate::flows::account::username::give_up;
use crate::flows::mail::cause::{mail_link, tell};
use crate::flows::openings::{Spared, end_everything};
use crate::flows::webhooks::cause::tell_changed;
use domain::{
    Account, AccountError, Clock, EmailAddress, EventKind, Field, FieldCode, MailKind, Millis, Role,
    TicketPurpose, Username, UsernameLife, Verification,
};
use store::{Store, StoreError, Tx, accounts, outbox, roles, tickets};

/// Gives an account another role. Whatever it opened goes on, with the rights of the new role.
///
/// # Errors
/// `Invalid` for a role that there is not or that the actor may not give; `Forbidden`, `NotFound`; `Deleted`,
/// `OwnAccount`, `LastAdministrator`.
pub async fn set_role(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
    role: Role,
) -> Result<Ordered, OrderError> {
    let now = clock.now();
    let refused = |code| OrderError::Account(AccountError::field(Field::Role, code));
    store
        .transact(async |tx| {
            let account = order.held_to_take_away(tx, whom).await?.account;
            if !roles::exists(tx, role).await? {
                return Err(refused(FieldCode::RoleUnknown));
            }
            if !order.actor.may_give(role) {
                return Err(refused(FieldCode::RoleForbidden));
            }
            let changed = account.role != role;
            if changed {
                let roles = format!("{} to {}", account.role.0, role.0);
                accounts::set_identity(tx, account.id, &account.email, role, now).await?;
                order.note(tx, account.id, EventKind::RoleChanged, &roles, now).await?;
            }
            Ok(Ordered { account: Account { role, ..account }, changed })
        })
        .await
}

/// Gives an account another username. Its owner is told, and keeps the former one for as long as `life` says.
///
/// # Errors
/// `Invalid` when the username is taken; `Forbidden`, `NotFound`; `Deleted`.
pub async fn rename(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
    (username, life): (&Username, UsernameLife),
) -> Result<Ordered, OrderError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = order.held(tx, whom).await?.account;
            let changed = account.username.as_ref() != Some(username);
            if changed {
                let taken = accounts::taken(tx, None, Some(username), Some(account.id)).await?;
                if !taken.is_empty() {
                    return Err(AccountError::taken(taken).into());
                }
                let written = accounts::set_username(tx, account.id, username, now).await;
                written.map_err(|error| error.or_taken(Field::Username))?;
                if let Some(former) =
                    account.username.as_ref().filter(|former| former.key() != username.key())
                {
                    give_up(tx, account.id, former, false, life, now).await?;
                }
                let before = account.username.as_ref().map_or("", Username::as_str);
                order.note(tx, account.id, EventKind::UsernameChanged, before, now).await?;
                notify(tx, MailKind::UsernameChanged, &account, &order, now).await?;
            }
            Ok(Ordered { account: Account { username: Some(username.clone()), ..account }, changed })
        })
        .await
}

/// Gives an account another address, and ends everything that opens it except its password. The former one is
/// told. The new one is not proven; where the operator wants that, it is mailed the link that proves it.
///
/// # Errors
/// `Invalid` when the address is taken; `Forbidden`, `NotFound`; `Deleted`.
pub async fn set_address(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
    (email, verification): (&EmailAddress, Verification),
) -> Result<Ordered, OrderError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let found = order.held(tx, whom).await?;
            let account = found.account;
            if account.email == *email {
                return Ok(Ordered { account, changed: false });
            }
            let id = account.id;
            let moved = account.email.key() != email.key();
            if moved {
                let taken = accounts::taken(tx, Some(email), None, Some(id)).await?;
                if !taken.is_empty() {
                    return Err(AccountError::taken(taken).into());
                }
                notify(tx, MailKind::AddressChanged, &account, &order, now).await?;
            }
            let written = accounts::set_identity(tx, id, email, account.role, now).await;
            written.map_err(|error| error.or_taken(Field::Email))?;
            if moved {
                order.note(tx, id, EventKind::AddressChanged, account.email.as_str(), now).await?;
                // Whoever has the account may be why it gets another address.
                end_everything(tx, id, Spared::NOTHING, now).await?;
            } else {
                tell_changed(tx, id, "email", &order.actor.into(), now).await?;
            }
            let verified_at = account.verified_at.filter(|_| !moved);
            let account = Account { email: email.clone(), verified_at, ..account };
            if moved && found.password_hash.is_none() {
                mail_link(tx, MailKind::Invitation, &account, order.locale(), now).await?;
            } else if moved && verification.asks(&account) {
                mail_link(tx, MailKind::Verification, &account, order.locale(), now).await?;
            }
            Ok(Ordered { account, changed: true })
        })
        .await
}

/// Says that the address of an account is its owner's, without a link.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Deleted`.
pub async fn verify(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
) -> Result<Ordered, OrderError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = order.held(tx, whom).await?.account;
            let changed = account.verified_at.is_none();
            if changed {
                accounts::prove_address(tx, account.id, now).await?;
                outbox::withdraw(tx, account.id, MailKind::Verification).await?;
                tickets::keep_newest(tx, account.id, TicketPurpose::Verification, 0, now).await?;
                order.note(tx, account.id, EventKind::Verified, "", now).await?;
            }
            Ok(Ordered { account, changed })
        })
        .await
}

/// Mails the owner of an account a link to choose a password: an invitation where it has none yet. A locked
/// account gets none.
///
/// # Errors
/// `Locked`, `Forbidden`, `NotFound`; `Deleted`.
pub async fn mail_reset_link(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
) -> Result<Account, OrderError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let found = order.held(tx, whom).await?;
            if !found.account.active() {
                return Err(AccountError::Locked.into());
            }
            let kind = if found.password_hash.is_some() { MailKind::Recovery } else { MailKind::Invitation };
            mail_link(tx, kind, &found.account, order.locale(), now).await?;
            order.note(tx, found.account.id, EventKind::LinkMailed, kind.as_str(), now).await?;
            Ok(found.account)
        })
        .await
}

/// Tells the owner at the present address, if that was ever proven.
async fn notify(
    tx: &mut Tx,
    kind: MailKind,
    account: &Account,
    order: &Order<'_>,
    now: Millis,
) -> Result<(), StoreError> {
    if account.verified_at.is_none() {
        return Ok(());
    }
    tell(tx, kind, account, "", order.locale(), now).await
}
