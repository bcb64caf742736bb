//! The calls for accounts at other providers, and what they take and answer.
#![expect(
    dead_code,
    reason = "the pages' handlers serve the paths; these functions carry their descriptions"
)]

use serde::Serialize;
use utoipa::ToSchema;

use super::wire::{Account, Requested, Row};

/// The providers that people sign in with.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "providers": [{ "name": "google", "label": "Google" }] }))]
pub struct OfferedProviders {
    pub providers: Vec<OfferedProvider>,
}

/// A provider that people sign in with.
#[derive(Serialize, ToSchema)]
pub struct OfferedProvider {
    pub name: String,
    /// What people call it.
    pub label: String,
}

/// Which provider is wanted.
#[derive(ToSchema)]
pub struct ProviderChoice {
    /// Its name.
    #[schema(example = "google")]
    provider: String,
}

/// The way to a provider.
#[derive(Serialize, ToSchema)]
pub struct ProviderWay {
    /// Where the browser is to be led that has the cookie of this answer.
    #[schema(example = "https://accounts.google.com/o/oauth2/v2/auth?state=Zv0kq3T1mXw8")]
    pub redirect_to: String,
}

/// Somebody whom no account has yet.
#[derive(Serialize, ToSchema)]
pub struct Newcomer {
    /// The name of the provider.
    #[schema(example = "google")]
    pub provider: String,
    /// What people call it.
    #[schema(example = "Google")]
    pub label: String,
    /// By what they recognise their account there; may be empty.
    #[schema(example = "ada@example.org")]
    pub handle: String,
    /// The address that the provider suggests; may be empty.
    #[schema(example = "ada@example.org")]
    pub email: String,
    /// The name that it suggests; may be empty.
    #[schema(example = "Ada Lovelace")]
    pub name: String,
}

/// Somebody new, without a password. The operator's fields that are asked at sign-up come beside these.
#[derive(ToSchema)]
pub struct NewcomerSignUp {
    #[schema(format = Email, max_length = 254, example = "ada@example.org")]
    email: String,
    #[schema(max_length = 40, example = "ada")]
    username: Option<String>,
    #[schema(max_length = 100, example = "Ada Lovelace")]
    name: Option<String>,
    /// `true`: the person agrees to the terms of use. Needed where the site has some.
    #[schema(example = true)]
    terms: Option<bool>,
}

/// What somebody decides about their account at a provider.
#[derive(ToSchema)]
pub struct LinkDecision {
    /// `link` or `leave`.
    #[schema(pattern = "^(link|leave)$", example = "link")]
    decision: String,
}

/// How many were linked.
#[derive(Serialize, ToSchema)]
pub struct LinkedAccounts {
    #[schema(example = 1)]
    pub linked: u64,
}

/// How many were unlinked.
#[derive(Serialize, ToSchema)]
pub struct UnlinkedAccounts {
    #[schema(example = 1)]
    pub unlinked: u64,
}

/// The providers, with the accounts there that sign in.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "providers": [{
        "name": "google", "label": "Google", "linked": {
            "id": 7, "handle": "ada@example.org", "created_at": "2026-11-28T10:00:00Z", "seen_at": null
        }
    }]
}))]
pub struct ProviderStates {
    pub providers: Vec<ProviderLink>,
}

/// A provider, with the account there that signs in.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "name": "google", "label": "Google", "linked": null }))]
pub struct ProviderLink {
    /// Empty where the site does not offer it any more.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// `null` where none is linked.
    pub linked: Option<LinkedAccount>,
}

/// An account at a provider that signs in.
#[derive(Serialize, ToSchema)]
pub struct LinkedAccount {
    pub id: i64,
    /// By what its owner recognises it; may be empty.
    pub handle: String,
    pub created_at: String,
    /// When it last signed in; `null` before the first time.
    pub seen_at: Option<String>,
}

/// List the providers that people sign in with
#[utoipa::path(
    get,
    path = "/user/providers",
    responses((status = 200, description = "All of them.", body = OfferedProviders))
)]
fn offered_providers() {}

/// Begin to sign in with an account at a provider
///
/// The answer of the provider comes to the browser, which signs in by it.
#[utoipa::path(
    post,
    path = "/user/providers",
    request_body = ProviderChoice,
    responses((status = 200, description = "The way there.", body = ProviderWay))
)]
fn leave_for_provider() {}

/// Look at whom a provider vouched for, and no account has yet
#[utoipa::path(
    get,
    path = "/user/identity",
    responses((status = 200, description = "Who it is.", body = Newcomer))
)]
fn newcomer() {}

/// Sign up with an account at a provider
///
/// No password is asked for. Where addresses have to be proven first, the answer is 202, for a taken address
/// too.
#[utoipa::path(
    post,
    path = "/user/identity",
    request_body = NewcomerSignUp,
    responses(
        (status = 200, description = "The account is there, and signed in.", body = Account),
        (status = 202, description = "A link is on its way to the address.", body = Requested)
    )
)]
fn sign_up_newcomer() {}

/// Link whom a provider vouched for to your account
#[utoipa::path(
    post,
    path = "/user/identity/link",
    request_body = LinkDecision,
    responses((status = 200, description = "It is linked, or left.", body = LinkedAccounts)),
    security(("session" = []))
)]
fn link_newcomer() {}

/// List the accounts at providers that sign in to yours
#[utoipa::path(
    get,
    path = "/user/security/providers",
    responses((status = 200, description = "All of them.", body = ProviderStates)),
    security(("session" = []))
)]
fn linked_providers() {}

/// Begin to link an account at a provider
///
/// The answer of the provider comes to the browser of this session, whose account it is linked with.
#[utoipa::path(
    post,
    path = "/user/security/providers",
    request_body = ProviderChoice,
    responses((status = 200, description = "The way there.", body = ProviderWay)),
    security(("session" = []))
)]
fn link_provider() {}

/// Unlink an account at a provider
#[utoipa::path(
    post,
    path = "/user/security/providers/unlink",
    request_body = Row,
    responses((status = 200, description = "It signs in no more.", body = UnlinkedAccounts)),
    security(("session" = []))
)]
fn unlink_provider() {}
