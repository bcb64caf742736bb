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
    account(record(&columns, row, "aspnet", context)?)
}

fn token(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let user = row.id("UserId")?;
    let is_key = row.needed("LoginProvider")? == "[AspNetUserStore]"
        && row.text("Name")?.as_deref() == Some("AuthenticatorKey");
    if !context.factors || !is_key {
        return Ok(None);
    }
    let secret = discourse_totp(&row.needed("Value")?).map_err(RowFault::Factor)?;
    additions(user, vec![Addition::Totp(secret)])
}

fn login(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    identity(row, "UserId", "LoginProvider", "ProviderKey")
}
