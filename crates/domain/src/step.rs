//! What a sign-in may want after a right credential.

/// Something that comes before anybody is let in, though the credential was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The account's address has to be proven.
    Verify,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::Verify];

    /// The stable code, which is also the translation key's stem.
    pub fn code(self) -> &'static str {
        match self {
            Self::Verify => "unverified",
        }
    }
}
