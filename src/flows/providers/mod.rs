//! Signing in with accounts at other providers. An account is found by who vouches for whom – issuer and
//! subject – and never by an address, whatever a provider says of it: an address that exists proves itself,
//! by the sign-in that its owner has.

mod arrival;
mod departure;
mod identities;
mod pending;
mod sign_up;

use std::sync::Arc;

use ::providers::{Provider, ProviderError};
use domain::{AccountError, Clock, Field, FieldCode, Random};
use limiter::Limiter;
use store::Store;

use super::account::Registrations;
use super::sign_in::SignIn;
use super::sign_in::admission::Admission;

pub use arrival::{Arrived, ProviderReturn};
pub use departure::Wish;
pub use identities::ProviderState;
pub use pending::WaitingIdentity;
pub(in crate::flows) use pending::account_of;
pub use sign_up::{ProviderSignUp, SignedUp};

/// Signs people in by providers, and links accounts there to accounts here.
pub struct Providers {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) sign_in: Arc<SignIn>,
    pub(in crate::flows) registration: Arc<Registrations>,
    pub(in crate::flows) admission: Admission,
    /// Those that the operator has registered this server at.
    pub(in crate::flows) all: Arc<[Provider]>,
}

/// Why somebody did not get on.
#[derive(Debug)]
pub struct ProviderRefused {
    pub error: AccountError,
    /// Where they wanted to go on to; may be empty.
    pub next: String,
}

impl<E: Into<AccountError>> From<E> for ProviderRefused {
    fn from(error: E) -> Self {
        Self { error: error.into(), next: String::new() }
    }
}

impl Providers {
    /// The provider with this name.
    ///
    /// # Errors
    /// `NotFound`.
    fn named(&self, name: &str) -> Result<&Provider, AccountError> {
        self.all.iter().find(|provider| provider.settings().name == name).ok_or(AccountError::NotFound)
    }

    /// What people call the provider of `issuer`; its address where the operator has registered this server
    /// there no more.
    fn label_of<'a>(&'a self, issuer: &'a str) -> &'a str {
        let found = self.all.iter().find(|provider| provider.settings().issuer == issuer);
        found.map_or(issuer, |provider| provider.settings().label.as_str())
    }

    /// Name and label of each provider.
    pub fn offered(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all.iter().map(|provider| {
            let settings = provider.settings();
            (settings.name.as_str(), settings.label.as_str())
        })
    }
}

fn refused(code: FieldCode) -> AccountError {
    AccountError::field(Field::Identity, code)
}

/// What is told of a provider's failure. The log has what it was.
fn failed(provider: &Provider, error: &ProviderError) -> AccountError {
    let name = &provider.settings().name;
    match error {
        ProviderError::Denied => {
            log::info!("provider `{name}`: {error}");
            refused(FieldCode::ProviderDenied)
        }
        ProviderError::Unanswered(_) | ProviderError::Metadata(_) => {
            log::warn!("provider `{name}`: {error}");
            refused(FieldCode::ProviderUnanswered)
        }
        ProviderError::Refused(_)
        | ProviderError::OtherIssuer
        | ProviderError::Malformed(_)
        | ProviderError::Untrusted(_) => {
            log::warn!("provider `{name}`: {error}");
            refused(FieldCode::ProviderRefused)
        }
    }
}
