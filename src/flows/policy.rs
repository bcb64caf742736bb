//! What the flows are allowed to do, derived from the settings.

use crate::domain::{CustomFields, PasswordPolicy, SessionLimits, Verification};

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
    /// Largest upload in MiB, for the sentence that says so.
    pub picture_max_mib: u64,
    /// Whether addresses have to be proven.
    pub verification: Verification,
}
