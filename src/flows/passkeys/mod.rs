//! Passkeys: registering them, checking what they answer, and the list of an account's. Each is asked to
//! verify whoever holds its authenticator, so it is both factors in one.

mod answer;
mod list;
mod own;
mod password;
mod proof;
mod registration;
mod relying_party;
mod request;
#[cfg(test)]
mod vectors;

use std::sync::Arc;

use domain::{AccountError, Clock, Field, FieldCode, Random};
use limiter::Limiter;
use store::Store;

pub use own::OwnPasskeys;
pub(in crate::flows) use proof::PasskeyProof;
pub use registration::NewlyAdded;
pub(in crate::flows) use registration::{is_readable, sign_count};
pub use relying_party::RelyingParty;
pub use request::refused_credential;

/// Registers and checks passkeys.
#[derive(Clone)]
pub struct Passkeys {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    /// `None` where no passkey can work.
    pub(in crate::flows) relying_party: Option<RelyingParty>,
}

impl Passkeys {
    /// Whether passkeys can work at the address of this site.
    pub fn possible(&self) -> bool {
        self.relying_party.is_some()
    }

    /// This site as authenticators know it.
    ///
    /// # Errors
    /// `Invalid` where passkeys cannot work.
    fn party(&self) -> Result<&RelyingParty, AccountError> {
        self.relying_party.as_ref().ok_or_else(|| refused(FieldCode::PasskeysOff))
    }
}

/// The refusal of an authenticator's answer, or of the wish for one.
fn refused(code: FieldCode) -> AccountError {
    AccountError::field(Field::Passkey, code)
}
