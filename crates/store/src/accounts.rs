//! The `accounts` table: one row per account, with its password hash.

mod arrivals;
mod consent;
mod deletion;
mod directory;
mod factor_recovery;
mod held;
mod listing;
mod named;
mod origin;
mod overview;
mod password;
mod pictures;
mod second_factor;
mod sign_ins;

use std::collections::BTreeMap;

use directory::NameKeys;

use super::fast::fast_row;
use super::statement::{execute, only_value, row};
use super::{Change, Linked, StoreError, Tx, former_usernames};
use domain::{Account, AccountId, EmailAddress, Millis, PictureRef, ProfileChange, Role, Username};

pub use arrivals::{Arrival, ArrivalKeys, insert_arrivals};
pub use consent::{agree, agreed_at, approve, disagree};
pub use deletion::{
    Deletion, ask_for_deletion, asking_for_deletion, due_erasures, find_even_deleted, id_of_even_deleted,
    id_of_username, owner_of, set_deleted,
};
pub use directory::{
    AccountsAfter, AccountsPage, SearchKey, fill_name_keys, hold_administrators, invited, list,
    other_administrators, waiting,
};
pub use factor_recovery::{
    ask_factor_recovery, end_factor_recovery, factor_recoveries, put_off_factor_recovery,
    take_factor_recovery, tell_factor_recovery,
};
pub use held::{hold, hold_and_find};
pub use listing::list_after;
pub use named::{find_by_identifier, find_named_even_deleted, id_of, taken};
pub use origin::{AccountOrigin, EarlierRow, prove_own_address, restore_row};
pub use overview::{Holdings, holdings};
pub use password::{remove_password, reset_password, sample_hashes, set_password_hash};
pub use pictures::{picture_in_use, set_picture};
pub use second_factor::{want_no_second_factor, want_second_factor};
pub use sign_ins::{note_sign_in, signed_in_before};

/// The column values that a new account's row begins with.
#[derive(Clone, Debug)]
pub struct NewAccountRow {
    pub email: EmailAddress,
    pub username: Option<Username>,
    pub role: Role,
    pub profile: ProfileChange,
    /// PHC string; `None` until the owner chooses a password.
    pub password_hash: Option<String>,
    /// Whether nobody signs in before the operator approves of it.
    pub approval_wanted: bool,
    /// The version of the terms of use that its owner has agreed to.
    pub terms: Option<String>,
}

/// An account together with the hash that a typed password is checked against.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub account: Account,
    /// PHC string; `None` if the account has no password.
    pub password_hash: Option<String>,
    /// When the owner last chose a password. Rehashing the same password at another cost does not count.
    pub password_changed_at: Option<Millis>,
    /// When the password stops to sign in, if it was generated; `None` if its owner chose it.
    pub password_expires_at: Option<Millis>,
}

fast_row! {
    struct AccountRow {
        id: i64,
        email: String,
        username: Option<String>,
        name: String,
        firstname: String,
        lastname: String,
        locale: Option<String>,
        role_id: i64,
        fields: String,
        picture: Option<String>,
        password_hash: Option<String>,
        password_changed_at: Option<i64>,
        password_expires_at: Option<i64>,
        verified_at: Option<i64>,
        second_factor_at: Option<i64>,
        factor_recovery_due_at: Option<i64>,
        approval_wanted_at: Option<i64>,
        terms: Option<String>,
        locked_at: Option<i64>,
        deletion_asked_at: Option<i64>,
        deleted_at: Option<i64>,
        deleted_by_owner: bool,
        created_at: i64,
        updated_at: i64,
    }
}

