//! Mail. [`cause`] writes a message to the outbox in the transaction that causes it. [`worker`] leases it,
//! [`mailbox`] says whether its mailbox may get it now, [`word`] generates the secret of its link and renders
//! it, [`send`] hands it to the mail server and settles it. [`operate`] is the operator's view of the outbox.

pub(super) mod cause;
mod digest;
mod mailbox;
pub mod operate;
mod parts;
mod send;
mod word;
mod worker;

pub(in crate::flows) use parts::reaches;
pub use parts::{MailParts, Mailing};
