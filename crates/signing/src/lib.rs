//! Makes the keys that sign ID tokens, signs with them, and reads what other servers signed; signs messages
//! to sites. The form of tokens and public keys is `jsonwebtoken`'s, the signatures are `ring`'s.
#![forbid(unsafe_code)]

mod drawn;
mod foreign;
mod key;
mod read;
mod ring_provider;
mod webhook;

pub use foreign::{KeySet, Unsigned};
pub use key::{SignatureAlgorithm, SigningError, SigningKey};
pub use read::read;
pub use webhook::{BadWebhookSecret, WebhookSecrets};
