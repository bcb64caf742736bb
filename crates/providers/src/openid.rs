//! A provider of OpenID Connect.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::Millis;
use outbound::{Outbound, OutboundError};
use serde_json::Value;
use signing::{KeySet, Unsigned};
use url::Url;

use crate::error::ProviderError;
use crate::exchange::{Exchanged, exchange, json};
use crate::id_token::{Expected, check};
use crate::identity::{Identity, subject, text};
use crate::metadata::{self, Metadata};
use crate::request::{Answer, AuthorizationRequest};
use crate::settings::ProviderSettings;

/// How long what a provider publishes is kept.
const KEPT: Duration = Duration::from_secs(3_600);

/// The shortest time between two looks for a key that is not in the set.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// How long a provider that did not answer is not asked again: everybody who comes meanwhile would wait as
/// long, and hold a place of their address.
const SILENT: Duration = Duration::from_secs(20);

/// What a provider of OpenID Connect has published.
pub(crate) struct OpenId {
    outbound: Outbound,
    metadata: Kept<Metadata>,
    keys: Kept<KeySet>,
    /// Held while the document is fetched: many ask at once, and one is enough.
    fetching: tokio::sync::Mutex<()>,
    /// When the provider was last asked for it in vain.
    unanswered: Mutex<Option<Millis>>,
}

/// Something that was fetched, and when.
struct Kept<T>(Mutex<Option<(Arc<T>, Millis)>>);

impl<T> Kept<T> {
    fn nothing() -> Self {
        Self(Mutex::new(None))
    }

    /// What is kept, unless it was fetched longer ago than `most`.
    fn fresh(&self, most: Duration, now: Millis) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (value, at) = kept.as_ref()?;
        (now.since(*at) < most).then(|| value.clone())
    }

    fn keep(&self, value: T, now: Millis) -> Arc<T> {
        let value = Arc::new(value);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((value.clone(), now));
        value
    }
}

impl fmt::Debug for OpenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenId")
    }
}

impl OpenId {
    pub(crate) fn new(outbound: Outbound) -> Self {
        Self {
            outbound,
            metadata: Kept::nothing(),
            keys: Kept::nothing(),
            fetching: tokio::sync::Mutex::new(()),
            unanswered: Mutex::new(None),
        }
    }

    /// Where a browser is sent.
    ///
    /// # Errors
    /// The provider does not answer, or its document cannot be used.
    pub(crate) async fn authorization_endpoint(
        &self,
        settings: &ProviderSettings,
        now: Millis,
    ) -> Result<Url, ProviderError> {
        Ok(self.metadata(settings, now).await?.authorization_endpoint.clone())
    }

