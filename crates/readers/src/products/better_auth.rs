//! better-auth: users, their accounts, of which one has the password, and second factors.

use std::borrow::Cow;

use recipes::Pepper;
use recipes::factors::{BadFactor, better_auth_backup_codes, better_auth_totp};

use super::super::context::Context;
use super::super::password::ForeignPassword;
use super::super::record::Fact;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, identity, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape::of(
    &["better-auth"],
    &[
        Table::accounts(&["user"], "emailVerified", user),
        Table::beside(&["account"], "providerId", account_row),
        Table::beside(&["twoFactor"], "backupCodes", two_factor),
    ],
);

/// The name of the app's secret among the options' secrets.
const SECRET: &str = "better-auth";

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let columns = [
        (Target::Id, "id"),
        (Target::Email, "email"),
        (Target::EmailVerified, "emailVerified"),
        (Target::Username, "username"),
        (Target::Name, "name"),
        (Target::CreatedAt, "createdAt"),
        (Target::Role, "role"),
        (Target::Field(Cow::Borrowed("displayUsername")), "displayUsername"),
        (Target::Field(Cow::Borrowed("image")), "image"),
    ];
    let mut record = record(&columns, row, SECRET, context)?;
    record.disabled = match (row.flag("banned")?, row.time("banExpires")?) {
        (Some(true), Some(until)) => Fact::Until(until),
        (Some(true), None) => Fact::Yes,
        (Some(false), _) => Fact::No,
        (None, _) => Fact::Unsaid,
    };
    account(record)
}

fn account_row(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    if row.needed("providerId")? != "credential" {
        return identity(row, "userId", "providerId", "accountId");
    }
    let user = row.id("userId")?;
    let Some(value) = row.text("password")? else { return Ok(None) };
    let password = ForeignPassword::new(context.recipe("better-auth"), value);
    additions(user, vec![Addition::Password(Box::new(password))])
}

fn two_factor(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let user = row.id("userId")?;
    // A set-up that was not finished asks for no code. Older versions have no such column.
    if !context.factors || row.flag("verified")? == Some(false) {
        return Ok(None);
    }
    let secret: &Pepper = context.secrets.get(SECRET).ok_or(RowFault::Factor(BadFactor::WrongSecret))?;
    let totp = better_auth_totp(&row.needed("secret")?, secret).map_err(RowFault::Factor)?;
    let mut found = vec![Addition::Totp(totp)];
    if let Some(codes) = row.text("backupCodes")? {
        let codes = better_auth_backup_codes(&codes, secret).map_err(RowFault::Factor)?;
        found.push(Addition::RecoveryCodes(codes));
    }
    additions(user, found)
}
