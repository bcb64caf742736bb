//! The Flask family: Flask-Security, applications that hash with Werkzeug, and fastapi-users.

use std::borrow::Cow;

use recipes::factors::{flask_security_recovery_codes, flask_security_totp};

use super::super::context::Context;
use super::super::factor::take;
use super::super::record::Record;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, record};
use super::super::target::Target;

pub(super) const SECURITY: Shape = Shape {
    // The name of the product's own models, and the one that Flask-SQLAlchemy makes of theirs.
    factors_beside: Some(&["webauthn"]),
    ..Shape::of(
        &["flask-security"],
        &[
            Table::accounts(&["user"], "password", security),
            Table::factors(&["webauthn", "web_authn"], "usage", key),
        ],
    )
};

/// There is no fixed table: these are the usual names, and a map has others.
pub(super) const WERKZEUG: Shape =
    Shape::of(&["werkzeug", "flask"], &[Table::accounts(&["user", "users"], "id", werkzeug)]);

pub(super) const FASTAPI: Shape =
    Shape::of(&["fastapi-users"], &[Table::accounts(&["user", "users"], "hashed_password", fastapi)]);

fn security(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let columns = [
        (Target::Id, "id"),
        (Target::Email, "email"),
        (Target::EmailVerified, "confirmed_at"),
        (Target::Username, "username"),
        (Target::CreatedAt, "create_datetime"),
        (Target::Enabled, "active"),
        (Target::Password, "password"),
        (Target::Field(Cow::Borrowed("us_phone_number")), "us_phone_number"),
    ];
    let mut record = record(&columns, row, "flask-security", context)?;
    if context.factors {
        factors(row, &mut record, context)?;
    }
    account(record)
}

fn factors(row: &Row, record: &mut Record, context: &Context) -> Result<(), RowFault> {
    for column in ["tf_primary_method", "tf_totp_secret"] {
        // Without them nobody knows who has a second factor.
        if !row.has(column) {
            return Err(RowFault::Missing(column.to_owned()));
        }
    }
    match (row.text("tf_primary_method")?.as_deref(), row.text("tf_totp_secret")?) {
        (None, _) => return Ok(()),
        (Some("authenticator"), Some(stored)) => {
            let totp = flask_security_totp(&stored, &context.secrets).map(Some);
            take(record, totp.map_err(RowFault::Factor))?;
        }
        // The secret is that of codes which are sent by mail or as text messages.
        (Some(_), _) => record.factor_lost = true,
    }
    // Without them an account is as safe as before. These begin so if they are encrypted.
    let codes = row.text("mf_recovery_codes")?.filter(|stored| !stored.starts_with("gAAAA"));
    record.recovery_codes = codes.and_then(|stored| flask_security_recovery_codes(&stored).ok());
    Ok(())
}

/// A security key or passkey, which belongs to the site's name.
fn key(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let (user, usage) = (row.id("user_id")?, row.needed("usage")?);
    // One for the first factor signs in by itself, and whoever types a password is not asked for it.
    if !context.factors || usage == "first" {
        return Ok(None);
    }
    additions(user, vec![Addition::FactorLost("security keys do not come along".to_owned())])
}

fn werkzeug(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let password = if row.has("password_hash") { "password_hash" } else { "password" };
    let columns = [
        (Target::Id, "id"),
        (Target::Email, "email"),
        (Target::Username, "username"),
        (Target::Name, "name"),
        (Target::Password, password),
    ];
    account(record(&columns, row, "werkzeug", context)?)
}

fn fastapi(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let columns = [
        (Target::Id, "id"),
        (Target::Email, "email"),
        (Target::EmailVerified, "is_verified"),
        (Target::Enabled, "is_active"),
        (Target::Password, "hashed_password"),
    ];
    let mut record = record(&columns, row, "fastapi-users", context)?;
    if row.flag("is_superuser")? == Some(true) {
        record.roles.push("superuser".to_owned());
    }
    account(record)
}
