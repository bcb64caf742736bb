//! What only our own export says of an account.

/// The rest of an account that was one of ours. Times are milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnRecord {
    /// When the account was last changed.
    pub updated_at: Option<i64>,
    /// When its owner last chose a password.
    pub password_changed_at: Option<i64>,
    /// When a password that was generated stops to sign in.
    pub password_expires_at: Option<i64>,
    /// Since when it waits for the operator's approval.
    pub approval_wanted_at: Option<i64>,
    /// Since when the password alone is not enough.
    pub second_factor_at: Option<i64>,
    /// The version of the terms of use that its owner agreed to.
    pub terms: Option<String>,
    /// The name of its picture.
    pub picture: Option<String>,
    /// Its passkeys, where the file has second factors.
    pub passkeys: Vec<OwnPasskey>,
}

/// A passkey, which works at one site alone. Bytes are in base64url without padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPasskey {
    /// The host that it belongs to.
    pub site: String,
    /// By what authenticators know its account.
    pub user_handle: String,
    /// By what an authenticator finds it.
    pub credential_id: String,
    /// The public key and what else was registered, as JSON.
    pub credential: String,
    /// The AAGUID of the authenticator.
    pub model: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: i64,
}
