//! API keys: the operator's credentials for trusted servers, and the calls that each key allows.

use std::fmt;
use std::str::FromStr;

use super::{Millis, Role};

/// The number of a key, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ApiKeyId(pub i64);

/// A kind of call that a key may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Asking whether an account exists and whether a password is right.
    AccountsRead,
    /// Creating and changing accounts.
    AccountsWrite,
    /// Setting or resetting an account's password.
    PasswordReset,
}

impl Scope {
    /// Every scope. A new key has all of them unless the operator names some.
    pub const ALL: [Self; 3] = [Self::AccountsRead, Self::AccountsWrite, Self::PasswordReset];

    /// The word on the command line and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountsRead => "accounts:read",
            Self::AccountsWrite => "accounts:write",
            Self::PasswordReset => "password:reset",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|scope| scope.as_str()).collect();
            format!("should be one of {}", known.join(", "))
        })
    }
}

/// The name of a key: 1 to 60 of `a-z A-Z 0-9 . _ -`. It is sent as the user name of `Authorization: Basic`,
/// which cannot contain a `:` (RFC 7617).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyName(String);

impl ApiKeyName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ApiKeyName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if (1..=60).contains(&name.len()) && name.bytes().all(plain) {
            Ok(Self(name.to_owned()))
        } else {
            Err("should be 1 to 60 letters, digits, dots, hyphens or underscores".into())
        }
    }
}

/// A key, without its secret.
#[derive(Clone, Debug)]
pub struct ApiKey {
    pub id: ApiKeyId,
    /// The key's name; unique among the keys that are not revoked.
    pub name: String,
    /// The calls that the key allows.
    pub scopes: Vec<Scope>,
    /// The roles that the key may give, and that an account it changes may have.
    pub roles: Vec<Role>,
    /// When the operator created the key.
    pub created_at: Millis,
    /// When the key expires; `None` for never.
    pub expires_at: Option<Millis>,
    /// When the key was last used, accurate to [`API_KEY_TOUCH`](super::lifetimes::API_KEY_TOUCH).
    pub used_at: Option<Millis>,
    /// When the operator revoked the key; `None` if it is not revoked.
    pub revoked_at: Option<Millis>,
}

impl ApiKey {
    /// Whether the key is neither revoked nor expired at `now`.
    pub fn live(&self, now: Millis) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Whether the key has this scope.
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Whether the key may give this role, and change accounts that have it.
    pub fn may_give(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_stand_before_the_colon_of_basic_credentials() {
        for good in ["shop", "Shop-1.example_org"] {
            assert!(good.parse::<ApiKeyName>().is_ok(), "{good}");
        }
        for bad in ["", "a:b", "a b", "é", &"x".repeat(61)] {
            assert!(bad.parse::<ApiKeyName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_scope_reads_back_as_what_it_is_written_as() {
        for scope in Scope::ALL {
            assert_eq!(scope.as_str().parse(), Ok(scope));
        }
        assert!("accounts".parse::<Scope>().unwrap_err().contains("accounts:read"));
    }

    fn key() -> ApiKey {
        ApiKey {
            id: ApiKeyId(1),
            name: "shop".into(),
            scopes: vec![Scope::AccountsRead],
            roles: vec![Role::EDITOR],
            created_at: Millis(0),
            expires_at: Some(Millis(100)),
            used_at: None,
            revoked_at: None,
        }
    }

    #[test]
    fn a_key_is_dead_once_revoked_or_expired() {
        let key = key();
        assert!(key.live(Millis(99)) && !key.live(Millis(100)));
        assert!(!ApiKey { revoked_at: Some(Millis(1)), ..key.clone() }.live(Millis(2)));
        assert!(key.allows(Scope::AccountsRead) && !key.allows(Scope::AccountsWrite));
    }

    #[test]
    fn a_key_gives_the_roles_of_its_list_and_no_lower_ones() {
        let roles = vec![Role::EDITOR, Role(9)];
        let key = ApiKey { roles, ..key() };
        let given = [0, 1, 2, 3, 4, 9, 10].map(|role| key.may_give(Role(role)));
        assert_eq!(given, [false, false, true, false, false, true, false]);
    }
}