impl AccountRow {
    fn read(self) -> Result<Credentials, StoreError> {
        let fields: BTreeMap<String, String> =
            serde_json::from_str(&self.fields).map_err(|_| StoreError::Corrupt("accounts.fields"))?;
        let account = Account {
            id: AccountId(self.id),
            email: EmailAddress::from_store(self.email),
            username: self.username.map(Username::from_store),
            name: self.name,
            firstname: self.firstname,
            lastname: self.lastname,
            locale: self.locale,
            role: Role(self.role_id),
            fields,
            picture: self.picture.as_deref().and_then(PictureRef::parse),
            verified_at: self.verified_at.map(Millis),
            second_factor_at: self.second_factor_at.map(Millis),
            factor_recovery_due_at: self.factor_recovery_due_at.map(Millis),
            approval_wanted_at: self.approval_wanted_at.map(Millis),
            terms: self.terms,
            locked_at: self.locked_at.map(Millis),
            deletion_asked_at: self.deletion_asked_at.map(Millis),
            deleted_at: self.deleted_at.map(Millis),
            deleted_by_owner: self.deleted_by_owner,
            created_at: Millis(self.created_at),
            updated_at: Millis(self.updated_at),
        };
        Ok(Credentials {
            account,
            password_hash: self.password_hash,
            password_changed_at: self.password_changed_at.map(Millis),
            password_expires_at: self.password_expires_at.map(Millis),
        })
    }
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT id, email, username, name, firstname, lastname, locale, role_id, fields, picture, \
             password_hash, password_changed_at, password_expires_at, verified_at, second_factor_at, \
             factor_recovery_due_at, approval_wanted_at, terms, locked_at, deletion_asked_at, deleted_at, \
             deleted_by_owner, created_at, updated_at FROM accounts WHERE ",
            $condition
        )
    };
}
pub(in crate::accounts) use select;

/// The account with this number, and its password hash. A deleted one is not found.
///
/// # Errors
/// `Corrupt` when the column `fields` does not hold a JSON object of strings.
pub async fn find(db: &mut impl Linked, id: AccountId) -> Result<Option<Credentials>, StoreError> {
    let found: Option<AccountRow> = row!(db, select!("id = $1 AND deleted_at IS NULL"), id.0)?;
    found.map(AccountRow::read).transpose()
}

/// Adds an account.
///
/// # Errors
/// `Conflict` when the address or the username is taken, `Reserved` when somebody gave the username up a
/// moment ago; [`taken`] says which.
pub async fn insert(tx: &mut Tx, new: &NewAccountRow, now: Millis) -> Result<AccountId, StoreError> {
    let text = |name: &Option<String>| name.clone().unwrap_or_default();
    let (name, firstname, lastname) =
        (text(&new.profile.name), text(&new.profile.firstname), text(&new.profile.lastname));
    let keys = NameKeys::of(&name, &firstname, &lastname);
    let id: i64 = only_value!(
        tx,
        "INSERT INTO accounts (email, email_key, username, username_key, username_skeleton, name, firstname, \
         lastname, locale, role_id, fields, password_hash, password_changed_at, created_at, updated_at, \
         name_key, lastname_key, approval_wanted_at, terms, terms_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15, $16, $17, $18, $19) RETURNING id",
        new.email.as_str(),
        new.email.key(),
        new.username.as_ref().map(Username::as_str),
        new.username.as_ref().map(Username::key),
        new.username.as_ref().map(Username::skeleton),
        name,
        firstname,
        lastname,
        new.profile.locale.clone().flatten(),
        new.role.0,
        fields_text(&new.profile.fields),
        new.password_hash.as_deref(),
        new.password_hash.is_some().then_some(now.0),
        now.0,
        keys.name,
        keys.lastname,
        new.approval_wanted.then_some(now.0),
        new.terms.as_deref(),
        new.terms.is_some().then_some(now.0),
    )?;
    let id = AccountId(id);
    if let Some(username) = &new.username {
        former_usernames::refuse_reserved(tx, id, username).await?;
    }
    Ok(id)
}

