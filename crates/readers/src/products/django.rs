//! Django's users and what django-allauth keeps beside them, from `dumpdata` or as rows of the tables.

use recipes::factors::{allauth_recovery_codes, allauth_totp};
use serde_json::Value;

use super::super::context::Context;
use super::super::password::Password;
use super::super::record::Fact;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, identity, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape::of(
    &["django", "django-allauth"],
    &[
        Table::accounts(&["auth_user"], "id", user),
        Table::beside(&["account_emailaddress"], "email", address),
        Table::beside(&["mfa_authenticator"], "data", authenticator),
        Table::beside(&["socialaccount_socialaccount"], "uid", social),
    ],
);

const USER: &[(Target, &str)] = &[
    (Target::Id, "id"),
    (Target::Email, "email"),
    (Target::Username, "username"),
    (Target::Firstname, "first_name"),
    (Target::Lastname, "last_name"),
    (Target::CreatedAt, "date_joined"),
    (Target::Enabled, "is_active"),
    (Target::Password, "password"),
];

/// An object of `dumpdata` as a row: the fields and the key. Its table is the model's name.
pub(crate) fn of_dumpdata(object: &mut Row) -> Result<(String, Row), RowFault> {
    let model = object.needed("model")?;
    let fields = object.remove("fields").ok_or_else(|| RowFault::Missing("fields".to_owned()))?;
    let Value::Object(fields) = fields else { return Err(RowFault::Malformed("fields".to_owned())) };
    let mut row = Row::new(fields);
    row.insert("id", object.remove("pk").unwrap_or_default());
    Ok((model, row))
}

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let mut record = record(USER, row, "django", context)?;
    // What `set_unusable_password` writes.
    if let Password::Foreign(password) = &record.password
        && password.value.as_str().starts_with('!')
    {
        record.password = Password::None;
    }
    for (flag, role) in [("is_superuser", "superuser"), ("is_staff", "staff")] {
        if row.flag(flag)? == Some(true) {
            record.roles.push(role.to_owned());
        }
    }
    account(record)
}

/// `dumpdata` names the field, and the table has a column of another name.
fn owner(row: &Row) -> &'static str {
    if row.has("user") { "user" } else { "user_id" }
}

fn address(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    let verified = match row.flag("verified")? {
        Some(true) => Fact::Yes,
        Some(false) => Fact::No,
        None => return Err(RowFault::Missing("verified".to_owned())),
    };
    let primary = row.flag("primary")? == Some(true);
    let email = row.needed("email")?;
    additions(row.id(owner(row))?, vec![Addition::Email { email, verified, primary }])
}

fn authenticator(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let kind = row.needed("type")?;
    let user = row.id(owner(row))?;
    if !context.factors {
        return Ok(None);
    }
    let data = row.row("data")?.to_json();
    let addition = match kind.as_str() {
        "totp" => Addition::Totp(allauth_totp(&data).map_err(RowFault::Factor)?),
        "recovery_codes" => Addition::RecoveryCodes(allauth_recovery_codes(&data).map_err(RowFault::Factor)?),
        // Passkeys belong to a site's name.
        _ => return Ok(None),
    };
    additions(user, vec![addition])
}

fn social(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    identity(row, owner(row), "provider", "uid")
}
