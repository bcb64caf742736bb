//! Accounts that the operator makes.

use super::order::{Order, OrderError};
use crate::flows::mail::cause::mail_link;
use domain::{
    Account, AccountError, Clock, EmailAddress, EventKind, Field, FieldCode, FieldError, MailKind,
    ProfileChange, Role, Scope, Username,
};
use store::accounts::{self, NewAccountRow};
use store::{Store, StoreError, roles};

/// An account that is to be made.
#[derive(Clone, Debug)]
pub struct WantedAccount {
    pub email: EmailAddress,
    pub username: Option<Username>,
    /// Names and language.
    pub profile: ProfileChange,
    pub role: Role,
    /// The hash of its password; `None` mails its owner an invitation to choose one.
    pub password_hash: Option<String>,
    /// Whether the address counts as proven.
    pub verified: bool,
}

/// Makes an account.
///
/// # Errors
/// `Invalid` when the address or the username is taken, or for a role that there is not or that the actor may
/// not give; `Forbidden`.
pub async fn create(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    wanted: &WantedAccount,
) -> Result<Account, OrderError> {
    order.actor.require(Scope::AccountsWrite)?;
    let now = clock.now();
    let row = NewAccountRow {
        email: wanted.email.clone(),
        username: wanted.username.clone(),
        role: wanted.role,
        profile: wanted.profile.clone(),
        password_hash: wanted.password_hash.clone(),
        approval_wanted: false,
        terms: None,
    };
    let made = store.transact(async |tx| {
        order.require_still(tx).await?;
        let taken = accounts::taken(tx, Some(&row.email), row.username.as_ref(), None).await?;
        let mut errors: Vec<FieldError> = taken.into_iter().map(FieldError::taken).collect();
        if !roles::exists(tx, row.role).await? {
            errors.push(FieldError { field: Field::Role, code: FieldCode::RoleUnknown });
        } else if !order.actor.may_give(row.role) {
            errors.push(FieldError { field: Field::Role, code: FieldCode::RoleForbidden });
        }
        if !errors.is_empty() {
            return Err(OrderError::Account(AccountError::Invalid(errors)));
        }
        let written = accounts::insert(tx, &row, now).await;
        let id = written.map_err(|error| error.or_taken(Field::Email))?;
        if wanted.verified {
            accounts::prove_address(tx, id, now).await?;
        }
        order.note(tx, id, EventKind::Created, &format!("role {}", row.role.0), now).await?;
        let made = accounts::find(tx, id).await?;
        let made = made.ok_or(StoreError::Corrupt("account that was just written"))?;
        if made.password_hash.is_none() {
            mail_link(tx, MailKind::Invitation, &made.account, order.locale(), now).await?;
        }
        Ok(made.account)
    });
    made.await
}
