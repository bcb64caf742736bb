//! Reads a file record by record, in constant memory.

use std::fmt;
use std::io::Read;

use super::context::Context;
use super::file_fault::{BadFile, FileFault};
use super::frame::Frame;
use super::map::ColumnMap;
use super::open::{BadOptions, Opened, Tables, open};
use super::options::{Options, Wanted};
use super::place::Place;
use super::products::{DECLARED, of_dumpdata};
use super::row::Row;
use super::row_fault::{BadRow, RowFault};
use super::source::Source;
use super::supplement::Part;
use super::table::Table;

/// The records of a file, one after the other. It ends behind the first [`ReadError::File`].
pub struct Reader<R> {
    source: Source<R>,
    tables: Tables,
    table: &'static Table,
    context: Context,
    map: ColumnMap,
    wanted: Wanted,
    skip: u64,
    /// Whether any record was of one of the product's tables.
    recognised: bool,
    read_any: bool,
    /// Whether the last record was one of the accounts', as far as that could be seen.
    of_accounts: bool,
    ended: bool,
}

/// A record and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it begins.
    pub place: Place,
    /// What it says.
    pub part: Part,
}

/// What goes wrong while a file is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// One record is refused, and the next is read.
    Row(BadRow),
    /// The file cannot be read any further.
    File(BadFile),
}

impl ReadError {
    /// A stable word for reports and programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Row(bad) => bad.fault.code(),
            Self::File(bad) => bad.fault.code(),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(bad) => bad.fmt(f),
            Self::File(bad) => bad.fmt(f),
        }
    }
}

impl std::error::Error for ReadError {}

impl<R: Read> Reader<R> {
    /// Opens what a product exported. It reads ahead by itself: the source needs no buffer.
    ///
    /// # Errors
    /// [`BadOptions`], also for a file whose beginning is not what it should be.
    pub fn open(product: &str, source: R, options: Options) -> Result<Self, BadOptions> {
        let Opened { source, tables, table } = open(product, source, &options)?;
        let Options { recipe, map, secrets, factors, wanted, skip, .. } = options;
        let context = Context { recipe, secrets, factors };
        Ok(Self {
            source,
            tables,
            table,
            context,
            map,
            wanted,
            skip,
            recognised: false,
            read_any: false,
            of_accounts: true,
            ended: false,
        })
    }

    /// The bytes that were read of the file, for showing how far it is.
    pub fn offset(&self) -> u64 {
        self.source.input().offset()
    }

    fn part(&mut self, frame: Frame) -> Result<Option<Part>, RowFault> {
        let list = frame.list.as_deref().and_then(|list| self.tables.named(list));
        self.recognised |= list.is_some();
        self.of_accounts = list.unwrap_or(self.table).accounts;
        let row = self.source.row(&frame.bytes?)?;
        let (table, row) = match list {
            Some(table) => (table, row),
            None => match self.table_of(row)? {
                Some(found) => found,
                None => return Ok(None),
            },
        };
        (self.recognised, self.of_accounts) = (true, table.accounts);
        if !self.is_wanted() {
            return Ok(None);
        }
        let part = (table.make)(&row, &self.context)?;
        match part {
            Some(Part::Account(mut record)) => {
                for (target, key) in self.map.pairs() {
                    target.fill(&mut record, key, &row, self.tables.recipe(), &self.context)?;
                }
                if record.id.is_empty() && self.tables.is_of(DECLARED) {
                    record.id = record.email.clone().unwrap_or_default();
                }
                if record.id.is_empty() {
                    return Err(RowFault::Missing("id".to_owned()));
                }
                Ok(Some(Part::Account(record)))
            }
            other => Ok(other),
        }
    }

    /// The table of a row that stands in no list: Django's rows name theirs.
    fn table_of(&self, mut row: Row) -> Result<Option<(&'static Table, Row)>, RowFault> {
        let is_object = row.has("model") && row.has("fields");
        let is_dumpdata =
            self.tables.is_of("django") && (is_object || matches!(self.source, Source::Document(_)));
        if !is_dumpdata {
            return Ok(Some((self.table, row)));
        }
        let (model, row) = of_dumpdata(&mut row)?;
        Ok(self.tables.named(&model).map(|table| (table, row)))
    }

    /// Whether the last record was one of the wanted ones. What is refused is told in one of two passes.
    fn is_wanted(&self) -> bool {
        match self.wanted {
            Wanted::All => true,
            Wanted::Accounts => self.of_accounts,
            Wanted::Supplements => !self.of_accounts,
        }
    }

    fn end(&mut self, bad: BadFile) -> ReadError {
        self.ended = true;
        ReadError::File(bad)
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Found, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let frame = match self.source.next() {
                Ok(Some(frame)) => frame,
                Ok(None) => {
                    self.ended = true;
                    let is_right = self.source.has_records() && (self.recognised || !self.read_any);
                    let fault = || ReadError::File(self.source.input().fault(FileFault::NotThisProduct));
                    return (!is_right).then(|| Err(fault()));
                }
                Err(bad) => return Some(Err(self.end(bad))),
            };
            let place = frame.place;
            self.read_any = true;
            if place.record <= self.skip {
                self.recognised = true;
                continue;
            }
            match self.part(frame) {
                Ok(Some(part)) => return Some(Ok(Found { place, part })),
                Ok(None) => {}
                Err(_) if !self.is_wanted() => {}
                Err(fault) => return Some(Err(ReadError::Row(BadRow { place, fault }))),
            }
        }
        None
    }
}
