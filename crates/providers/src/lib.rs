//! Asks other providers who somebody is: by OpenID Connect Core 1.0 with a discovery document, and by
//! GitHub's OAuth. What becomes of the answer is decided elsewhere.
#![forbid(unsafe_code)]

mod error;
mod exchange;
mod github;
mod id_token;
mod identity;
mod metadata;
mod openid;
mod pkce;
mod provider;
mod request;
mod settings;

pub use error::ProviderError;
pub use identity::Identity;
pub use provider::Provider;
pub use request::{Answer, AuthorizationRequest};
pub use settings::{ClientSecret, ProviderKind, ProviderSettings};
