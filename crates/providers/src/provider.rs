//! One provider, and the two things that are asked of it.

use domain::Millis;
use outbound::{Outbound, OutboundError};
use url::Url;

use crate::error::ProviderError;
use crate::github::GitHub;
use crate::identity::Identity;
use crate::openid::OpenId;
use crate::pkce::challenge;
use crate::request::{Answer, AuthorizationRequest};
use crate::settings::{ProviderKind, ProviderSettings};

/// A provider.
pub struct Provider {
    settings: ProviderSettings,
    protocol: Protocol,
}

enum Protocol {
    OpenId(OpenId),
    GitHub(GitHub),
}

impl Provider {
    /// A provider that is called by `outbound`.
    pub fn new(settings: ProviderSettings, outbound: Outbound) -> Self {
        let protocol = match settings.kind {
            ProviderKind::OpenId => Protocol::OpenId(OpenId::new(outbound)),
            ProviderKind::GitHub => Protocol::GitHub(GitHub::new(outbound)),
        };
        Self { settings, protocol }
    }

    /// How this server is registered there.
    pub fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// Where a browser is sent to be asked who somebody is.
    ///
    /// # Errors
    /// The provider does not answer, or what it publishes about itself cannot be used.
    pub async fn address(
        &self,
        request: &AuthorizationRequest<'_>,
        now: Millis,
    ) -> Result<Url, ProviderError> {
        let mut address = match &self.protocol {
            Protocol::OpenId(openid) => openid.authorization_endpoint(&self.settings, now).await?,
            Protocol::GitHub(github) => github.authorization_endpoint(&self.settings)?,
        };
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", request.redirect_uri)
            .append_pair("scope", &self.settings.scopes.join(" "))
            .append_pair("state", request.state)
            .append_pair("code_challenge", &challenge(request.verifier))
            .append_pair("code_challenge_method", "S256");
        if matches!(self.protocol, Protocol::OpenId(_)) {
            address.query_pairs_mut().append_pair("nonce", request.nonce);
        }
        Ok(address)
    }

    /// Whom the answer to `request` names.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub async fn identity(
        &self,
        answer: &Answer<'_>,
        request: &AuthorizationRequest<'_>,
        now: Millis,
    ) -> Result<Identity, ProviderError> {
        let asked = async {
            match &self.protocol {
                Protocol::OpenId(openid) => openid.identity(&self.settings, answer, request, now).await,
                Protocol::GitHub(github) => github.identity(&self.settings, answer, request).await,
            }
        };
        // All of its calls together, not each.
        let named = tokio::time::timeout(outbound::WAITED, asked).await;
        named.unwrap_or(Err(ProviderError::Unanswered(OutboundError::Slow(outbound::WAITED))))
    }
}
