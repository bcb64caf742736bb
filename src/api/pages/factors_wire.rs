//! What the calls for second factors take and answer.

use serde::Serialize;
use utoipa::ToSchema;

/// A code that an authenticator app shows.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema")]
pub struct FactorCode {
    #[schema(example = "287082")]
    code: String,
}

/// The secret of an authenticator app.
#[derive(Serialize, ToSchema)]
pub struct TotpSetUp {
    /// Base32, as apps take it.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    pub secret: String,
    /// The same for a QR code.
    #[schema(
        format = "uri",
        example = "otpauth://totp/Example:ada@example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example"
    )]
    pub uri: String,
}

/// New recovery codes; none where the account keeps those that it has.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    #[schema(example = json!(["2345-6789-ABCD-EFGH"]))]
    pub recovery_codes: Vec<String>,
}

/// How many recovery codes are left.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodesLeft {
    #[schema(example = 9)]
    pub left: i64,
    /// `null` without codes.
    #[schema(format = DateTime, example = "2026-01-31T09:30:00Z")]
    pub made_at: Option<String>,
}
