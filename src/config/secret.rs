//! Settings that nothing prints.

use std::fmt;

use serde::Deserialize;

use super::describe::{Declared, DescribeSetting};
use super::kind::{SettingKind, kinds};

kinds! {
    SecretSetting => SettingKind::Text,
}

/// A setting that `Debug` does not print, because URLs of servers contain passwords.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct SecretSetting(String);

impl SecretSetting {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl DescribeSetting for SecretSetting {
    fn shown(&self) -> String {
        "`[redacted]`".to_owned()
    }

    fn text(&self) -> Option<&str> {
        Some(&self.0)
    }

    fn secrets(&self, declared: &Declared<'_>, names: &mut Vec<String>) {
        names.push(declared.name.to_owned());
    }
}
