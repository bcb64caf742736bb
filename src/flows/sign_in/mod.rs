//! Signing in, in three steps: check a credential, take the steps that the account still wants
//! ([`admission`]), then write the grant ([`grants`]). The last two are one transaction.

pub(super) mod admission;
mod autologin;
mod counted;
pub(super) mod grants;
mod identity;
mod passkey;
mod password;
mod programs;
mod second_step;
pub(super) mod steps;
#[cfg(test)]
mod tests;
pub(super) mod weigh;

pub use autologin::TicketLogin;
pub use grants::Grant;
pub use identity::IdentityLogin;
pub use passkey::PasskeyLogin;
pub use second_step::{SecondAnswer, SecondStep};
pub use steps::{LoggedIn, LoginAttempt, PendingSignIn, SignIn, SignInOutcome};
