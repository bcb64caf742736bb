//! What programs present: an API key in any of three headers, or a bearer.

use std::ops::Deref;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rocket::Request;
use rocket::outcome::Outcome::{Error, Success};
use rocket::request::{FromRequest, Outcome};
use zeroize::Zeroizing;

use super::note;
use crate::domain::{self, AccountError, InternalError, Token};
use crate::flows::Flows;

/// The API key that the caller presented, alive at this moment; 401, in the door's shape, without one. What the key
/// may do is for the flow to ask of it: see [`domain::ApiKey::allows`].
pub struct ApiKey(pub domain::ApiKey);

impl Deref for ApiKey {
    type Target = domain::ApiKey;

    fn deref(&self) -> &domain::ApiKey {
        &self.0
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for ApiKey {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match presented_key(request).await {
            Ok(Some(key)) => Success(Self(key)),
            Ok(None) => Error((note(request, AccountError::Unauthenticated.into()), ())),
            Err(error) => Error((note(request, error.into()), ())),
        }
    }
}

/// The API key that the caller presented, if there is one that is alive. `Api-Auth-Bearer: Bearer KEY` and
/// `Authorization: Basic base64(NAME:KEY)` are what siberian's published clients send, `Authorization: Bearer KEY` what
/// everybody else does. Where several are sent, one that is right is enough.
///
/// # Errors
/// When the database fails.
pub async fn presented_key(request: &Request<'_>) -> Result<Option<domain::ApiKey>, AccountError> {
    let Some(flows) = request.rocket().state::<Flows>() else {
        return Err(AccountError::Internal(InternalError::new("the account domain is not attached")));
    };
    let header = |name| request.headers().get_one(name).unwrap_or_default();
    let own = bearer_in(header("Api-Auth-Bearer")).and_then(Token::parse).map(|token| (None, token));
    let authorization = header("Authorization");
    let general = match bearer_in(authorization) {
        Some(token) => Token::parse(token).map(|token| (None, token)),
        None => basic_in(authorization),
    };
    for (name, token) in [own, general].into_iter().flatten() {
        match flows.present_key(name.as_deref(), &token).await {
            Ok(key) => return Ok(Some(key)),
            Err(AccountError::Unauthenticated) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// The secret of `Authorization: Bearer …` (RFC 6750 2.1), if the caller sent one.
pub fn bearer<'r>(request: &'r Request<'_>) -> Option<&'r str> {
    bearer_in(request.headers().get_one("Authorization")?)
}

fn bearer_in(header: &str) -> Option<&str> {
    credentials(header, "bearer")
}

fn basic_in(header: &str) -> Option<(Option<String>, Token)> {
    let decoded = Zeroizing::new(STANDARD.decode(credentials(header, "basic")?).ok()?);
    let (name, key) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((Some(name.to_owned()), Token::parse(key)?))
}

/// What follows the scheme, whose case does not matter (RFC 9110 11.1).
fn credentials<'h>(header: &'h str, scheme: &str) -> Option<&'h str> {
    let (named, rest) = header.trim().split_once(' ')?;
    named.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::OsRandom;

    #[test]
    fn a_scheme_may_be_written_in_any_case() {
        assert_eq!(bearer_in("Bearer abc"), Some("abc"));
        assert_eq!(bearer_in("bEARER  abc "), Some("abc"));
        for other in ["", "Bearer", "Bearerabc", "Basic abc", "abc"] {
            assert_eq!(bearer_in(other), None, "{other}");
        }
    }

    #[test]
    fn basic_credentials_name_the_key() {
        let token = Token::generate(&OsRandom);
        let header = format!("Basic {}", STANDARD.encode(format!("shop:{}", token.reveal())));
        let (name, read) = basic_in(&header).unwrap();
        assert_eq!((name.as_deref(), read.digest()), (Some("shop"), token.digest()));
        for junk in ["Basic", "Basic !", "Basic c2hvcA==", "Basic c2hvcDprZXk=", "Basic /w=="] {
            assert!(basic_in(junk).is_none(), "{junk}");
        }
    }
}
