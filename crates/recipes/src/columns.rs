//! What a product stores for one account.

use std::fmt;

/// The columns of one account, as they stand in the product's database. Which of them a recipe reads is in
/// the README. It does not print, because some products store passwords in clear.
#[derive(Clone, Copy, Default)]
pub struct Columns<'a> {
    /// The hash. Empty where the account has no password.
    pub value: &'a str,
    /// The salt, where it has a column of its own: Payload, Gitea, Discourse, Redmine, Firebase.
    pub salt: Option<&'a str>,
    /// What the product keeps beside the hash of how it was made: Gitea's `passwd_hash_algo`, Discourse's
    /// `password_algorithm`, Keycloak's `credentialData`.
    pub algorithm: Option<&'a str>,
    /// The name under which the account signs in, where it is part of the hash: PostgreSQL's MD5, and Digest
    /// authentication, whose realm follows an `@`.
    pub user: Option<&'a str>,
}

impl<'a> Columns<'a> {
    /// A hash that needs nothing beside it.
    #[must_use]
    pub fn of(value: &'a str) -> Self {
        Self { value, ..Self::default() }
    }

    /// The same with a salt.
    #[must_use]
    pub fn with_salt(self, salt: &'a str) -> Self {
        Self { salt: Some(salt), ..self }
    }

    /// The same with what tells how the hash was made.
    #[must_use]
    pub fn with_algorithm(self, algorithm: &'a str) -> Self {
        Self { algorithm: Some(algorithm), ..self }
    }

    /// The same with the name of the account.
    #[must_use]
    pub fn with_user(self, user: &'a str) -> Self {
        Self { user: Some(user), ..self }
    }
}

impl fmt::Debug for Columns<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Columns([redacted])")
    }
}
