//! Signing in, as steps: a credential that is right, then whatever else an account wants ([`admission`]),
//! then what was asked for ([`grants`]), written in one transaction.

pub(super) mod admission;
mod autologin;
pub(super) mod grants;
mod password;
pub(super) mod steps;
#[cfg(test)]
mod tests;

pub use autologin::TicketLogin;
pub use grants::Grant;
pub use steps::{LoginAttempt, SignIn, SignInOutcome};
