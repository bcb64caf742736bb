//! Finding accounts, and looking at one.

use super::order::{AccountName, Order, OrderError, id_of};
use domain::{Account, AccountError, AccountId, FormerUsername, Millis, Scope};
use store::accounts::{self, AccountsAfter, AccountsPage, Holdings};
use store::{Store, former_usernames, roles};

/// Everything about an account but its secrets.
#[derive(Clone, Debug)]
pub struct Overview {
    pub account: Account,
    /// The name of its role.
    pub role: String,
    /// When its owner last chose a password; `None` if it has none.
    pub password_at: Option<Millis>,
    pub holdings: Holdings,
    /// What it was called before, the newest first.
    pub former_usernames: Vec<FormerUsername>,
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

/// Accounts by what was typed: the beginning of an address, username or name, or a number. The account with
/// the number comes first, on the first page.
///
/// # Errors
/// `Forbidden`.
pub async fn search(
    store: &Store,
    order: Order<'_>,
    typed: &str,
    after: Option<AccountsAfter>,
    most: usize,
) -> Result<AccountsPage, OrderError> {
    let first = after.is_none();
    let mut page = list(store, order, typed, after, most).await?;
    if let (true, Ok(number)) = (first, typed.trim().parse()) {
        let mut db = store.read().await?;
        let numbered = accounts::find_even_deleted(&mut db, AccountId(number)).await?;
        if let Some(found) = numbered {
            page.accounts.retain(|account| account.id != found.account.id);
            page.accounts.insert(0, found.account);
        }
    }
    Ok(page)
}

/// At most `most` accounts with a number below `before` whose owners were invited and have not come yet, the
/// newest first.
///
/// # Errors
/// `Forbidden`.
pub async fn invited(
    store: &Store,
    order: Order<'_>,
    before: AccountId,
    most: i64,
) -> Result<Vec<Account>, OrderError> {
    order.actor.require(Scope::AccountsRead)?;
    Ok(accounts::invited(&mut store.read().await?, before, most).await?)
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
    let former_usernames = former_usernames::list(&mut db, id).await?;
    let known = roles::list(&mut db).await?;
    let role = known.into_iter().find(|(role, _)| *role == found.account.role);
    let role = role.map_or_else(|| found.account.role.0.to_string(), |(_, name)| name);
    let password_at = found.password_hash.is_some().then_some(found.password_changed_at).flatten();
    Ok(Overview { account: found.account, role, password_at, holdings, former_usernames })
}
