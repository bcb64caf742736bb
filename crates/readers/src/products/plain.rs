//! Products whose accounts stand in one table with everything: Devise, Payload, Ghost and MediaWiki.

use std::borrow::Cow;

use super::super::context::Context;
use super::super::record::Fact;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::Part;
use super::super::table::{Shape, Table, account, record};
use super::super::target::Target;

pub(super) const DEVISE: Shape =
    Shape::of(&["devise"], &[Table::accounts(&["users"], "encrypted_password", devise)]);
pub(super) const PAYLOAD: Shape = Shape::of(&["payload"], &[Table::accounts(&["users"], "hash", payload)]);
pub(super) const GHOST: Shape = Shape::of(&["ghost"], &[Table::accounts(&["users"], "password", ghost)]);
pub(super) const MEDIAWIKI: Shape =
    Shape::of(&["mediawiki"], &[Table::accounts(&["user", "mwuser", "*_user"], "user_password", mediawiki)]);

fn devise(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let columns = [
        (Target::Id, "id"),
        (Target::Email, "email"),
        (Target::EmailVerified, "confirmed_at"),
        (Target::Username, "username"),
        (Target::Name, "name"),
        (Target::CreatedAt, "created_at"),
        (Target::Password, "encrypted_password"),
    ];
    account(record(&columns, row, "devise", context)?)
}

fn payload(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    // Its databases of documents and of tables write the names unlike.
    let created = if row.has("createdAt") { "createdAt" } else { "created_at" };
    let columns = [
        (Target::Id, "id"),
        (Target::Email, "email"),
        (Target::EmailVerified, "_verified"),
        (Target::Username, "username"),
        (Target::CreatedAt, created),
        (Target::Password, "hash"),
        (Target::Salt, "salt"),
    ];
    account(record(&columns, row, "payload", context)?)
}

fn ghost(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let columns = [
        (Target::Id, "id"),
        (Target::Email, "email"),
        (Target::Username, "slug"),
        (Target::Name, "name"),
        (Target::Locale, "locale"),
        (Target::CreatedAt, "created_at"),
        (Target::Password, "password"),
        (Target::Field(Cow::Borrowed("website")), "website"),
        (Target::Field(Cow::Borrowed("location")), "location"),
        (Target::Field(Cow::Borrowed("bio")), "bio"),
    ];
    let mut record = record(&columns, row, "ghost", context)?;
    record.disabled = match row.text("status")?.as_deref() {
        None => Fact::Unsaid,
        Some("inactive") => Fact::Yes,
        Some(_) => Fact::No,
    };
    account(record)
}

fn mediawiki(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let columns = [
        (Target::Id, "user_id"),
        (Target::Email, "user_email"),
        (Target::EmailVerified, "user_email_authenticated"),
        (Target::Username, "user_name"),
        (Target::Name, "user_real_name"),
        (Target::CreatedAt, "user_registration"),
        (Target::Password, "user_password"),
    ];
    account(record(&columns, row, "mediawiki", context)?)
}
