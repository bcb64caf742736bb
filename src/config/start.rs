//! Why the program does not start.

use std::fmt;

use super::ConfigError;

/// Why the program cannot start, in words for its operator.
#[derive(Debug)]
pub struct StartError(String);

impl StartError {
    /// What is wrong, in a sentence that names it.
    pub fn new(why: impl fmt::Display) -> Self {
        Self(why.to_string())
    }

    /// What is wrong with the setting `name`, and what it should be.
    pub fn setting(name: &str, why: impl fmt::Display) -> Self {
        Self(format!("setting `{name}`: {why}"))
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}

impl From<ConfigError> for StartError {
    fn from(error: ConfigError) -> Self {
        Self::new(error)
    }
}
