//! One picture of a WebP as a file of its own.
//!
//! The decoder takes files alone. It composes the first frame of an animation on a canvas of the whole size,
//! and it decodes an alpha channel beside the colours, which takes several times the memory.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;

/// A file of one chunk: its head in memory, its content in another file.
pub(super) struct StillFile<R> {
    head: Vec<u8>,
    reader: BufReader<R>,
    content: Range<u64>,
    position: u64,
    /// Whether the other file stands at this position. Not while the head is read.
    placed: bool,
}

impl<R: Read + Seek> StillFile<R> {
    /// The file whose chunk `kind` has this content, after the bytes `before`.
    pub fn new(reader: BufReader<R>, kind: &[u8; 4], before: &[u8], content: Range<u64>) -> Self {
        let length = before.len() as u64 + content.end - content.start;
        let field = |length: u64| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        let head = [&b"RIFF"[..], &field(length + 12), b"WEBP", kind, &field(length), before].concat();
        Self { head, reader, content, position: 0, placed: false }
    }

    /// The other file again.
    pub fn into_inner(self) -> BufReader<R> {
        self.reader
    }

    fn left_of_content(&self) -> u64 {
        let read = self.position.saturating_sub(self.head.len() as u64);
        (self.content.end - self.content.start).saturating_sub(read)
    }
}

impl<R: Read + Seek> Read for StillFile<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(bytes.len());
        bytes[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read + Seek> BufRead for StillFile<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let head = usize::try_from(self.position).unwrap_or(usize::MAX);
        if head < self.head.len() {
            return Ok(&self.head[head..]);
        }
        if !self.placed {
            let inside = self.position - self.head.len() as u64;
            self.reader.seek(SeekFrom::Start(self.content.start.saturating_add(inside)))?;
            self.placed = true;
        }
        let left = usize::try_from(self.left_of_content()).unwrap_or(usize::MAX);
        if left == 0 {
            return Ok(&[]);
        }
        let ready = self.reader.fill_buf()?;
        Ok(&ready[..ready.len().min(left)])
    }

    fn consume(&mut self, count: usize) {
        if self.position >= self.head.len() as u64 {
            self.reader.consume(count);
        }
        self.position += count as u64;
    }
}

impl<R: Read + Seek> Seek for StillFile<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let length = self.head.len() as u64 + self.content.end - self.content.start;
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
            SeekFrom::End(offset) => length.checked_add_signed(offset),
        };
        let position = position.ok_or(ErrorKind::InvalidInput)?;
        self.placed &= position == self.position;
        self.position = position;
        Ok(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn a_chunk_is_read_as_a_file_of_its_own() {
        let other = BufReader::with_capacity(3, Cursor::new(b"before-content-behind".to_vec()));
        let mut file = StillFile::new(other, b"VP8L", b"<>", 7..14);
        let expected = b"RIFF\x15\0\0\0WEBPVP8L\x09\0\0\0<>content";
        let mut read = Vec::new();
        file.read_to_end(&mut read).unwrap();
        assert_eq!(read, expected);
        for start in 0..expected.len() {
            file.seek(SeekFrom::Start(start as u64)).unwrap();
            read.clear();
            file.read_to_end(&mut read).unwrap();
            assert_eq!(read, expected[start..]);
        }
        assert!(file.seek(SeekFrom::Start(99)).is_ok() && file.fill_buf().unwrap().is_empty());
    }
}
