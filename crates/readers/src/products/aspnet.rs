//! ASP.NET Core Identity: `AspNetUsers` and the tables beside it.

use std::borrow::Cow;

use recipes::factors::discourse_totp;

use super::super::context::Context;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, identity, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape::of(
    &["aspnet"],
    &[
        Table::accounts(&["AspNetUsers"], "PasswordHash", user),
        Table::beside(&["AspNetUserTokens"], "LoginProvider", token),
        Table::beside(&["AspNetUserLogins"], "ProviderKey", login),
    ],
);

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let columns = [
        (Target::Id, "Id"),
        (Target::Email, "Email"),
        (Target::EmailVerified, "EmailConfirmed"),
        (Target::Username, "UserName"),
        (Target::DisabledUntil, "LockoutEnd"),
        (Target::Password, "PasswordHash"),
        (Target::Field(Cow::Borrowed("PhoneNumber")), "PhoneNumber"),
    ];
    let mut record = record(&columns, row, "aspnet", context)?;
    if context.factors {
        // It is asked for by whatever the account has: an app, the address or the telephone.
        let is_on = row.flag("TwoFactorEnabled")?;
        record.has_factor = is_on.ok_or_else(|| RowFault::Missing("TwoFactorEnabled".to_owned()))?;
    }
    account(record)
}

/// The secret of an app. It stands here as soon as the page for setting one up was seen, and when the second
/// factor was taken off again: the account says whether it is asked for. Recovery codes are not read.
fn token(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let user = row.id("UserId")?;
    let is_key = row.needed("LoginProvider")? == "[AspNetUserStore]"
        && row.text("Name")?.as_deref() == Some("AuthenticatorKey");
    if !context.factors || !is_key {
        return Ok(None);
    }
    // One that the site encrypts is none to read, and the account says that it has lost one.
    let secret = discourse_totp(&row.needed("Value")?).ok();
    additions(user, secret.map(Addition::TotpIfAsked).into_iter().collect())
}

fn login(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    identity(row, "UserId", "LoginProvider", "ProviderKey")
}
