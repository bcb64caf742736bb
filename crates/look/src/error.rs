//! The errors of themes and pages.

use std::fmt;

/// A theme, a page or a setting that cannot be used, and the place of the fault.
#[derive(Debug)]
pub enum ViewError {
    /// A file that cannot be read or parsed.
    File {
        /// The file's name.
        name: String,
        /// The reason.
        reason: String,
    },
    /// A template that does not parse or cannot be rendered.
    Template(tera::Error),
    /// A setting that names a missing file or language.
    Setting(String),
}

impl fmt::Display for ViewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { name, reason } => write!(f, "{name}: {reason}"),
            Self::Setting(reason) => f.write_str(reason),
            Self::Template(error) => {
                write!(f, "{error}")?;
                let mut source = std::error::Error::source(error);
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ViewError {}

impl From<tera::Error> for ViewError {
    fn from(error: tera::Error) -> Self {
        Self::Template(error)
    }
}
