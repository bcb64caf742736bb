//! A file in any of the formats, record by record.

use std::collections::BTreeSet;
use std::io::Read;

use serde_json::{Map, Value};

use super::document::Document;
use super::file_fault::{BadFile, FileFault};
use super::frame::Frame;
use super::input::Input;
use super::lines::Lines;
use super::row::Row;
use super::row_fault::RowFault;
use super::sheet::{Sheet, fields};

/// What databases' own exports write for a value that is none.
const NULL: &str = "\\N";
/// The least and most columns of a file without a heading, beside those that have names.
const FEWER: usize = 1;
const MORE: usize = 100;

pub(crate) enum Source<R> {
    Document(Document<R>),
    Lines(Lines<R>),
    Sheet(Sheet<R>, Columns),
}

/// The columns of a CSV file.
pub(crate) struct Columns {
    names: Vec<String>,
    /// Whether each row has as many.
    exact: bool,
}

impl<R: Read> Source<R> {
    /// The names of lists that were read, and of what was passed over.
    pub(crate) fn names(&self) -> (&[String], &[String]) {
        match self {
            Self::Document(document) => document.names(),
            Self::Lines(_) | Self::Sheet(..) => (&[], &[]),
        }
    }

    /// CSV with the columns that the product fixes, or below a heading with those that are needed.
    pub(crate) fn sheet(input: Input<R>, fixed: Option<&[&str]>, needed: &[&str]) -> Result<Self, BadFile> {
        let mut sheet = Sheet::new(input);
        if let Some(fixed) = fixed {
            let names = fixed.iter().map(|name| (*name).to_owned()).collect();
            return Ok(Self::Sheet(sheet, Columns { names, exact: false }));
        }
        let Some(heading) = sheet.next()? else {
            return Err(sheet.input().fault(FileFault::NotThisProduct));
        };
        let names = heading.bytes.and_then(|bytes| fields(&bytes)).map_err(|fault| {
            sheet.input().fault(match fault {
                RowFault::NoLineEnd => FileFault::Truncated,
                RowFault::NotUtf8 => FileFault::NotUtf8,
                _ => FileFault::NotThisProduct,
            })
        })?;
        let names: Vec<String> = names.iter().map(str::to_owned).collect();
        if names.iter().collect::<BTreeSet<_>>().len() < names.len() {
            return Err(sheet.input().fault(FileFault::TwiceColumn));
        }
        let lacks = |column: &&&str| !column.is_empty() && names.iter().all(|name| name != **column);
        if let Some(column) = needed.iter().find(lacks) {
            return Err(sheet.input().fault(FileFault::NoColumn((*column).to_owned())));
        }
        sheet.begin();
        Ok(Self::Sheet(sheet, Columns { names, exact: true }))
    }

    pub(crate) fn next(&mut self) -> Result<Option<Frame>, BadFile> {
        match self {
            Self::Document(document) => document.next(),
            Self::Lines(lines) => lines.next(),
            Self::Sheet(sheet, _) => sheet.next(),
        }
    }

    /// The row that a record's bytes are.
    pub(crate) fn row(&self, bytes: &[u8]) -> Result<Row, RowFault> {
        match self {
            Self::Document(_) | Self::Lines(_) => Row::of_json(bytes),
            Self::Sheet(_, columns) => columns.row(bytes),
        }
    }

    /// The source behind the records, which knows how far it was read.
    pub(crate) fn input(&self) -> &Input<R> {
        match self {
            Self::Document(document) => document.input(),
            Self::Lines(lines) => lines.input(),
            Self::Sheet(sheet, _) => sheet.input(),
        }
    }

    /// Whether the file can be one of the product's, as far as its end tells.
    pub(crate) fn has_records(&self) -> bool {
        match self {
            Self::Document(document) => document.has_lists(),
            Self::Lines(_) | Self::Sheet(..) => true,
        }
    }
}

impl Columns {
    fn row(&self, bytes: &[u8]) -> Result<Row, RowFault> {
        let fields = fields(bytes)?;
        let (named, found) = (self.names.len(), fields.len());
        let right = if self.exact {
            found == named
        } else {
            (named.saturating_sub(FEWER)..=named + MORE).contains(&found)
        };
        if !right {
            return Err(RowFault::Columns);
        }
        let value = |text: &str| if text.is_empty() || text == NULL { Value::Null } else { text.into() };
        let columns: Map<String, Value> = self.names.iter().cloned().zip(fields.iter().map(value)).collect();
        Ok(Row::new(columns))
    }
}
