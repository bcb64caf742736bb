//! Writing an archive, in one pass.

use std::io::{self, Read, Write};

use sha2::{Digest as _, Sha256};

use super::header::{BLOCK, Header, padding};
use super::{PIECE, SUM, hex};

/// One entry or many that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// The number of its entries.
    pub entries: u64,
    /// The length of their contents together.
    pub bytes: u64,
    /// The SHA-256 of their contents, one after the other, in hexadecimal digits.
    pub sha256: String,
}

/// What [`Writer::finish`] leaves.
#[derive(Debug)]
pub struct Whole<W> {
    /// Where the archive was written to.
    pub to: W,
    /// The archive's length.
    pub bytes: u64,
    /// The SHA-256 of everything before the last entry, in hexadecimal digits.
    pub sha256: String,
}

/// Writes an archive.
pub struct Writer<W> {
    to: W,
    time: u64,
    sum: Sha256,
    written: u64,
    part: Option<(Part, Sha256)>,
    parts: Vec<Part>,
}

impl<W: Write> Writer<W> {
    /// Begins an archive that was made at `time`, in seconds since 1970.
    pub fn new(to: W, time: u64) -> Self {
        Self { to, time, sum: Sha256::new(), written: 0, part: None, parts: Vec::new() }
    }

    /// Begins a part: the entries from now on belong to it.
    pub fn begin_part(&mut self, name: &str) {
        self.end_part();
        let part = Part { name: name.to_owned(), entries: 0, bytes: 0, sha256: String::new() };
        self.part = Some((part, Sha256::new()));
    }

    /// Ends the part that was begun last. Returns all that have ended.
    pub fn end_part(&mut self) -> &[Part] {
        if let Some((part, sum)) = self.part.take() {
            self.parts.push(Part { sha256: hex(&sum.finalize()), ..part });
        }
        &self.parts
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// The place cannot be written to, or the name is none that an entry may have.
    pub fn append(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        self.append_from(name, content.len() as u64, content)
    }

    /// Writes an entry of `length` bytes, which are read from `content`.
    ///
    /// # Errors
    /// The place cannot be written to, `content` cannot be read or has not as many bytes, or the name is none
    /// that an entry may have.
    pub fn append_from(&mut self, name: &str, length: u64, content: impl Read) -> io::Result<()> {
        self.write_header(name, length)?;
        let mut content = content.take(length);
        let mut piece = vec![0; PIECE.min(usize::try_from(length).unwrap_or(PIECE))];
        let mut left = length;
        while left > 0 {
            let read = match content.read(&mut piece) {
                Ok(0) => return Err(io::Error::other(format!("{name} became shorter while it was read"))),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let read = &piece[..read];
            self.write(read)?;
            if let Some((part, sum)) = &mut self.part {
                part.bytes += read.len() as u64;
                sum.update(read);
            }
            left -= read.len() as u64;
        }
        if let Some((part, _)) = &mut self.part {
            part.entries += 1;
        }
        self.write(&[0; BLOCK][..padding(length)])
    }

    fn write_header(&mut self, name: &str, length: u64) -> io::Result<()> {
        let header = Header { name: name.to_owned(), length, time: self.time };
        let bytes =
            header.to_bytes().ok_or_else(|| io::Error::other(format!("no entry may be called {name}")))?;
        self.write(&bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.to.write_all(bytes)?;
        self.sum.update(bytes);
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// Writes the sum and the end.
    ///
    /// # Errors
    /// The place cannot be written to.
    pub fn finish(mut self) -> io::Result<Whole<W>> {
        let sha256 = hex(&self.sum.clone().finalize());
        self.part = None;
        self.append(SUM, format!("{sha256}\n").as_bytes())?;
        self.write(&[0; 2 * BLOCK])?;
        self.to.flush()?;
        Ok(Whole { to: self.to, bytes: self.written, sha256 })
    }
}
