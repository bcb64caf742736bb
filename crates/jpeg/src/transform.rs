//! The inverse transform, at any size. A block of 8 × 8 coefficients becomes as many pixels as are wanted,
//! calculated only from the coefficients that so many pixels can show.

use std::f32::consts::{FRAC_1_SQRT_2, PI};

/// The order in which a file stores the coefficients of a block: `row * 8 + column` (ITU T.81, figure 5).
const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The position of a coefficient that is not kept.
pub(crate) const DROPPED: u8 = u8::MAX;

/// The transform of one component's blocks to pixels.
pub(crate) struct Transform {
    /// The width and height of one block in pixels.
    pub width: usize,
    pub height: usize,
    /// The width and height of the kept coefficients of a block.
    kept_width: usize,
    kept_height: usize,
    /// By position in the file: the position in the reduced block, or [`DROPPED`].
    pub places: [u8; 64],
    /// By position in the reduced block: the factor of the coefficient.
    scale: Vec<f32>,
    across: Vec<f32>,
    down: Vec<f32>,
}

impl Transform {
    /// A transform of a block to `width` × `height` pixels, with the quantisation steps in the order of the
    /// file.
    pub fn new(width: usize, height: usize, steps: &[u16; 64]) -> Self {
        let (kept_width, kept_height) = (width.min(8), height.min(8));
        let mut places = [DROPPED; 64];
        let mut scale = vec![0.0; kept_width * kept_height];
        for (i, &at) in ZIGZAG.iter().enumerate() {
            let (row, column) = (usize::from(at / 8), usize::from(at % 8));
            if row < kept_height && column < kept_width {
                places[i] = (row * kept_width + column) as u8;
                scale[row * kept_width + column] = f32::from(steps[i]);
            }
        }
        let (across, down) = (basis(width, kept_width), basis(height, kept_height));
        Self { width, height, kept_width, kept_height, places, scale, across, down }
    }

    /// The number of kept coefficients of a block.
    pub fn kept(&self) -> usize {
        self.scale.len()
    }

    /// The position in the file behind the last coefficient that is kept.
    pub fn kept_end(&self) -> u32 {
        self.places.iter().rposition(|&place| place != DROPPED).map_or(0, |last| last as u32 + 1)
    }

    /// Writes the pixels of a row of blocks into `output`, whose rows are `stride` bytes apart.
    pub fn apply_row(&self, blocks: &[i16], output: &mut [u8], stride: usize) {
        match (self.width, self.height) {
            (2, 2) => self.apply_halves(blocks, output, stride),
            (4, 4) => self.apply_sized::<4, 4, 16>(blocks, output, stride),
            (8, 8) => self.apply_sized::<8, 8, 64>(blocks, output, stride),
            (16, 16) => self.apply_sized::<8, 16, 64>(blocks, output, stride),
            _ => {
                for (i, block) in blocks.chunks_exact(self.kept()).enumerate() {
                    self.apply_any(block, &mut output[i * self.width..], stride);
                }
            }
        }
    }

    /// `apply_row` for blocks of 2 × 2 pixels. Their cosines are all the same but for the sign, so sums and
    /// differences are enough.
    fn apply_halves(&self, blocks: &[i16], output: &mut [u8], stride: usize) {
        let Some(steps) = self.scale.first_chunk::<4>().map(|scale| scale.map(|step| step as i32)) else {
            return;
        };
        let (above, below) = output.split_at_mut(stride);
        let rows = above.as_chunks_mut::<2>().0.iter_mut().zip(below.as_chunks_mut::<2>().0);
        for (&[a, b, c, d], (above, below)) in blocks.as_chunks::<4>().0.iter().zip(rows) {
            let a = i32::from(a) * steps[0] + (128 << 3) + (1 << 2);
            let (b, c, d) = (i32::from(b) * steps[1], i32::from(c) * steps[2], i32::from(d) * steps[3]);
            let pixel = |sum: i32| (sum >> 3).clamp(0, 255) as u8;
            let (left, right) = (a.wrapping_add(b), a.wrapping_sub(b));
            let (tilt, turn) = (c.wrapping_add(d), c.wrapping_sub(d));
            *above = [pixel(left.wrapping_add(tilt)), pixel(right.wrapping_add(turn))];
            *below = [pixel(left.wrapping_sub(tilt)), pixel(right.wrapping_sub(turn))];
        }
    }

