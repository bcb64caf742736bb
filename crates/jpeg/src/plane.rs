//! The coefficients of one component that are kept: at a quarter of the size, 4 of 64.

use crate::frame::{Component, Frame};
use crate::transform::{DROPPED, Transform};

/// Rows of blocks of one component: all of them, or those of one row of MCUs.
pub(crate) struct Plane {
    /// The number of blocks in a row, padded to whole MCUs.
    pub columns: usize,
    /// The coefficients of all blocks, `kept` for each block.
    values: Vec<i16>,
    /// By block: a bit for each nonzero coefficient, including dropped ones, by position in the file. Empty
    /// unless later scans refine the coefficients, which requires these bits.
    history: Vec<u64>,
    kept: usize,
    places: [u8; 64],
    /// The position in the file behind the last coefficient that is kept.
    kept_end: u32,
}

impl Plane {
    /// A plane of zeros for `mcu_rows` rows of MCUs.
    pub fn new(frame: &Frame, component: &Component, transform: &Transform, mcu_rows: u32) -> Self {
        let columns = (frame.mcu_columns * component.across) as usize;
        let blocks = columns * (mcu_rows * component.down) as usize;
        let history = if frame.progressive { vec![0; blocks] } else { Vec::new() };
        Self {
            columns,
            values: vec![0; blocks * transform.kept()],
            history,
            kept: transform.kept(),
            places: transform.places,
            kept_end: transform.kept_end(),
        }
    }

    /// The memory of `mcu_rows` rows of MCUs with `kept` coefficients a block, in bytes.
    pub fn memory(frame: &Frame, component: &Component, kept: usize, mcu_rows: u32) -> u64 {
        let blocks = u64::from(frame.mcu_columns * component.across) * u64::from(mcu_rows * component.down);
        blocks * (kept as u64 * 2 + if frame.progressive { 8 } else { 0 })
    }

    /// The block with this index.
    pub fn block(&mut self, index: usize) -> Block<'_> {
        Block {
            values: &mut self.values[index * self.kept..][..self.kept],
            history: self.history.get_mut(index),
            places: &self.places,
            kept_end: self.kept_end,
        }
    }

    /// The kept coefficients of a row of blocks.
    pub fn row(&self, index: usize) -> &[i16] {
        let length = self.columns * self.kept;
        &self.values[index * length..][..length]
    }

    /// Sets all coefficients to zero.
    pub fn clear(&mut self) {
        self.values.fill(0);
    }
}

/// One block. Its coefficients are addressed by their position in the file.
pub(crate) struct Block<'a> {
    values: &'a mut [i16],
    history: Option<&'a mut u64>,
    places: &'a [u8; 64],
    kept_end: u32,
}

impl Block<'_> {
    #[inline]
    pub fn set(&mut self, place: usize, value: i16) {
        let kept = self.places[place & 63];
        if kept != DROPPED {
            self.values[usize::from(kept)] = value;
        }
        if let Some(history) = &mut self.history {
            **history |= 1 << (place & 63);
        }
    }

    /// The position in the file from which on no coefficient is kept (at most 64).
    #[inline]
    pub fn kept(&self) -> u32 {
        self.kept_end
    }

    /// Sets a bit of the first coefficient.
    pub fn refine_first(&mut self, bit: i16) {
        if let Some(value) = self.values.first_mut() {
            *value |= bit;
        }
    }

    /// Moves a nonzero coefficient away from zero by `bit`.
    pub fn refine(&mut self, place: u32, bit: i16) {
        let kept = self.places[place as usize & 63];
        if kept != DROPPED {
            let value = &mut self.values[usize::from(kept)];
            if *value & bit == 0 {
                *value = value.saturating_add(if *value < 0 { -bit } else { bit });
            }
        }
    }

    /// A bit for each nonzero coefficient, by position in the file.
    pub fn history(&self) -> u64 {
        self.history.as_deref().copied().unwrap_or(0)
    }
}
