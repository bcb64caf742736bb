//! What a client learns of an account, by the scopes that were permitted (OpenID Connect Core 1.0, section
//! 5.4).

use domain::{Account, CustomFields, Factor, Factors, OidcScope, OidcScopes};
use serde_json::{Map, Value, json};

use crate::flows::avatar::Avatar;

/// Names that mean something in a token or an answer (RFC 7519, section 10.1, and the registry that it made):
/// what somebody types into a field of the operator's must not be taken for it.
const REGISTERED: [&str; 42] = [
    "acr",
    "act",
    "active",
    "address",
    "amr",
    "at_hash",
    "aud",
    "auth_time",
    "azp",
    "birthdate",
    "c_hash",
    "client_id",
    "cnf",
    "email",
    "email_verified",
    "events",
    "exp",
    "family_name",
    "gender",
    "given_name",
    "groups",
    "iat",
    "iss",
    "jti",
    "locale",
    "middle_name",
    "name",
    "nbf",
    "nickname",
    "nonce",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "roles",
    "s_hash",
    "scope",
    "sid",
    "sub",
    "token_type",
    "updated_at",
];

/// The claims of `account`. `address` makes a path of this site absolute.
pub fn claims_of(
    account: &Account,
    role: &str,
    fields: &CustomFields,
    scopes: OidcScopes,
    address: impl Fn(&str) -> String,
) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".into(), account.id.to_string().into());
    if scopes.contains(OidcScope::Profile) {
        claims.insert("name".into(), account.display_name().into());
        claims.insert("picture".into(), address(&Avatar::of(account).large).into());
        claims.insert("updated_at".into(), (account.updated_at.0 / 1000).into());
        claims.insert("groups".into(), json!([role]));
        let username = account.username.as_ref().map(|username| username.as_str());
        let texts = [
            ("preferred_username", username.unwrap_or_default()),
            ("given_name", &account.firstname),
            ("family_name", &account.lastname),
            ("locale", account.locale.as_deref().unwrap_or_default()),
        ];
        // What is not known is left out (section 5.3.2).
        for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            claims.insert(name.into(), text.into());
        }
        let known = fields.iter().filter_map(|field| Some((&field.name, account.fields.get(&field.name)?)));
        for (name, value) in
            known.filter(|(name, value)| !value.is_empty() && !REGISTERED.contains(&name.as_str()))
        {
            claims.entry(name.clone()).or_insert_with(|| value.clone().into());
        }
    }
    if scopes.contains(OidcScope::Email) {
        claims.insert("email".into(), account.email.as_str().into());
        claims.insert("email_verified".into(), account.verified_at.is_some().into());
    }
    claims
}

/// By what a session was proven, in the words of RFC 8176.
pub(super) fn methods(factors: Factors) -> Vec<&'static str> {
    let mut methods = Vec::new();
    for factor in factors.iter() {
        let word = match factor {
            Factor::Password => "pwd",
            Factor::Totp | Factor::RecoveryCode => "otp",
            // Whether its key is in hardware is not known.
            Factor::Passkey => "pop",
            Factor::AppPassword | Factor::Redirection | Factor::TrustedBrowser => continue,
        };
        if !methods.contains(&word) {
            methods.push(word);
        }
    }
    if factors.prove_a_second() {
        methods.push("mfa");
    }
    methods
}

/// How well somebody was proven: `2` by a second factor or a passkey, else `1`.
pub(super) fn context(factors: Factors) -> &'static str {
    if factors.prove_a_second() { "2" } else { "1" }
}
