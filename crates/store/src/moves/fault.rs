//! Why a move did not come about. Then the target has nothing of it.

use std::fmt;

use super::super::StoreError;

/// A side of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveSide {
    /// The database that has the rows.
    Source,
    /// The database that gets them.
    Target,
}

/// Why a move did not come about.
#[derive(Debug)]
pub enum MoveFault {
    /// A database fails.
    Store(MoveSide, StoreError),
    /// A database refuses or fails with the rows of this table.
    Table(MoveSide, String, StoreError),
    /// The database that has the rows has something that the other cannot take, in words.
    Unmovable(String),
    /// The database that should be filled has something already, in words.
    NotEmpty(String),
    /// Somebody uses the database that should be filled, in words.
    InUse(String),
    /// What came over is not what was there.
    Differs {
        /// The table.
        table: String,
        /// What differs.
        what: &'static str,
    },
}

impl MoveFault {
    /// The side that it is about; none when it is about both.
    pub fn side(&self) -> Option<MoveSide> {
        match self {
            Self::Store(side, _) | Self::Table(side, ..) => Some(*side),
            Self::Unmovable(_) => Some(MoveSide::Source),
            Self::NotEmpty(_) | Self::InUse(_) => Some(MoveSide::Target),
            Self::Differs { .. } => None,
        }
    }
}

impl fmt::Display for MoveFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(_, error) => error.fmt(f),
            Self::Table(_, table, error) => write!(f, "table `{table}`: {error}"),
            Self::Unmovable(what) => f.write_str(what),
            Self::NotEmpty(what) => {
                write!(f, "it is not empty: {what}; name a new, empty database")
            }
            Self::InUse(how) => write!(f, "it is in use: {how}; end that first"),
            Self::Differs { table, what } => write!(
                f,
                "table `{table}` did not come over as it was: {what} differs; nothing was kept of the move"
            ),
        }
    }
}

impl std::error::Error for MoveFault {}

/// The fault of a database.
pub(super) fn of_side<E: Into<StoreError>>(side: MoveSide) -> impl Fn(E) -> MoveFault {
    move |error| MoveFault::Store(side, error.into())
}

/// The fault of a database with the rows of a table.
pub(super) fn of_table<E: Into<StoreError>>(side: MoveSide, table: &str) -> impl Fn(E) -> MoveFault {
    move |error| MoveFault::Table(side, table.to_owned(), error.into())
}

/// The fault of SQLite, as the library says it.
pub(super) fn sqlite(error: rusqlite::Error) -> StoreError {
    StoreError::from(sqlx::Error::AnyDriverError(Box::new(error)))
}
