//! Webhooks: messages that tell sites what happened to accounts. [`cause`] writes them in the transaction of
//! what happened, [`worker`] leases them, [`send`] sends one and settles it, [`pauses`] spares a site that
//! fails. [`operate`] is the operator's view of them.

pub(in crate::flows) mod cause;
mod hook;
pub mod operate;
mod pauses;
mod payload;
mod send;
pub(in crate::flows) mod strays;
mod worker;

pub use hook::Webhook;
pub use worker::Webhooks;
