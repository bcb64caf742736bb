//! Finding accounts by the beginning of their address, username or name, page by page. Every page is one
//! range of an index, however many accounts there are.

use domain::{Account, AccountId};

use super::{AccountRow, select};
use crate::statement::{execute, only_value, rows};
use crate::{Link, Linked, StoreError, Tx};

/// What a search goes through, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchKey {
    Email,
    Username,
    /// The display name, or else first and last name.
    Name,
    Lastname,
}

impl SearchKey {
    /// The order of a search.
    pub const ALL: [Self; 4] = [Self::Email, Self::Username, Self::Name, Self::Lastname];
}

/// Where a page begins: behind the account that ended the page before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountsAfter {
    /// What the search went through.
    pub by: SearchKey,
    /// The number of the last account.
    pub id: AccountId,
}

/// Some accounts, in the order of the search.
#[derive(Clone, Debug, Default)]
pub struct AccountsPage {
    pub accounts: Vec<Account>,
    /// What the next page begins after; `None` if this is the last one.
    pub next: Option<AccountsAfter>,
}

/// The columns that accounts are found by their names by.
#[derive(Clone, Debug)]
pub(super) struct NameKeys {
    pub(super) name: String,
    pub(super) lastname: String,
}

impl NameKeys {
    pub(super) fn of(name: &str, firstname: &str, lastname: &str) -> Self {
        let full = format!("{firstname} {lastname}");
        let shown = if name.is_empty() { full.trim() } else { name };
        Self { name: shown.to_lowercase(), lastname: lastname.to_lowercase() }
    }
}

/// Fills in what accounts of an earlier version are found by their names by. Returns how many got it; 0 when
/// all have it.
pub async fn fill_name_keys(tx: &mut Tx, most: i64) -> Result<u64, StoreError> {
    let sql =
        "SELECT id, name, firstname, lastname FROM accounts WHERE name_key IS NULL ORDER BY id LIMIT $1";
    let found: Vec<(i64, String, String, String)> = rows!(tx, sql, most)?;
    let mut filled = 0;
    for (id, name, firstname, lastname) in found {
        let keys = NameKeys::of(&name, &firstname, &lastname);
        // Somebody may have changed the name meanwhile, and the key with it.
        let sql = "UPDATE accounts SET name_key = $1, lastname_key = $2 WHERE id = $3 AND name_key IS NULL";
        filled += execute!(tx, sql, keys.name, keys.lastname, id)?.max(1);
    }
    Ok(filled)
}

/// At most `most` accounts whose address, username, name or last name begins with `beginning`, behind
/// `after`. Deleted accounts are among them. An account that two of them fit is in the page of the first. The
/// empty text finds every account, the newest first.
///
/// # Errors
/// `Corrupt` when a column `fields` does not hold a JSON object of strings.
pub async fn list(
    db: &mut impl Linked,
    beginning: &str,
    after: Option<AccountsAfter>,
    most: usize,
) -> Result<AccountsPage, StoreError> {
    // One more tells whether there are more.
    let wanted = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    if beginning.is_empty() {
        let before = after.map_or(i64::MAX, |after| after.id.0);
        let sql = select!("id < $1 ORDER BY id DESC LIMIT $2");
        let found: Vec<AccountRow> = rows!(db, sql, before, wanted)?;
        let found = read(found)?.into_iter().map(|account| (SearchKey::Email, account));
        return Ok(page(found.collect(), most));
    }
    let low = beginning.to_lowercase();
    // The keys are compared by their bytes, and no text begins with the highest character.
    let high = format!("{low}\u{10FFFF}");
    let mut page_of: Vec<(SearchKey, Account)> = Vec::new();
    let first = after.as_ref().map_or(SearchKey::Email, |after| after.by);
    for by in SearchKey::ALL.into_iter().skip_while(|by| *by != first) {
        let behind = after.as_ref().filter(|after| after.by == by).map_or(0, |after| after.id.0);
        let more = wanted - i64::try_from(page_of.len()).unwrap_or(i64::MAX);
        if more <= 0 {
            break;
        }
        let found: Vec<AccountRow> = rows!(db, statement(by), low.as_str(), high.as_str(), behind, more)?;
        page_of.extend(read(found)?.into_iter().map(|account| (by, account)));
    }
    Ok(page(page_of, most))
}

