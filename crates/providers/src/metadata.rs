//! What a provider publishes about itself (OpenID Connect Discovery 1.0, section 3).

use outbound::is_callable;
use serde_json::Value;
use url::Url;

use crate::error::ProviderError;
use crate::exchange::ClientAuthentication;

/// Where a provider has its endpoints, and how it wants to be asked.
#[derive(Clone, Debug)]
pub(crate) struct Metadata {
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    pub(crate) user_info_endpoint: Option<Url>,
    pub(crate) keys: Url,
    pub(crate) authentication: ClientAuthentication,
    /// Whether every answer names the issuer (RFC 9207, section 3).
    pub(crate) names_issuer: bool,
}

/// The address of the document of `issuer`, which is a URL.
pub(crate) fn address(issuer: &str) -> Option<Url> {
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    Url::parse(&address).ok().filter(is_callable)
}

impl Metadata {
    /// Reads the document that was found at the address of `issuer`. It must be of exactly that issuer:
    /// another one's keys would vouch for its people otherwise (section 4.3).
    ///
    /// # Errors
    /// `Metadata`.
    pub(crate) fn read(document: &Value, issuer: &str) -> Result<Self, ProviderError> {
        if document["issuer"].as_str() != Some(issuer) {
            return Err(ProviderError::Metadata("another issuer than in the setting"));
        }
        let endpoint = |name: &str, what| {
            let url = document[name].as_str().and_then(|text| Url::parse(text).ok()).filter(is_callable);
            // A provider elsewhere names nothing on this machine.
            let url = url.filter(|url| url.scheme() == "https" || issuer.starts_with("http://"));
            url.ok_or(ProviderError::Metadata(what))
        };
        let user_info = document.get("userinfo_endpoint").is_some_and(|endpoint| !endpoint.is_null());
        let user_info = user_info.then(|| endpoint("userinfo_endpoint", "no usable userinfo_endpoint"));
        Ok(Self {
            authorization_endpoint: endpoint("authorization_endpoint", "no usable authorization_endpoint")?,
            token_endpoint: endpoint("token_endpoint", "no usable token_endpoint")?,
            user_info_endpoint: user_info.transpose()?,
            keys: endpoint("jwks_uri", "no usable jwks_uri")?,
            authentication: authentication(&document["token_endpoint_auth_methods_supported"])?,
            names_issuer: document["authorization_response_iss_parameter_supported"] == Value::Bool(true),
        })
    }
}

/// The way of saying who this server is; a provider that names none knows `client_secret_basic`.
fn authentication(known: &Value) -> Result<ClientAuthentication, ProviderError> {
    let Some(known) = known.as_array() else { return Ok(ClientAuthentication::Basic) };
    let knows = |method: &str| known.iter().any(|known| known == method);
    if knows("client_secret_basic") {
        Ok(ClientAuthentication::Basic)
    } else if knows("client_secret_post") {
        Ok(ClientAuthentication::Post)
    } else {
        Err(ProviderError::Metadata("neither client_secret_basic nor client_secret_post"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "https://id.example.org/tenant";

    fn document() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example.org/authorize",
            "token_endpoint": "https://id.example.org/token",
            "userinfo_endpoint": "https://id.example.org/me",
            "jwks_uri": "https://id.example.org/keys",
        })
    }

    fn with(name: &str, value: Value) -> Result<Metadata, ProviderError> {
        let mut document = document();
        document[name] = value;
        Metadata::read(&document, ISSUER)
    }

    #[test]
    fn the_document_lies_below_the_issuer() {
        let at = |issuer| address(issuer).map(String::from);
        let below = "https://id.example.org/tenant/.well-known/openid-configuration";
        assert_eq!(at(ISSUER).as_deref(), Some(below));
        assert_eq!(at("https://id.example.org/tenant/").as_deref(), Some(below));
        assert_eq!(at("http://id.example.org"), None);
        assert!(at("http://127.0.0.1:9").is_some());
        assert_eq!(at("id.example.org"), None);
    }

    #[test]
    fn a_document_of_another_issuer_is_refused() {
        let read = with("userinfo_endpoint", Value::Null).unwrap();
        assert!(read.user_info_endpoint.is_none() && !read.names_issuer);
        assert_eq!(read.authentication, ClientAuthentication::Basic);
        for other in
            ["https://id.example.org/tenant/", "https://id.example.org", "", "HTTPS://id.example.org/tenant"]
        {
            assert!(with("issuer", other.into()).is_err(), "{other}");
        }
        assert!(with("issuer", Value::Null).is_err());
    }

    #[test]
    fn endpoints_are_https_and_all_there() {
        for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"] {
            for bad in ["http://id.example.org/x", "javascript:alert(1)", "/x", ""] {
                assert!(with(name, bad.into()).is_err(), "{name} {bad}");
            }
            assert_eq!(with(name, Value::Null).is_err(), name != "userinfo_endpoint", "{name}");
        }
    }

    #[test]
    fn the_secret_goes_the_way_that_the_provider_knows() {
        let way = |known: Value| {
            with("token_endpoint_auth_methods_supported", known).map(|read| read.authentication)
        };
        let (basic, post) = ("client_secret_basic", "client_secret_post");
        assert_eq!(way(json!([post, basic])).unwrap(), ClientAuthentication::Basic);
        assert_eq!(way(json!([post])).unwrap(), ClientAuthentication::Post);
        assert!(way(json!(["private_key_jwt"])).is_err());
        assert!(way(json!([])).is_err());
        assert!(with("authorization_response_iss_parameter_supported", true.into()).unwrap().names_issuer);
    }
}
