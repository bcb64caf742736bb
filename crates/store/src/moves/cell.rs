//! Values as both engines have them.

/// A kind of values that both engines keep without loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellKind {
    /// A whole number of so many bytes.
    Number {
        /// 2, 4 or 8.
        bytes: usize,
    },
    /// Text in UTF-8, of any length.
    Text,
    /// Bytes, of any number.
    Bytes,
    /// A truth value, which SQLite keeps as 0 or 1.
    Truth,
}

/// The longest numbers.
pub(super) const NUMBER: CellKind = CellKind::Number { bytes: 8 };

impl CellKind {
    /// Whether a value of one kind is one of the other.
    pub(super) fn is_like(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    Null,
    Number(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
    Truth(bool),
}
