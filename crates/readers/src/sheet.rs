//! Records that are rows of CSV (RFC 4180), with line breaks within quotes.

use std::io::Read;

use super::file_fault::{BadFile, FileFault};
use super::frame::{Frame, Taken};
use super::input::Input;
use super::place::Place;
use super::row_fault::RowFault;

/// Where in a row a byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Before the first byte of a field.
    Start,
    Bare,
    Quotes,
    /// Behind a quote within quotes, which ends them or is the first of two.
    Quote,
}

/// The rows of a source that are not blank.
pub(crate) struct Sheet<R> {
    input: Input<R>,
    record: u64,
}

impl<R: Read> Sheet<R> {
    pub(crate) fn new(input: Input<R>) -> Self {
        Self { input, record: 0 }
    }

    /// Counts from here: the heading is no record.
    pub(crate) fn begin(&mut self) {
        self.record = 0;
    }

    /// The next row. The heading is one as well.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, BadFile> {
        loop {
            let (line, offset) = (self.input.line(), self.input.offset());
            let (mut taken, mut within) = (Taken::default(), Within::Start);
            let ended = loop {
                let Some(byte) = self.input.next()? else {
                    if within == Within::Quotes {
                        return Err(self.input.fault(FileFault::Truncated));
                    }
                    break true;
                };
                if byte == b'\n' && within != Within::Quotes {
                    break false;
                }
                within = match (within, byte) {
                    (Within::Start, b'"') | (Within::Quote, b'"') => Within::Quotes,
                    (Within::Quotes, b'"') => Within::Quote,
                    (Within::Quotes, _) => Within::Quotes,
                    (_, b',') => Within::Start,
                    _ => Within::Bare,
                };
                taken.push(&[byte]);
            };
            if !taken.is_blank() {
                self.record += 1;
                let place = Place { line: Some(line), record: self.record, offset };
                let bytes = taken.finish();
                // A row that lost its end may have lost a part of its last value.
                let bytes = if ended { bytes.and(Err(RowFault::NoLineEnd)) } else { bytes };
                return Ok(Some(Frame { place, list: None, bytes }));
            }
            if ended {
                return Ok(None);
            }
        }
    }

    pub(crate) fn input(&self) -> &Input<R> {
        &self.input
    }
}

/// The fields of a row.
pub(crate) fn fields(bytes: &[u8]) -> Result<csv::StringRecord, RowFault> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut fields = csv::ByteRecord::new();
    let read = reader.read_byte_record(&mut fields);
    // A bare carriage return ends a row as well for the library.
    let more = reader.read_byte_record(&mut csv::ByteRecord::new());
    match (read, more) {
        (Ok(true), Ok(false)) => csv::StringRecord::from_byte_record(fields).map_err(|_| RowFault::NotUtf8),
        _ => Err(RowFault::Columns),
    }
}
