//! What a move says of itself: how far it is, and what came over.

/// How far a move is.
#[derive(Clone, Debug)]
pub struct MoveProgress<'a> {
    /// The table whose rows go over.
    pub table: &'a str,
    /// The rows of all tables that have gone over.
    pub done: u64,
    /// The rows that all tables have.
    pub total: u64,
}

/// What came over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The tables, by name.
    pub tables: Vec<MovedTable>,
}

/// A table, as it is on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedTable {
    /// Its name.
    pub name: String,
    /// The number of its rows.
    pub rows: u64,
    /// The sum of the SHA-256 of its rows, in hexadecimal digits.
    pub checksum: String,
}

impl Moved {
    /// The rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}
