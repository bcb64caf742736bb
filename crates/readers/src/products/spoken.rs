//! Products whose account APIs Vestibule speaks, as far as their tables are known: Siberian and Fastsite.
//! Their hashes are bare digests, and neither knows whether an address is proven.

use std::borrow::Cow;

use super::super::context::Context;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, identity, record};
use super::super::target::Target;

/// Of version 5: the people who sign in to the platform, which `admin/api_account` is about. Those of its
/// apps stand elsewhere.
pub(super) const SIBERIAN: Shape =
    Shape::of(&["siberian"], &[Table::accounts(&["admin"], "admin_id", siberian)]);

/// Of version 3 of its CMS.
pub(super) const FASTSITE: Shape = Shape::of(
    &["fastsite"],
    &[
        Table::accounts(&["users"], "login", fastsite),
        Table::beside(&["users_groups_membership"], "group_id", group),
        Table::beside(&["users_external"], "external_id", external),
    ],
);

const fn field(name: &'static str) -> (Target, &'static str) {
    (Target::Field(Cow::Borrowed(name)), name)
}

fn siberian(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let columns = [
        (Target::Id, "admin_id"),
        (Target::Email, "email"),
        (Target::Firstname, "firstname"),
        (Target::Lastname, "lastname"),
        (Target::CreatedAt, "created_at"),
        (Target::Password, "password"),
        field("company"),
        field("website"),
        field("address"),
        field("zip_code"),
        field("city"),
        field("country"),
        field("phone"),
    ];
    let mut record = record(&columns, row, "siberian", context)?;
    if row.get("role_id").is_some() {
        record.roles.push(row.id("role_id")?);
    }
    account(record)
}

fn fastsite(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    // Whoever is not signed in is a user there, too.
    if row.id("id")? == "0" {
        return Ok(None);
    }
    let columns = [
        (Target::Id, "id"),
        (Target::Email, "email"),
        (Target::Username, "login"),
        (Target::Name, "name"),
        (Target::CreatedAt, "date_reg"),
        (Target::Disabled, "disabled"),
        (Target::Password, "password"),
        field("phone"),
        field("describ"),
    ];
    account(record(&columns, row, "fastsite", context)?)
}

fn group(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    additions(row.id("user_id")?, vec![Addition::Roles(vec![row.id("group_id")?])])
}

/// The provider is a number there, such as 1.
fn external(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    identity(row, "user_id", "external_type", "external_id")
}
