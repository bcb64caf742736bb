//! Reading an archive, in one pass, and nothing that is not exactly what the writer writes.

use std::fmt;
use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

use super::header::{BLOCK, Header, padding};
use super::{PIECE, SUM, hex};

/// Why an archive cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    /// It does not begin as one.
    NoArchive,
    /// It ends too early.
    Cut {
        /// Its length.
        bytes: u64,
    },
    /// It is not what was written.
    Damaged {
        /// The place up to which the damage was noticed.
        at: u64,
    },
    /// The place cannot be read.
    Io(io::Error),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoArchive => f.write_str("it is no archive of this kind, or its beginning is damaged"),
            Self::Cut { bytes } => write!(f, "it is cut short: it ends after {bytes} bytes"),
            Self::Damaged { at } => write!(f, "it is damaged: something before its byte {at} was changed"),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Unreadable {}

/// An entry, whose content follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name: a relative path that never goes up.
    pub name: String,
    /// The length of its content.
    pub length: u64,
}

/// Reads an archive.
pub struct Reader<R> {
    from: R,
    sum: Sha256,
    read: u64,
    /// What is left of the current entry's content, and the length of the zeros behind it.
    left: u64,
    padding: usize,
    piece: Vec<u8>,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Begins to read.
    pub fn new(from: R) -> Self {
        let sum = Sha256::new();
        Self { from, sum, read: 0, left: 0, padding: 0, piece: vec![0; PIECE], ended: false }
    }

    /// How many bytes were read.
    pub fn position(&self) -> u64 {
        self.read
    }

    /// Goes on to the next entry; `None` at the end, once everything was found to be as it was written. Until
    /// then nothing that was read may be relied on.
    ///
    /// # Errors
    /// The archive is cut short, damaged, or cannot be read.
    pub fn next_entry(&mut self) -> Result<Option<Entry>, Unreadable> {
        while self.piece()?.is_some() {}
        if self.ended {
            return Ok(None);
        }
        let sum = self.sum.clone();
        let begins = self.read == 0;
        let block = self.block::<BLOCK>()?;
        let Some(header) = Header::from_bytes(&block) else {
            return Err(if begins { Unreadable::NoArchive } else { self.damaged() });
        };
        self.left = header.length;
        self.padding = padding(header.length);
        if header.name != SUM {
            return Ok(Some(Entry { name: header.name, length: header.length }));
        }
        let expected = format!("{}\n", hex(&sum.finalize()));
        if header.length != expected.len() as u64 || self.content(expected.len())? != expected.as_bytes() {
            return Err(self.damaged());
        }
        while self.piece()?.is_some() {}
        let end = self.block::<{ 2 * BLOCK }>()?;
        if end.iter().any(|byte| *byte != 0) || self.fill(1)? != 0 {
            return Err(self.damaged());
        }
        self.ended = true;
        Ok(None)
    }

    /// The next piece of the current entry's content; `None` at its end.
    ///
    /// # Errors
    /// As [`next_entry`](Self::next_entry).
    pub fn piece(&mut self) -> Result<Option<&[u8]>, Unreadable> {
        if self.left == 0 {
            let zeros = std::mem::take(&mut self.padding);
            self.whole(zeros)?;
            if self.piece[..zeros].iter().any(|byte| *byte != 0) {
                return Err(self.damaged());
            }
            return Ok(None);
        }
        let length = PIECE.min(usize::try_from(self.left).unwrap_or(PIECE));
        self.whole(length)?;
        self.left -= length as u64;
        Ok(Some(&self.piece[..length]))
    }

    /// The rest of the current entry's content, of which more than `most` bytes are damage.
    ///
    /// # Errors
    /// As [`next_entry`](Self::next_entry).
    pub fn content(&mut self, most: usize) -> Result<Vec<u8>, Unreadable> {
        if self.left > most as u64 {
            return Err(self.damaged());
        }
        let mut content = Vec::new();
        while let Some(piece) = self.piece()? {
            content.extend_from_slice(piece);
        }
        Ok(content)
    }

