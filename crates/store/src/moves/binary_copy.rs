//! PostgreSQL's binary form of `COPY` (<https://www.postgresql.org/docs/current/sql-copy.html>): a head, the
//! rows with the length of each value before it, and an end. No value needs a character that stands for
//! another.

use super::cell::{Cell, CellKind};
use super::plan::MovingColumn;

/// The signature, no flags, and no extension.
const HEAD: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// In place of the number of a row's values.
const END: i16 = -1;

/// In place of a value's length.
const NULL: i32 = -1;

/// Rows on their way to the server.
pub(super) struct CopyRows {
    bytes: Vec<u8>,
}

impl CopyRows {
    pub(super) fn begin() -> Self {
        Self { bytes: HEAD.to_vec() }
    }

    /// Adds a row. `None` when a number or a length is too large for its column; then the rows are spoilt.
    pub(super) fn add(&mut self, columns: &[MovingColumn], cells: &[Cell<'_>]) -> Option<()> {
        self.bytes.extend_from_slice(&i16::try_from(cells.len()).ok()?.to_be_bytes());
        for (column, cell) in columns.iter().zip(cells) {
            match *cell {
                Cell::Null => self.bytes.extend_from_slice(&NULL.to_be_bytes()),
                Cell::Number(number) => match column.kind {
                    CellKind::Number { bytes: 2 } => {
                        self.value(&i16::try_from(number).ok()?.to_be_bytes())?
                    }
                    CellKind::Number { bytes: 4 } => {
                        self.value(&i32::try_from(number).ok()?.to_be_bytes())?
                    }
                    _ => self.value(&number.to_be_bytes())?,
                },
                Cell::Text(text) => self.value(text.as_bytes())?,
                Cell::Bytes(bytes) => self.value(bytes)?,
                Cell::Truth(truth) => self.value(&[u8::from(truth)])?,
            }
        }
        Some(())
    }

    fn value(&mut self, bytes: &[u8]) -> Option<()> {
        self.bytes.extend_from_slice(&i32::try_from(bytes.len()).ok()?.to_be_bytes());
        self.bytes.extend_from_slice(bytes);
        Some(())
    }

    /// The bytes that have not gone yet.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets the bytes, which have gone.
    pub(super) fn gone(&mut self) {
        self.bytes.clear();
    }

    pub(super) fn end(&mut self) {
        self.bytes.extend_from_slice(&END.to_be_bytes());
    }
}

/// Rows on their way from the server, which come in pieces of any length.
#[derive(Default)]
pub(super) struct CopiedRows {
    bytes: Vec<u8>,
    /// How much of the bytes was read.
    read: usize,
    begun: bool,
    ended: bool,
}

/// Something that PostgreSQL does not send.
#[derive(Debug)]
pub(super) struct Garbled;

impl CopiedRows {
    /// Takes a piece.
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.bytes.drain(..self.read);
        self.read = 0;
        self.bytes.extend_from_slice(piece);
    }

    /// The next row that has come whole.
    pub(super) fn next_row(&mut self, columns: &[MovingColumn]) -> Result<Option<Vec<Cell<'_>>>, Garbled> {
        let mut rest = &self.bytes[self.read..];
        if !self.begun {
            let Some(head) = taken(&mut rest, HEAD.len()) else { return Ok(None) };
            if head != HEAD {
                return Err(Garbled);
            }
            self.begun = true;
            self.read += HEAD.len();
        }
        if self.ended {
            return if rest.is_empty() { Ok(None) } else { Err(Garbled) };
        }
        let Some(count) = taken(&mut rest, 2) else { return Ok(None) };
        let count = i16::from_be_bytes(count.try_into().map_err(|_| Garbled)?);
        if count == END {
            self.ended = true;
            self.read = self.bytes.len() - rest.len();
            return if rest.is_empty() { Ok(None) } else { Err(Garbled) };
        }
        if usize::try_from(count) != Ok(columns.len()) {
            return Err(Garbled);
        }
        let mut cells = Vec::with_capacity(columns.len());
        for column in columns {
            let Some(length) = taken(&mut rest, 4) else { return Ok(None) };
            let length = i32::from_be_bytes(length.try_into().map_err(|_| Garbled)?);
            if length == NULL {
                cells.push(Cell::Null);
                continue;
            }
            let length = usize::try_from(length).map_err(|_| Garbled)?;
            let Some(value) = taken(&mut rest, length) else { return Ok(None) };
            cells.push(cell(column.kind, value).ok_or(Garbled)?);
        }
        self.read = self.bytes.len() - rest.len();
        Ok(Some(cells))
    }

    /// Whether the end has come, and nothing behind it.
    pub(super) fn is_whole(&self) -> bool {
        self.ended && self.read == self.bytes.len()
    }
}

