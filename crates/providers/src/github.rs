//! GitHub's OAuth, as its documentation of OAuth apps and of the REST API describes it: there is no ID token,
//! and the API says who somebody is.

use outbound::{Outbound, is_callable};
use serde_json::Value;
use url::Url;

use crate::error::ProviderError;
use crate::exchange::{ClientAuthentication, exchange, json};
use crate::identity::{Identity, text};
use crate::request::{Answer, AuthorizationRequest};
use crate::settings::ProviderSettings;

/// GitHub, or a server of one's own.
#[derive(Debug)]
pub(crate) struct GitHub {
    outbound: Outbound,
}

impl GitHub {
    pub(crate) fn new(outbound: Outbound) -> Self {
        Self { outbound }
    }

    /// Where a browser is sent.
    ///
    /// # Errors
    /// `Metadata` when the issuer is no address.
    pub(crate) fn authorization_endpoint(&self, settings: &ProviderSettings) -> Result<Url, ProviderError> {
        below(&settings.issuer, "/login/oauth/authorize")
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
    ) -> Result<Identity, ProviderError> {
        // GitHub names none; whoever does is somebody else.
        if answer.issuer.is_some_and(|issuer| issuer != settings.issuer) {
            return Err(ProviderError::OtherIssuer);
        }
        if let Some(error) = answer.error {
            return Err(ProviderError::said(error));
        }
        let code = answer.code.ok_or(ProviderError::Malformed("no code"))?;
        let endpoint = below(&settings.issuer, "/login/oauth/access_token")?;
        let way = ClientAuthentication::Post;
        let given = exchange(&self.outbound, &endpoint, way, settings, code, request).await?;
        let token = given.access_token.ok_or(ProviderError::Malformed("no access token"))?;
        let api = api(&settings.issuer).ok_or(ProviderError::Metadata("an issuer that is no address"))?;
        let received = self.outbound.get(&below(&api, "/user")?, Some(&token)).await?;
        if !received.is_success() {
            return Err(ProviderError::Malformed("an error from the API"));
        }
        let user = json(&received, "no JSON from the API")?;
        // A number that is never given again, unlike the name (`login`).
        let number = user["id"].as_u64().ok_or(ProviderError::Malformed("no number of the user"))?;
        let email = match text(&user, "email") {
            shown if shown.is_empty() => self.primary_address(&api, &token).await?,
            shown => shown,
        };
        Ok(Identity {
            issuer: settings.issuer.clone(),
            subject: number.to_string(),
            email,
            name: text(&user, "name"),
            handle: text(&user, "login"),
        })
    }

    /// The address that somebody keeps to themselves; empty where the API does not tell it, so that they are
    /// asked.
    async fn primary_address(&self, api: &str, token: &str) -> Result<String, ProviderError> {
        let received = self.outbound.get(&below(api, "/user/emails")?, Some(token)).await?;
        let listed = json(&received, "no JSON from the API").unwrap_or_default();
        let primary =
            listed.as_array().and_then(|all| all.iter().find(|one| one["primary"] == Value::Bool(true)));
        Ok(primary.map(|one| text(one, "email")).unwrap_or_default())
    }
}

fn below(base: &str, path: &str) -> Result<Url, ProviderError> {
    let url = Url::parse(&format!("{}{path}", base.trim_end_matches('/'))).ok().filter(is_callable);
    url.ok_or(ProviderError::Metadata("an issuer that is no address"))
}

/// Where the REST API is: on a host of its own, and below a path on a server of one's own.
fn api(issuer: &str) -> Option<String> {
    let url = Url::parse(issuer).ok()?;
    let host = url.host_str()?;
    Some(if host == "github.com" || host.ends_with(".ghe.com") {
        format!("https://api.{host}")
    } else {
        format!("{}/api/v3", issuer.trim_end_matches('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_is_where_the_documentation_says() {
        for (issuer, at) in [
            ("https://github.com", "https://api.github.com"),
            ("https://octocorp.ghe.com", "https://api.octocorp.ghe.com"),
            ("https://git.example.org", "https://git.example.org/api/v3"),
            ("http://127.0.0.1:9/", "http://127.0.0.1:9/api/v3"),
        ] {
            assert_eq!(api(issuer).as_deref(), Some(at));
        }
        assert_eq!(api("github"), None);
        assert!(below("http://git.example.org", "/x").is_err());
    }
}
