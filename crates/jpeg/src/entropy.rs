//! Decodes the blocks of a scan, sequential or progressive (ITU T.81, annexes F and G).

use crate::JpegError;
use crate::bits::Bits;
use crate::huffman::Table;
use crate::plane::Block;

/// The part of each block that a scan carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Band {
    /// The first and last coefficient, by position in the file.
    pub start: u32,
    pub end: u32,
    /// Whether earlier scans carried the upper bits of these coefficients.
    pub refines: bool,
    /// The number of lower bits left to later scans.
    pub shift: u32,
}

impl Band {
    /// Checks the values from a scan header against the kind of frame.
    ///
    /// # Errors
    /// `Malformed` when they are impossible in such a frame.
    pub fn new(progressive: bool, start: u8, end: u8, high: u8, low: u8) -> Result<Self, JpegError> {
        if !progressive {
            return Ok(Self { start: 0, end: 63, refines: false, shift: 0 });
        }
        let sound = end <= 63 && low <= 13 && if start == 0 { end == 0 } else { start <= end };
        if !sound || high > 0 && high != low + 1 {
            return Err(JpegError::Malformed);
        }
        Ok(Self { start: start.into(), end: end.into(), refines: high > 0, shift: low.into() })
    }
}

/// The state that carries over from block to block.
#[derive(Default)]
pub(crate) struct Carry {
    /// The first coefficient of the preceding block, by component of the scan.
    pub predictions: [i16; 4],
    /// The number of following blocks without further coefficients in this band.
    pub empty_blocks: u32,
}

/// Decodes one block of a sequential scan.
#[inline]
pub(crate) fn sequential(
    bits: &mut Bits<'_>,
    block: &mut Block<'_>,
    (dc, ac): (&Table, &Table),
    prediction: &mut i16,
) -> Result<(), JpegError> {
    first_value(bits, block, dc, prediction, 0)?;
    let mut place = 1;
    while place < 64 {
        bits.refill()?;
        let symbol = u32::from(ac.decode(bits)?);
        let (run, size) = (symbol >> 4, symbol & 15);
        if size == 0 {
            if run != 15 {
                return Ok(());
            }
            place += 16;
            continue;
        }
        place += run;
        let value = bits.take_signed(size);
        if place > 63 {
            return Err(JpegError::Malformed);
        }
        block.set(place as usize, value);
        place += 1;
    }
    Ok(())
}

/// Decodes the upper bits of the first coefficient.
pub(crate) fn first(
    bits: &mut Bits<'_>,
    block: &mut Block<'_>,
    dc: &Table,
    prediction: &mut i16,
    band: Band,
) -> Result<(), JpegError> {
    first_value(bits, block, dc, prediction, band.shift)
}

/// Decodes one more bit of the first coefficient.
pub(crate) fn refine_first(bits: &mut Bits<'_>, block: &mut Block<'_>, band: Band) -> Result<(), JpegError> {
    bits.refill()?;
    if bits.take(1) == 1 {
        block.refine_first(1 << band.shift);
    }
    Ok(())
}

#[inline]
fn first_value(
    bits: &mut Bits<'_>,
    block: &mut Block<'_>,
    dc: &Table,
    prediction: &mut i16,
    shift: u32,
) -> Result<(), JpegError> {
    bits.refill()?;
    let size = u32::from(dc.decode(bits)?);
    if size > 11 {
        return Err(JpegError::Malformed);
    }
    // A hostile file may count beyond the range of the type.
    *prediction = prediction.wrapping_add(bits.take_signed(size));
    block.set(0, *prediction << shift);
    Ok(())
}

/// Decodes the upper bits of the other coefficients.
pub(crate) fn others(
    bits: &mut Bits<'_>,
    block: &mut Block<'_>,
    ac: &Table,
    empty_blocks: &mut u32,
    band: Band,
) -> Result<(), JpegError> {
    if *empty_blocks > 0 {
        *empty_blocks -= 1;
        return Ok(());
    }
    let mut place = band.start;
    while place <= band.end {
        bits.refill()?;
        let symbol = u32::from(ac.decode(bits)?);
        let (run, size) = (symbol >> 4, symbol & 15);
        if size == 0 {
            if run != 15 {
                *empty_blocks = run_of_empty(bits, run) - 1;
                return Ok(());
            }
            place += 16;
            continue;
        }
        place += run;
        let value = bits.take_signed(size);
        if place > band.end {
            return Err(JpegError::Malformed);
        }
        block.set(place as usize, value << band.shift);
        place += 1;
    }
    Ok(())
}