/// Writes the parts of the profile that `change` names and keeps the others from `account`.
pub async fn update_profile(
    tx: &mut Tx,
    account: &Account,
    change: &ProfileChange,
    now: Millis,
) -> Result<(), StoreError> {
    let mut fields = account.fields.clone();
    fields.extend(change.fields.clone());
    let name = change.name.as_ref().unwrap_or(&account.name);
    let firstname = change.firstname.as_ref().unwrap_or(&account.firstname);
    let lastname = change.lastname.as_ref().unwrap_or(&account.lastname);
    let keys = NameKeys::of(name, firstname, lastname);
    execute!(
        tx,
        "UPDATE accounts SET name = $1, firstname = $2, lastname = $3, locale = $4, fields = $5, \
         updated_at = $6, name_key = $8, lastname_key = $9 WHERE id = $7",
        name,
        firstname,
        lastname,
        change.locale.as_ref().unwrap_or(&account.locale),
        fields_text(&fields),
        now.0,
        account.id.0,
        keys.name,
        keys.lastname,
    )?;
    tx.announce(Change::Account(account.id));
    Ok(())
}

/// Changes an account's username.
///
/// # Errors
/// `Conflict` when another account has the username, or one that looks like it; `Reserved` when it is
/// reserved for whoever gave it up.
pub async fn set_username(
    tx: &mut Tx,
    id: AccountId,
    username: &Username,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "UPDATE accounts SET username = $1, username_key = $2, username_skeleton = $3, updated_at = $4 \
         WHERE id = $5",
        username.as_str(),
        username.key(),
        username.skeleton(),
        now.0,
        id.0,
    )?;
    former_usernames::refuse_reserved(tx, id, username).await?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// Changes an account's address and role. A changed address is no longer proven.
///
/// # Errors
/// `Conflict` when another account has the address.
pub async fn set_identity(
    tx: &mut Tx,
    id: AccountId,
    email: &EmailAddress,
    role: Role,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "UPDATE accounts SET verified_at = CASE WHEN email_key = $2 THEN verified_at ELSE NULL END, \
         email = $1, email_key = $2, role_id = $3, updated_at = $4 WHERE id = $5",
        email.as_str(),
        email.key(),
        role.0,
        now.0,
        id.0,
    )?;
    // A claim is to the address that the account had.
    execute!(
        tx,
        "DELETE FROM claims WHERE account_id = $1 \
         AND EXISTS (SELECT 1 FROM accounts WHERE id = $1 AND verified_at IS NULL)",
        id.0,
    )?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// Changes an account's address to one that the owner has proven.
///
/// # Errors
/// `Conflict` when another account has the address.
pub async fn set_address(
    tx: &mut Tx,
    id: AccountId,
    email: &EmailAddress,
    now: Millis,
) -> Result<(), StoreError> {
    let sql =
        "UPDATE accounts SET email = $1, email_key = $2, verified_at = $3, updated_at = $3 WHERE id = $4";
    execute!(tx, sql, email.as_str(), email.key(), now.0, id.0)?;
    // A claim is to the address that the account had.
    execute!(tx, "DELETE FROM claims WHERE account_id = $1", id.0)?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// Marks the account's address as proven. An address that was proven before keeps the earlier time.
pub async fn prove_address(tx: &mut Tx, id: AccountId, now: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET verified_at = COALESCE(verified_at, $1), updated_at = $1 WHERE id = $2";
    execute!(tx, sql, now.0, id.0)?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// Sets since when an account is locked; `None` unlocks it.
pub async fn set_locked(
    tx: &mut Tx,
    id: AccountId,
    locked_at: Option<Millis>,
    now: Millis,
) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET locked_at = $1, updated_at = $2 WHERE id = $3";
    execute!(tx, sql, locked_at.map(|at| at.0), now.0, id.0)?;
    tx.announce(Change::Account(id));
    Ok(())
}

fn fields_text(fields: &BTreeMap<String, String>) -> String {
    serde_json::Value::from_iter(fields.iter().map(|(name, value)| (name.clone(), value.clone()))).to_string()
}
