//! Why a backup was not made or not restored.

use std::fmt;
use std::io;

use archive::Unreadable;
use store::StoreError;
use store::copies::CopyError;

use crate::config::{Settings, StartError};

/// Why a backup was not made or not restored.
#[derive(Debug)]
pub enum BackupFault {
    /// Whoever read standard output reads no more.
    Closed,
    /// The archive cannot be read.
    Archive(Unreadable),
    /// In words for the operator.
    Said(String),
}

impl BackupFault {
    pub(super) fn new(why: impl fmt::Display) -> Self {
        Self::Said(why.to_string())
    }

    /// The fault of the database of these settings.
    pub(super) fn database(settings: &Settings) -> impl Fn(CopyError) -> Self {
        |error| match error {
            CopyError::Store(error) => settings.wrong_database(error).into(),
            CopyError::Io(error) => error.into(),
            other => settings.database_fault(other).into(),
        }
    }
}

impl fmt::Display for BackupFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("nobody reads standard output any more"),
            Self::Archive(why) => why.fmt(f),
            Self::Said(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for BackupFault {}

impl From<StartError> for BackupFault {
    fn from(error: StartError) -> Self {
        Self::new(error)
    }
}

impl From<Unreadable> for BackupFault {
    fn from(why: Unreadable) -> Self {
        Self::Archive(why)
    }
}

impl From<StoreError> for BackupFault {
    fn from(error: StoreError) -> Self {
        Self::new(error)
    }
}

impl From<CopyError> for BackupFault {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Io(error) => error.into(),
            other => Self::new(other),
        }
    }
}

impl From<io::Error> for BackupFault {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::new(error) }
    }
}
