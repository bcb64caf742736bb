//! Huffman codes of JPEG (ITU T.81, annexes C and F).

use crate::JpegError;
use crate::bits::{Window, signed};

/// The longest codes, in bits, that one table look-up decodes.
const FAST: u32 = 10;
/// The bits of coefficients that one look-up leaves out, see [`Skip`].
const SKIPPED: u32 = 13;
/// The units of work of preparing [`Skip`]s.
pub(crate) const SKIPS_WORK: u64 = 1 << SKIPPED;

/// One table of codes.
pub(crate) struct Table {
    /// By the next `FAST` bits: the length of the code and its symbol. The length is 0 if the code is longer.
    fast: Box<[(u8, u8); 1 << FAST]>,
    /// By length: the first code that is too large for this length, aligned to 16 bits.
    limits: [u32; 17],
    /// By length: the index of its first symbol, minus its first code.
    offsets: [i32; 17],
    symbols: Vec<u8>,
    /// By the next `FAST` bits, see [`Short`].
    short: Box<[Short; 1 << FAST]>,
    /// By the next `SKIPPED` bits.
    skips: Option<Box<[Skip]>>,
}

/// A coefficient whose code and value fit into the bits that are looked up together.
#[derive(Clone, Copy, Default)]
pub(crate) struct Short {
    pub value: i16,
    /// The zeros before it.
    pub run: u8,
    /// The bits of both; 0 if they do not fit, or if the code means something else.
    pub length: u8,
}

/// As many coefficients as fit into the bits that are looked up together, for when their values do not
/// matter: the bits, whether the block ends behind them, and their number with the zeros before them.
#[derive(Clone, Copy, Default)]
pub(crate) struct Skip(u16);

impl Skip {
    const ENDS: u16 = 1 << 4;

    /// The bits to leave out; 0 if not one coefficient fits.
    #[inline]
    pub fn bits(self) -> u32 {
        u32::from(self.0 & 15)
    }

    /// Whether the block ends here.
    #[inline]
    pub fn ends(self) -> bool {
        self.0 & Self::ENDS != 0
    }

    /// The coefficients.
    #[inline]
    pub fn places(self) -> u32 {
        u32::from(self.0 >> 5)
    }
}

