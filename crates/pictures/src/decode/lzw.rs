//! The compression of GIF: LZW with codes of 3 to 12 bits, the lowest bit first (GIF89a, appendix F).

use std::io::Read;

use super::gif_blocks::SubBlocks;
use super::unreadable;
use crate::PictureError;

/// The most bits of a code.
const LONGEST: u32 = 12;
const CODES: usize = 1 << LONGEST;

/// Decodes the pixels of a frame. A code stands for a string of pixels, and rows end within strings.
pub(super) struct Lzw<R> {
    blocks: SubBlocks<R>,
    /// The bytes of the current sub-block that are still to be read, from the end.
    waiting: Vec<u8>,
    bits: u32,
    count: u32,
    /// The code that forgets all strings. The next one is the end.
    clear: u16,
    /// The bits of the next code.
    width: u32,
    previous: Option<u16>,
    /// The known strings, each made of another and one pixel more.
    strings: Vec<Entry>,
    /// The pixels of the last code, and the number of those that were given.
    pixels: Vec<u8>,
    given: usize,
}

#[derive(Clone, Copy, Default)]
struct Entry {
    before: u16,
    length: u16,
    first: u8,
    last: u8,
}

impl<R: Read> Lzw<R> {
    /// A decoder of the sub-blocks in `reader`, which begins with the size of the codes.
    ///
    /// # Errors
    /// `Unreadable` when there is no size or an impossible one.
    pub fn new(mut reader: R) -> Result<Self, PictureError> {
        let mut size = [0];
        reader.read_exact(&mut size).map_err(unreadable)?;
        let size = u32::from(size[0]);
        if !(1..LONGEST).contains(&size) {
            return Err(PictureError::Unreadable);
        }
        let mut strings = Vec::with_capacity(CODES);
        strings.extend((0..1 << size).map(|pixel: u16| Entry {
            before: 0,
            length: 1,
            first: pixel as u8,
            last: pixel as u8,
        }));
        // Clear and end.
        strings.extend([Entry::default(); 2]);
        Ok(Self {
            blocks: SubBlocks::new(reader),
            waiting: Vec::new(),
            bits: 0,
            count: 0,
            clear: 1 << size,
            width: size + 1,
            previous: None,
            strings,
            pixels: Vec::with_capacity(CODES),
            given: 0,
        })
    }

    /// Decodes the next `row.len()` pixels.
    ///
    /// # Errors
    /// `Unreadable` when there are fewer or a code is impossible.
    pub fn fill(&mut self, mut row: &mut [u8]) -> Result<(), PictureError> {
        while !row.is_empty() {
            if self.given == self.pixels.len() {
                self.next_string()?;
            }
            let ready = &self.pixels[self.given..];
            let (now, later) = row.split_at_mut(ready.len().min(row.len()));
            now.copy_from_slice(&ready[..now.len()]);
            self.given += now.len();
            row = later;
        }
        Ok(())
    }

    /// Replaces the pixels by those of the next code.
    fn next_string(&mut self) -> Result<(), PictureError> {
        let code = loop {
            let code = self.next_code()?;
            if code != self.clear {
                break code;
            }
            self.strings.truncate(usize::from(self.clear) + 2);
            self.width = self.clear.trailing_zeros() + 1;
            self.previous = None;
        };
        if let Some(previous) = self.previous
            && self.strings.len() < CODES
        {
            // The code may be the one that it defines: the string before and its own first pixel.
            let before = self.string(previous)?;
            let last = self.strings.get(usize::from(code)).unwrap_or(&before).first;
            let length = before.length + 1;
            self.strings.push(Entry { before: previous, length, first: before.first, last });
            if self.strings.len() == 1 << self.width && self.width < LONGEST {
                self.width += 1;
            }
        }
        let mut entry = self.string(code)?;
        self.pixels.clear();
        self.pixels.resize(entry.length.into(), 0);
        for place in self.pixels.iter_mut().rev() {
            *place = entry.last;
            entry = self.strings[usize::from(entry.before)];
        }
        self.given = 0;
        self.previous = Some(code);
        Ok(())
    }

    /// The string of a code; `Unreadable` for the end and for one that is not defined yet.
    fn string(&self, code: u16) -> Result<Entry, PictureError> {
        let entry = self.strings.get(usize::from(code)).filter(|entry| entry.length > 0);
        entry.copied().ok_or(PictureError::Unreadable)
    }

    fn next_code(&mut self) -> Result<u16, PictureError> {
        while self.count < self.width {
            let byte = match self.waiting.pop() {
                Some(byte) => byte,
                None => {
                    self.waiting.extend(self.blocks.next().map_err(unreadable)?.iter().rev());
                    self.waiting.pop().ok_or(PictureError::Unreadable)?
                }
            };
            self.bits |= u32::from(byte) << self.count;
            self.count += 8;
        }
        let code = self.bits & ((1 << self.width) - 1);
        self.bits >>= self.width;
        self.count -= self.width;
        Ok(code as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes of `width` bits as one sub-block behind the size of the codes.
    fn stream(size: u8, codes: &[(u32, u32)]) -> Vec<u8> {
        let (mut bits, mut count, mut bytes) = (0u64, 0, Vec::new());
        for &(code, width) in codes {
            bits |= u64::from(code) << count;
            count += width;
            while count >= 8 {
                bytes.push(bits as u8);
                bits >>= 8;
                count -= 8;
            }
        }
        bytes.push(bits as u8);
        [&[size, bytes.len() as u8], bytes.as_slice(), &[0]].concat()
    }

    fn decoded(stream: &[u8], pixels: usize, row: usize) -> Result<Vec<u8>, PictureError> {
        let mut lzw = Lzw::new(stream)?;
        let mut decoded = vec![9; pixels];
        decoded.chunks_mut(row).try_for_each(|row| lzw.fill(row))?;
        Ok(decoded)
    }

    #[test]
    fn a_code_may_name_the_string_that_it_defines_and_rows_end_within_strings() {
        // 1, then 11 by the code that it defines, then 111 likewise; the codes grow to four bits.
        let stream = stream(2, &[(4, 3), (1, 3), (6, 3), (7, 3), (0, 4), (5, 4)]);
        for row in 1..=7 {
            assert_eq!(decoded(&stream, 7, row).unwrap(), [1, 1, 1, 1, 1, 1, 0]);
        }
        assert!(decoded(&stream, 8, 8).is_err(), "behind the end");
    }

    #[test]
    fn strings_are_forgotten_when_told() {
        let stream = stream(2, &[(4, 3), (1, 3), (6, 3), (4, 3), (2, 3), (3, 3), (6, 3)]);
        assert_eq!(decoded(&stream, 7, 7).unwrap(), [1, 1, 1, 2, 3, 2, 3]);
    }

    #[test]
    fn impossible_codes_and_sizes_are_refused() {
        for codes in [&[(4, 3), (6, 3)][..], &[(4, 3), (1, 3), (7, 3)], &[(4, 3), (5, 3)]] {
            assert!(decoded(&stream(2, codes), 2, 2).is_err());
        }
        assert!(Lzw::new(&[0, 1, 0][..]).is_err() && Lzw::new(&[12, 1, 0][..]).is_err());
        assert!(Lzw::new(&b""[..]).is_err());
    }
}
