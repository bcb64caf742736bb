//! Finding accounts, and looking at one.

use super::order::{AccountName, Order, OrderError, id_of};
use domain::{Account, AccountError, Millis, Scope};
use store::accounts::{self, AccountsAfter, AccountsPage, Holdings};
use store::{Store, roles};

/// Everything about an account but its secrets.
#[derive(Clone, Debug)]
pub struct Overview {
    pub account: Account,
    /// The name of its role.
    pub role: String,
    /// When its owner last chose a password; `None` if it has none.
    pub password_at: Option<Millis>,
    pub holdings: Holdings,
}

/// Accounts whose address, username or name begins with `beginning`, deleted ones among them.
///
/// # Errors
/// `Forbidden`.
pub async fn list(
    store: &Store,
    order: Order<'_>,
    beginning: &str,
    after: Option<AccountsAfter>,
    most: usize,
) -> Result<AccountsPage, OrderError> {
    order.actor.require(Scope::AccountsRead)?;
    Ok(accounts::list(&mut store.read().await?, beginning.trim(), after, most).await?)
}

/// One account.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn show(store: &Store, order: Order<'_>, whom: &AccountName) -> Result<Overview, OrderError> {
    order.actor.require(Scope::AccountsRead)?;
    let mut db = store.read().await?;
    let id = id_of(&mut db, whom).await?.ok_or(AccountError::NotFound)?;
    let found = accounts::find_even_deleted(&mut db, id).await?.ok_or(AccountError::NotFound)?;
    let holdings = accounts::holdings(&mut db, id).await?;
    let known = roles::list(&mut db).await?;
    let role = known.into_iter().find(|(role, _)| *role == found.account.role);
    let role = role.map_or_else(|| found.account.role.0.to_string(), |(_, name)| name);
    let password_at = found.password_hash.is_some().then_some(found.password_changed_at).flatten();
    Ok(Overview { account: found.account, role, password_at, holdings })
}
