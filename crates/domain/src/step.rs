//! The steps that a sign-in may require after a correct credential.

/// A step that an account must complete after a correct credential, before it is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Taking back that the owner has deleted the account.
    Restore,
    /// Proving the account's e-mail address.
    Verify,
    /// Waiting until the operator approves of the account.
    Approval,
    /// Choosing a password in place of a generated one that has expired, through a mailed link.
    NewPassword,
    /// Proving a second factor: a passkey, a code of an authenticator app or a recovery code.
    SecondFactor,
    /// Agreeing to the terms of use.
    Terms,
    /// Setting up a second factor, which the account's role requires.
    SetUpFactor,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 7] = [
        Self::Restore,
        Self::Verify,
        Self::Approval,
        Self::NewPassword,
        Self::SecondFactor,
        Self::Terms,
        Self::SetUpFactor,
    ];

    /// The stable code, which is also the stem of the translation key.
    pub fn code(self) -> &'static str {
        match self {
            Self::Restore => "deletion_pending",
            Self::Verify => "unverified",
            Self::Approval => "approval_wanted",
            Self::NewPassword => "password_expired",
            Self::SecondFactor => "second_factor_required",
            Self::Terms => "terms_wanted",
            Self::SetUpFactor => "second_factor_missing",
        }
    }
}
