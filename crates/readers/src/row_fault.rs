//! What is wrong with one record.

use std::fmt;

use recipes::factors::BadFactor;

use super::place::Place;

/// A record that is refused. The file goes on behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Where it stands.
    pub place: Place,
    /// What is wrong with it.
    pub fault: RowFault,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.fault)
    }
}

impl std::error::Error for BadRow {}

/// Why a record is refused. No variant carries any of its content: keys are the product's or the
/// operator's, but for [`UnknownKey`](Self::UnknownKey).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowFault {
    /// More bytes than a record may have.
    TooLong,
    /// Lists and objects within each other, more than a record may have.
    TooDeep,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// Not JSON.
    NotJson,
    /// JSON, but no object.
    NotAnObject,
    /// An object that has a key twice.
    TwiceKey,
    /// Not as many columns as the heading has, or as the format wants.
    Columns,
    /// The last line of a CSV file without an end. Whether it was cut cannot be seen.
    NoLineEnd,
    /// A key without which the record means nothing.
    Missing(String),
    /// Something other than text where text belongs.
    NotText(String),
    /// More text than a value may have.
    TooLongText(String),
    /// Something other than yes or no.
    NotAFlag(String),
    /// Something other than a time in the form that the product writes.
    NotATime(String),
    /// A value that is not of the product's form.
    Malformed(String),
    /// A key that the format does not have. Only a key that looks like a name is given.
    UnknownKey(Option<String>),
    /// A hash, and no recipe for it was declared.
    NoRecipe,
    /// A second factor that cannot be taken over.
    Factor(BadFactor),
}

impl RowFault {
    /// A stable word for reports and programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "record_too_long",
            Self::TooDeep => "record_too_deep",
            Self::NotUtf8 => "not_utf8",
            Self::NotJson => "not_json",
            Self::NotAnObject => "not_an_object",
            Self::TwiceKey => "duplicate_key",
            Self::Columns => "wrong_columns",
            Self::NoLineEnd => "no_line_end",
            Self::Missing(_) => "missing",
            Self::NotText(_) => "not_text",
            Self::TooLongText(_) => "text_too_long",
            Self::NotAFlag(_) => "not_yes_or_no",
            Self::NotATime(_) => "not_a_time",
            Self::Malformed(_) => "malformed",
            Self::UnknownKey(_) => "unknown_key",
            Self::NoRecipe => "recipe_missing",
            Self::Factor(BadFactor::Malformed(_)) => "factor_malformed",
            Self::Factor(BadFactor::Unknown(_)) => "factor_unknown_form",
            Self::Factor(BadFactor::WrongSecret) => "factor_wrong_secret",
        }
    }

    /// The fault of a key that nobody knows. Whatever does not look like a name could be a person's data.
    pub(crate) fn unknown_key(key: &str) -> Self {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let shown = (1..=40).contains(&key.len()) && key.bytes().all(is_name);
        Self::UnknownKey(shown.then(|| key.to_owned()))
    }
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => f.write_str("the record is longer than 1 MiB"),
            Self::TooDeep => f.write_str("the record has more than 32 lists and objects within each other"),
            Self::NotUtf8 => f.write_str("the record is not UTF-8"),
            Self::NotJson => f.write_str("the record is not JSON"),
            Self::NotAnObject => f.write_str("the record is JSON, but no object"),
            Self::TwiceKey => f.write_str("a key stands twice in one object"),
            Self::Columns => f.write_str("the row has not the number of columns that it should have"),
            Self::NoLineEnd => f.write_str(
                "the last row has no end of line, as if the file had been cut; add one if the row is whole",
            ),
            Self::Missing(key) => write!(f, "`{key}` is missing"),
            Self::NotText(key) => write!(f, "`{key}` is not text"),
            Self::TooLongText(key) => write!(f, "`{key}` is longer than 64 KiB"),
            Self::NotAFlag(key) => write!(f, "`{key}` says neither yes nor no"),
            Self::NotATime(key) => {
                write!(f, "`{key}` is no time as it is expected there, such as 2026-01-31T10:00:00Z for text")
            }
            Self::Malformed(key) => write!(f, "`{key}` is not of the product's form"),
            Self::UnknownKey(Some(key)) => write!(f, "no key is named `{key}`"),
            Self::UnknownKey(None) => f.write_str("a key is none of the format's"),
            Self::NoRecipe => f.write_str("the account has a hash, and no recipe for it was declared"),
            Self::Factor(bad) => bad.fmt(f),
        }
    }
}

impl std::error::Error for RowFault {}