/// At most `most` accounts with a number below `before` that have no password and that nobody has signed in
/// to, the newest first.
///
/// # Errors
/// `Corrupt` when a column `fields` does not hold a JSON object of strings.
pub async fn invited(db: &mut impl Linked, before: AccountId, most: i64) -> Result<Vec<Account>, StoreError> {
    let sql = select!(
        "password_hash IS NULL AND first_signed_in_at IS NULL AND deleted_at IS NULL AND id < $1 \
         ORDER BY id DESC LIMIT $2"
    );
    let found: Vec<AccountRow> = rows!(db, sql, before.0, most)?;
    read(found)
}

/// At most `most` accounts with a number above `after` that wait for the operator's approval, the oldest
/// first.
///
/// # Errors
/// `Corrupt` when a column `fields` does not hold a JSON object of strings.
pub async fn waiting(db: &mut impl Linked, after: AccountId, most: i64) -> Result<Vec<Account>, StoreError> {
    let sql =
        select!("approval_wanted_at IS NOT NULL AND deleted_at IS NULL AND id > $1 ORDER BY id LIMIT $2");
    let found: Vec<AccountRow> = rows!(db, sql, after.0, most)?;
    read(found)
}

/// Parameters 1 and 2 are the range of the key, 3 is the last account's number (0 for none), 4 how many are
/// wanted. What an earlier key fits is left out. Where names are equal, numbers decide: that comparison of
/// two columns is the only lower bound, as PostgreSQL would begin at the lower of two and read all between.
fn statement(by: SearchKey) -> &'static str {
    match by {
        SearchKey::Email => select!(
            "email_key >= $1 AND email_key < $2 AND email_key > \
             COALESCE((SELECT email_key FROM accounts WHERE id = $3), '') \
             ORDER BY email_key LIMIT $4"
        ),
        SearchKey::Username => select!(
            "username_key >= $1 AND username_key < $2 AND username_key > \
             COALESCE((SELECT username_key FROM accounts WHERE id = $3), '') \
             AND NOT (email_key >= $1 AND email_key < $2) ORDER BY username_key LIMIT $4"
        ),
        SearchKey::Name => select!(
            "name_key < $2 AND (name_key, id) > \
             (COALESCE((SELECT name_key FROM accounts WHERE id = $3 AND name_key >= $1), $1), $3) \
             AND NOT (email_key >= $1 AND email_key < $2) \
             AND NOT (COALESCE(username_key, '') >= $1 AND COALESCE(username_key, '') < $2) \
             ORDER BY name_key, id LIMIT $4"
        ),
        SearchKey::Lastname => select!(
            "lastname_key < $2 AND (lastname_key, id) > \
             (COALESCE((SELECT lastname_key FROM accounts WHERE id = $3 AND lastname_key >= $1), $1), $3) \
             AND NOT (email_key >= $1 AND email_key < $2) \
             AND NOT (COALESCE(username_key, '') >= $1 AND COALESCE(username_key, '') < $2) \
             AND NOT (COALESCE(name_key, '') >= $1 AND COALESCE(name_key, '') < $2) ORDER BY lastname_key, id LIMIT $4"
        ),
    }
}

fn read(rows: Vec<AccountRow>) -> Result<Vec<Account>, StoreError> {
    rows.into_iter().map(|row| row.read().map(|found| found.account)).collect()
}

fn page(mut found: Vec<(SearchKey, Account)>, most: usize) -> AccountsPage {
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more).map(|(by, last)| AccountsAfter { by: *by, id: last.id });
    AccountsPage { accounts: found.into_iter().map(|(_, account)| account).collect(), next }
}

/// Locks the rows of all administrators until the transaction ends, in one order, so that of two who take
/// each other's role away the second finds it gone. On SQLite this does nothing: there is one writer at a
/// time.
pub async fn hold_administrators(tx: &mut Tx) -> Result<(), StoreError> {
    if let Link::Postgres(c) = tx.link() {
        // A literal, so that the planner sees the index of administrators.
        let sql = "SELECT id FROM accounts WHERE role_id = 3 ORDER BY id FOR UPDATE";
        sqlx::query(sql).execute(c).await?;
    }
    Ok(())
}

/// How many administrators beside `id` may sign in.
pub async fn other_administrators(tx: &mut Tx, id: AccountId) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) FROM accounts WHERE role_id = 3 AND id <> $1 AND locked_at IS NULL \
               AND deleted_at IS NULL";
    Ok(only_value!(tx, sql, id.0)?)
}
