//! Directus: the table `directus_users`.

use std::borrow::Cow;

use super::super::context::Context;
use super::super::factor::{take, totp};
use super::super::record::{Fact, Identity};
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::Part;
use super::super::table::{Shape, Table, account, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape =
    Shape::of(&["directus"], &[Table::accounts(&["directus_users"], "password", user)]);

const USER: &[(Target, &str)] = &[
    (Target::Id, "id"),
    (Target::Email, "email"),
    (Target::Firstname, "first_name"),
    (Target::Lastname, "last_name"),
    (Target::Locale, "language"),
    (Target::Role, "role"),
    (Target::Password, "password"),
    (Target::Field(Cow::Borrowed("location")), "location"),
    (Target::Field(Cow::Borrowed("title")), "title"),
    (Target::Field(Cow::Borrowed("description")), "description"),
];

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let mut record = record(USER, row, "directus", context)?;
    record.disabled = match row.text("status")?.as_deref() {
        None => Fact::Unsaid,
        Some("draft" | "suspended" | "archived") => Fact::Yes,
        Some(_) => Fact::No,
    };
    if context.factors {
        // The one kind of second factor that the product has. Without the column nobody knows who has it.
        if !row.has("tfa_secret") {
            return Err(RowFault::Missing("tfa_secret".to_owned()));
        }
        // What the product's own export has instead of it is no secret, but says that there is one.
        take(&mut record, totp(row, "tfa_secret"))?;
    }
    if let (Some(provider), Some(subject)) = (row.text("provider")?, row.text("external_identifier")?)
        && provider != "default"
    {
        record.identities.push(Identity { provider, subject });
    }
    account(record)
}
