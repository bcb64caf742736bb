//! What the calls for passkeys take and answer.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What a browser needs for a passkey (W3C Web Authentication, level 3, in JSON).
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "publicKey": {
    "challenge": "k8Xw0yQy2mYb0Yd5m0xk1mZf0bq7yqgVv0bN4d7nE9s", "timeout": 300_000,
    "rpId": "accounts.example.org", "allowCredentials": [], "userVerification": "required"
} }))]
pub struct PasskeyOptions {
    /// For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
    #[serde(rename = "publicKey")]
    #[schema(value_type = Object)]
    pub public_key: Value,
}

/// What an authenticator answered.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct PasskeyAnswer {
    /// What `PublicKeyCredential.toJSON` gives, as text or as an object.
    #[schema(example = "{\"id\":\"…\",\"rawId\":\"…\",\"type\":\"public-key\",\"response\":{}}")]
    credential: String,
}

/// A passkey that an authenticator has made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct NewPasskey {
    /// What `PublicKeyCredential.toJSON` gives, as text or as an object.
    #[schema(example = "{\"id\":\"…\",\"rawId\":\"…\",\"type\":\"public-key\",\"response\":{}}")]
    credential: String,
    /// Empty for the model of the authenticator.
    #[schema(max_length = 60, example = "Yubikey at home")]
    name: Option<String>,
}

/// Another name for a passkey.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct PasskeyName {
    #[schema(example = 7)]
    id: i64,
    #[schema(min_length = 1, max_length = 60, example = "Yubikey at work")]
    name: String,
}

/// A passkey.
#[derive(Serialize, ToSchema)]
pub struct PasskeyRow {
    #[schema(example = 7)]
    pub id: i64,
    /// May be empty.
    #[schema(example = "Bitwarden")]
    pub name: String,
    /// The model of the authenticator, where it is known.
    #[schema(example = "Bitwarden")]
    pub model: Option<String>,
    /// By what browsers know it, in base64url.
    #[schema(example = "q83vEjRWeJA")]
    pub credential_id: String,
    #[schema(example = "2026-11-28T10:00:00Z")]
    pub created_at: String,
    /// `null` before its first use.
    #[schema(example = "2026-11-28T10:00:00Z")]
    pub seen_at: Option<String>,
    /// The network address that it was last used from; may be empty.
    #[schema(example = "127.0.0.1")]
    pub place: String,
}

/// A passkey that was added.
#[derive(Serialize, ToSchema)]
pub struct AddedPasskey {
    #[schema(example = 7)]
    pub id: i64,
    /// May be empty.
    #[schema(example = "Bitwarden")]
    pub name: String,
    /// The model of the authenticator, where it is known.
    #[schema(example = "Bitwarden")]
    pub model: Option<String>,
    /// By what browsers know it, in base64url.
    #[schema(example = "q83vEjRWeJA")]
    pub credential_id: String,
    #[schema(example = "2026-11-28T10:00:00Z")]
    pub created_at: String,
    /// `null` before its first use.
    #[schema(example = "2026-11-28T10:00:00Z")]
    pub seen_at: Option<String>,
    /// The network address that it was last used from; may be empty.
    #[schema(example = "127.0.0.1")]
    pub place: String,
    /// The recovery codes that came with it, if it is the account's first second factor: shown this once.
    #[schema(example = json!(["K7QM-2XWP-9RTD"]))]
    pub recovery_codes: Option<Vec<String>>,
}

/// The passkeys of an account.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "passkeys": [{
        "id": 7, "name": "Bitwarden", "model": "Bitwarden", "credential_id": "q83vEjRWeJA",
        "created_at": "2026-11-28T10:00:00Z", "seen_at": null, "place": ""
    }],
    "has_password": true
}))]
pub struct PasskeyRows {
    pub passkeys: Vec<PasskeyRow>,
    /// Whether the account has a password too.
    pub has_password: bool,
}

/// How many are renamed.
#[derive(Serialize, ToSchema)]
pub struct Renamed {
    #[schema(example = 1)]
    pub renamed: u64,
}
