//! Accounts by what people are called, and what nobody else can be called.

use domain::{AccountId, EmailAddress, Field, Username};

use super::{AccountRow, Credentials, select};
use crate::statement::{only_value, row, value};
use crate::{Linked, StoreError};

/// The account that `identifier` names. An identifier with an `@` is an e-mail address; any other is a
/// username, because usernames never contain an `@`; one that was given up leads to its owner as long as it
/// is reserved. A deleted account is not found.
///
/// # Errors
/// `Corrupt` when the column `fields` does not hold a JSON object of strings.
pub async fn find_by_identifier(
    db: &mut impl Linked,
    identifier: &str,
) -> Result<Option<Credentials>, StoreError> {
    let found = find_named_even_deleted(db, identifier).await?;
    Ok(found.filter(|found| found.account.deleted_at.is_none()))
}

/// As [`find_by_identifier`], and finds a deleted account too.
///
/// # Errors
/// `Corrupt` when the column `fields` does not hold a JSON object of strings.
pub async fn find_named_even_deleted(
    db: &mut impl Linked,
    identifier: &str,
) -> Result<Option<Credentials>, StoreError> {
    let found: Option<AccountRow> = if identifier.contains('@') {
        let Ok(email) = EmailAddress::parse(identifier) else { return Ok(None) };
        row!(db, select!("email_key = $1"), email.key())?
    } else {
        let Ok(username) = Username::parse(identifier) else { return Ok(None) };
        row!(
            db,
            select!(
                "id = COALESCE((SELECT id FROM accounts WHERE username_key = $1), \
                 (SELECT account_id FROM former_usernames WHERE reserved_key = $1))"
            ),
            username.key()
        )?
    };
    found.map(AccountRow::read).transpose()
}

/// The number of the account that has this e-mail address. A deleted one is not found.
pub async fn id_of(db: &mut impl Linked, email: &EmailAddress) -> Result<Option<AccountId>, StoreError> {
    let sql = "SELECT id FROM accounts WHERE email_key = $1 AND deleted_at IS NULL";
    let id: Option<i64> = value!(db, sql, email.key())?;
    Ok(id.map(AccountId))
}

/// Which of the two values belong to an account other than `except`. A username is also taken when it looks
/// like another account's (equal skeletons, Unicode UTS #39), when a registration with that account's address
/// claimed it, or when it is reserved for whoever gave it up.
pub async fn taken(
    db: &mut impl Linked,
    email: Option<&EmailAddress>,
    username: Option<&Username>,
    except: Option<AccountId>,
) -> Result<Vec<Field>, StoreError> {
    // Account numbers begin at 1, so 0 excludes no account.
    let except = except.map_or(0, |id| id.0);
    let mut taken = Vec::new();
    if let Some(email) = email {
        let sql = "SELECT COUNT(*) FROM accounts WHERE email_key = $1 AND id <> $2";
        let found: i64 = only_value!(db, sql, email.key(), except)?;
        if found > 0 {
            taken.push(Field::Email);
        }
    }
    if let Some(username) = username {
        let sql = "SELECT (SELECT COUNT(*) FROM accounts \
                   WHERE (username_key = $1 OR username_skeleton = $2) AND id <> $3) \
                   + (SELECT COUNT(*) FROM claimed_usernames \
                   WHERE (username_key = $1 OR username_skeleton = $2) AND account_id <> $3) \
                   + (SELECT COUNT(*) FROM former_usernames \
                   WHERE (reserved_key = $1 OR reserved_skeleton = $2) AND COALESCE(account_id, -1) <> $3)";
        let found: i64 = only_value!(db, sql, username.key(), username.skeleton(), except)?;
        if found > 0 {
            taken.push(Field::Username);
        }
    }
    Ok(taken)
}
