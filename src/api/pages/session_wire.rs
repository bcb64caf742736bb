//! What the calls about who is signed in answer.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::providers::ProviderLink;
use super::wire::Account;

/// An account, and by what it is opened.
#[derive(Serialize, ToSchema)]
pub struct SecuredAccount {
    /// `null` after a sign-up whose address is to be proven first.
    #[schema(example = 1)]
    pub id: Option<i64>,
    #[schema(format = Email, example = "ada@example.org")]
    pub email: String,
    /// Whether the address has been proven.
    #[schema(example = true)]
    pub verified: bool,
    #[schema(example = "ada")]
    pub username: Option<String>,
    /// May be empty.
    #[schema(example = "Ada Lovelace")]
    pub name: String,
    /// What to call the person; never empty.
    #[schema(example = "Ada Lovelace")]
    pub display_name: String,
    /// May be empty.
    #[schema(example = "Ada")]
    pub firstname: String,
    /// May be empty.
    #[schema(example = "Lovelace")]
    pub lastname: String,
    /// `null` follows the browser.
    #[schema(example = "fr")]
    pub locale: Option<String>,
    /// 1 member, 2 editor, 3 administrator, or one of the site's own.
    #[schema(example = 1)]
    pub role: i64,
    /// 256 pixels wide and high.
    #[schema(format = "uri", example = "https://accounts.example.org/user/picture/letter/7/A.svg")]
    pub avatar_url: String,
    /// The operator's fields that have a value.
    #[schema(example = json!({}))]
    pub fields: BTreeMap<String, String>,
    #[schema(example = true)]
    pub has_password: bool,
    pub second_factors: SecondFactorState,
    /// Other providers, with the accounts there that sign in.
    #[schema(example = json!([]))]
    pub providers: Vec<ProviderLink>,
}

/// The second factors of an account.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "wanted": true, "totp": true, "passkeys": 1, "recovery_codes": 10 }))]
pub struct SecondFactorState {
    /// Whether the password alone does not sign in.
    pub wanted: bool,
    /// Whether an authenticator app is set up.
    pub totp: bool,
    /// How many passkeys there are.
    pub passkeys: u64,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
}

/// Who is signed in, for scripts of the operator's sites.
#[derive(Serialize, ToSchema)]
pub struct SiteSession {
    pub account: Account,
    /// The name of the account's role.
    #[schema(example = json!(["member"]))]
    pub groups: Vec<String>,
    /// By what the session was proven: `password`, `totp`, `recovery_code`, `passkey`, `redirection`,
    /// `trusted_browser`, `provider`.
    #[schema(example = json!(["password", "totp"]))]
    pub factors: Vec<String>,
    #[schema(example = "2026-11-28T10:00:00Z")]
    pub signed_in_at: String,
    /// When its owner last proved who they are; `null` after a sign-in by redirection or by a provider.
    #[schema(example = "2026-11-28T10:00:00Z")]
    pub proven_at: Option<String>,
}
