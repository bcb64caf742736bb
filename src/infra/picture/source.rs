//! The uploaded file as decoders see it: bounded in length and in time, and telling a broken file from a broken disk.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::time::{Duration, Instant};

/// Bytes that are read from the file at once.
const BUFFER: usize = 64 * 1024;

/// Where an upload can be read from: a file, or bytes in memory behind a cursor.
pub trait PictureSource: Read + Seek {}

impl<T: Read + Seek> PictureSource for T {}

/// An upload under way through a decoder.
pub(super) struct Source<'a> {
    inner: &'a mut dyn PictureSource,
    len: u64,
    deadline: Instant,
    fault: Option<io::Error>,
}

impl<'a> Source<'a> {
    /// Measures `inner` and stands at its start. Reading fails once `time` has passed.
    pub fn new(inner: &'a mut dyn PictureSource, time: Duration) -> io::Result<Self> {
        let len = inner.seek(SeekFrom::End(0))?;
        inner.rewind()?;
        Ok(Self { inner, len, deadline: Instant::now() + time, fault: None })
    }

    /// Length in bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// A buffered reader from the start of the file.
    pub fn rewound(&mut self) -> io::Result<BufReader<&mut Self>> {
        self.rewind()?;
        Ok(BufReader::with_capacity(BUFFER, self))
    }

    /// What the file system said when it, and not the content of the file, was why reading stopped.
    pub fn take_fault(&mut self) -> Option<io::Error> {
        self.fault.take()
    }

    /// Keeps a file system error for [`Source::take_fault`] and hands the decoder a stand-in.
    fn noted<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            let kind = error.kind();
            // A decoder that follows a broken file's offsets may seek before its start: not the disk's fault.
            if !matches!(kind, io::ErrorKind::Interrupted | io::ErrorKind::InvalidInput) {
                self.fault = Some(error);
            }
            kind.into()
        })
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if Instant::now() >= self.deadline {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let result = self.inner.read(buf);
        self.noted(result)
    }
}

impl Seek for Source<'_> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let result = self.inner.seek(position);
        self.noted(result)
    }
}

/// A buffered reader for decoders that ask for one byte at a time, on which `BufReader` spends a fifth of the time that
/// decoding a JPEG takes.
pub(super) struct ByteReader<R> {
    inner: R,
    buffer: Box<[u8]>,
    position: usize,
    filled: usize,
}

impl<R: Read> ByteReader<R> {
    pub fn new(inner: R) -> Self {
        Self { inner, buffer: vec![0; BUFFER].into(), position: 0, filled: 0 }
    }
}

impl<R: Read> Read for ByteReader<R> {
    #[inline]
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.position == self.filled {
            self.filled = self.inner.read(&mut self.buffer)?;
            self.position = 0;
        }
        let read = (&self.buffer[self.position..self.filled]).read(buf)?;
        self.position += read;
        Ok(read)
    }

    #[inline]
    fn read_exact(&mut self, buf: &mut [u8]) -> io::Result<()> {
        if let ([byte], true) = (&mut *buf, self.position < self.filled) {
            *byte = self.buffer[self.position];
            self.position += 1;
            return Ok(());
        }
        self.read_slowly(buf)
    }
}

impl<R: Read> ByteReader<R> {
    /// Many bytes, or one when the buffer is used up.
    #[cold]
    fn read_slowly(&mut self, mut buf: &mut [u8]) -> io::Result<()> {
        while !buf.is_empty() {
            match self.read(buf) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => buf = &mut buf[read..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn reading_stops_when_the_time_is_over() {
        let mut bytes = Cursor::new(vec![0; 10]);
        let mut source = Source::new(&mut bytes, Duration::ZERO).unwrap();
        assert_eq!(source.read(&mut [0; 4]).unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(source.take_fault().is_none());
    }

    #[test]
    fn reading_byte_by_byte_gives_all_bytes_and_then_the_end() {
        let bytes: Vec<u8> = (0..BUFFER * 2 + 77).map(|i| (i / 3) as u8).collect();
        let mut reader = ByteReader::new(bytes.as_slice());
        let (mut single, mut seen) = ([0], Vec::new());
        let mut several = [0; 1000];
        while seen.len() + 1001 <= bytes.len() {
            reader.read_exact(&mut single).unwrap();
            reader.read_exact(&mut several).unwrap();
            seen.extend(single.iter().chain(&several));
        }
        while reader.read_exact(&mut single).is_ok() {
            seen.push(single[0]);
        }
        assert_eq!(seen, bytes);
        assert_eq!(reader.read_exact(&mut single).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn an_error_of_the_disk_is_remembered() {
        struct BadDisk;
        impl Read for BadDisk {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("bad sector"))
            }
        }
        impl Seek for BadDisk {
            fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
                Ok(0)
            }
        }
        let mut disk = BadDisk;
        let mut source = Source::new(&mut disk, Duration::from_secs(9)).unwrap();
        assert!(source.read(&mut [0; 4]).is_err());
        assert_eq!(source.take_fault().unwrap().to_string(), "bad sector");
    }
}
