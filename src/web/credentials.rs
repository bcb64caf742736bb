//! Credentials of programs in request headers: an API key in one of three headers, or a bearer.

use std::ops::Deref;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{AccountError, InternalError, Token};
use rocket::Request;
use rocket::outcome::Outcome::{Error, Success};
use rocket::request::{FromRequest, Outcome};
use zeroize::Zeroizing;

use super::refusal::{Refusal, note};
use crate::flows::{Flows, PresentedKey};

/// The API key that the caller presented, neither revoked nor expired at this moment; without one the guard
/// fails with 401, in the door's shape. It does not check scopes: the flow calls [`domain::ApiKey::allows`].
pub struct ApiKeyGuard(pub domain::ApiKey);

impl Deref for ApiKeyGuard {
    type Target = domain::ApiKey;

    fn deref(&self) -> &domain::ApiKey {
        &self.0
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for ApiKeyGuard {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match presented_key(request).await {
            Ok(Some(key)) => Success(Self(key)),
            Ok(None) => Error((note(request, AccountError::Unauthenticated.into()), ())),
            Err(error) => Error((note(request, error.into()), ())),
        }
    }
}

/// The API keys that the caller presented, before they are looked up: for flows that read the key and the
/// answer in one query. The guard fails with 401, in the dialect's shape, when no header has the form of a
/// key.
pub struct UncheckedKeys(pub Vec<PresentedKey>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for UncheckedKeys {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let presented = keys_in(request);
        if presented.is_empty() {
            return Error((note(request, AccountError::Unauthenticated.into()), ()));
        }
        Success(Self(presented))
    }
}

/// Returns the parsed request. If it does not parse, runs `check` first: a caller who is not authorised gets
/// 401 or 403, never the parse error.
///
/// # Errors
/// The refusal of `check`, else the parse error.
pub async fn asked_by<T, E: Into<Refusal>, W>(
    check: impl Future<Output = Result<W, AccountError>>,
    asked: Result<T, E>,
) -> Result<T, Refusal> {
    match asked {
        Ok(asked) => Ok(asked),
        Err(wrong) => {
            check.await?;
            Err(wrong.into())
        }
    }
}

/// The API key that the caller presented; `None` if it presented none, or one that is unknown, revoked or
/// expired.
pub async fn presented_key(request: &Request<'_>) -> Result<Option<domain::ApiKey>, AccountError> {
    let Some(flows) = request.rocket().state::<Flows>() else {
        return Err(AccountError::Internal(InternalError::new("the account domain is not attached")));
    };
    match flows.keys.present(&keys_in(request)).await {
        Ok(key) => Ok(Some(key)),
        Err(AccountError::Unauthenticated) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The keys in a request's headers. siberian's published clients send `Api-Auth-Bearer: Bearer KEY` and
/// `Authorization: Basic base64(NAME:KEY)`; other clients send `Authorization: Bearer KEY`.
fn keys_in(request: &Request<'_>) -> Vec<PresentedKey> {
    let header = |name| request.headers().get_one(name).unwrap_or_default();
    let bearer = |header| bearer_in(header).map(|token| (None, Token::parse(token)));
    let authorization = header("Authorization");
    [bearer(header("Api-Auth-Bearer")), bearer(authorization).or_else(|| basic_in(authorization))]
        .into_iter()
        .flatten()
        .filter_map(|(name, token)| Some(PresentedKey { name, token: token? }))
        .collect()
}

/// The token of `Authorization: Bearer …` (RFC 6750, section 2.1), if the caller sent one.
pub fn bearer<'r>(request: &'r Request<'_>) -> Option<&'r str> {
    bearer_in(request.headers().get_one("Authorization")?)
}

fn bearer_in(header: &str) -> Option<&str> {
    credentials(header, "bearer")
}

fn basic_in(header: &str) -> Option<(Option<String>, Option<Token>)> {
    let decoded = Zeroizing::new(STANDARD.decode(credentials(header, "basic")?).ok()?);
    let (name, key) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((Some(name.to_owned()), Token::parse(key)))
}

/// The part of the header after `scheme`, which is compared without case (RFC 9110, section 11.1).
fn credentials<'h>(header: &'h str, scheme: &str) -> Option<&'h str> {
    let (named, rest) = header.trim().split_once(' ')?;
    named.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

#[cfg(test)]
mod tests {
    use domain::OsRandom;

    use super::*;

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
        assert_eq!((name.as_deref(), read.unwrap().digest()), (Some("shop"), token.digest()));
        for junk in ["Basic", "Basic !", "Basic c2hvcA==", "Basic c2hvcDprZXk=", "Basic /w=="] {
            assert!(basic_in(junk).and_then(|(_, token)| token).is_none(), "{junk}");
        }
    }
}
