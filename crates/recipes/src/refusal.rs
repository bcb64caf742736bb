//! Why a stored hash is not taken over, and why a password could not be compared with one that was.

use std::fmt;

/// Why a stored value does not become a [`ForeignHash`](crate::ForeignHash). No variant carries any of the
/// value, so that a report can show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The account has no password. That is no mistake of the row: see [`is_absence`](Self::is_absence).
    NoPassword,
    /// The value is not of the form that the recipe's product stores.
    Malformed(&'static str),
    /// The scheme is known and not computed here, or not known.
    UnknownScheme(&'static str),
    /// A digest that is guessed at billions of times a second, without the operator's leave.
    Weak,
    /// Verifying would take more memory than the bound.
    TooMuchMemory {
        /// KiB that one verification would take.
        kib: u64,
        /// KiB that it may take.
        most: u64,
    },
    /// Verifying would take more time than the bound, by the estimate.
    TooSlow {
        /// Milliseconds that one verification would take.
        millis: u64,
        /// Milliseconds that it may take.
        most: u64,
    },
    /// The recipe needs a secret of the product's server that was not given, by this name.
    SecretMissing(String),
    /// The value is the password itself. Hash it at once, as for a new account; it is not kept here.
    PasswordInClear,
}

impl Refusal {
    /// A stable word for reports and programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPassword => "no_password",
            Self::Malformed(_) => "malformed",
            Self::UnknownScheme(_) => "unknown_scheme",
            Self::Weak => "weak",
            Self::TooMuchMemory { .. } => "too_much_memory",
            Self::TooSlow { .. } => "too_slow",
            Self::SecretMissing(_) => "secret_missing",
            Self::PasswordInClear => "password_in_clear",
        }
    }

    /// Whether the account simply has no password, so that the row is right as it is.
    #[must_use]
    pub fn is_absence(&self) -> bool {
        *self == Self::NoPassword
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPassword => f.write_str("the account has no password"),
            Self::Malformed(what) => write!(f, "the stored value is not what the recipe reads: {what}"),
            Self::UnknownScheme(what) => write!(f, "no scheme that can be computed here: {what}"),
            Self::Weak => f.write_str(
                "a digest that is guessed very fast once somebody has a copy; it wants leave for weak hashes",
            ),
            Self::TooMuchMemory { kib, most } => {
                write!(f, "one verification would take {kib} KiB of memory; {most} are the bound")
            }
            Self::TooSlow { millis, most } => {
                write!(f, "one verification would take about {millis} ms; {most} are the bound")
            }
            Self::SecretMissing(name) => {
                write!(f, "the hash is made with a secret of the server; none named `{name}` was given")
            }
            Self::PasswordInClear => {
                f.write_str("the value is the password itself; hash it at once, as for a new account")
            }
        }
    }
}

impl std::error::Error for Refusal {}

/// Why a password was not compared. The answer to whoever typed it is the same as to a wrong one; the
/// operator has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// The secret of this name is needed and not there any more.
    SecretMissing(String),
    /// The memory for the computation could not be had.
    OutOfMemory,
    /// The scheme's library refused parameters that it takes at import.
    Library,
}

impl VerifyError {
    /// A stable word for logs and programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SecretMissing(_) => "secret_missing",
            Self::OutOfMemory => "out_of_memory",
            Self::Library => "library",
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecretMissing(name) => write!(f, "the secret `{name}` of an imported hash is missing"),
            Self::OutOfMemory => f.write_str("no memory for verifying an imported hash"),
            Self::Library => f.write_str("the parameters of an imported hash are refused by its library"),
        }
    }
}

impl std::error::Error for VerifyError {}

/// Turns an absent part into the refusal that names it.
pub(crate) trait OrMalformed<T> {
    /// # Errors
    /// [`Refusal::Malformed`], saying `what`.
    fn or_malformed(self, what: &'static str) -> Result<T, Refusal>;
}

impl<T> OrMalformed<T> for Option<T> {
    fn or_malformed(self, what: &'static str) -> Result<T, Refusal> {
        self.ok_or(Refusal::Malformed(what))
    }
}
