//! What must not print: passwords as typed, and the secrets of operators.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

/// A password exactly as somebody typed it: neither trimmed nor normalised, because each recipe says itself
/// what its product did. It does not print and is wiped when dropped.
pub struct Typed(Zeroizing<Vec<u8>>);

impl Typed {
    /// Takes the bytes as they came. They are UTF-8 where a form sent them; nothing depends on it.
    #[must_use]
    pub fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for Typed {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.as_bytes().to_vec()))
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed([redacted])")
    }
}

/// A secret of the server that made the hashes, such as Devise's pepper, Flask-Security's
/// `SECURITY_PASSWORD_SALT` or the signer key of a Firebase project. It does not print and is wiped when
/// dropped.
pub struct Pepper(Zeroizing<Vec<u8>>);

impl Pepper {
    /// Takes the bytes as the product uses them: for most, those of the setting's text; for Firebase, those
    /// that its base64 stands for.
    #[must_use]
    pub fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for Pepper {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.as_bytes().to_vec()))
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper([redacted])")
    }
}

/// Where the secrets are found that recipes name. They are kept apart from the hashes.
pub trait Peppers {
    /// The secret of this name, if the operator has given it.
    fn pepper(&self, name: &str) -> Option<&Pepper>;
}

/// No secrets at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPeppers;

impl Peppers for NoPeppers {
    fn pepper(&self, _name: &str) -> Option<&Pepper> {
        None
    }
}

impl Peppers for BTreeMap<String, Pepper> {
    fn pepper(&self, name: &str) -> Option<&Pepper> {
        self.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_print() {
        let shown = format!("{:?} {:?}", Typed::from("hunter2"), Pepper::from("hunter2"));
        assert_eq!(shown, "Typed([redacted]) Pepper([redacted])");
    }
}
