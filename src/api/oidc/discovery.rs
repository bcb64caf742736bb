//! The document by which clients find everything else (OpenID Connect Discovery 1.0, RFC 8414).

use domain::OidcScope;
use rocket::{Route, get, routes};
use serde::Serialize;
use signing::SignatureAlgorithm;
use utoipa::{OpenApi, ToSchema};

use super::answers::Public;
use super::calls::DEVICE_GRANT;
use crate::api::description::Description;
use crate::api::oauth::Failure;
use crate::urls;
use crate::web::{Answer, Call};

pub fn routes() -> Vec<Route> {
    routes![configuration]
}

#[derive(OpenApi)]
#[openapi(
    paths(configuration),
    tags((name = "discovery", description = "Where clients of OpenID Connect find everything."))
)]
struct Api;

pub fn describe() -> Description {
    Description::of::<Api, Failure>().refuses("configuration", vec![])
}

/// The places and abilities of this server.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "issuer": "https://accounts.example.org",
    "authorization_endpoint": "https://accounts.example.org/user/authorize",
    "token_endpoint": "https://accounts.example.org/oidc/token",
    "userinfo_endpoint": "https://accounts.example.org/oidc/userinfo",
    "jwks_uri": "https://accounts.example.org/oidc/keys",
    "introspection_endpoint": "https://accounts.example.org/oidc/introspect",
    "revocation_endpoint": "https://accounts.example.org/oidc/revoke",
    "pushed_authorization_request_endpoint": "https://accounts.example.org/oidc/par",
    "device_authorization_endpoint": "https://accounts.example.org/oidc/device",
    "end_session_endpoint": "https://accounts.example.org/user/logout/application",
    "scopes_supported": ["openid", "profile", "email", "offline_access"],
    "response_types_supported": ["code"],
    "response_modes_supported": ["query", "form_post"],
    "grant_types_supported": [
        "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"
    ],
    "acr_values_supported": ["1", "2"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["ES256", "RS256"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
    "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
    "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
    "code_challenge_methods_supported": ["S256"],
    "prompt_values_supported": ["none", "login", "consent", "select_account", "create"],
    "claim_types_supported": ["normal"],
    "claims_supported": ["sub", "name", "email"],
    "claims_parameter_supported": true,
    "request_parameter_supported": false,
    "request_uri_parameter_supported": false,
    "authorization_response_iss_parameter_supported": true,
    "backchannel_logout_supported": true,
    "backchannel_logout_session_supported": true,
    "ui_locales_supported": ["en", "fr", "ru"]
}))]
pub struct Configuration {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    pushed_authorization_request_endpoint: String,
    device_authorization_endpoint: String,
    end_session_endpoint: String,
    scopes_supported: Vec<&'static str>,
    response_types_supported: Vec<&'static str>,
    response_modes_supported: Vec<&'static str>,
    grant_types_supported: Vec<&'static str>,
    acr_values_supported: Vec<&'static str>,
    subject_types_supported: Vec<&'static str>,
    id_token_signing_alg_values_supported: Vec<&'static str>,
    token_endpoint_auth_methods_supported: Vec<&'static str>,
    introspection_endpoint_auth_methods_supported: Vec<&'static str>,
    revocation_endpoint_auth_methods_supported: Vec<&'static str>,
    code_challenge_methods_supported: Vec<&'static str>,
    prompt_values_supported: Vec<&'static str>,
    claim_types_supported: Vec<&'static str>,
    claims_supported: Vec<&'static str>,
    claims_parameter_supported: bool,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
    authorization_response_iss_parameter_supported: bool,
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
    ui_locales_supported: Vec<String>,
}

const CLAIMS: [&str; 20] = [
    "sub",
    "iss",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "sid",
    "acr",
    "amr",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "picture",
    "locale",
    "updated_at",
    "groups",
    "email",
    "email_verified",
];

/// Where everything is
#[utoipa::path(responses((status = 200, description = "The configuration.", body = Configuration)))]
#[get("/.well-known/openid-configuration")]
fn configuration(call: Call<'_>) -> Public {
    let address = |path| call.origin.address(path);
    let ways = || vec!["client_secret_basic", "client_secret_post", "none"];
    let known = Configuration {
        issuer: address(""),
        authorization_endpoint: address(urls::AUTHORIZE),
        token_endpoint: address(urls::OIDC_TOKEN),
        userinfo_endpoint: address(urls::OIDC_USER_INFO),
        jwks_uri: address(urls::OIDC_KEYS),
        introspection_endpoint: address(urls::OIDC_INTROSPECT),
        revocation_endpoint: address(urls::OIDC_REVOKE),
        pushed_authorization_request_endpoint: address(urls::OIDC_PUSH),
        device_authorization_endpoint: address(urls::OIDC_DEVICE),
        end_session_endpoint: address(urls::CLIENT_SIGN_OUT),
        scopes_supported: OidcScope::ALL.iter().map(|scope| scope.as_str()).collect(),
        response_types_supported: vec!["code"],
        response_modes_supported: vec!["query", "form_post"],
        grant_types_supported: vec!["authorization_code", "refresh_token", DEVICE_GRANT],
        acr_values_supported: vec!["1", "2"],
        subject_types_supported: vec!["public"],
        id_token_signing_alg_values_supported: SignatureAlgorithm::ALL
            .iter()
            .map(|one| one.as_str())
            .collect(),
        token_endpoint_auth_methods_supported: ways(),
        introspection_endpoint_auth_methods_supported: ways(),
        revocation_endpoint_auth_methods_supported: ways(),
        code_challenge_methods_supported: vec!["S256"],
        prompt_values_supported: vec!["none", "login", "consent", "select_account", "create"],
        claim_types_supported: vec!["normal"],
        claims_supported: CLAIMS.to_vec(),
        claims_parameter_supported: true,
        request_parameter_supported: false,
        request_uri_parameter_supported: false,
        authorization_response_iss_parameter_supported: true,
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
        ui_locales_supported: call
            .view
            .catalog()
            .locales()
            .map(|locale| locale.as_str().to_owned())
            .collect(),
    };
    Answer::ok(&known).into()
}
