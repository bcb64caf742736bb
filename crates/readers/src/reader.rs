//! Reads a file record by record, in constant memory.

use std::fmt;
use std::io::Read;

use zeroize::Zeroizing;

use super::context::Context;
use super::file_fault::{BadFile, FileFault};
use super::frame::Frame;
use super::loose_id::loose_id;
use super::map::ColumnMap;
use super::open::{BadOptions, Opened, Tables, open};
use super::options::{Options, Wanted};
use super::place::Place;
use super::products::{DECLARED, Peek, of_dumpdata};
use super::row::Row;
use super::row_fault::{BadRow, RowFault};
use super::source::Source;
use super::supplement::Part;
use super::table::{Table, sounds_like_factors};
use super::target::Target;

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
    /// Whether a row of a table of second factors was met.
    factors_met: bool,
    /// Why the file may have second factors that were not read.
    doubt: Option<String>,
    ended: bool,
}

/// What a file that was read to its end said of second factors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorsSaid {
    /// Who has one.
    All,
    /// Nothing: none of its tables has them.
    Nothing,
    /// Something that was not read, for this reason.
    Unread(String),
}

/// A record and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it begins.
    pub place: Place,
    /// How many bytes of the file it is.
    pub length: usize,
    /// The list of the file that it is in, where a file has several.
    pub list: Option<String>,
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
            factors_met: false,
            doubt: None,
            ended: false,
        })
    }

    /// The bytes that were read of the file, for showing how far it is.
    pub fn offset(&self) -> u64 {
        self.source.input().offset()
    }

    /// Reads a record once more that was found in this file, from its bytes.
    ///
    /// # Errors
    /// The record is refused.
    pub fn again(
        &mut self,
        place: Place,
        list: Option<&str>,
        bytes: Vec<u8>,
    ) -> Result<Option<Part>, RowFault> {
        let frame = Frame { place, list: list.map(str::to_owned), bytes: Ok(Zeroizing::new(bytes)) };
        self.part(frame, Wanted::All)
    }

    /// Whether records of this file may supplement its accounts, or doubt that all their factors are there.
    /// If not, one pass for the accounts is enough.
    pub fn has_supplements(&self) -> bool {
        self.tables.is_of("django") || matches!(self.source, Source::Document(_)) || !self.table.accounts
    }

    /// What the records so far said of second factors. Ask when all were read.
    pub fn factors(&self) -> FactorsSaid {
        let (lists, passed) = self.source.names();
        let is_factors = |name: &String| self.tables.named(name).is_some_and(|table| table.factors);
        // A realm of Keycloak's has its factors within its users, and settings whose names sound like some.
        let other = passed.first().filter(|_| !self.tables.is_of("keycloak"));
        match (&self.doubt, other) {
            (Some(doubt), _) => FactorsSaid::Unread(doubt.clone()),
            (None, Some(name)) => FactorsSaid::Unread(format!("`{name}` may have second factors")),
            _ if self.factors_met || lists.iter().any(is_factors) => match self.tables.lacks(lists) {
                Some(name) => FactorsSaid::Unread(format!("the file has no table `{name}`")),
                None => FactorsSaid::All,
            },
            _ => FactorsSaid::Nothing,
        }
    }

    /// Notes a row that was refused, if it may have been of second factors.
    fn note_doubt(&mut self, place: Place, of_factors: Option<bool>) {
        if of_factors != Some(false) && self.doubt.is_none() {
            self.doubt = Some(format!("{place} may be of a second factor"));
        }
    }

    fn part(&mut self, frame: Frame, wanted: Wanted) -> Result<Option<Part>, RowFault> {
        let place = frame.place;
        let list = frame.list.as_deref().and_then(|list| self.tables.named(list));
        self.recognised |= list.is_some();
        self.of_accounts = list.unwrap_or(self.table).accounts;
        // A file of rows alone has those of one table.
        let alone = !self.tables.is_of("django") && !matches!(self.source, Source::Document(_));
        let known = list.or(alone.then_some(self.table)).map(|table| table.factors);
        self.factors_met |= known == Some(true);
        // The other pass reads it.
        if list.is_some() && !self.is_wanted(wanted) {
            return Ok(None);
        }
        let bytes = frame.bytes.inspect_err(|_| self.note_doubt(place, known))?;
        // Half of a file is of the other pass. What it is, is seen without reading it.
        if list.is_none()
            && let Some(table) = self.table_at(&bytes)
        {
            self.factors_met |= table.factors;
            (self.recognised, self.of_accounts) = (true, table.accounts);
            if !self.is_wanted(wanted) {
                return Ok(None);
            }
        }
        let row = self.source.row(&bytes).inspect_err(|_| self.note_doubt(place, known))?;
        let (table, row) = match list {
            Some(table) => (table, row),
            None => match self.table_of(row).inspect_err(|_| self.note_doubt(place, None))? {
                Ok(found) => found,
                Err(model) => {
                    if sounds_like_factors(&model) && self.doubt.is_none() {
                        self.doubt = Some(format!("`{model}` may have second factors"));
                    }
                    return Ok(None);
                }
            },
        };
        self.factors_met |= table.factors;
        (self.recognised, self.of_accounts) = (true, table.accounts);
        if !self.is_wanted(wanted) {
            return Ok(None);
        }
        let made = (table.make)(&row, &self.context);
        let part = made.inspect_err(|_| self.note_doubt(place, Some(table.factors)))?;
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

    /// The table of an object of `dumpdata`.
    fn table_at(&self, bytes: &[u8]) -> Option<&'static Table> {
        self.peek(bytes).map(|(table, _)| table)
    }

    fn peek<'a>(&self, bytes: &'a [u8]) -> Option<(&'static Table, Peek<'a>)> {
        if !self.tables.is_of("django") || !matches!(self.source, Source::Document(_)) {
            return None;
        }
        let peek = Peek::at(bytes)?;
        Some((self.tables.named(&peek.model)?, peek))
    }

    /// The id of an account, if that is seen without reading all of it.
    fn id_at(&self, bytes: &[u8]) -> Option<String> {
        let (table, peek) = self.peek(bytes)?;
        let is_mapped = self.map.pairs().any(|(target, _)| *target == Target::Id);
        if table.accounts && !is_mapped { peek.id() } else { None }
    }

    /// Gives the ids of the accounts that are left to `see`, also of those that are refused: what people
    /// write themselves may be why.
    pub fn ids(mut self, mut see: impl FnMut(&str)) {
        let mapped = self.map.pairs().find(|(target, _)| **target == Target::Id);
        let key = mapped.map_or("id", |(_, theirs)| theirs).to_owned();
        while let Ok(Some(frame)) = self.source.next() {
            let whole = frame.bytes.as_ref().ok().filter(|_| frame.list.is_none());
            if let Some(id) = whole.and_then(|bytes| self.id_at(bytes)) {
                see(&id);
                continue;
            }
            let bytes = frame.bytes.as_ref().ok().cloned();
            match self.part(frame, Wanted::Accounts) {
                Ok(Some(Part::Account(record))) => see(&record.id),
                Err(_) if self.of_accounts => {
                    if let Some(id) = bytes.and_then(|bytes| loose_id(&bytes, &key)) {
                        see(&id);
                    }
                }
                _ => {}
            }
        }
    }

    /// The table of a row that stands in no list: Django's rows name theirs. The name of a table that is not
    /// the product's, inside.
    fn table_of(&self, mut row: Row) -> Result<Result<(&'static Table, Row), String>, RowFault> {
        let is_object = row.has("model") && row.has("fields");
        let is_dumpdata =
            self.tables.is_of("django") && (is_object || matches!(self.source, Source::Document(_)));
        if !is_dumpdata {
            return Ok(Ok((self.table, row)));
        }
        let (model, row) = of_dumpdata(&mut row)?;
        Ok(self.tables.named(&model).map(|table| (table, row)).ok_or(model))
    }

    /// Whether the last record was one of the wanted ones. What is refused is told in one of two passes.
    fn is_wanted(&self, wanted: Wanted) -> bool {
        match wanted {
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
            let (list, length) = (frame.list.clone(), frame.bytes.as_ref().map_or(0, |bytes| bytes.len()));
            match self.part(frame, self.wanted) {
                Ok(Some(part)) => {
                    return Some(Ok(Found { place, length, list, part }));
                }
                Ok(None) => {}
                Err(_) if !self.is_wanted(self.wanted) => {}
                Err(fault) => return Some(Err(ReadError::Row(BadRow { place, fault }))),
            }
        }
        None
    }
}
