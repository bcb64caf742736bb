//! What is wrong with a theme or a page.

use std::fmt;

/// A page or a theme that cannot be used, and where it is wrong.
#[derive(Debug)]
pub enum ViewError {
    /// A file that cannot be read as what it is.
    File {
        /// Which.
        name: String,
        /// Why.
        reason: String,
    },
    /// A template that does not parse or does not fill.
    Template(tera::Error),
    /// A setting that names something that is not there.
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
