//! Encrypts single values of a database under keys that are not in it. [`SecretKeys`] is an ordered ring of
//! keys: the first seals, all open. [`KeyFile`] keeps them beside the database, and [`Keyring`] is what a
//! running program holds.
//!
//! The cipher is XChaCha20-Poly1305. Its nonces have 192 bits, so that random ones never meet: those of
//! AES-GCM have 96, which several servers that share a key would have to count. It takes the same time on
//! every processor, and its stream cipher is in the program anyway.
#![forbid(unsafe_code)]

mod file;
mod key;
mod keyring;
mod sealed;

pub use file::{KeyFile, KeyFileError, Locked};
pub use key::{BadKey, KeyId, SecretKey};
pub use keyring::Keyring;
pub use sealed::{OpenError, SealError, SecretKeys};
