//! Why a client gets no token, or no code.

use domain::AccountError;

/// Why a client gets no token (RFC 6749, section 5.2; RFC 8628, section 3.5).
#[derive(Debug)]
pub enum Refused {
    /// `invalid_client`: unknown, revoked, or its secret is wrong.
    Client,
    /// `invalid_grant`: the code or the token is wrong, of another client, used, too old, or was ended.
    Grant,
    /// `invalid_scope`: more than was permitted.
    Scope,
    /// `unauthorized_client`: the operator does not let it do this.
    Unpermitted,
    /// `authorization_pending`: nobody has decided about the device yet.
    Pending,
    /// `slow_down`: the device asks too often.
    TooFast,
    /// `expired_token`: nobody has decided about the device in time.
    Late,
    /// `access_denied`: somebody does not permit the device.
    Denied,
    /// It has nothing to do with OpenID Connect: too many tries, a database that is away.
    Account(AccountError),
}

impl<E: Into<AccountError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Account(error.into())
    }
}

/// An error that a client is told (OpenID Connect Core 1.0, section 3.1.2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub error: &'static str,
    /// A sentence for developers.
    pub description: &'static str,
}