fn taken<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (first, others) = rest.split_at_checked(length)?;
    *rest = others;
    Some(first)
}

fn cell(kind: CellKind, value: &[u8]) -> Option<Cell<'_>> {
    Some(match kind {
        CellKind::Number { .. } => Cell::Number(match value.len() {
            2 => i16::from_be_bytes(value.try_into().ok()?).into(),
            4 => i32::from_be_bytes(value.try_into().ok()?).into(),
            _ => i64::from_be_bytes(value.try_into().ok()?),
        }),
        CellKind::Text => Cell::Text(std::str::from_utf8(value).ok()?),
        CellKind::Bytes => Cell::Bytes(value),
        CellKind::Truth => match value {
            [0] => Cell::Truth(false),
            [1] => Cell::Truth(true),
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::super::cell::NUMBER;
    use super::*;

    fn columns() -> Vec<MovingColumn> {
        let kinds = [
            NUMBER,
            CellKind::Number { bytes: 4 },
            CellKind::Number { bytes: 2 },
            CellKind::Text,
            CellKind::Bytes,
        ];
        let all = kinds.into_iter().chain([CellKind::Truth]);
        all.map(|kind| MovingColumn { name: String::new(), kind }).collect()
    }

    fn rows() -> Vec<Vec<Cell<'static>>> {
        vec![
            vec![
                Cell::Number(i64::MIN),
                Cell::Number(i32::MAX.into()),
                Cell::Number(-1),
                Cell::Text("\\N\té"),
                Cell::Bytes(b"\0\xff"),
                Cell::Truth(true),
            ],
            vec![Cell::Null; 6],
            vec![
                Cell::Number(0),
                Cell::Number(0),
                Cell::Number(i16::MIN.into()),
                Cell::Text(""),
                Cell::Bytes(b""),
                Cell::Truth(false),
            ],
        ]
    }

    fn written() -> Vec<u8> {
        let mut writer = CopyRows::begin();
        for row in rows() {
            writer.add(&columns(), &row).unwrap();
        }
        writer.end();
        writer.bytes().to_vec()
    }

    /// Reads what comes in pieces of this length: each row as text, and whether the end came.
    fn read(bytes: &[u8], length: usize) -> Result<(Vec<String>, bool), Garbled> {
        let mut reader = CopiedRows::default();
        let mut found = Vec::new();
        for piece in bytes.chunks(length) {
            reader.push(piece);
            while let Some(cells) = reader.next_row(&columns())? {
                found.push(format!("{cells:?}"));
            }
        }
        Ok((found, reader.is_whole()))
    }

    #[test]
    fn rows_are_read_as_they_were_written_however_they_come() {
        let (bytes, expected) = (written(), rows().iter().map(|row| format!("{row:?}")).collect::<Vec<_>>());
        for length in 1..=bytes.len() {
            assert_eq!(read(&bytes, length).unwrap(), (expected.clone(), true), "{length}");
        }
    }

    #[test]
    fn what_is_cut_or_goes_on_is_noticed() {
        let bytes = written();
        for length in 0..bytes.len() {
            assert!(!read(&bytes[..length], 7).unwrap().1, "{length}");
        }
        assert!(read(&[&bytes[..], b"x"].concat(), 1_000).is_err());
        assert!(read(&[b"x", &bytes[..]].concat(), 1_000).is_err());
    }

    #[test]
    fn a_number_that_its_column_cannot_keep_is_refused() {
        let column = |bytes| [MovingColumn { name: String::new(), kind: CellKind::Number { bytes } }];
        let fits = |bytes, number| CopyRows::begin().add(&column(bytes), &[Cell::Number(number)]).is_some();
        assert!(fits(8, i64::MAX) && fits(4, i32::MAX.into()) && fits(2, i16::MAX.into()));
        assert!(!fits(4, i64::from(i32::MAX) + 1) && !fits(2, i64::from(i16::MAX) + 1));
    }
}