    /// `apply_row` for sizes known at compile time, so that the compiler unrolls the loops: `K` × `K`
    /// coefficients, `KK` together, become `P` × `P` pixels.
    fn apply_sized<const K: usize, const P: usize, const KK: usize>(
        &self,
        blocks: &[i16],
        output: &mut [u8],
        stride: usize,
    ) {
        let (Some(across), Some(down), Some(scale)) = (
            self.across.as_chunks::<P>().0.first_chunk::<K>(),
            self.down.as_chunks::<P>().0.first_chunk::<K>(),
            self.scale.first_chunk::<KK>(),
        ) else {
            return;
        };
        for (i, block) in blocks.as_chunks::<KK>().0.iter().enumerate() {
            let output = &mut output[i * P..];
            let [first, rest @ ..] = block.as_slice() else { return };
            if rest.iter().fold(0, |all, value| all | value) == 0 {
                let value = pixel(f32::from(*first) * scale[0] / 8.0);
                output.chunks_mut(stride).take(P).for_each(|row| row[..P].fill(value));
                continue;
            }
            let mut columns = [[0f32; K]; P];
            let rows = block.as_chunks::<K>().0.iter().zip(scale.as_chunks::<K>().0).zip(down);
            for ((values, scale), weights) in rows {
                if values.iter().all(|&value| value == 0) {
                    continue;
                }
                let values: [f32; K] = std::array::from_fn(|i| f32::from(values[i]) * scale[i]);
                for (column, weight) in columns.iter_mut().zip(weights) {
                    for (sum, value) in column.iter_mut().zip(&values) {
                        *sum += value * weight;
                    }
                }
            }
            for (row, values) in output.chunks_mut(stride).zip(&columns) {
                let mut sums = [0f32; P];
                for (value, weights) in values.iter().zip(across) {
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum += value * weight;
                    }
                }
                for (output, sum) in row.iter_mut().zip(sums) {
                    *output = pixel(sum);
                }
            }
        }
    }

    /// Writes the pixels of one block of a rare size: one pixel, or unequal sampling.
    fn apply_any(&self, block: &[i16], output: &mut [u8], stride: usize) {
        for (y, row) in output.chunks_mut(stride).take(self.height).enumerate() {
            let mut column = [0f32; 8];
            for i in 0..self.kept_height {
                let weight = self.down[i * self.height + y];
                for (j, sum) in column[..self.kept_width].iter_mut().enumerate() {
                    let at = i * self.kept_width + j;
                    *sum += f32::from(block[at]) * self.scale[at] * weight;
                }
            }
            for (x, output) in row[..self.width].iter_mut().enumerate() {
                let parts = column[..self.kept_width].iter().enumerate();
                *output = pixel(parts.map(|(j, value)| value * self.across[j * self.width + x]).sum());
            }
        }
    }
}

/// The cosines of the inverse transform (ITU T.81, A.3.3) at the centres of `pixels` pixels, coefficient by
/// coefficient.
pub(crate) fn basis(pixels: usize, kept: usize) -> Vec<f32> {
    let value = |k: usize, i: usize| {
        let scale = if k == 0 { FRAC_1_SQRT_2 } else { 1.0 };
        scale / 2.0 * ((2 * i + 1) as f32 * k as f32 * PI / (2 * pixels) as f32).cos()
    };
    (0..kept).flat_map(|k| (0..pixels).map(move |i| value(k, i))).collect()
}

/// Shifts to unsigned and rounds. A float out of range saturates.
fn pixel(value: f32) -> u8 {
    (value + 128.5) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The transform as the standard defines it.
    fn reference(block: &[i16; 64], x: usize, y: usize) -> f32 {
        let mut sum = 0.0;
        for v in 0..8 {
            for u in 0..8 {
                let c = |k: usize| if k == 0 { FRAC_1_SQRT_2 } else { 1.0 };
                let cosine = |i: usize, k: usize| ((2 * i + 1) as f32 * k as f32 * PI / 16.0).cos();
                sum += c(u) * c(v) * f32::from(block[v * 8 + u]) * cosine(x, u) * cosine(y, v) / 4.0;
            }
        }
        (sum + 128.5).clamp(0.0, 255.0).floor()
    }

    fn block() -> [i16; 64] {
        let mut block = [0; 64];
        for (i, value) in [(0, 200), (1, -90), (8, 70), (9, 33), (17, -50), (35, 20), (63, -11)] {
            block[i] = value;
        }
        block
    }

    #[test]
    fn a_whole_block_is_what_the_standard_says() {
        let mut pixels = [0; 64];
        Transform::new(8, 8, &[1; 64]).apply_row(&block(), &mut pixels, 8);
        for (i, &pixel) in pixels.iter().enumerate() {
            assert!((f32::from(pixel) - reference(&block(), i % 8, i / 8)).abs() <= 1.0);
        }
    }

    #[test]
    fn all_sizes_agree_on_the_average() {
        for (width, height) in [(1, 1), (2, 2), (4, 4), (8, 8), (16, 16), (2, 1), (4, 8), (16, 8), (3, 2)] {
            let transform = Transform::new(width, height, &[1; 64]);
            let mut cut = vec![0; transform.kept()];
            for (&place, &at) in transform.places.iter().zip(&ZIGZAG) {
                if place != DROPPED {
                    cut[usize::from(place)] = block()[usize::from(at)];
                }
            }
            let mut pixels = vec![0; width * height];
            transform.apply_row(&cut, &mut pixels, width);
            let average = pixels.iter().map(|&p| f32::from(p)).sum::<f32>() / pixels.len() as f32;
            assert!((average - (128.0 + 25.0)).abs() < 1.0, "{width} x {height}: {average}");
        }
    }
}
