//! SQL for accounts.

mod addresses;
mod pictures;

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::connection::on;
use super::{Change, Link, Linked, StoreError, Tx};
use domain::{Account, AccountId, EmailAddress, Field, Millis, PictureRef, ProfileChange, Role, Username};

pub use addresses::{prove_address, set_address};
pub use pictures::{picture_in_use, set_picture};

/// What a new account starts with.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its address.
    pub email: EmailAddress,
    /// Its username, if any.
    pub username: Option<Username>,
    /// Its role.
    pub role: Role,
    /// Name, language and the operator's fields.
    pub profile: ProfileChange,
    /// PHC string; none: the account has no password yet.
    pub password_hash: Option<String>,
}

/// An account with what is needed to check a password.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account.
    pub account: Account,
    /// PHC string, if it has a password.
    pub password_hash: Option<String>,
    /// When its owner last chose a password.
    pub password_changed_at: Option<Millis>,
}

#[derive(FromRow)]
struct Row {
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
    verified_at: Option<i64>,
    locked_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl Row {
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
            locked_at: self.locked_at.map(Millis),
            created_at: Millis(self.created_at),
            updated_at: Millis(self.updated_at),
        };
        let password_changed_at = self.password_changed_at.map(Millis);
        Ok(Credentials { account, password_hash: self.password_hash, password_changed_at })
    }
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT id, email, username, name, firstname, lastname, locale, role_id, fields, picture, \
             password_hash, password_changed_at, verified_at, locked_at, created_at, updated_at FROM accounts WHERE ",
            $condition
        )
    };
}

/// The account of this number.
pub async fn find(db: &mut impl Linked, id: AccountId) -> Result<Option<Credentials>, StoreError> {
    let row: Option<Row> = on!(db.link(), c => {
        sqlx::query_as(select!("id = $1")).bind(id.0).fetch_optional(c).await
    })?;
    row.map(Row::read).transpose()
}

/// Keeps the account as it is until the transaction ends, so that what is read of it next is still true when it
/// is written. SQLite has one writer at a time anyway.
pub async fn hold(tx: &mut Tx, id: AccountId) -> Result<(), StoreError> {
    if let Link::Postgres(c) = tx.link() {
        sqlx::query("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE").bind(id.0).execute(c).await?;
    }
    Ok(())
}

/// The account that somebody names by its address (with an `@`) or its username (never with one).
pub async fn find_by_identifier(
    db: &mut impl Linked,
    identifier: &str,
) -> Result<Option<Credentials>, StoreError> {
    let row: Option<Row> = if identifier.contains('@') {
        let Ok(email) = EmailAddress::parse(identifier) else { return Ok(None) };
        on!(db.link(), c => {
            sqlx::query_as(select!("email_key = $1")).bind(email.key()).fetch_optional(c).await
        })?
    } else {
        let Ok(username) = Username::parse(identifier) else { return Ok(None) };
        on!(db.link(), c => {
            sqlx::query_as(select!("username_key = $1")).bind(username.key()).fetch_optional(c).await
        })?
    };
    row.map(Row::read).transpose()
}

/// Which of these are taken by an account other than `except`.
pub async fn taken(
    db: &mut impl Linked,
    email: Option<&EmailAddress>,
    username: Option<&Username>,
    except: Option<AccountId>,
) -> Result<Vec<Field>, StoreError> {
    let except = except.map_or(0, |id| id.0);
    let mut taken = Vec::new();
    if let Some(email) = email {
        let found: i64 = on!(db.link(), c => {
            sqlx::query_scalar("SELECT COUNT(*) FROM accounts WHERE email_key = $1 AND id <> $2")
                .bind(email.key()).bind(except).fetch_one(c).await
        })?;
        if found > 0 {
            taken.push(Field::Email);
        }
    }
    if let Some(username) = username {
        let found: i64 = on!(db.link(), c => {
            sqlx::query_scalar(
                "SELECT COUNT(*) FROM accounts WHERE (username_key = $1 OR username_skeleton = $2) AND id <> $3",
            )
            .bind(username.key()).bind(username.skeleton()).bind(except).fetch_one(c).await
        })?;
        if found > 0 {
            taken.push(Field::Username);
        }
    }
    Ok(taken)
}

/// Adds an account.
///
/// # Errors
/// `Conflict` when the address or the username is taken; see [`taken`] for which.
pub async fn insert(tx: &mut Tx, new: &NewAccount, now: Millis) -> Result<AccountId, StoreError> {
    let fields = fields_text(&new.profile.fields);
    let id: i64 = on!(tx.link(), c => {
        sqlx::query_scalar(
            "INSERT INTO accounts (email, email_key, username, username_key, username_skeleton, name, firstname, \
             lastname, locale, role_id, fields, password_hash, password_changed_at, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14) RETURNING id",
        )
        .bind(new.email.as_str())
        .bind(new.email.key())
        .bind(new.username.as_ref().map(Username::as_str))
        .bind(new.username.as_ref().map(Username::key))
        .bind(new.username.as_ref().map(Username::skeleton))
        .bind(new.profile.name.as_deref().unwrap_or_default())
        .bind(new.profile.firstname.as_deref().unwrap_or_default())
        .bind(new.profile.lastname.as_deref().unwrap_or_default())
        .bind(new.profile.locale.clone().flatten())
        .bind(new.role.0)
        .bind(fields)
        .bind(new.password_hash.as_deref())
        .bind(new.password_hash.is_some().then_some(now.0))
        .bind(now.0)
        .fetch_one(c)
        .await
    })?;
    Ok(AccountId(id))
}

