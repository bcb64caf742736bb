//! The memory of the prefix codes of a lossless WebP (RFC 9649, section 3), read from its beginning.
//!
//! A file may bring 65,536 groups of five codes, and the decoder keeps 4 KiB and more of each code: four
//! megabytes become a gigabyte. So the codes are read here first, and none is kept.

use std::io::BufRead;

use crate::PictureError;
use crate::work::Work;

/// The decoder's memory of a code beside its tables, and the bytes of a node and of an entry of a table.
const CODE: u64 = 56;
const NODE: u64 = 16;
const TABLE_ENTRY: u64 = 4;
/// Codes up to this length are in a table, longer ones in a tree.
const TABLE_BITS: usize = 10;
/// The symbols of the five codes of a group: green with lengths, red, blue, alpha, distances.
const ALPHABETS: [usize; 5] = [256 + 24, 256, 256, 256, 40];
/// The order in which the lengths of the code for lengths stand in the file.
const LENGTHS_ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// The bytes that the decoder allocates for the codes of the stream in `reader`: a lossless picture, or an
/// alpha channel of `size`, which has no header. A stream that is broken or cut counts up to there: the
/// decoder stops at the same place.
///
/// # Errors
/// `Unreadable` when looking takes too much work.
pub(super) fn memory_of_codes(
    reader: impl BufRead,
    size: Option<(u32, u32)>,
    most: u64,
    work: &Work,
) -> Result<u64, PictureError> {
    let mut stream =
        Stream { bytes: reader.bytes(), bits: 0, count: 0, memory: 0, most, work, refused: None };
    // The reason to stop does not matter here, unless it is ours.
    let _ = stream.picture(size);
    match stream.refused {
        Some(refused) => Err(refused),
        None => Ok(stream.memory),
    }
}

struct Stream<'w, R> {
    bytes: std::io::Bytes<R>,
    /// The next bits, from the lowest.
    bits: u64,
    count: u32,
    memory: u64,
    most: u64,
    work: &'w Work,
    refused: Option<PictureError>,
}

/// A prefix code: the number of codes of each length, and the symbols in the order of their codes.
struct Code {
    counts: [u16; 16],
    symbols: Vec<u16>,
}

