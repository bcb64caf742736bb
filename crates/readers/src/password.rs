//! The password of an account as it stands in the file.

use std::fmt;

use recipes::Columns;
use zeroize::Zeroizing;

/// What a file says of an account's password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Password {
    /// Nothing, or that there is none.
    #[default]
    None,
    /// A hash as our own export writes it: a PHC string, or the text of a foreign hash.
    Ours(SecretText),
    /// A hash that another product made.
    Foreign(Box<ForeignPassword>),
}

/// Text that does not print and is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    pub(crate) fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText([redacted])")
    }
}

/// The columns of a hash that another product made, and the recipe that reads them. Whether the recipe takes
/// them, [`recipes::ForeignHash::read`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignPassword {
    /// The recipe: a name of [`recipes::PRODUCTS`], or the text of a recipe that the operator declared.
    pub recipe: String,
    /// The hash.
    pub value: SecretText,
    /// The salt, where it has a column of its own.
    pub salt: Option<SecretText>,
    /// What tells how the hash was made, where it has a column of its own.
    pub algorithm: Option<SecretText>,
    /// The name of the account, where the hash is over it.
    pub user: Option<SecretText>,
}

impl ForeignPassword {
    pub(crate) fn new(recipe: &str, value: String) -> Self {
        let value = SecretText::new(value);
        Self { recipe: recipe.to_owned(), value, salt: None, algorithm: None, user: None }
    }

    /// The columns, as the recipe reads them.
    #[must_use]
    pub fn columns(&self) -> Columns<'_> {
        Columns {
            value: self.value.as_str(),
            salt: self.salt.as_ref().map(SecretText::as_str),
            algorithm: self.algorithm.as_ref().map(SecretText::as_str),
            user: self.user.as_ref().map(SecretText::as_str),
        }
    }
}