/// Changes what `change` names.
pub async fn update_profile(
    tx: &mut Tx,
    account: &Account,
    change: &ProfileChange,
    now: Millis,
) -> Result<(), StoreError> {
    let mut fields = account.fields.clone();
    fields.extend(change.fields.clone());
    on!(tx.link(), c => {
        sqlx::query(
            "UPDATE accounts SET name = $1, firstname = $2, lastname = $3, locale = $4, fields = $5, \
             updated_at = $6 WHERE id = $7",
        )
        .bind(change.name.as_ref().unwrap_or(&account.name))
        .bind(change.firstname.as_ref().unwrap_or(&account.firstname))
        .bind(change.lastname.as_ref().unwrap_or(&account.lastname))
        .bind(change.locale.as_ref().unwrap_or(&account.locale))
        .bind(fields_text(&fields))
        .bind(now.0)
        .bind(account.id.0)
        .execute(c)
        .await
        .map(drop)
    })?;
    tx.announce(Change::Account(account.id));
    Ok(())
}

/// Gives an account another username.
///
/// # Errors
/// `Conflict` when it is taken.
pub async fn set_username(
    tx: &mut Tx,
    id: AccountId,
    username: &Username,
    now: Millis,
) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query(
            "UPDATE accounts SET username = $1, username_key = $2, username_skeleton = $3, updated_at = $4 \
             WHERE id = $5",
        )
        .bind(username.as_str())
        .bind(username.key())
        .bind(username.skeleton())
        .bind(now.0)
        .bind(id.0)
        .execute(c)
        .await
        .map(drop)
    })?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// Gives an account another address and role. An address that was proven is not when it becomes another.
///
/// # Errors
/// `Conflict` when the address is taken.
pub async fn set_identity(
    tx: &mut Tx,
    id: AccountId,
    email: &EmailAddress,
    role: Role,
    now: Millis,
) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query(
            "UPDATE accounts SET verified_at = CASE WHEN email_key = $2 THEN verified_at ELSE NULL END, \
             email = $1, email_key = $2, role_id = $3, updated_at = $4 WHERE id = $5",
        )
        .bind(email.as_str())
        .bind(email.key())
        .bind(role.0)
        .bind(now.0)
        .bind(id.0)
        .execute(c)
        .await
        .map(drop)
    })?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// Number of the account of this address.
pub async fn id_of(db: &mut impl Linked, email: &EmailAddress) -> Result<Option<AccountId>, StoreError> {
    let id: Option<i64> = on!(db.link(), c => {
        sqlx::query_scalar("SELECT id FROM accounts WHERE email_key = $1")
            .bind(email.key()).fetch_optional(c).await
    })?;
    Ok(id.map(AccountId))
}

/// Replaces the password hash `old` by `new`. `false` when it was changed by somebody else meanwhile.
/// `chosen`: its owner chose a new password; otherwise the same password was only hashed at a higher cost.
pub async fn set_password_hash(
    tx: &mut Tx,
    id: AccountId,
    old: Option<&str>,
    new: &str,
    chosen: bool,
    now: Millis,
) -> Result<bool, StoreError> {
    let changed_at = chosen.then_some(now.0);
    let changed: Option<i64> = on!(tx.link(), c => {
        sqlx::query_scalar(
            "UPDATE accounts SET password_hash = $1, \
             password_changed_at = COALESCE($2, password_changed_at), updated_at = $3 \
             WHERE id = $4 AND COALESCE(password_hash, '') = $5 RETURNING id",
        )
        .bind(new)
        .bind(changed_at)
        .bind(now.0)
        .bind(id.0)
        .bind(old.unwrap_or_default())
        .fetch_optional(c)
        .await
    })?;
    Ok(changed.is_some())
}

/// Gives an account the password that the reader of a mailed link chose. The link went to its address, which is
/// proven with that.
pub async fn reset_password(tx: &mut Tx, id: AccountId, hash: &str, now: Millis) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query(
            "UPDATE accounts SET password_hash = $1, password_changed_at = $2, \
             verified_at = COALESCE(verified_at, $2), updated_at = $2 WHERE id = $3",
        )
        .bind(hash)
        .bind(now.0)
        .bind(id.0)
        .execute(c)
        .await
        .map(drop)
    })?;
    tx.announce(Change::Account(id));
    Ok(())
}

fn fields_text(fields: &BTreeMap<String, String>) -> String {
    serde_json::Value::from_iter(fields.iter().map(|(name, value)| (name.clone(), value.clone()))).to_string()
}
