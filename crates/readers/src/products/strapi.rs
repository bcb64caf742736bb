//! Strapi: the accounts of its plug-in for users. Those of its own administrators stand elsewhere.

use serde_json::Value;

use super::super::context::Context;
use super::super::password::Password;
use super::super::record::Fact;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape::of(
    &["strapi"],
    &[
        Table::accounts(&["up_users"], "password", user),
        // Of version 5 and of version 4.
        Table::beside(&["up_users_role_lnk", "up_users_role_links"], "role_id", role),
    ],
);

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let created = if row.has("createdAt") { "createdAt" } else { "created_at" };
    // The driver of SQLite stores these as numbers.
    let is_number = row.get(created).is_some_and(Value::is_number);
    let columns = [
        (Target::Id, "id"),
        (Target::Email, "email"),
        (Target::EmailVerified, "confirmed"),
        (Target::Username, "username"),
        (if is_number { Target::CreatedAtMillis } else { Target::CreatedAt }, created),
        (Target::Disabled, "blocked"),
        (Target::Password, "password"),
    ];
    let mut record = record(&columns, row, "strapi", context)?;
    // Where the site asks nobody to confirm an address, which is the product's own setting, all are
    // confirmed: an operator who did ask maps `email_verified=confirmed`.
    if record.email_verified != Fact::No {
        record.email_verified = Fact::Unsaid;
    }
    if row.text("provider")?.is_some_and(|provider| provider != "local") {
        // A password signs in to local accounts alone.
        record.password = Password::None;
        // Providers that give no address get one of these, and all of them are one company's.
        record.email = record.email.take().filter(|email| !email.ends_with("@strapi.io"));
    }
    record.roles.extend(role_of(row)?);
    account(record)
}

/// The role of a row of version 3, which has its number, or of what the interface gives, which has it whole.
fn role_of(row: &Row) -> Result<Option<String>, RowFault> {
    match row.get("role") {
        None => Ok(None),
        Some(Value::Object(_)) => row.row("role")?.text("type"),
        Some(_) => row.id("role").map(Some),
    }
}

fn role(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    // A user that was deleted leaves its row behind.
    if row.get("user_id").is_none() || row.get("role_id").is_none() {
        return Ok(None);
    }
    additions(row.id("user_id")?, vec![Addition::Roles(vec![row.id("role_id")?])])
}
