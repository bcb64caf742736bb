//! Decodes the blocks of a scan, sequential or progressive (ITU T.81, annexes F and G).

use crate::JpegError;
use crate::bits::{Bits, Window};
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

/// The lower bits of a component's coefficients that no scan has carried yet. A file with an end marker may
/// leave some out; without one it may have lost them.
#[derive(Clone, Copy)]
pub(crate) struct Missing([u32; 64]);

impl Missing {
    /// Before the first scan.
    pub const ALL: Self = Self([u32::MAX; 64]);

    /// Takes what a scan carries.
    pub fn take(&mut self, band: Band) {
        self.0[band.start as usize..=band.end as usize].fill(band.shift);
    }

    /// Whether anything is missing.
    pub fn is_some(&self) -> bool {
        self.0.iter().any(|&bits| bits > 0)
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
    let mut window = bits.window();
    first_value(bits, &mut window, block, dc, prediction, 0)?;
    let mut place = 1;
    let kept = block.kept();
    while place < kept {
        bits.refill(&mut window)?;
        match coefficient(&mut window, ac)? {
            Coded::Value { run, value } => {
                place += run;
                if place > 63 {
                    return Err(JpegError::Malformed);
                }
                block.set(place as usize, value);
                place += 1;
            }
            Coded::Zeros => place += 16,
            Coded::End { .. } => {
                bits.put_back(window);
                return Ok(());
            }
        }
    }
    leave_out(bits, &mut window, ac, place)?;
    bits.put_back(window);
    Ok(())
}

/// Reads past the coefficients of a block from `place` on.
#[inline]
fn leave_out(bits: &mut Bits<'_>, window: &mut Window, ac: &Table, mut place: u32) -> Result<(), JpegError> {
    while place < 64 {
        bits.refill(window)?;
        let skip = ac.skip(window.peek());
        let after = place + skip.places();
        // Behind the last coefficient the block is at its end, and no code says so.
        if skip.bits() > 0 && after < 64 + u32::from(!skip.ends()) {
            window.skip(skip.bits());
            if skip.ends() {
                return Ok(());
            }
            place = after;
            continue;
        }
        match coefficient(window, ac)? {
            Coded::Value { run, .. } if place + run > 63 => return Err(JpegError::Malformed),
            Coded::Value { run, .. } => place += run + 1,
            Coded::Zeros => place += 16,
            Coded::End { .. } => return Ok(()),
        }
    }
    Ok(())
}

/// What a code of coefficients means.
enum Coded {
    /// A value after `run` zeros.
    Value { run: u32, value: i16 },
    /// Sixteen zeros.
    Zeros,
    /// The end of the block, and of more of them: a number of `size` bits follows.
    End { size: u32 },
}

/// Decodes a code and its value. 32 bits must be available.
#[inline]
fn coefficient(window: &mut Window, ac: &Table) -> Result<Coded, JpegError> {
    let short = ac.short(window.peek());
    if short.length > 0 {
        window.skip(short.length.into());
        return Ok(Coded::Value { run: short.run.into(), value: short.value });
    }
    let symbol = u32::from(ac.decode(window)?);
    Ok(match (symbol >> 4, symbol & 15) {
        (15, 0) => Coded::Zeros,
        (size, 0) => Coded::End { size },
        (run, size) => Coded::Value { run, value: window.take_signed(size) },
    })
}

/// Decodes the upper bits of the first coefficient.
pub(crate) fn first(
    bits: &mut Bits<'_>,
    block: &mut Block<'_>,
    dc: &Table,
    prediction: &mut i16,
    band: Band,
) -> Result<(), JpegError> {
    let mut window = bits.window();
    first_value(bits, &mut window, block, dc, prediction, band.shift)?;
    bits.put_back(window);
    Ok(())
}

/// Decodes one more bit of the first coefficient.
pub(crate) fn refine_first(bits: &mut Bits<'_>, block: &mut Block<'_>, band: Band) -> Result<(), JpegError> {
    let mut window = bits.window();
    bits.refill(&mut window)?;
    if window.take(1) == 1 {
        block.refine_first(1 << band.shift);
    }
    bits.put_back(window);
    Ok(())
}

#[inline]
fn first_value(
    bits: &mut Bits<'_>,
    window: &mut Window,
    block: &mut Block<'_>,
    dc: &Table,
    prediction: &mut i16,
    shift: u32,
) -> Result<(), JpegError> {
    bits.refill(window)?;
    let size = u32::from(dc.decode(window)?);
    if size > 11 {
        return Err(JpegError::Malformed);
    }
    // A hostile file may count beyond the range of the type.
    *prediction = prediction.wrapping_add(window.take_signed(size));
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
    let mut window = bits.window();
    let mut place = band.start;
    while place <= band.end {
        bits.refill(&mut window)?;
        match coefficient(&mut window, ac)? {
            Coded::Value { run, value } => {
                place += run;
                if place > band.end {
                    return Err(JpegError::Malformed);
                }
                block.set(place as usize, value << band.shift);
                place += 1;
            }
            Coded::Zeros => place += 16,
            Coded::End { size } => {
                *empty_blocks = run_of_empty(&mut window, size) - 1;
                break;
            }
        }
    }
    bits.put_back(window);
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
    let mut window = bits.window();
    let mut place = band.start;
    let kept = block.kept();
    while *empty_blocks == 0 && place <= band.end {
        bits.refill(&mut window)?;
        let symbol = u32::from(ac.decode(&mut window)?);
        let (run, size) = (symbol >> 4, symbol & 15);
        let value = match size {
            0 if run == 15 => 0,
            0 => {
                *empty_blocks = run_of_empty(&mut window, run);
                break;
            }
            1 if window.take(1) == 1 => bit,
            1 => -bit,
            _ => return Err(JpegError::Malformed),
        };
        // The new coefficient replaces the zero after `run` zeros. Each nonzero coefficient on the way gets
        // its bit.
        let target = nth_zero(block.history(), place, run);
        if place >= kept && target <= band.end {
            // None of them is kept. All but `run` of the places on the way are such coefficients.
            leave_out_bits(bits, &mut window, target - place - run)?;
        } else {
            let stop = target.min(band.end + 1);
            refine_between(bits, &mut window, block, (place, stop), bit)?;
        }
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
        refine_between(bits, &mut window, block, (place, band.end + 1), bit)?;
    }
    bits.put_back(window);
    Ok(())
}

/// The number of blocks, including this one, without further coefficients: 2^`size` plus a number of `size`
/// bits.
fn run_of_empty(window: &mut Window, size: u32) -> u32 {
    (1 << size) + if size > 0 { u32::from(window.take(size)) } else { 0 }
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
#[inline]
fn refine_between(
    bits: &mut Bits<'_>,
    window: &mut Window,
    block: &mut Block<'_>,
    (place, stop): (u32, u32),
    bit: i16,
) -> Result<(), JpegError> {
    if place >= stop {
        return Ok(());
    }
    let mut left = block.history() >> place << place;
    if stop < 64 {
        left &= (1 << stop) - 1;
    }
    // Those that are kept stand first.
    let kept = block.kept();
    while left.trailing_zeros() < kept {
        bits.refill(window)?;
        if window.take(1) == 1 {
            block.refine(left.trailing_zeros(), bit);
        }
        left &= left - 1;
    }
    if left == 0 { Ok(()) } else { leave_out_bits(bits, window, left.count_ones()) }
}

/// Reads past `count` bits (at most 64).
#[inline]
fn leave_out_bits(bits: &mut Bits<'_>, window: &mut Window, count: u32) -> Result<(), JpegError> {
    let mut left = count;
    while left > 0 {
        bits.refill(window)?;
        let some = left.min(32);
        window.skip(some);
        left -= some;
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
