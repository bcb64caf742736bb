//! An account as every product's file is read: one neutral record.

use std::collections::BTreeMap;

use recipes::factors::{RecoveryCodes, TotpSecret};

use super::own_record::OwnRecord;
use super::password::Password;

/// What a file says of one account. Texts stand as in the source: nothing is checked, trimmed or lower-cased.
/// Empty text is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The account's id in the source.
    pub id: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether the address was proven.
    pub email_verified: Fact,
    /// The name for signing in.
    pub username: Option<String>,
    /// The name for showing.
    pub name: Option<String>,
    /// The first name.
    pub firstname: Option<String>,
    /// The last name.
    pub lastname: Option<String>,
    /// The language, as the source names it.
    pub locale: Option<String>,
    /// When the account was made, in milliseconds since 1970.
    pub created_at: Option<i64>,
    /// Whether the account is closed.
    pub disabled: Fact,
    /// The roles, in the source's own words.
    pub roles: Vec<String>,
    /// Other texts, by name.
    pub fields: BTreeMap<String, String>,
    /// The password.
    pub password: Password,
    /// The secret of an authenticator app.
    pub totp: Option<TotpSecret>,
    /// Whether there is a second factor, which may stand elsewhere in the file.
    pub has_factor: bool,
    /// Whether there is a second factor that cannot be read.
    pub factor_lost: bool,
    /// The recovery codes that were not used.
    pub recovery_codes: Option<RecoveryCodes>,
    /// Accounts of other providers that sign in.
    pub identities: Vec<Identity>,
    /// The rest of an account that was one of ours.
    pub own: Option<Box<OwnRecord>>,
}

/// Yes or no, and since when or how long, as far as the source says so. Times are milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fact {
    /// The source does not say.
    #[default]
    Unsaid,
    /// No.
    No,
    /// Yes.
    Yes,
    /// Yes, since then.
    Since(i64),
    /// Yes, until then: whoever knows the time has to look.
    Until(i64),
}

/// An account of another provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The provider, as the source names it.
    pub provider: String,
    /// The account's id there.
    pub subject: String,
}
