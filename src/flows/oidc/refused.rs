//! Why a client gets no token.

use domain::AccountError;

/// Why a client gets no token (RFC 6749, section 5.2).
#[derive(Debug)]
pub enum Refused {
    /// `invalid_client`: unknown, revoked, or its secret is wrong.
    Client,
    /// `invalid_grant`: the code or the token is wrong, of another client, used, too old, or was ended.
    Grant,
    /// `invalid_scope`: more than was permitted.
    Scope,
    /// It has nothing to do with OpenID Connect: too many tries, a database that is away.
    Account(AccountError),
}

impl<E: Into<AccountError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Account(error.into())
    }
}
