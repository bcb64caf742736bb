//! The steps that a sign-in may require after a correct credential.

/// A step that an account must complete after a correct credential, before it is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Proving the account's e-mail address.
    Verify,
    /// Choosing a password in place of a generated one that has expired, through a mailed link.
    NewPassword,
    /// Proving a second factor: a passkey, a code of an authenticator app or a recovery code.
    SecondFactor,
    /// Setting up a second factor, which the account's role requires.
    SetUpFactor,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 4] = [Self::Verify, Self::NewPassword, Self::SecondFactor, Self::SetUpFactor];

    /// The stable code, which is also the stem of the translation key.
    pub fn code(self) -> &'static str {
        match self {
            Self::Verify => "unverified",
            Self::NewPassword => "password_expired",
            Self::SecondFactor => "second_factor_required",
            Self::SetUpFactor => "second_factor_missing",
        }
    }
}
