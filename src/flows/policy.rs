//! What the flows are allowed to do, derived from the settings.

use domain::{CustomFields, PasswordPolicy, PictureLimits, SessionLimits, Verification};

/// The operator's rules.
#[derive(Clone, Debug)]
pub struct AccountPolicy {
    /// Rules for new passwords.
    pub password: PasswordPolicy,
    /// How long sessions last.
    pub session: SessionLimits,
    /// Most sessions kept in memory.
    pub cached_sessions: u64,
    /// The operator's fields.
    pub fields: CustomFields,
    /// Languages that an account may choose.
    pub locales: Vec<String>,
    /// How large an uploaded picture may be.
    pub picture: PictureLimits,
    /// Whether addresses have to be proven.
    pub verification: Verification,
}
