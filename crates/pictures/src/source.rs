//! The uploaded file as decoders see it: bounded in length and work, and with disk errors kept apart from a
//! broken file.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use super::work::Work;

/// The bytes read from the file at once.
const BUFFER: usize = 64 * 1024;

/// A source of an upload: a file, or bytes in memory behind a cursor.
pub trait PictureSource: Read + Seek {}

impl<T: Read + Seek> PictureSource for T {}

/// The reader that a decoder gets.
pub(super) struct Source<'a> {
    inner: &'a mut dyn PictureSource,
    len: u64,
    work: &'a Work,
    fault: Option<io::Error>,
}

impl<'a> Source<'a> {
    /// Measures `inner` and rewinds it. Each byte that is read counts as work; reading fails when none is
    /// left.
    ///
    /// # Errors
    /// The error of `inner` when it cannot be measured or rewound.
    pub fn new(inner: &'a mut dyn PictureSource, work: &'a Work) -> io::Result<Self> {
        let len = inner.seek(SeekFrom::End(0))?;
        inner.rewind()?;
        Ok(Self { inner, len, work, fault: None })
    }

    /// The length in bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// A buffered reader from the start of the file.
    ///
    /// # Errors
    /// The error of the seek.
    pub fn rewound(&mut self) -> io::Result<BufReader<&mut Self>> {
        self.rewind()?;
        Ok(BufReader::with_capacity(BUFFER, self))
    }

    /// Takes the file system's error, if one made reading stop. `None` means that the content of the file
    /// did.
    pub fn take_fault(&mut self) -> Option<io::Error> {
        self.fault.take()
    }

    /// Keeps a file system error for [`Source::take_fault`] and gives the decoder another of the same kind.
    fn noted<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            let kind = error.kind();
            // A decoder that follows a broken file's offsets may seek before its start. That is not a disk
            // error.
            if !matches!(kind, io::ErrorKind::Interrupted | io::ErrorKind::InvalidInput) {
                self.fault = Some(error);
            }
            kind.into()
        })
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let stopped = |_| io::Error::from(io::ErrorKind::TimedOut);
        self.work.look().map_err(stopped)?;
        let result = self.inner.read(buf);
        let count = self.noted(result)?;
        self.work.spend(count as u64).map_err(stopped)?;
        Ok(count)
    }
}

impl Seek for Source<'_> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let result = self.inner.seek(position);
        self.noted(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use std::io::Cursor;

    #[test]
    fn reading_stops_when_the_work_is_done() {
        let mut bytes = Cursor::new(vec![0; 10]);
        let work = Work::new(&Limits { max_pixels: 2, max_bytes: 1, ..Limits::default() });
        let mut source = Source::new(&mut bytes, &work).unwrap();
        assert_eq!(source.read(&mut [0; 8]).unwrap(), 8);
        assert_eq!(source.read(&mut [0; 1]).unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(source.take_fault().is_none());
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
        let work = Work::new(&Limits::default());
        let mut source = Source::new(&mut disk, &work).unwrap();
        assert!(source.read(&mut [0; 4]).is_err());
        assert_eq!(source.take_fault().unwrap().to_string(), "bad sector");
    }
}
