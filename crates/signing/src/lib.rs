//! Makes the keys that sign ID tokens, and signs with them. The form of tokens and public keys is
//! `jsonwebtoken`'s, the signatures are `ring`'s.
#![forbid(unsafe_code)]

mod drawn;
mod key;
mod read;
mod ring_provider;

pub use key::{SignatureAlgorithm, SigningError, SigningKey};
pub use read::read;
