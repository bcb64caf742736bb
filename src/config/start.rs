//! The error that prevents the start of the program.

use std::fmt;

use super::ConfigError;

/// The reason why the program cannot start, in words for its operator.
#[derive(Debug)]
pub struct StartError(String);

impl StartError {
    /// `why` is a sentence for the operator.
    pub fn new(why: impl fmt::Display) -> Self {
        Self(why.to_string())
    }

    /// `why` describes the valid values of the setting `name`.
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
