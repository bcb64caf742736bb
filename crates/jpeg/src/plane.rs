//! The coefficients of one component that are worth keeping: at a quarter of the size, 4 of 64.

use crate::frame::{Component, Frame};
use crate::transform::{DROPPED, Transform};

/// Rows of blocks of one component, all of them or those of one row of MCUs.
pub(crate) struct Plane {
    /// Blocks in a row, padded to whole MCUs.
    pub columns: usize,
    /// Coefficients of a block, of which there are `kept`.
    values: Vec<i16>,
    /// By block: which coefficients are not zero, dropped ones too, by their place in the file. Empty unless
    /// later scans refine them and have to know.
    history: Vec<u64>,
    kept: usize,
    places: [u8; 64],
}

impl Plane {
    /// Zeros for `mcu_rows` rows of MCUs.
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
        }
    }

    /// The bytes that `mcu_rows` rows of MCUs hold, with `kept` coefficients a block.
    pub fn memory(frame: &Frame, component: &Component, kept: usize, mcu_rows: u32) -> u64 {
        let blocks = u64::from(frame.mcu_columns * component.across) * u64::from(mcu_rows * component.down);
        blocks * (kept as u64 * 2 + if frame.progressive { 8 } else { 0 })
    }

    /// One block.
    pub fn block(&mut self, index: usize) -> Block<'_> {
        Block {
            values: &mut self.values[index * self.kept..][..self.kept],
            history: self.history.get_mut(index),
            places: &self.places,
        }
    }

    /// The kept coefficients of one block.
    pub fn values(&self, index: usize) -> &[i16] {
        &self.values[index * self.kept..][..self.kept]
    }

    /// All zeros again.
    pub fn clear(&mut self) {
        self.values.fill(0);
    }
}

/// One block, with coefficients named by their place in the file.
pub(crate) struct Block<'a> {
    values: &'a mut [i16],
    history: Option<&'a mut u64>,
    places: &'a [u8; 64],
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

    /// Sets a bit of the first coefficient.
    pub fn refine_first(&mut self, bit: i16) {
        if let Some(value) = self.values.first_mut() {
            *value |= bit;
        }
    }

    /// Moves a coefficient that is not zero away from zero by `bit`.
    pub fn refine(&mut self, place: u32, bit: i16) {
        let kept = self.places[place as usize & 63];
        if kept != DROPPED {
            let value = &mut self.values[usize::from(kept)];
            if *value & bit == 0 {
                *value = value.saturating_add(if *value < 0 { -bit } else { bit });
            }
        }
    }

    /// Which coefficients are not zero.
    pub fn history(&self) -> u64 {
        self.history.as_deref().copied().unwrap_or(0)
    }
}
