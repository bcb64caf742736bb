//! Actions on other people's accounts, by a trusted server with an API key or by the operator.

pub mod approval;
mod audit;
mod changes;
pub mod creation;
pub mod deletion;
pub mod directory;
pub mod export;
pub mod identity;
pub mod import;
pub mod locking;
mod lookup;
mod order;
#[cfg(test)]
mod tests;

pub use audit::{AuditLog, AuditPage, audit_page, latest_of};
pub use changes::{AccountChange, Administration, NewAccount};
pub use deletion::Erasures;
pub use order::{AccountName, Order, OrderError, Ordered, number_of};
