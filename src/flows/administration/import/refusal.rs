//! Why a record is not taken over.

use std::fmt;

use domain::FieldCode;
use recipes::Refusal;

/// The reason, without anything of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportRefusal {
    /// The id in the source is too long or has a NUL.
    Id,
    /// An account needs an address.
    NoAddress,
    /// The address is none.
    Address(FieldCode),
    /// The hash cannot be taken over.
    Hash(Refusal),
    /// The recipe is none.
    Recipe,
    /// A hash of our own export that is none of ours.
    OwnHash,
    /// The account wants a second factor here that its owner does not have.
    Factor(String),
}

impl ImportRefusal {
    /// A stable word for reports and programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Id => "id_invalid",
            Self::NoAddress => "email_missing",
            Self::Address(_) => "email_invalid",
            Self::Hash(refusal) => refusal.code(),
            Self::Recipe => "recipe_unknown",
            Self::OwnHash => "hash_malformed",
            Self::Factor(_) => "factor_lost",
        }
    }
}

impl fmt::Display for ImportRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id => f.write_str("the account's id has more than 255 bytes, or one that is zero"),
            Self::NoAddress => f.write_str("the account has no e-mail address, and one is needed here"),
            Self::Address(_) => f.write_str("the e-mail address is none"),
            Self::Hash(Refusal::Weak) => write!(f, "{}; see --allow-weak", Refusal::Weak),
            Self::Hash(refusal) => refusal.fmt(f),
            Self::Recipe => f.write_str("there is no such recipe; see --recipe"),
            Self::Factor(why) => write!(
                f,
                "{why}; its account wants a second factor, which its owner asks you or the sign-in page to take off"
            ),
            Self::OwnHash => f.write_str("the password hash is none that this program makes or verifies"),
        }
    }
}
