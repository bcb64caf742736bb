//! Credentials of programs: API keys, bearers, user secrets, app passwords.

pub mod api_keys;
pub(super) mod app_passwords;
pub(super) mod bearers;
mod user_secrets;

pub use api_keys::{ApiKeys, PresentedKey};
pub use app_passwords::AppPasswords;
pub use bearers::Bearers;
pub use user_secrets::{ResetCaller, ResetOutcome, UserSecrets};