impl<R: BufRead> Stream<'_, R> {
    fn read(&mut self, count: u32) -> Option<u32> {
        while self.count < count {
            let byte = self.bytes.next()?.ok()?;
            self.bits |= u64::from(byte) << self.count;
            self.count += 8;
        }
        let value = self.bits & ((1 << count) - 1);
        self.bits >>= count;
        self.count -= count;
        u32::try_from(value).ok()
    }

    fn picture(&mut self, size: Option<(u32, u32)>) -> Option<()> {
        let (width, height) = match size {
            Some(size) => size,
            None => {
                self.read(8)?;
                let size = (self.read(14)? + 1, self.read(14)? + 1);
                self.read(4)?;
                size
            }
        };
        let width = self.transforms(width, height)?;
        let cache = self.colour_cache()?;
        let mut groups = 1;
        if self.read(1)? == 1 {
            let bits = self.read(3)? + 2;
            groups = self.image(blocks(width, bits), blocks(height, bits))? + 1;
        }
        for _ in 0..groups {
            self.group(cache)?;
        }
        Some(())
    }

    /// Reads the transforms. Gives the width of what follows.
    fn transforms(&mut self, mut width: u32, height: u32) -> Option<u32> {
        let mut seen = [false; 4];
        while self.read(1)? == 1 {
            let kind = self.read(2)?;
            if std::mem::replace(&mut seen[kind as usize & 3], true) {
                return None;
            }
            match kind {
                0 | 1 => {
                    let bits = self.read(3)? + 2;
                    self.image(blocks(width, bits), blocks(height, bits))?;
                }
                3 => {
                    let colours = self.read(8)? + 1;
                    self.image(colours, 1)?;
                    let bits = match colours {
                        0..=2 => 3,
                        3..=4 => 2,
                        5..=16 => 1,
                        _ => 0,
                    };
                    width = blocks(width, bits);
                }
                _ => {}
            }
        }
        Some(width)
    }

    fn colour_cache(&mut self) -> Option<usize> {
        if self.read(1)? == 0 {
            return Some(0);
        }
        let bits = self.read(4)?;
        (1..=11).contains(&bits).then(|| 1 << bits)
    }

    /// Reads an image inside the stream. Gives the largest number that its red and green make: that of a
    /// group.
    fn image(&mut self, width: u32, height: u32) -> Option<u32> {
        let left = u64::from(width) * u64::from(height);
        self.spend(left)?;
        let cache = self.colour_cache()?;
        let [green, red, blue, alpha, distance] = self.group(cache)?;
        let (mut largest, mut left) = (0, left);
        while left > 0 {
            let symbol = self.symbol(&green)?;
            let pixels = match symbol {
                0..256 => {
                    let red = self.symbol(&red)?;
                    largest = largest.max(red << 8 | symbol);
                    self.symbol(&blue)?;
                    self.symbol(&alpha)?;
                    1
                }
                // Copies and cached colours repeat pixels that were seen.
                256..280 => {
                    let length = self.extended(symbol - 256)?;
                    let distance = self.symbol(&distance)?;
                    self.extended(distance)?;
                    length
                }
                _ => 1,
            };
            left = left.saturating_sub(pixels);
        }
        Some(largest)
    }

    /// A length or distance: a symbol, and for larger ones some bits more.
    fn extended(&mut self, symbol: u32) -> Option<u64> {
        if symbol < 4 {
            return Some(u64::from(symbol) + 1);
        }
        let extra = (symbol - 2) >> 1;
        Some((u64::from(2 + (symbol & 1)) << extra) + u64::from(self.read(extra)?) + 1)
    }

    fn group(&mut self, cache: usize) -> Option<[Code; 5]> {
        let [green, red, blue, alpha, distance] = ALPHABETS;
        Some([
            self.code(green + cache)?,
            self.code(red)?,
            self.code(blue)?,
            self.code(alpha)?,
            self.code(distance)?,
        ])
    }

    fn code(&mut self, symbols: usize) -> Option<Code> {
        self.spend(symbols as u64)?;
        let code = if self.read(1)? == 1 {
            let two = self.read(1)? == 1;
            let wide = self.read(1)?;
            let mut code = Code { counts: [0; 16], symbols: vec![self.read(1 + 7 * wide)? as u16] };
            if two {
                code.symbols.push(self.read(8)? as u16);
                code.counts[1] = 2;
            }
            code
        } else {
            let mut lengths = vec![0; symbols];
            self.lengths(&mut lengths)?;
            Code::new(&lengths)?
        };
        let longest = code.counts.iter().rposition(|&count| count > 0).unwrap_or(0);
        let in_tree: u64 = code.counts[TABLE_BITS + 1..].iter().map(|&count| u64::from(count)).sum();
        let table = if longest == 0 { 0 } else { TABLE_ENTRY << longest.min(TABLE_BITS) };
        self.memory += CODE + table + in_tree * 2 * NODE;
        // No need to read on.
        (self.memory <= self.most).then_some(code)
    }

    fn lengths(&mut self, lengths: &mut [u8]) -> Option<()> {
        let mut of_lengths = [0; LENGTHS_ORDER.len()];
        let count = 4 + self.read(4)? as usize;
        for &place in LENGTHS_ORDER.get(..count)? {
            of_lengths[place] = self.read(3)? as u8;
        }
        let code = Code::new(&of_lengths)?;
        let mut coded = lengths.len();
        if self.read(1)? == 1 {
            let bits = 2 + 2 * self.read(3)?;
            coded = 2 + self.read(bits)? as usize;
        }
        let (mut at, mut before) = (0, 8);
        while at < lengths.len() && coded > 0 {
            coded -= 1;
            let symbol = self.symbol(&code)?;
            let (length, times) = match symbol {
                0..16 => (symbol as u8, 1),
                16 => (before, 3 + self.read(2)?),
                17 => (0, 3 + self.read(3)?),
                _ => (0, 11 + self.read(7)?),
            };
            lengths.get_mut(at..at + times as usize)?.fill(length);
            at += times as usize;
            if symbol < 16 && length > 0 {
                before = length;
            }
        }
        Some(())
    }

    fn symbol(&mut self, code: &Code) -> Option<u32> {
        let [only] = code.symbols.as_slice() else {
            let (mut value, mut first, mut index) = (0u32, 0u32, 0u32);
            for &count in &code.counts[1..] {
                value |= self.read(1)?;
                let count = u32::from(count);
                if value < first + count {
                    return code.symbols.get((index + value - first) as usize).copied().map(u32::from);
                }
                index += count;
                first = (first + count) << 1;
                value <<= 1;
            }
            return None;
        };
        // The only symbol takes no bits.
        Some(u32::from(*only))
    }

    fn spend(&mut self, units: u64) -> Option<()> {
        self.work.spend(units).map_err(|refused| self.refused = Some(refused)).ok()
    }
}

