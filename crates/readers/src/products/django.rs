//! Django's users and what django-allauth keeps beside them, from `dumpdata` or as rows of the tables.

use std::borrow::Cow;

use recipes::factors::{allauth_recovery_codes, allauth_totp};
use serde::Deserialize;
use serde_json::Value;

use super::super::context::Context;
use super::super::loose_id::id_of;
use super::super::password::Password;
use super::super::record::Fact;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, identity, lost, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape {
    // allauth's, or those of django-otp.
    factors_beside: Some(&[]),
    ..Shape::of(
        &["django", "django-allauth"],
        &[
            Table::accounts(&["auth_user"], "id", user),
            Table::beside(&["account_emailaddress"], "email", address),
            Table::factors(&["mfa_authenticator"], "data", authenticator),
            Table::factors(
                &["*_totpdevice", "*_hotpdevice", "*_emaildevice", "*_phonedevice"],
                "user",
                device,
            ),
            Table::beside(&["socialaccount_socialaccount"], "uid", social),
        ],
    )
};

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

/// What an object of `dumpdata` is, without what it says.
#[derive(Deserialize)]
pub(crate) struct Peek<'a> {
    /// The name of its model.
    #[serde(borrow)]
    pub(crate) model: Cow<'a, str>,
    /// Its key.
    #[serde(default)]
    pub(crate) pk: Value,
}

impl<'a> Peek<'a> {
    /// Looks at an object. Whatever is odd about it is `None`, and is seen when it is read.
    pub(crate) fn at(bytes: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// The key as an account's id.
    pub(crate) fn id(&self) -> Option<String> {
        id_of(&self.pk)
    }
}

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
        "totp" => allauth_totp(&data).map_or_else(lost, Addition::Totp),
        // Without them an account is as safe as before.
        "recovery_codes" => Addition::RecoveryCodes(allauth_recovery_codes(&data).map_err(RowFault::Factor)?),
        // Passkeys belong to a site's name.
        other => Addition::FactorLost(format!("{other} does not come along")),
    };
    additions(user, vec![addition])
}

/// django-otp's devices, which allauth does not know.
fn device(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    if !context.factors || row.flag("confirmed")? == Some(false) {
        return Ok(None);
    }
    let why = "devices of django-otp do not come along".to_owned();
    additions(row.id(owner(row))?, vec![Addition::FactorLost(why)])
}

fn social(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    identity(row, owner(row), "provider", "uid")
}
