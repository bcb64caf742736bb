//! NodeBB: the objects `user:<uid>`, one a line.

use std::borrow::Cow;

use super::super::context::Context;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::Part;
use super::super::table::{Shape, Table, account, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape =
    Shape { lines: true, ..Shape::of(&["nodebb"], &[Table::accounts(&["users", "objects"], "uid", user)]) };

fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    // Its one collection holds everything else as well.
    if let Some(key) = row.text("_key")? {
        let number = key.strip_prefix("user:").unwrap_or_default();
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(None);
        }
    }
    let columns = [
        (Target::Id, "uid"),
        (Target::Email, "email"),
        (Target::EmailVerified, "email:confirmed"),
        (Target::Username, "username"),
        (Target::Name, "fullname"),
        (Target::CreatedAtMillis, "joindate"),
        (Target::Disabled, "banned"),
        (Target::Password, "password"),
        (Target::Field(Cow::Borrowed("website")), "website"),
        (Target::Field(Cow::Borrowed("location")), "location"),
    ];
    let is_wrapped = row.flag("password:shaWrapped")? == Some(true);
    let recipe = if is_wrapped { "nodebb" } else { "nodebb-unwrapped" };
    account(record(&columns, row, recipe, context)?)
}
