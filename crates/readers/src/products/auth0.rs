//! Auth0: users of an export job, one a line, and the hashes that its support hands out.

use std::borrow::Cow;

use super::super::context::Context;
use super::super::record::Identity;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::Part;
use super::super::table::{Shape, Table, account, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape =
    Shape { lines: true, ..Shape::of(&["auth0"], &[Table::accounts(&["users"], "user_id", user)]) };

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let password = if row.has("password_hash") { "password_hash" } else { "passwordHash" };
    let columns = [
        (Target::Id, "user_id"),
        (Target::Email, "email"),
        (Target::EmailVerified, "email_verified"),
        (Target::Username, "username"),
        (Target::Name, "name"),
        (Target::Firstname, "given_name"),
        (Target::Lastname, "family_name"),
        (Target::Locale, "locale"),
        (Target::CreatedAt, "created_at"),
        (Target::Disabled, "blocked"),
        (Target::Password, password),
        (Target::Field(Cow::Borrowed("picture")), "picture"),
        (Target::Field(Cow::Borrowed("phone_number")), "phone_number"),
    ];
    let mut record = record(&columns, row, "auth0", context)?;
    if record.id.is_empty() {
        // The file with hashes has the key of the product's database alone.
        let key = row.row("_id")?.text("$oid")?;
        record.id = key.map(|key| format!("auth0|{key}")).unwrap_or_default();
    }
    for identity in row.rows("identities")? {
        let provider = identity.needed("provider")?;
        if provider != "auth0" {
            record.identities.push(Identity { provider, subject: identity.id("user_id")? });
        }
    }
    account(record)
}
