//! The Flask family: Flask-Security, applications that hash with Werkzeug, and fastapi-users.

use std::borrow::Cow;

use recipes::factors::{flask_security_recovery_codes, flask_security_totp};

use super::super::context::Context;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::Part;
use super::super::table::{Shape, Table, account, record};
use super::super::target::Target;

pub(super) const SECURITY: Shape =
    Shape::of(&["flask-security"], &[Table::accounts(&["user"], "password", security)]);

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
        // The same column has the secret of codes that are sent by mail or as text messages.
        let is_app = match row.text("tf_primary_method")? {
            Some(method) => method == "authenticator",
            None => !row.has("tf_primary_method"),
        };
        if let Some(stored) = row.text("tf_totp_secret")?.filter(|_| is_app) {
            record.totp = Some(flask_security_totp(&stored, &context.secrets).map_err(RowFault::Factor)?);
        }
        if let Some(stored) = row.text("mf_recovery_codes")? {
            record.recovery_codes = Some(flask_security_recovery_codes(&stored).map_err(RowFault::Factor)?);
        }
    }
    account(record)
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
