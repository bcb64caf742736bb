//! `/admin`: the pages for administrators. A program that asks for JSON gets the values that the template
//! sees.

pub mod account;
pub mod accounts;
pub mod actions;
pub mod audit;
mod installation;
pub mod invitations;
pub mod keys;
pub mod mail;
mod rows;
mod staff;
pub mod status;
pub mod webhooks;

pub use installation::Installation;

use rocket::get;

use crate::urls::ADMIN_ACCOUNTS;
use crate::web::Reply;

/// How many rows a page of a list has.
const AT_ONCE: usize = 50;

/// One more row than a page has tells whether there is another page.
const ONE_MORE: i64 = AT_ONCE as i64 + 1;

/// Leaves a page's rows of those that were read. Returns its last row if there is another page.
fn cut<T>(rows: &mut Vec<T>) -> Option<&T> {
    let more = rows.len() > AT_ONCE;
    rows.truncate(AT_ONCE);
    rows.last().filter(|_| more)
}

#[get("/admin")]
pub fn home() -> Reply {
    Reply::see_other(ADMIN_ACCOUNTS)
}
