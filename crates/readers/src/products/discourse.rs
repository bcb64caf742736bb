//! Discourse: users, and what newer databases keep beside them.

use recipes::factors::discourse_totp;

use super::super::context::Context;
use super::super::password::{ForeignPassword, SecretText};
use super::super::record::Fact;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, identity, lost, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape {
    factors_beside: Some(&["user_second_factors", "user_security_keys"]),
    ..Shape::of(
        &["discourse"],
        &[
            Table::accounts(&["users"], "username", user),
            Table::beside(&["user_emails"], "email", address),
            Table::beside(&["user_passwords"], "password_hash", password),
            Table::factors(&["user_second_factors"], "method", factor),
            Table::factors(&["user_security_keys"], "factor_type", security_key),
            Table::beside(&["user_associated_accounts"], "provider_uid", associated),
        ],
    )
};

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let columns = [
        (Target::Id, "id"),
        // Of databases that are older than `user_emails`.
        (Target::Email, "email"),
        (Target::EmailVerified, "active"),
        (Target::Username, "username"),
        (Target::Name, "name"),
        (Target::Locale, "locale"),
        (Target::CreatedAt, "created_at"),
        (Target::DisabledUntil, "suspended_till"),
        (Target::Password, "password_hash"),
        (Target::Salt, "salt"),
        (Target::Algorithm, "password_algorithm"),
    ];
    let mut record = record(&columns, row, "discourse", context)?;
    // The product's own accounts have negative numbers. Staged ones are of people who sent a mail and never
    // signed up.
    if record.id.starts_with('-') || row.flag("staged")? == Some(true) {
        return Ok(None);
    }
    if record.disabled == Fact::Unsaid && row.has("suspended_till") {
        record.disabled = Fact::No;
    }
    for role in ["admin", "moderator"] {
        if row.flag(role)? == Some(true) {
            record.roles.push(role.to_owned());
        }
    }
    account(record)
}

/// One of the addresses. Whether the account's own was proven, `users.active` says, so the account's record
/// has it.
fn address(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    let (user, email) = (row.id("user_id")?, row.needed("email")?);
    let primary = row.flag("primary")? == Some(true);
    // Shadows of people who post without their name, and people who were made nameless, have such ones.
    if email.ends_with(".invalid") {
        return Ok(None);
    }
    additions(user, vec![Addition::Email { email, verified: Fact::Unsaid, primary }])
}

fn password(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let user = row.id("user_id")?;
    // One that ran out signs nobody in there, and the one that came after it has a row of its own.
    if row.get("password_expired_at").is_some() {
        return Ok(None);
    }
    let Some(value) = row.text("password_hash")? else { return Ok(None) };
    let mut password = ForeignPassword::new(context.recipe("discourse"), value);
    password.salt = row.text("password_salt")?.map(SecretText::new);
    password.algorithm = row.text("password_algorithm")?.map(SecretText::new);
    additions(user, vec![Addition::Password(Box::new(password))])
}

fn factor(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let (user, method) = (row.id("user_id")?, row.id("method")?);
    // Method 2 are recovery codes, which are hashed. Without them an account is as safe as before.
    if !context.factors || method == "2" || row.flag("enabled")? == Some(false) {
        return Ok(None);
    }
    let found = match method.as_str() {
        "1" => discourse_totp(&row.needed("data")?).map_or_else(lost, Addition::Totp),
        _ => Addition::FactorLost("only secrets of authenticator apps come along".to_owned()),
    };
    additions(user, vec![found])
}

/// A security key, which belongs to the site's name.
fn security_key(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let (user, kind) = (row.id("user_id")?, row.id("factor_type")?);
    // Kind 1 is a passkey, which signs in by itself. Whoever has one and types the password is asked no more.
    if !context.factors || kind == "1" || row.flag("enabled")? == Some(false) {
        return Ok(None);
    }
    additions(user, vec![Addition::FactorLost("security keys do not come along".to_owned())])
}

fn associated(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    identity(row, "user_id", "provider_name", "provider_uid")
}
