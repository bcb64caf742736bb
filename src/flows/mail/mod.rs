//! Mail: [`cause`] writes a message into the outbox in the transaction that causes it, [`worker`] takes it
//! up, [`word`] draws its link and renders it, [`send`] hands it to the mail server and settles it.
//! [`operate`] is the outbox as its operator sees it.

pub(super) mod cause;
pub mod operate;
mod parts;
mod send;
mod word;
mod worker;

pub use parts::{MailParts, Mailing};
