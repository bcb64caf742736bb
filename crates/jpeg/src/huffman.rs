//! Huffman codes of JPEG (ITU T.81, annexes C and F).

use crate::JpegError;
use crate::bits::Bits;

/// The longest codes, in bits, that one table look-up decodes.
const FAST: u32 = 10;

/// One table of codes.
pub(crate) struct Table {
    /// By the next `FAST` bits: the length of the code and its symbol. The length is 0 if the code is longer.
    fast: Box<[(u8, u8); 1 << FAST]>,
    /// By length: the first code that is too large for this length, aligned to 16 bits.
    limits: [u32; 17],
    /// By length: the index of its first symbol, minus its first code.
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

impl Table {
    /// Builds a table from the number of codes of each length (1 to 16) and their symbols.
    ///
    /// # Errors
    /// `Malformed` when there are more codes of a length than fit, or too few symbols.
    pub fn new(counts: &[u8; 16], symbols: Vec<u8>) -> Result<Self, JpegError> {
        let mut table =
            Self { fast: Box::new([(0, 0); 1 << FAST]), limits: [0; 17], offsets: [0; 17], symbols };
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
                    table.fast[(code << spare) as usize..][..1 << spare].fill((length as u8, symbol));
                }
                code += 1;
                index += 1;
            }
            table.limits[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Ok(table)
    }

    /// Decodes the next symbol. 16 bits must be available.
    ///
    /// # Errors
    /// `Malformed` when the bits are not a code of this table.
    #[inline]
    pub fn decode(&self, bits: &mut Bits<'_>) -> Result<u8, JpegError> {
        let next = bits.peek();
        let (length, symbol) = self.fast[usize::from(next >> (16 - FAST))];
        if length > 0 {
            bits.skip(length.into());
            return Ok(symbol);
        }
        self.decode_long(bits, next.into())
    }

    #[cold]
    fn decode_long(&self, bits: &mut Bits<'_>, next: u32) -> Result<u8, JpegError> {
        let length = (FAST + 1..=16).find(|&length| next < self.limits[length as usize]);
        let length = length.ok_or(JpegError::Malformed)?;
        let index = (next >> (16 - length)) as i32 + self.offsets[length as usize];
        bits.skip(length);
        let symbol = usize::try_from(index).ok().and_then(|index| self.symbols.get(index));
        symbol.copied().ok_or(JpegError::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_codes_are_told_apart() {
        // The codes 0, 10, 110, … of lengths 1 to 12.
        let mut counts = [0; 16];
        counts[..12].fill(1);
        let table = Table::new(&counts, (0..12).collect()).unwrap();
        // 0, 1110, 111111111110 (twelve bits), 10.
        let bytes = [0b0111_0111, 0b1111_1111, 0b0101_0000, 0, 0, 0, 0, 0, 0, 0];
        let mut stuffed = bytes.to_vec();
        stuffed.insert(2, 0);
        let mut bits = Bits::new(stuffed.as_slice(), u64::MAX);
        let symbols: Vec<u8> = (0..4)
            .map(|_| {
                bits.refill().unwrap();
                table.decode(&mut bits).unwrap()
            })
            .collect();
        assert_eq!(symbols, [0, 3, 11, 1]);
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