impl Table {
    /// Builds a table from the number of codes of each length (1 to 16) and their symbols.
    ///
    /// # Errors
    /// `Malformed` when there are more codes of a length than fit, or too few symbols.
    pub fn new(counts: &[u8; 16], symbols: Vec<u8>) -> Result<Self, JpegError> {
        let mut table = Self {
            fast: Box::new([(0, 0); 1 << FAST]),
            limits: [0; 17],
            offsets: [0; 17],
            symbols,
            short: Box::new([Short::default(); 1 << FAST]),
            skips: None,
        };
        let (mut code, mut index) = (0u32, 0usize);
        for (length, &count) in (1u32..).zip(counts) {
            table.offsets[length as usize] = index as i32 - code as i32;
            for _ in 0..count {
                let symbol = *table.symbols.get(index).ok_or(JpegError::Malformed)?;
                if code >= 1 << length {
                    return Err(JpegError::Malformed);
                }
                if length <= FAST {
                    let spare = FAST - length;
                    let start = (code << spare) as usize;
                    table.fast[start..][..1 << spare].fill((length as u8, symbol));
                    let size = u32::from(symbol & 15);
                    if (1..=spare).contains(&size) {
                        for (i, short) in (0u16..).zip(&mut table.short[start..][..1 << spare]) {
                            let value = signed(i >> (spare - size), size);
                            *short = Short { value, run: symbol >> 4, length: (length + size) as u8 };
                        }
                    }
                }
                code += 1;
                index += 1;
            }
            table.limits[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Ok(table)
    }

    /// The symbol that zeros are.
    pub fn of_zeros(&self) -> Option<u8> {
        self.symbols.first().copied()
    }

    /// Prepares [`Table::skip`], if that was not done yet. Gives whether it was not.
    pub fn prepare_skips(&mut self) -> bool {
        if self.skips.is_some() {
            return false;
        }
        let skip = |next: u32| {
            let (mut bits, mut places, mut ends) = (0, 0u32, false);
            // The bits that are not known are zeros; a code that needs one of them does not count.
            while let Some((length, symbol)) = self.code((next << (16 - SKIPPED) << bits) as u16) {
                let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
                if bits + length + size > SKIPPED {
                    break;
                }
                bits += length + size;
                ends = size == 0 && run != 15;
                if ends {
                    break;
                }
                places += run + 1;
            }
            // At most 13 codes of 16 places each.
            Skip(bits as u16 | if ends { Skip::ENDS } else { 0 } | (places as u16) << 5)
        };
        self.skips = Some((0..1 << SKIPPED).map(skip).collect());
        true
    }

    /// The coefficients that begin in the next 16 bits. None before [`Table::prepare_skips`].
    #[inline]
    pub fn skip(&self, next: u16) -> Skip {
        let skips = self.skips.as_deref().unwrap_or_default();
        skips.get(usize::from(next >> (16 - SKIPPED))).copied().unwrap_or_default()
    }

    /// The coefficient in the next 16 bits, if it is short.
    #[inline]
    pub fn short(&self, next: u16) -> Short {
        self.short[usize::from(next >> (16 - FAST))]
    }

    /// Decodes the next symbol. 16 bits must be available.
    ///
    /// # Errors
    /// `Malformed` when the bits are not a code of this table.
    #[inline]
    pub fn decode(&self, bits: &mut Window) -> Result<u8, JpegError> {
        let next = bits.peek();
        let (length, symbol) = self.fast[usize::from(next >> (16 - FAST))];
        if length > 0 {
            bits.skip(length.into());
            return Ok(symbol);
        }
        let (length, symbol) = self.long_code(next).ok_or(JpegError::Malformed)?;
        bits.skip(length);
        Ok(symbol)
    }

    /// The length of the code in the next 16 bits, and its symbol.
    fn code(&self, next: u16) -> Option<(u32, u8)> {
        match self.fast[usize::from(next >> (16 - FAST))] {
            (0, _) => self.long_code(next),
            (length, symbol) => Some((length.into(), symbol)),
        }
    }

    #[cold]
    fn long_code(&self, next: u16) -> Option<(u32, u8)> {
        let next = u32::from(next);
        let length = (FAST + 1..=16).find(|&length| next < self.limits[length as usize])?;
        let index = (next >> (16 - length)) as i32 + self.offsets[length as usize];
        let symbol = self.symbols.get(usize::try_from(index).ok()?)?;
        Some((length, *symbol))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::Bits;

    fn window(bytes: &[u8]) -> Window {
        let mut bits = Bits::new(bytes, u64::MAX);
        let mut window = bits.window();
        bits.refill(&mut window).unwrap();
        window
    }

    #[test]
    fn short_and_long_codes_are_told_apart() {
        // The codes 0, 10, 110, … of lengths 1 to 12.
        let mut counts = [0; 16];
        counts[..12].fill(1);
        let table = Table::new(&counts, (0..12).collect()).unwrap();
        // 0, 1110, 111111111110 (twelve bits), 10.
        let mut window = window(&[0b0111_0111, 0b1111_1111, 0, 0b0101_0000, 0, 0, 0, 0, 0, 0, 0]);
        let symbols = [(); 4].map(|()| table.decode(&mut window).unwrap());
        assert_eq!(symbols, [0, 3, 11, 1]);
    }

    #[test]
    fn a_short_coefficient_is_its_code_and_its_value() {
        // 0 is a coefficient of two bits after one zero, 10 one of eleven bits, 11 the end of a block.
        let table =
            Table::new(&[1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], vec![0x12, 0x0B, 0]).unwrap();
        let short = table.short(0b0010_0000_0000_0000);
        assert_eq!((short.value, short.run, short.length), (-2, 1, 3));
        assert_eq!(table.short(0b0110_0000_0000_0000).value, 3);
        for other in [0x8000, 0xC000] {
            assert_eq!(table.short(other).length, 0);
        }
    }

    #[test]
    fn as_many_coefficients_are_left_out_as_fit() {
        let mut table =
            Table::new(&[1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], vec![0x12, 0x0B, 0]).unwrap();
        assert!(table.prepare_skips() && !table.prepare_skips());
        let skip = |next| {
            let skip = table.skip(next);
            (skip.bits(), skip.places(), skip.ends())
        };
        // Four of three bits, and one bit more.
        assert_eq!(skip(0b0100_1000_1010_0000), (12, 8, false));
        // Two of them, then the end.
        assert_eq!(skip(0b0100_1011_0000_0000), (8, 4, true));
        // One of thirteen bits, and one that ends beyond.
        assert_eq!(skip(0b1000_0000_0000_0111), (13, 1, false));
        assert_eq!(skip(0b0001_0000_0000_0000), (3, 2, false));
        assert_eq!(skip(0xC000), (2, 0, true));
    }

    #[test]
    fn tables_with_more_codes_than_fit_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Table::new(&counts, vec![0, 1, 2]).is_err());
        counts[0] = 2;
        assert!(Table::new(&counts, vec![0]).is_err());
    }
}
