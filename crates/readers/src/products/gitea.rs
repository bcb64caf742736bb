//! Gitea and Forgejo.

use std::borrow::Cow;

use super::super::context::Context;
use super::super::record::Fact;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, identity, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape::of(
    &["gitea", "forgejo"],
    &[
        Table::accounts(&["user"], "passwd_hash_algo", user),
        Table::beside(&["email_address"], "is_activated", address),
        Table::beside(&["external_login_user"], "external_id", external),
    ],
);

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    // Organisations stand in the same table, with another type.
    if !matches!(row.get("type").map(ToString::to_string).as_deref(), None | Some("0" | "\"0\"")) {
        return Ok(None);
    }
    let columns = [
        (Target::Id, "id"),
        (Target::Email, "email"),
        (Target::EmailVerified, "is_active"),
        (Target::Username, "name"),
        (Target::Name, "full_name"),
        (Target::Locale, "language"),
        (Target::CreatedAtSeconds, "created_unix"),
        (Target::Disabled, "prohibit_login"),
        (Target::Password, "passwd"),
        (Target::Salt, "salt"),
        (Target::Algorithm, "passwd_hash_algo"),
        (Target::Field(Cow::Borrowed("website")), "website"),
        (Target::Field(Cow::Borrowed("location")), "location"),
    ];
    let mut record = record(&columns, row, "gitea", context)?;
    if row.flag("is_admin")? == Some(true) {
        record.roles.push("admin".to_owned());
    }
    account(record)
}

fn address(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    let verified = if row.flag("is_activated")? == Some(true) { Fact::Yes } else { Fact::No };
    let primary = row.flag("is_primary")? == Some(true);
    let email = row.needed("email")?;
    additions(row.id("uid")?, vec![Addition::Email { email, verified, primary }])
}

fn external(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    identity(row, "user_id", "provider", "external_id")
}
