//! better-auth: users, their accounts, of which one has the password, and second factors.

use std::borrow::Cow;

use recipes::factors::{BadFactor, better_auth_backup_codes, better_auth_totp};

use super::super::context::Context;
use super::super::password::ForeignPassword;
use super::super::record::{Fact, Record};
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, identity, lost, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape::of(
    &["better-auth"],
    &[
        Table::accounts(&["user"], "emailVerified", user),
        Table::beside(&["account"], "providerId", account_row),
        Table::factors(&["twoFactor"], "backupCodes", two_factor),
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
    shown_name(row.text("displayUsername")?, &mut record);
    // The table of factors may have another name, or be missing.
    record.has_factor = context.factors && row.flag("twoFactorEnabled")? == Some(true);
    record.disabled = match (row.flag("banned")?, row.time("banExpires")?) {
        (Some(true), Some(until)) => Fact::Until(until),
        (Some(true), None) => Fact::Yes,
        (Some(false), _) => Fact::No,
        (None, _) => Fact::Unsaid,
    };
    account(record)
}

/// `displayUsername` is what its owner typed when they chose the username, before the product made it small,
/// unless they gave another text: any is allowed there. So the same name in another case is the username as
/// typed. Names are looked up in small letters there and here, so both spellings sign in. Anything else is a
/// name for showing, which does not sign in, and goes where the product's own `name` is empty.
fn shown_name(shown: Option<String>, record: &mut Record) {
    let Some(shown) = shown else { return };
    match &record.username {
        Some(username) if username.to_lowercase() == shown.to_lowercase() => record.username = Some(shown),
        _ => record.name = record.name.take().or(Some(shown)),
    }
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
    let Some(secret) = context.secrets.get(SECRET) else {
        return additions(user, vec![lost(BadFactor::WrongSecret)]);
    };
    let totp = match better_auth_totp(&row.needed("secret")?, secret) {
        Ok(totp) => totp,
        Err(why) => return additions(user, vec![lost(why)]),
    };
    let mut found = vec![Addition::Totp(totp)];
    // Without them an account is as safe as before.
    if let Some(Ok(codes)) = row.text("backupCodes")?.map(|codes| better_auth_backup_codes(&codes, secret)) {
        found.push(Addition::RecoveryCodes(codes));
    }
    additions(user, found)
}
