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

#[get("/admin")]
pub fn home() -> Reply {
    Reply::see_other(ADMIN_ACCOUNTS)
}
