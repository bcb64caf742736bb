//! The operator's rules for accounts, derived from the settings.

use std::sync::Arc;
use std::time::Duration;

use super::passkeys::RelyingParty;
use domain::{
    CustomFields, DeletionMode, PasswordPolicy, PictureLimits, Role, SessionLimits, SignUpRules,
    SignUpUsername, UsernameLife, Verification,
};

/// The operator's rules for accounts.
#[derive(Clone, Debug)]
pub struct AccountPolicy {
    pub password: PasswordPolicy,
    /// Whether an amadis user secret outlives a change of password.
    pub secret_outlives_password: bool,
    /// The roles whose accounts must have a second factor.
    pub factors_required: Arc<[Role]>,
    /// How long sessions last.
    pub session: SessionLimits,
    /// How long the owner of an account can stop its second factors from being taken off.
    pub factor_recovery: Duration,
    /// Most sessions kept in memory.
    pub cached_sessions: u64,
    /// The operator's own profile fields.
    pub fields: CustomFields,
    /// Language codes that an account may choose.
    pub locales: Vec<String>,
    /// Bounds on an uploaded picture.
    pub picture: PictureLimits,
    /// Whether e-mail addresses have to be verified.
    pub verification: Verification,
    /// How long events are kept.
    pub audit_kept: Duration,
    /// What owners can do to be rid of their accounts.
    pub deletion_mode: DeletionMode,
    /// How long a deleted account can be brought back.
    pub deletion_grace: Duration,
    /// What becomes of usernames that are given up.
    pub usernames: UsernameLife,
    /// Whether the sign-up page asks for a username.
    pub sign_up_username: SignUpUsername,
    /// Who may sign up, and with what.
    pub sign_up: SignUpRules,
    /// The site as passkeys know it; `None` where they cannot work.
    pub passkeys: Option<RelyingParty>,
}
