//! What a file says of an account apart from it.

use recipes::factors::{RecoveryCodes, TotpSecret};

use super::password::ForeignPassword;
use super::record::{Fact, Identity, Record};

/// One record of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// An account.
    Account(Box<Record>),
    /// Something about an account that stands elsewhere in the file, before or behind.
    Supplement(Supplement),
}

/// Something about the account with an id of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplement {
    /// The account's id in the source.
    pub account: String,
    /// What is said of it.
    pub additions: Vec<Addition>,
}

/// One thing about an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addition {
    /// One of its addresses. What it says of being proven is of that address alone.
    Email {
        /// The address.
        email: String,
        /// Whether it was proven.
        verified: Fact,
        /// Whether it is the account's own.
        primary: bool,
    },
    /// Its password.
    Password(Box<ForeignPassword>),
    /// The secret of its authenticator app.
    Totp(TotpSecret),
    /// The secret of an app that counts only where the account itself says that it asks for a second factor
    /// ([`Record::has_factor`]).
    TotpIfAsked(TotpSecret),
    /// It has a second factor that cannot be read, for this reason.
    FactorLost(String),
    /// Its recovery codes that were not used.
    RecoveryCodes(RecoveryCodes),
    /// An account of another provider that signs in.
    Identity(Identity),
    /// Its roles, in the source's own words.
    Roles(Vec<String>),
    /// Its first name.
    Firstname(String),
    /// Its last name.
    Lastname(String),
    /// Its language, as the source names it.
    Locale(String),
}