    /// Whom an answer names.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub(crate) async fn identity(
        &self,
        settings: &ProviderSettings,
        answer: &Answer<'_>,
        request: &AuthorizationRequest<'_>,
        now: Millis,
    ) -> Result<Identity, ProviderError> {
        let metadata = self.metadata(settings, now).await?;
        // Before anything else is believed of the answer, an error too (RFC 9207, section 2.4).
        match answer.issuer {
            Some(issuer) if issuer != settings.issuer => return Err(ProviderError::OtherIssuer),
            None if metadata.names_issuer => return Err(ProviderError::OtherIssuer),
            Some(_) | None => {}
        }
        if let Some(error) = answer.error {
            return Err(ProviderError::said(error));
        }
        let code = answer.code.ok_or(ProviderError::Malformed("no code"))?;
        let (endpoint, way) = (&metadata.token_endpoint, metadata.authentication);
        let given = exchange(&self.outbound, endpoint, way, settings, code, request).await?;
        let token = given.id_token.as_ref().ok_or(ProviderError::Malformed("no ID token"))?;
        let claims = self.signed_claims(&metadata, token, now).await?;
        let expected =
            Expected { issuer: &settings.issuer, client_id: &settings.client_id, nonce: request.nonce };
        check(&claims, &expected, now)?;
        let subject = subject(&claims).ok_or(ProviderError::Untrusted("no subject"))?;
        let told = self.told(&metadata, &given, &claims, &subject).await?;
        let (email, name) = (text(&told, "email"), text(&told, "name"));
        let username = text(&told, "preferred_username");
        let handle = if email.is_empty() { &username } else { &email };
        Ok(Identity { issuer: settings.issuer.clone(), subject, handle: handle.clone(), email, name })
    }

    /// The claims that a provider tells of a person: those of the ID token, or of the userinfo endpoint where
    /// the token has no address (OpenID Connect Core 1.0, section 5.4).
    async fn told(
        &self,
        metadata: &Metadata,
        given: &Exchanged,
        claims: &Value,
        person: &str,
    ) -> Result<Value, ProviderError> {
        let known = claims.get("email").is_some_and(Value::is_string);
        let (Some(endpoint), Some(token), false) = (&metadata.user_info_endpoint, &given.access_token, known)
        else {
            return Ok(claims.clone());
        };
        // What it may say is no more than a suggestion. The person is asked for what is missing.
        let Ok(received) = self.outbound.get(endpoint, Some(token)).await else { return Ok(claims.clone()) };
        if !received.is_success() {
            return Ok(claims.clone());
        }
        let Ok(told) = json(&received, "no JSON from the userinfo endpoint") else {
            return Ok(claims.clone());
        };
        // Section 5.3.2: it may be the answer about somebody else.
        match told["sub"].as_str() {
            Some(told_of) if told_of == person => Ok(told),
            _ => Err(ProviderError::Untrusted("the userinfo endpoint tells of somebody else")),
        }
    }

    /// The claims of a token that one of the provider's keys has signed.
    async fn signed_claims(
        &self,
        metadata: &Metadata,
        token: &str,
        now: Millis,
    ) -> Result<Value, ProviderError> {
        let kept = self.keys.fresh(KEPT, now);
        let keys = match &kept {
            Some(keys) => keys.clone(),
            None => self.fetch_keys(metadata, now).await?,
        };
        let read = match keys.read(token) {
            // The provider may have made another key since.
            Err(Unsigned::KeyUnknown) if kept.is_some() && self.keys.fresh(LOOK_AGAIN, now).is_none() => {
                self.fetch_keys(metadata, now).await?.read(token)
            }
            read => read,
        };
        read.map_err(|why| match why {
            Unsigned::KeyUnknown => ProviderError::Untrusted("signed by a key that is not in the set"),
            Unsigned::Refused => ProviderError::Untrusted("not signed by its key"),
        })
    }

    async fn fetch_keys(&self, metadata: &Metadata, now: Millis) -> Result<Arc<KeySet>, ProviderError> {
        let received = self.outbound.get(&metadata.keys, None).await?;
        if !received.is_success() {
            return Err(ProviderError::Metadata("no keys at the jwks_uri"));
        }
        let document = json(&received, "no JSON at the jwks_uri")?;
        let keys =
            KeySet::parse(&document).ok_or(ProviderError::Metadata("no set of keys at the jwks_uri"))?;
        Ok(self.keys.keep(keys, now))
    }

    async fn metadata(
        &self,
        settings: &ProviderSettings,
        now: Millis,
    ) -> Result<Arc<Metadata>, ProviderError> {
        if let Some(kept) = self.metadata.fresh(KEPT, now) {
            return Ok(kept);
        }
        let _one = self.fetching.lock().await;
        if let Some(kept) = self.metadata.fresh(KEPT, now) {
            return Ok(kept);
        }
        if self.unanswered().is_some_and(|at| now.since(at) < SILENT) {
            return Err(ProviderError::Unanswered(OutboundError::Slow(outbound::WAITED)));
        }
        let fetched = self.fetch_metadata(settings, now).await;
        let silent = matches!(fetched, Err(ProviderError::Unanswered(_)));
        *self.unanswered() = silent.then_some(now);
        fetched
    }

    fn unanswered(&self) -> MutexGuard<'_, Option<Millis>> {
        self.unanswered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch_metadata(
        &self,
        settings: &ProviderSettings,
        now: Millis,
    ) -> Result<Arc<Metadata>, ProviderError> {
        let address = metadata::address(&settings.issuer)
            .ok_or(ProviderError::Metadata("an issuer that is no address"))?;
        let received = self.outbound.get(&address, None).await?;
        if !received.is_success() {
            return Err(ProviderError::Metadata("no discovery document"));
        }
        let document = json(&received, "no JSON as discovery document")?;
        Ok(self.metadata.keep(Metadata::read(&document, &settings.issuer)?, now))
    }
}