    /// Reads to the end, to see whether everything is as it was written.
    ///
    /// # Errors
    /// As [`next_entry`](Self::next_entry).
    pub fn verify(&mut self) -> Result<(), Unreadable> {
        while self.next_entry()?.is_some() {}
        Ok(())
    }

    /// The error for what no writer has written at the place that was read last.
    pub fn damaged(&self) -> Unreadable {
        Unreadable::Damaged { at: self.read }
    }

    fn block<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        self.whole(N)?;
        let mut block = [0; N];
        block.copy_from_slice(&self.piece[..N]);
        Ok(block)
    }

    fn whole(&mut self, length: usize) -> Result<(), Unreadable> {
        if self.fill(length)? < length { Err(Unreadable::Cut { bytes: self.read }) } else { Ok(()) }
    }

    /// Reads `length` bytes, or as many as there are, and returns how many.
    fn fill(&mut self, length: usize) -> Result<usize, Unreadable> {
        let mut filled = 0;
        while filled < length {
            match self.from.read(&mut self.piece[filled..length]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Unreadable::Io(error)),
            }
        }
        self.sum.update(&self.piece[..filled]);
        self.read += filled as u64;
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Writer;
    use super::*;

    fn archive(longest: usize) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new(), 1_767_225_600);
        writer.append("first.json", b"{}").unwrap();
        writer.begin_part("many");
        writer.append("many/empty", b"").unwrap();
        writer.append("many/block", &[7; BLOCK]).unwrap();
        writer.append("many/more", &vec![8; longest]).unwrap();
        let parts = writer.end_part().to_vec();
        assert_eq!((parts.len(), parts[0].entries, parts[0].bytes), (1, 3, (BLOCK + longest) as u64));
        let whole = writer.finish().unwrap();
        assert_eq!(whole.bytes, whole.to.len() as u64);
        whole.to
    }

    fn read(archive: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Unreadable> {
        let mut reader = Reader::new(archive);
        let mut found = Vec::new();
        while let Some(entry) = reader.next_entry()? {
            let content = reader.content(1 << 20)?;
            assert_eq!(content.len() as u64, entry.length);
            found.push((entry.name, content));
        }
        Ok(found)
    }

    #[test]
    fn what_was_written_is_read() {
        let archive = archive(PIECE + 3);
        let names: Vec<_> =
            read(&archive).unwrap().into_iter().map(|(name, bytes)| (name, bytes.len())).collect();
        let expected =
            [("first.json", 2), ("many/empty", 0), ("many/block", BLOCK), ("many/more", PIECE + 3)];
        assert_eq!(names, expected.map(|(name, length)| (name.to_owned(), length)));
        let mut reader = Reader::new(&archive[..]);
        reader.verify().unwrap();
        assert_eq!(reader.position(), archive.len() as u64);
        assert!(reader.next_entry().unwrap().is_none());
    }

    #[test]
    fn each_byte_counts() {
        let archive = archive(3);
        for at in 0..archive.len() {
            let mut changed = archive.clone();
            changed[at] ^= 1 << (at % 8);
            let mut reader = Reader::new(&changed[..]);
            let refused = reader.verify().err();
            match refused {
                // A length in a header may lead beyond the end.
                Some(Unreadable::Damaged { .. } | Unreadable::Cut { .. }) => {}
                Some(Unreadable::NoArchive) if at < BLOCK => {}
                other => panic!("byte {at}: {other:?}"),
            }
        }
    }

    #[test]
    fn each_length_counts() {
        let archive = archive(3);
        for length in 0..archive.len() {
            let cut = read(&archive[..length]);
            assert!(matches!(cut, Err(Unreadable::Cut { bytes }) if bytes == length as u64), "{length}");
        }
        let longer = [&archive[..], b"\0"].concat();
        assert!(matches!(read(&longer), Err(Unreadable::Damaged { .. })));
    }

    #[test]
    fn other_files_are_no_archives() {
        for other in [&b"SQLite format 3\0"[..], &[0; BLOCK], b"PK\x03\x04"] {
            let padded = [other, &[0; BLOCK]].concat();
            assert!(matches!(read(&padded), Err(Unreadable::NoArchive)), "{other:?}");
        }
    }
}