impl Code {
    /// The code of these lengths; `None` if there are none, or if not every row of bits begins with a code.
    fn new(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0u16; 16];
        for &length in lengths.iter().filter(|&&length| length > 0) {
            *counts.get_mut(usize::from(length))? += 1;
        }
        let mut symbols = Vec::new();
        for wanted in 1..16u8 {
            let of_length = (0u16..).zip(lengths).filter(|(_, length)| **length == wanted);
            symbols.extend(of_length.map(|(symbol, _)| symbol));
        }
        if symbols.len() == 1 {
            return Some(Self { counts: [0; 16], symbols });
        }
        let used: u32 = (0u32..).zip(&counts).map(|(length, &count)| u32::from(count) << (15 - length)).sum();
        (used == 1 << 15).then_some(Self { counts, symbols })
    }
}

/// The blocks of 2^`bits` pixels that `length` pixels fill.
fn blocks(length: u32, bits: u32) -> u32 {
    length.div_ceil(1 << bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    /// Writes bits from the lowest.
    #[derive(Default)]
    struct Written {
        bytes: Vec<u8>,
        count: usize,
    }

    impl Written {
        fn put(&mut self, value: u32, count: u32) {
            for bit in 0..count {
                if self.count.is_multiple_of(8) {
                    self.bytes.push(0);
                }
                if let Some(last) = self.bytes.last_mut() {
                    *last |= ((value >> bit & 1) as u8) << (self.count % 8);
                }
                self.count += 1;
            }
        }

        /// A code with one symbol.
        fn one(&mut self, symbol: u32) {
            self.put(0b101, 3);
            self.put(symbol, 8);
        }

        /// A code with two symbols.
        fn two(&mut self) {
            self.put(0b011, 3);
            self.put(0, 1);
            self.put(1, 8);
        }
    }

    /// The beginning of a picture of one pixel with this many groups, each of five codes with two symbols.
    fn with_groups(groups: u32) -> Vec<u8> {
        let mut written = Written::default();
        written.put(0x2F, 8);
        written.put(0, 14 + 14 + 4);
        // No transform, no cache of colours; groups by an image of one pixel, which has no cache either.
        written.put(0b100, 3);
        written.put(0, 3 + 1);
        let last = groups - 1;
        [last & 0xFF, last >> 8, 0, 0, 0].into_iter().for_each(|symbol| written.one(symbol));
        (0..groups * 5).for_each(|_| written.two());
        written.bytes
    }

    fn memory(stream: &[u8], most: u64) -> u64 {
        memory_of_codes(stream, None, most, &Work::new(&Limits::default())).unwrap()
    }

    #[test]
    fn every_code_of_every_group_counts() {
        for groups in [1, 300] {
            let codes = 5 * CODE + u64::from(groups) * 5 * (CODE + 2 * TABLE_ENTRY);
            assert_eq!(memory(&with_groups(groups), u64::MAX), codes);
        }
    }

    #[test]
    fn reading_stops_past_the_bound_and_at_the_end() {
        let stream = with_groups(300);
        let seen = memory(&stream, 10_000);
        assert!((10_001..10_100).contains(&seen), "{seen}");
        assert!(memory(&stream[..stream.len() / 2], u64::MAX) < memory(&stream, u64::MAX));
        assert_eq!(memory(b"", u64::MAX), 0);
    }

    #[test]
    fn looking_takes_no_more_work_than_is_left() {
        let work = Work::new(&Limits { max_pixels: 500, max_bytes: 1, ..Limits::default() });
        assert!(memory_of_codes(with_groups(300).as_slice(), None, u64::MAX, &work).is_err());
    }
}
