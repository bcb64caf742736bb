//! Reads the entropy-coded bits of a JPEG scan in pieces from the file.

use std::io::{ErrorKind, Read};

use crate::JpegError;

/// The bytes read from the file at once.
const BUFFER: usize = 64 * 1024;
/// The bytes before them that are kept: more than are ever looked back at.
const KEPT: usize = 16;
/// The zeros at the end of a scan that are no accident.
const ZEROS: usize = 4;
/// The end of the picture.
const END: u8 = 0xD9;

/// Reads bytes and, within scans, bits. A marker ends the bits of a scan. A few zeros follow it, because
/// encoders may omit the padding of the last code.
pub(crate) struct Bits<'a> {
    /// Read [`BUFFER`] bytes at a time, so that the virtual call costs nothing.
    inner: Box<dyn Read + 'a>,
    buffer: Box<[u8]>,
    position: usize,
    filled: usize,
    window: Window,
    /// The number of the window's bits that are zeros after a marker.
    padding: u32,
    marker: Option<u8>,
    /// Whether the file ended before its end marker.
    cut: bool,
    /// Whether the last scan ended in zeros, and whether bytes followed that it did not need.
    ends_in_zeros: bool,
    more: bool,
    /// The units of work that may still be done, see [`DecodeLimits`](crate::DecodeLimits).
    work_left: u64,
}

/// The next bits of a scan. Loops copy it: a value of their own stays in registers.
#[derive(Clone, Copy, Default)]
pub(crate) struct Window {
    /// The bits, from the top.
    bits: u64,
    /// The number of valid ones, including zeros after a marker.
    count: u32,
}

impl Window {
    /// The next 16 bits, without consuming them.
    #[inline]
    pub fn peek(&self) -> u16 {
        (self.bits >> 48) as u16
    }

    /// Consumes `count` bits (at most 32).
    #[inline]
    pub fn skip(&mut self, count: u32) {
        self.bits <<= count;
        self.count = self.count.saturating_sub(count);
    }

    /// Consumes `count` bits (1 to 16) as a number.
    #[inline]
    pub fn take(&mut self, count: u32) -> u16 {
        let value = (self.bits >> (64 - count)) as u16;
        self.skip(count);
        value
    }

    /// Consumes `count` bits (0 to 15) as a signed number in JPEG's encoding, in which numbers that begin
    /// with 0 are negative.
    #[inline]
    pub fn take_signed(&mut self, count: u32) -> i16 {
        if count == 0 {
            return 0;
        }
        signed(self.take(count), count)
    }
}

/// The number that `count` bits (1 to 15) mean.
#[inline]
pub(crate) fn signed(bits: u16, count: u32) -> i16 {
    let (value, half) = (i32::from(bits), 1 << (count - 1));
    (if value < half { value - 2 * half + 1 } else { value }) as i16
}

impl<'a> Bits<'a> {
    /// A reader that refuses to go on after `max_work` units of work.
    pub fn new(inner: impl Read + 'a, max_work: u64) -> Self {
        let inner = Box::new(inner);
        let buffer = vec![0; KEPT + BUFFER].into();
        Self {
            inner,
            buffer,
            position: KEPT,
            filled: KEPT,
            window: Window::default(),
            padding: 0,
            marker: None,
            cut: false,
            ends_in_zeros: false,
            more: false,
            work_left: max_work,
        }
    }

    /// Counts work before it is done.
    ///
    /// # Errors
    /// `TooMuchWork` when fewer than `units` are left.
    pub fn spend(&mut self, units: u64) -> Result<(), JpegError> {
        self.work_left = self.work_left.checked_sub(units).ok_or(JpegError::TooMuchWork)?;
        Ok(())
    }

    /// The next byte, outside of scans.
    ///
    /// # Errors
    /// `Truncated` at the end of the file, `Io` when the reader fails.
    pub fn byte(&mut self) -> Result<u8, JpegError> {
        if self.position == self.filled {
            self.fill()?;
        }
        self.position += 1;
        Ok(self.buffer[self.position - 1])
    }

    /// A 16-bit number, outside of scans.
    ///
    /// # Errors
    /// Those of [`byte`](Self::byte).
    pub fn word(&mut self) -> Result<u16, JpegError> {
        Ok(u16::from_be_bytes([self.byte()?, self.byte()?]))
    }

    /// The next `length` bytes, outside of scans.
    ///
    /// # Errors
    /// Those of [`byte`](Self::byte).
    pub fn bytes(&mut self, length: usize) -> Result<Vec<u8>, JpegError> {
        (0..length).map(|_| self.byte()).collect()
    }

    /// The code of the next marker; that of the picture's end at the end of the file. Bytes before it are
    /// skipped, as other readers do.
    ///
    /// # Errors
    /// `Io` when the reader fails, `TooMuchWork`.
    pub fn marker(&mut self) -> Result<u8, JpegError> {
        while self.marker.is_none() {
            self.more |= self.data_byte()?.is_some();
        }
        self.marker.take().ok_or(JpegError::Truncated)
    }

    /// Discards the buffered bits at the end of a scan or of a restart interval.
    pub fn reset(&mut self) {
        let unread = (self.window.count.saturating_sub(self.padding) / 8) as usize;
        let end = self.position.saturating_sub(unread);
        let last = self.buffer.get(end.saturating_sub(ZEROS)..end).unwrap_or_default();
        self.ends_in_zeros = last.iter().all(|&byte| byte == 0);
        self.more = unread > 0;
        (self.window, self.padding) = (Window::default(), 0);
    }

