//! Averages the decoder's rows into a small square as they arrive, so that a large picture is never in memory
//! whole.

use super::SIZES;
use super::crop::Square;
use super::raster::{Raster, Samples};

/// The side, in pixels, below which a square is not shrunk here: the side of the largest rendition.
pub(super) const ENOUGH: u32 = SIZES[SIZES.len() - 1];

/// Takes pixels in any order, each once. Pixels outside the square are ignored; missing pixels become
/// transparent black.
pub(super) struct Shrinker {
    square: Square,
    /// Each output pixel is the average of `factor` × `factor` pixels. 1 to 255, so that `255 * 255 *
    /// factor²` fits into `u32`.
    factor: u32,
    side: u32,
    samples: Samples,
    /// Used only when `factor` is 1.
    copied: Vec<u8>,
    /// Used only when `factor` is more than 1. Colours are weighted by alpha.
    sums: Vec<u32>,
}

impl Shrinker {
    /// A shrinker for `square`. Its result has at least [`ENOUGH`] pixels on a side if the square has.
    pub fn new(square: Square, samples: Samples) -> Self {
        let factor = factor_for(square.side);
        let side = (square.side / factor).max(1);
        // Pixels that do not fill a whole output pixel are left out evenly at both edges: less than 1/512 of
        // the square.
        let margin = (square.side - side * factor) / 2;
        let square = Square { x: square.x + margin, y: square.y + margin, side: side * factor };
        let len = side as usize * side as usize * samples.count();
        let (copied, sums) =
            if factor == 1 { (vec![0; len], Vec::new()) } else { (Vec::new(), vec![0; len]) };
        Self { square, factor, side, samples, copied, sums }
    }

    /// The memory of a shrinker for a square of `side` pixels and of its result, in bytes.
    pub fn memory(side: u32, samples: Samples) -> u64 {
        let factor = factor_for(side);
        let pixels = u64::from(side / factor).pow(2);
        pixels * samples.count() as u64 * if factor == 1 { 1 } else { 5 }
    }

    /// Takes a whole row of pixels: row `y` of the file, from its left edge.
    pub fn row(&mut self, y: u32, pixels: &[u8]) {
        let count = self.samples.count();
        let Some(line) = self.line(y) else { return };
        let from = self.square.x as usize * count;
        let Some(pixels) = pixels.get(from..from + self.square.side as usize * count) else {
            return;
        };
        let width = self.side as usize * count;
        if self.factor == 1 {
            self.copied[line * width..][..width].copy_from_slice(pixels);
            return;
        }
        let sums = &mut self.sums[line * width..][..width];
        let block = self.factor as usize * count;
        match self.samples {
            Samples::Gray => add_row::<1, false>(sums, pixels, block),
            Samples::GrayAlpha => add_row::<2, true>(sums, pixels, block),
            Samples::Rgb => add_row::<3, false>(sums, pixels, block),
            Samples::Rgba => add_row::<4, true>(sums, pixels, block),
            Samples::Cmyk => add_row::<4, false>(sums, pixels, block),
        }
    }

    /// Takes some pixels of row `y`. The first is at `x`, and each further one `step` to the right of the one
    /// before.
    pub fn sparse_row(&mut self, y: u32, x: u32, step: u32, pixels: &[u8]) {
        let count = self.samples.count();
        let Some(line) = self.line(y) else { return };
        for (i, pixel) in pixels.chunks_exact(count).enumerate() {
            let at = u64::from(x) + i as u64 * u64::from(step);
            let Some(at) =
                at.checked_sub(self.square.x.into()).filter(|&at| at < u64::from(self.square.side))
            else {
                continue;
            };
            let start = (line * self.side as usize + at as usize / self.factor as usize) * count;
            if self.factor == 1 {
                self.copied[start..start + count].copy_from_slice(pixel);
            } else if self.samples.has_alpha() {
                add_weighted(&mut self.sums[start..start + count], pixel);
            } else {
                add(&mut self.sums[start..start + count], pixel);
            }
        }
    }

    /// Divides the sums and returns the averages.
    pub fn finish(self) -> Raster {
        let data = if self.factor == 1 {
            self.copied
        } else {
            averages(&self.sums, self.samples, self.factor.pow(2))
        };
        Raster { side: self.side, samples: self.samples, data }
    }

    /// The output row to which row `y` of the file contributes.
    fn line(&self, y: u32) -> Option<usize> {
        let y = y.checked_sub(self.square.y)?;
        (y < self.square.side).then_some((y / self.factor) as usize)
    }
}

