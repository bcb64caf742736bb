//! WordPress: users, and what stands about them in `usermeta`.

use std::borrow::Cow;

use super::super::context::Context;
use super::super::php::true_keys;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::{Addition, Part};
use super::super::table::{Shape, Table, account, additions, record};
use super::super::target::Target;

pub(super) const SHAPE: Shape = Shape::of(
    &["wordpress"],
    &[
        Table::accounts(&["users", "*_users"], "user_login", user),
        Table::beside(&["usermeta", "*_usermeta"], "meta_key", meta),
    ],
);

/// `user_nicename` is not taken where our usernames have no place for a login, as for one with a blank: it is
/// part of addresses, nobody signs in with it there, and it may be the login of somebody else.
fn user(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    let columns = [
        (Target::Id, "ID"),
        (Target::Email, "user_email"),
        (Target::Username, "user_login"),
        (Target::Name, "display_name"),
        (Target::CreatedAt, "user_registered"),
        (Target::Password, "user_pass"),
        (Target::Field(Cow::Borrowed("user_url")), "user_url"),
    ];
    account(record(&columns, row, "wordpress", context)?)
}

fn meta(row: &Row, _context: &Context) -> Result<Option<Part>, RowFault> {
    let Some(key) = row.text("meta_key")? else { return Ok(None) };
    // The prefix of the tables is part of the key.
    let is_roles = is_of_site(&key);
    if !is_roles && !["first_name", "last_name", "locale"].contains(&key.as_str()) {
        return Ok(None);
    }
    let user = row.id("user_id")?;
    let Some(value) = row.text("meta_value")? else { return Ok(None) };
    let addition = match key.as_str() {
        "first_name" => Addition::Firstname(value),
        "last_name" => Addition::Lastname(value),
        "locale" => Addition::Locale(value),
        _ => {
            let roles = true_keys(&value).ok_or_else(|| RowFault::Malformed("meta_value".to_owned()))?;
            if roles.is_empty() {
                return Ok(None);
            }
            Addition::Roles(roles)
        }
    };
    additions(user, vec![addition])
}

/// Whether a key has the roles at the site itself: `PREFIX_capabilities`. Each further site of a network has
/// a number between, and roles of its own: `PREFIX_7_capabilities`.
fn is_of_site(key: &str) -> bool {
    let Some(prefix) = key.strip_suffix("_capabilities") else { return key == "capabilities" };
    let last = prefix.rsplit('_').next().unwrap_or_default();
    last.is_empty() || !last.bytes().all(|byte| byte.is_ascii_digit())
}
