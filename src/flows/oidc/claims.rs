//! What a client learns of an account: by the scopes that were permitted (OpenID Connect Core 1.0, section
//! 5.4), and by name (section 5.5).

use domain::{Account, CustomFields, Factor, Factors, OidcScope, OidcScopes, RequestedClaims};
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

/// The claims of the scope `profile`, beside the operator's fields.
const OF_PROFILE: [&str; 8] =
    ["name", "given_name", "family_name", "preferred_username", "picture", "locale", "updated_at", "groups"];

/// The claims of the scope `email`.
const OF_EMAIL: [&str; 2] = ["email", "email_verified"];

/// The scope that the claim `name` belongs to; `None` where it belongs to none that is asked for.
fn scope_of(name: &str, fields: &CustomFields) -> Option<OidcScope> {
    if OF_EMAIL.contains(&name) {
        return Some(OidcScope::Email);
    }
    let own = !REGISTERED.contains(&name) && fields.iter().any(|field| field.name == name);
    (OF_PROFILE.contains(&name) || own).then_some(OidcScope::Profile)
}

/// The scopes that `claims` belong to: whoever permits one of them permits what its scope says.
pub(super) fn scopes_of(claims: &RequestedClaims, fields: &CustomFields) -> OidcScopes {
    claims.names().filter_map(|name| scope_of(name, fields)).fold(OidcScopes::default(), OidcScopes::and)
}

/// Of `claims` those that there are.
pub(super) fn known(claims: RequestedClaims, fields: &CustomFields) -> RequestedClaims {
    let kept = |names: Vec<String>| {
        let mut kept: Vec<String> = Vec::new();
        for name in names {
            if scope_of(&name, fields).is_some() && !kept.contains(&name) {
                kept.push(name);
            }
        }
        kept
    };
    RequestedClaims { id_token: kept(claims.id_token), user_info: kept(claims.user_info) }
}

/// Of `claims` those that belong to `scopes`.
pub(super) fn within(claims: &RequestedClaims, scopes: OidcScopes, fields: &CustomFields) -> RequestedClaims {
    let kept = |names: &[String]| {
        let of_scope = |name: &&String| scope_of(name, fields).is_some_and(|scope| scopes.contains(scope));
        names.iter().filter(of_scope).cloned().collect()
    };
    RequestedClaims { id_token: kept(&claims.id_token), user_info: kept(&claims.user_info) }
}

/// The claims of `account` by `scopes`, and those of `names`. `address` makes a path of this site absolute.
pub(super) fn claims_by_name(
    account: &Account,
    role: &str,
    fields: &CustomFields,
    (scopes, names): (OidcScopes, &[String]),
    address: impl Fn(&str) -> String,
) -> Map<String, Value> {
    let mut claims = claims_of(account, role, fields, scopes, &address);
    if names.is_empty() {
        return claims;
    }
    let all = OidcScope::ALL.into_iter().fold(OidcScopes::default(), OidcScopes::and);
    let all = claims_of(account, role, fields, all, address);
    claims.extend(all.into_iter().filter(|(name, _)| names.contains(name)));
    claims
}

/// The claims of `account`. `address` makes a path of this site absolute.
fn claims_of(
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
            Factor::AppPassword | Factor::Redirection | Factor::TrustedBrowser | Factor::Provider => continue,
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