fn factor_for(side: u32) -> u32 {
    (side / ENOUGH).clamp(1, 255)
}

/// Adds blocks of `block` bytes to one output pixel each.
fn add_row<const N: usize, const ALPHA: bool>(sums: &mut [u32], pixels: &[u8], block: usize) {
    for (sum, block) in sums.as_chunks_mut::<N>().0.iter_mut().zip(pixels.chunks_exact(block)) {
        for pixel in block.as_chunks::<N>().0 {
            if ALPHA {
                add_weighted(sum, pixel);
            } else {
                add(sum, pixel);
            }
        }
    }
}

fn add(sum: &mut [u32], pixel: &[u8]) {
    for (sum, &value) in sum.iter_mut().zip(pixel) {
        *sum += u32::from(value);
    }
}

/// Like [`add`], with the last sample as the weight of the others.
fn add_weighted(sum: &mut [u32], pixel: &[u8]) {
    if let (Some((alpha_sum, sums)), Some((&alpha, values))) = (sum.split_last_mut(), pixel.split_last()) {
        let alpha = u32::from(alpha);
        *alpha_sum += alpha;
        for (sum, &value) in sums.iter_mut().zip(values) {
            *sum += u32::from(value) * alpha;
        }
    }
}

fn averages(sums: &[u32], samples: Samples, pixels: u32) -> Vec<u8> {
    let rounded = |sum: u32, weight: u32| ((sum + weight / 2) / weight) as u8;
    if !samples.has_alpha() {
        return sums.iter().map(|&sum| rounded(sum, pixels)).collect();
    }
    let mut data = Vec::with_capacity(sums.len());
    for sums in sums.chunks_exact(samples.count()) {
        if let Some((&alpha, colours)) = sums.split_last() {
            data.extend(colours.iter().map(|&sum| rounded(sum, alpha.max(1))));
            data.push(rounded(alpha, pixels));
        }
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Square = Square { x: 0, y: 0, side: 1536 };

    #[test]
    fn the_average_of_a_chequerboard_is_its_middle_grey() {
        let mut shrinker = Shrinker::new(Square { side: 1024, ..WHOLE }, Samples::Gray);
        for y in 0..1024 {
            let row: Vec<u8> = (0..1024).map(|x| if (x + y) % 2 == 0 { 200 } else { 100 }).collect();
            shrinker.row(y, &row);
        }
        let raster = shrinker.finish();
        assert_eq!(raster.side, 512);
        assert!(raster.data.iter().all(|&v| v == 150));
    }

    #[test]
    fn transparent_pixels_add_no_colour() {
        let mut shrinker = Shrinker::new(WHOLE, Samples::Rgba);
        for y in 0..1536 {
            let row: Vec<u8> = (0..1536)
                .flat_map(|x| if x % 3 == 0 { [250, 10, 20, 255] } else { [0, 255, 0, 0] })
                .collect();
            shrinker.row(y, &row);
        }
        assert!(shrinker.finish().data.as_chunks::<4>().0.iter().all(|&pixel| pixel == [250, 10, 20, 85]));
    }

    #[test]
    fn pixels_in_any_order_give_the_same_as_whole_rows() {
        let pixel = |x: u32, y: u32| [(x * 7 + y) as u8, (y * 3) as u8, (x ^ y) as u8];
        for side in [5, 1100] {
            let square = Square { x: 3, y: 2, side };
            let (mut whole, mut sparse) =
                (Shrinker::new(square, Samples::Rgb), Shrinker::new(square, Samples::Rgb));
            for y in (0..side + 6).rev() {
                whole.row(y, &(0..side + 6).flat_map(|x| pixel(x, y)).collect::<Vec<u8>>());
                for first in 0..2 {
                    let row: Vec<u8> = (first..side + 6).step_by(2).flat_map(|x| pixel(x, y)).collect();
                    sparse.sparse_row(y, first, 2, &row);
                }
            }
            assert_eq!(whole.finish().data, sparse.finish().data);
        }
    }

    #[test]
    fn a_small_square_is_copied_as_it_is() {
        let mut shrinker = Shrinker::new(Square { x: 1, y: 1, side: 2 }, Samples::Gray);
        for y in 0..4u8 {
            shrinker.row(y.into(), &[0, 1, 2, 3].map(|x| x + 10 * y));
        }
        assert_eq!(shrinker.finish().data, [11, 12, 21, 22]);
    }
}
