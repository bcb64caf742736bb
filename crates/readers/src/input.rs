//! A source, byte by byte, with the place of each.

use std::io::{ErrorKind, Read};

use memchr::memchr_iter;
use zeroize::Zeroizing;

use super::file_fault::{BadFile, FileFault};

/// What is read ahead of the reader, and never more.
const AHEAD: usize = 64 * 1024;

/// A source with the offset and the line of its next byte.
pub(crate) struct Input<R> {
    source: R,
    buffer: Zeroizing<Vec<u8>>,
    at: usize,
    filled: usize,
    /// The offset of the buffer's first byte.
    before: u64,
    line: u64,
}

impl<R: Read> Input<R> {
    /// Begins behind a byte order mark, if there is one.
    pub(crate) fn new(source: R) -> Result<Self, BadFile> {
        let buffer = Zeroizing::new(vec![0; AHEAD]);
        let mut input = Self { source, buffer, at: 0, filled: 0, before: 0, line: 1 };
        input.fill(3)?;
        match &input.buffer[..input.filled] {
            [0xef, 0xbb, 0xbf, ..] => input.at = 3,
            // ZIP, gzip, Zstandard and xz: no text begins so.
            [b'P', b'K', 3 | 5, ..] | [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, ..] | [0xfd, b'7', b'z', ..] => {
                return Err(input.fault(FileFault::Packed));
            }
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err(input.fault(FileFault::NotUtf8)),
            _ => {}
        }
        Ok(input)
    }

    /// Fills the empty buffer with at least so many bytes, or up to the end of the source.
    fn fill(&mut self, least: usize) -> Result<(), BadFile> {
        self.before += u64::try_from(self.filled).unwrap_or(u64::MAX);
        (self.at, self.filled) = (0, 0);
        while self.filled < least {
            match self.source.read(&mut self.buffer[self.filled..]) {
                Ok(0) => break,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.fault(FileFault::Source(error.kind()))),
            }
        }
        Ok(())
    }

    /// The next byte, which stays.
    pub(crate) fn peek(&mut self) -> Result<Option<u8>, BadFile> {
        if self.at == self.filled {
            self.fill(1)?;
        }
        Ok(self.buffer[..self.filled].get(self.at).copied())
    }

    /// The next byte, which is read.
    pub(crate) fn next(&mut self) -> Result<Option<u8>, BadFile> {
        let byte = self.peek()?;
        if let Some(byte) = byte {
            self.at += 1;
            self.line += u64::from(byte == b'\n');
        }
        Ok(byte)
    }

    /// The bytes that come next, as many as are there without waiting for more; none at the end.
    pub(crate) fn ahead(&mut self) -> Result<&[u8], BadFile> {
        if self.at == self.filled {
            self.fill(1)?;
        }
        Ok(&self.buffer[self.at..self.filled])
    }

    /// Reads so many of them.
    pub(crate) fn read(&mut self, count: usize) {
        let end = self.filled.min(self.at.saturating_add(count));
        let lines = memchr_iter(b'\n', &self.buffer[self.at..end]).count();
        self.line += u64::try_from(lines).unwrap_or(u64::MAX);
        self.at = end;
    }

    /// The next byte behind blanks, which stays.
    pub(crate) fn peek_behind_blanks(&mut self) -> Result<Option<u8>, BadFile> {
        loop {
            match self.peek()? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.next()?,
                other => return Ok(other),
            };
        }
    }

    /// The offset of the next byte.
    pub(crate) fn offset(&self) -> u64 {
        self.before + u64::try_from(self.at).unwrap_or(u64::MAX)
    }

    /// The line of the next byte.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// A fault at the next byte.
    pub(crate) fn fault(&self, fault: FileFault) -> BadFile {
        BadFile { offset: self.offset(), fault }
    }
}