    /// Whether the file ended before its end marker, as a file does whose last bytes were lost, or whose
    /// writer filled its last sector with zeros.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// Whether a cut file probably lacks more than its end marker: its last scan ended in zeros, and more of
    /// them or something else followed.
    pub fn is_made_up(&self) -> bool {
        self.ends_in_zeros && self.more
    }

    /// Checks that the bits so far were all in the file. Behind a marker, a few may be missing.
    ///
    /// # Errors
    /// `Truncated` when the file ended before.
    pub fn check_end(&self) -> Result<(), JpegError> {
        if self.cut && self.window.count < self.padding { Err(JpegError::Truncated) } else { Ok(()) }
    }

    /// The next bits. Put them back once some are consumed.
    #[inline]
    pub fn window(&self) -> Window {
        self.window
    }

    /// Takes back what is left of a window.
    #[inline]
    pub fn put_back(&mut self, window: Window) {
        self.window = window;
    }

    /// Makes at least 32 bits available in the window that was taken. Call it before reading up to 32 bits.
    ///
    /// # Errors
    /// `Truncated` when the scan needs more bits than the file has, `Io` when the reader fails.
    #[inline]
    pub fn refill(&mut self, window: &mut Window) -> Result<(), JpegError> {
        if window.count >= 32 {
            return Ok(());
        }
        let next = self.buffer.get(self.position..self.filled).and_then(<[u8]>::first_chunk::<8>);
        if let (Some(&next), None) = (next, self.marker) {
            let word = u64::from_be_bytes(next);
            // No byte is 0xFF, so all of them are data.
            if (!word).wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 == 0 {
                let bytes = (64 - window.count) / 8;
                let added = bytes * 8;
                let kept = word >> (64 - added) << (64 - added);
                window.bits |= kept >> window.count;
                window.count += added;
                self.position += bytes as usize;
                return Ok(());
            }
        }
        self.window = *window;
        self.refill_slowly()?;
        *window = self.window;
        Ok(())
    }

    #[cold]
    fn refill_slowly(&mut self) -> Result<(), JpegError> {
        while self.window.count <= 56 {
            if self.marker.is_none()
                && let Some(byte) = self.data_byte()?
            {
                self.window.bits |= u64::from(byte) << (56 - self.window.count);
                self.window.count += 8;
                continue;
            }
            // A scan that consumes more zeros than one refill adds is truncated.
            self.padding += 64 - self.window.count;
            self.window.count = 64;
            if self.padding > 128 {
                return Err(JpegError::Truncated);
            }
        }
        Ok(())
    }

    /// The next byte that is not part of a marker. `None` at a marker, which is kept, and at the end of the
    /// file, which counts as one.
    fn data_byte(&mut self) -> Result<Option<u8>, JpegError> {
        let mut read = || {
            let byte = self.byte()?;
            Ok((byte, if byte == 0xFF { self.fill_bytes()? } else { 0 }))
        };
        match read() {
            Ok((byte, 0)) => return Ok(Some(byte)),
            Ok((_, marker)) => self.marker = Some(marker),
            Err(JpegError::Truncated) => (self.cut, self.marker) = (true, Some(END)),
            Err(error) => return Err(error),
        }
        Ok(None)
    }

    /// The byte after 0xFF and any number of fill bytes.
    fn fill_bytes(&mut self) -> Result<u8, JpegError> {
        loop {
            match self.byte()? {
                0xFF => {}
                byte => return Ok(byte),
            }
        }
    }

    #[cold]
    fn fill(&mut self) -> Result<(), JpegError> {
        self.buffer.copy_within(self.filled - KEPT..self.filled, 0);
        (self.position, self.filled) = (KEPT, KEPT);
        let count = loop {
            match self.inner.read(&mut self.buffer[KEPT..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.filled += count;
        if count == 0 { Err(JpegError::Truncated) } else { self.spend(count as u64) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_in_order_across_stuffed_bytes() {
        let bytes = [0xA5, 0xFF, 0x00, 0x01, 0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0xFF, 0xD9];
        let mut bits = Bits::new(&bytes[..], u64::MAX);
        let mut seen = Vec::new();
        let mut window = bits.window();
        for _ in 0..14 {
            bits.refill(&mut window).unwrap();
            seen.push(window.take(8) as u8);
        }
        bits.put_back(window);
        assert_eq!(seen, [0xA5, 0xFF, 1, 0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        assert_eq!(bits.marker().unwrap(), 0xD9);
    }

    #[test]
    fn a_scan_that_goes_on_behind_its_end_is_an_error() {
        let mut bits = Bits::new(&[1, 2, 0xFF, 0xD9][..], u64::MAX);
        let mut window = bits.window();
        let read = (0..100).try_for_each(|_| bits.refill(&mut window).map(|()| window.skip(16)));
        assert!(read.is_err());
    }

    #[test]
    fn signed_numbers_are_read_as_the_standard_says() {
        let mut bits = Bits::new(&[0b0101_1000, 0, 0, 0, 0, 0, 0, 0, 0][..], u64::MAX);
        let mut window = bits.window();
        bits.refill(&mut window).unwrap();
        assert_eq!([1, 2, 2, 0].map(|count| window.take_signed(count)), [-1, 2, 3, 0]);
    }
}
