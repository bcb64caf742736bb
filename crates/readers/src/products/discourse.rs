//! Discourse: users, and what newer databases keep beside them.

use recipes::factors::discourse_totp;

use super::super::context::Context;
use super::super::password::{ForeignPassword, SecretText};
use super::super::record::Fact;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, identity, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape::of(
    &["discourse"],
    &[
        Table::accounts(&["users"], "username", user),
        Table::beside(&["user_emails"], "email", address),
        Table::beside(&["user_passwords"], "password_hash", password),
        Table::beside(&["user_second_factors"], "method", factor),
        Table::beside(&["user_associated_accounts"], "provider_uid", associated),
    ],
);

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let columns = [
        (Target::Id, "id"),
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
    // The product's own accounts have negative numbers.
    if record.id.starts_with('-') {
        return Ok(None);
    }
    for role in ["admin", "moderator"] {
        if row.flag(role)? == Some(true) {
            record.roles.push(role.to_owned());
        }
    }
    account(record)
}

/// Whether it was proven, `users.active` says.
fn address(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    let primary = row.flag("primary")? == Some(true);
    let (email, verified) = (row.needed("email")?, Fact::Unsaid);
    additions(row.id("user_id")?, vec![Addition::Email { email, verified, primary }])
}

fn password(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let user = row.id("user_id")?;
    let Some(value) = row.text("password_hash")? else { return Ok(None) };
    let mut password = ForeignPassword::new(context.recipe("discourse"), value);
    password.salt = row.text("password_salt")?.map(SecretText::new);
    password.algorithm = row.text("password_algorithm")?.map(SecretText::new);
    additions(user, vec![Addition::Password(Box::new(password))])
}

fn factor(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let user = row.id("user_id")?;
    // Method 2 are recovery codes, which are hashed.
    let is_app = row.flag("method").is_ok_and(|method| method == Some(true));
    if !context.factors || !is_app || row.flag("enabled")? == Some(false) {
        return Ok(None);
    }
    let secret = discourse_totp(&row.needed("data")?).map_err(RowFault::Factor)?;
    additions(user, vec![Addition::Totp(secret)])
}

fn associated(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    identity(row, "user_id", "provider_name", "provider_uid")
}
