//! Accounts at other providers by which people sign in here.

use super::Millis;

/// The number of a linked account at another provider. Its owner unlinks it by this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IdentityId(pub i64);

/// An account at another provider that signs in to an account here, as its owner sees it.
#[derive(Clone, Debug)]
pub struct LinkedIdentity {
    pub id: IdentityId,
    /// Who vouches for the people there.
    pub issuer: String,
    /// By what its owner recognises it: an address or a username there; may be empty.
    pub handle: String,
    pub created_at: Millis,
    /// When it last signed in; `None` before the first time.
    pub seen_at: Option<Millis>,
}
