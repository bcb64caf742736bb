//! Why the program does not start.

use std::fmt;

use super::ConfigError;

/// Why the program cannot start, in words for its operator.
#[derive(Debug)]
pub struct StartError(String);

impl StartError {
    /// `why`: a sentence for the operator.
    pub fn new(why: impl fmt::Display) -> Self {
        Self(why.to_string())
    }

    /// `why`: what the setting `name` should be.
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