/// Decodes one more bit of the other coefficients.
pub(crate) fn refine_others(
    bits: &mut Bits<'_>,
    block: &mut Block<'_>,
    ac: &Table,
    empty_blocks: &mut u32,
    band: Band,
) -> Result<(), JpegError> {
    let bit = 1i16 << band.shift;
    let mut place = band.start;
    while *empty_blocks == 0 && place <= band.end {
        bits.refill()?;
        let symbol = u32::from(ac.decode(bits)?);
        let (run, size) = (symbol >> 4, symbol & 15);
        let value = match size {
            0 if run == 15 => 0,
            0 => {
                *empty_blocks = run_of_empty(bits, run);
                break;
            }
            1 if bits.take(1) == 1 => bit,
            1 => -bit,
            _ => return Err(JpegError::Malformed),
        };
        // The new coefficient replaces the zero after `run` zeros. Each nonzero coefficient on the way gets
        // its bit.
        let target = nth_zero(block.history(), place, run);
        let stop = target.min(band.end + 1);
        refine_between(bits, block, place, stop, bit)?;
        if value != 0 {
            if target > band.end {
                return Err(JpegError::Malformed);
            }
            block.set(target as usize, value);
        }
        place = target + 1;
    }
    if *empty_blocks > 0 {
        *empty_blocks -= 1;
        refine_between(bits, block, place, band.end + 1, bit)?;
    }
    Ok(())
}

/// The number of blocks, including this one, without further coefficients: 2^`size` plus a number of `size`
/// bits.
fn run_of_empty(bits: &mut Bits<'_>, size: u32) -> u32 {
    (1 << size) + if size > 0 { u32::from(bits.take(size)) } else { 0 }
}

/// The position of the zero after `skip` zeros, counted from `place`; 64 if there are too few.
fn nth_zero(history: u64, place: u32, skip: u32) -> u32 {
    let mut zeros = if place < 64 { !history >> place << place } else { 0 };
    for _ in 0..skip {
        zeros &= zeros.wrapping_sub(1);
    }
    zeros.trailing_zeros()
}

/// Consumes a bit for every nonzero coefficient from `place` up to, but excluding, `stop` (at most 64).
fn refine_between(
    bits: &mut Bits<'_>,
    block: &mut Block<'_>,
    place: u32,
    stop: u32,
    bit: i16,
) -> Result<(), JpegError> {
    if place >= stop {
        return Ok(());
    }
    let mut left = block.history() >> place << place;
    if stop < 64 {
        left &= (1 << stop) - 1;
    }
    while left != 0 {
        bits.refill()?;
        if bits.take(1) == 1 {
            block.refine(left.trailing_zeros(), bit);
        }
        left &= left - 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_counted_among_the_others() {
        assert_eq!(nth_zero(0b0110, 0, 0), 0);
        assert_eq!(nth_zero(0b0110, 1, 0), 3);
        assert_eq!(nth_zero(0b0110, 0, 1), 3);
        assert_eq!(nth_zero(u64::MAX, 5, 0), 64);
        assert_eq!(nth_zero(0, 63, 1), 64);
        assert_eq!(nth_zero(0, 64, 0), 64);
    }

    #[test]
    fn scans_that_make_no_sense_are_refused() {
        assert!(Band::new(true, 0, 0, 0, 1).is_ok());
        assert!(Band::new(true, 1, 63, 2, 1).is_ok());
        for (start, end, high, low) in
            [(0, 5, 0, 0), (6, 5, 0, 0), (1, 64, 0, 0), (1, 5, 1, 1), (1, 5, 0, 14)]
        {
            assert!(Band::new(true, start, end, high, low).is_err());
        }
    }
}
