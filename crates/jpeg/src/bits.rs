//! Reads the entropy-coded bits of a JPEG scan in pieces from the file.

use std::io::{ErrorKind, Read};

use crate::JpegError;

/// The bytes read from the file at once.
const BUFFER: usize = 64 * 1024;

/// Reads bytes and, within scans, bits. A marker ends the bits of a scan. A few zeros follow it, because
/// encoders may omit the padding of the last code.
pub(crate) struct Bits<'a> {
    /// Read [`BUFFER`] bytes at a time, so that the virtual call costs nothing.
    inner: Box<dyn Read + 'a>,
    buffer: Box<[u8]>,
    position: usize,
    filled: usize,
    /// The next bits, from the top.
    bits: u64,
    /// The number of valid bits in `bits`, including zeros after a marker.
    count: u32,
    /// The number of those bits that are zeros after a marker.
    padding: u32,
    marker: Option<u8>,
    /// The units of work that may still be done, see [`DecodeLimits`](crate::DecodeLimits).
    work_left: u64,
}

impl<'a> Bits<'a> {
    /// A reader that refuses to go on after `max_work` units of work.
    pub fn new(inner: impl Read + 'a, max_work: u64) -> Self {
        let inner = Box::new(inner);
        let buffer = vec![0; BUFFER].into();
        Self {
            inner,
            buffer,
            position: 0,
            filled: 0,
            bits: 0,
            count: 0,
            padding: 0,
            marker: None,
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

    /// The code of the next marker. Bytes before it are skipped, as other readers do.
    ///
    /// # Errors
    /// Those of [`byte`](Self::byte).
    pub fn marker(&mut self) -> Result<u8, JpegError> {
        if let Some(marker) = self.marker.take() {
            return Ok(marker);
        }
        loop {
            if self.byte()? != 0xFF {
                continue;
            }
            match self.fill_bytes()? {
                0 => {}
                marker => return Ok(marker),
            }
        }
    }

    /// Discards the buffered bits at the end of a scan or of a restart interval.
    pub fn reset(&mut self) {
        (self.bits, self.count, self.padding) = (0, 0, 0);
    }

    /// Makes at least 32 bits available. Call it before reading up to 32 bits.
    ///
    /// # Errors
    /// `Truncated` when the scan needs more bits than the file has, `Io` when the reader fails.
    #[inline]
    pub fn refill(&mut self) -> Result<(), JpegError> {
        if self.count >= 32 {
            return Ok(());
        }
        let next = self.buffer.get(self.position..self.filled).and_then(<[u8]>::first_chunk::<8>);
        if let (Some(&next), None) = (next, self.marker) {
            let word = u64::from_be_bytes(next);
            // No byte is 0xFF, so all of them are data.
            if (!word).wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 == 0 {
                let bytes = (64 - self.count) / 8;
                let added = bytes * 8;
                let kept = word >> (64 - added) << (64 - added);
                self.bits |= kept >> self.count;
                self.count += added;
                self.position += bytes as usize;
                return Ok(());
            }
        }
        self.refill_slowly()
    }

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
        let value = i32::from(self.take(count));
        let half = 1 << (count - 1);
        (if value < half { value - 2 * half + 1 } else { value }) as i16
    }

    #[cold]
    fn refill_slowly(&mut self) -> Result<(), JpegError> {
        while self.count <= 56 {
            if self.marker.is_none() {
                let byte = self.byte()?;
                let follower = if byte == 0xFF { self.fill_bytes()? } else { 0 };
                if follower == 0 {
                    self.bits |= u64::from(byte) << (56 - self.count);
                    self.count += 8;
                    continue;
                }
                self.marker = Some(follower);
            }
            // A scan that consumes more zeros than one refill adds is truncated.
            self.padding += 64 - self.count;
            self.count = 64;
            if self.padding > 128 {
                return Err(JpegError::Truncated);
            }
        }
        Ok(())
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
        self.position = 0;
        self.filled = loop {
            match self.inner.read(&mut self.buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        if self.filled == 0 { Err(JpegError::Truncated) } else { self.spend(self.filled as u64) }
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
        for _ in 0..14 {
            bits.refill().unwrap();
            seen.push(bits.take(8) as u8);
        }
        assert_eq!(seen, [0xA5, 0xFF, 1, 0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        assert_eq!(bits.marker().unwrap(), 0xD9);
    }

    #[test]
    fn a_scan_that_goes_on_behind_its_end_is_an_error() {
        let mut bits = Bits::new(&[1, 2, 0xFF, 0xD9][..], u64::MAX);
        let read = (0..100).try_for_each(|_| bits.refill().map(|()| bits.skip(16)));
        assert!(read.is_err());
    }

    #[test]
    fn signed_numbers_are_read_as_the_standard_says() {
        let mut bits = Bits::new(&[0b0101_1000, 0, 0, 0, 0, 0, 0, 0, 0][..], u64::MAX);
        bits.refill().unwrap();
        assert_eq!(
            [bits.take_signed(1), bits.take_signed(2), bits.take_signed(2), bits.take_signed(0)],
            [-1, 2, 3, 0]
        );
    }
}
