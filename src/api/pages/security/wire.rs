//! What they take and answer.

use serde::Serialize;
use utoipa::ToSchema;

/// Whose second factors are taken off, and when.
#[derive(Serialize, ToSchema)]
pub struct FactorRecoveryOffer {
    #[schema(format = Email, example = "ada@example.org")]
    pub email: String,
    #[schema(example = "2026-12-01T10:00:00Z")]
    pub due_at: String,
}

/// When the second factors are taken off.
#[derive(Serialize, ToSchema)]
pub struct FactorRecoveryDue {
    #[schema(example = "2026-12-01T10:00:00Z")]
    pub due_at: String,
}

/// An event.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct DeniedEvent {
    /// Its `id`.
    #[schema(example = 7)]
    event: i64,
}

/// Nothing opens the account any more.
#[derive(Serialize, ToSchema)]
pub struct Denied {
    #[schema(example = true)]
    pub denied: bool,
}

/// What happened to the account.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "events": [{
        "id": 7, "kind": "signed_in", "at": "2026-11-28T10:00:00Z", "actor": "owner", "key": null,
        "factors": ["password"], "label": "Firefox · Linux", "place": "203.0.113.0/24", "detail": "pages"
    }],
    "next": null
}))]
pub struct SecurityLogRows {
    pub events: Vec<LoggedEvent>,
    /// Send it as `before` for what happened earlier; `null` if there is nothing.
    pub next: Option<i64>,
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
pub struct LoggedEvent {
    pub id: i64,
    /// Such as `signed_in`, `password_changed` or `passkey_added`.
    pub kind: String,
    pub at: String,
    /// `owner`, `key`, `operator` or `system`.
    pub actor: String,
    /// Name of the API key that did it.
    pub key: Option<String>,
    /// By what it was proven: `password`, `totp`, `recovery_code`, `passkey`, `app_password`, `redirection`,
    /// `trusted_browser`, `provider`.
    pub factors: Vec<String>,
    /// Browser or app; may be empty.
    pub label: String,
    /// The network; may be empty.
    pub place: String,
    /// A value that depends on the kind, such as the door of a sign-in or the address before; may be empty.
    pub detail: String,
}
