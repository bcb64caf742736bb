//! Encodes small pictures as baseline JPEG.

use crate::standard_tables::{self, Standard};
use crate::transform::{ZIGZAG, basis};

/// The quantisation steps of the standard for luma and chroma, row by row (ITU T.81, tables K.1 and K.2).
#[rustfmt::skip]
const STEPS: [[u8; 64]; 2] = [
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ],
    [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
        24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    ],
];

/// A file of `width` × `height` pixels in red, green and blue, with colours as fine as light (4:4:4), the
/// standard's tables and no metadata. `quality` is that of libjpeg, 1 to 100.
///
/// `None` when a side is 0 or there are more or fewer pixels.
#[must_use]
pub fn encode_rgb(pixels: &[u8], width: u16, height: u16, quality: u8) -> Option<Vec<u8>> {
    let (across, down) = (usize::from(width), usize::from(height));
    if across * down == 0 || pixels.len() != across * down * 3 {
        return None;
    }
    let steps = STEPS.map(|table| table.map(|step| scaled(step, quality)));
    let mut file = Vec::with_capacity(pixels.len() / 8 + 1024);
    write_header(&mut file, (width, height), &steps);
    let dc = standard_tables::DC.map(codes);
    let ac = standard_tables::AC.map(codes);
    let transform = Forward::new(&steps);
    let rows: Vec<&[[u8; 3]]> = pixels.as_chunks().0.chunks_exact(across).collect();
    let mut bits = Writer { file, bits: 0, count: 0 };
    let mut before = [0; 3];
    for y in (0..down).step_by(8) {
        for x in (0..across).step_by(8) {
            let blocks = blocks_at(&rows, x, y);
            for (i, (block, before)) in blocks.iter().zip(&mut before).enumerate() {
                let kind = usize::from(i > 0);
                bits.block(&transform.apply(block, kind), before, &dc[kind], &ac[kind]);
            }
        }
    }
    Some(bits.end())
}

/// A step of the standard at a quality, as libjpeg counts it.
fn scaled(step: u8, quality: u8) -> u8 {
    let quality = u32::from(quality.clamp(1, 100));
    let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    ((u32::from(step) * percent + 50) / 100).clamp(1, 255) as u8
}

/// Everything before the entropy-coded bits (ITU T.81, section B.2).
fn write_header(file: &mut Vec<u8>, (width, height): (u16, u16), steps: &[[u8; 64]; 2]) {
    let mut segment = |marker: u8, body: &[&[u8]]| {
        let length = body.iter().map(|part| part.len()).sum::<usize>() + 2;
        file.extend([0xFF, marker]);
        file.extend((length as u16).to_be_bytes());
        body.iter().for_each(|part| file.extend_from_slice(part));
    };
    // JFIF 1.02, square pixels. The start of the picture stands before its first segment.
    segment(0xE0, &[b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"]);
    for (number, steps) in (0..).zip(steps) {
        segment(0xDB, &[&[number], &ZIGZAG.map(|at| steps[usize::from(at)])]);
    }
    let (height, width) = (height.to_be_bytes(), width.to_be_bytes());
    segment(0xC0, &[&[8], &height, &width, &[3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]]);
    for (class, tables) in [(0x00, standard_tables::DC), (0x10, standard_tables::AC)] {
        for (number, (counts, symbols)) in (0..).zip(tables) {
            segment(0xC4, &[&[class | number], &counts, symbols]);
        }
    }
    segment(0xDA, &[&[3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]]);
    file.splice(0..0, [0xFF, 0xD8]);
}

/// Code and length by symbol (ITU T.81, annex C).
fn codes((counts, symbols): Standard) -> [(u16, u8); 256] {
    let mut codes = [(0, 0); 256];
    let (mut code, mut symbols) = (0, symbols.iter());
    for (length, count) in (1..).zip(counts) {
        for symbol in symbols.by_ref().take(count.into()) {
            codes[usize::from(*symbol)] = (code, length);
            code += 1;
        }
        code <<= 1;
    }
    codes
}

/// The light and the two colours of 8 × 8 pixels, less 128 (JFIF 1.02). At the edges the last pixel is
/// repeated.
fn blocks_at(rows: &[&[[u8; 3]]], x: usize, y: usize) -> [[f32; 64]; 3] {
    let mut blocks = [[0.0; 64]; 3];
    for i in 0..64 {
        let row = rows[(y + i / 8).min(rows.len() - 1)];
        let [r, g, b] = row[(x + i % 8).min(row.len() - 1)].map(f32::from);
        blocks[0][i] = 0.299 * r + 0.587 * g + 0.114 * b - 128.0;
        blocks[1][i] = -0.168_736 * r - 0.331_264 * g + 0.5 * b;
        blocks[2][i] = 0.5 * r - 0.418_688 * g - 0.081_312 * b;
    }
    blocks
}

/// The transform of pixels to quantised coefficients (ITU T.81, A.3.3).
struct Forward {
    /// The cosines: by coefficient, by pixel; and the other way round.
    by_coefficient: [[f32; 8]; 8],
    by_pixel: [[f32; 8]; 8],
    /// By kind, light or colour: one divided by each step.
    factors: [[f32; 64]; 2],
}

impl Forward {
    fn new(steps: &[[u8; 64]; 2]) -> Self {
        let cosines = basis(8, 8);
        let cosine = |k: usize, i: usize| cosines[k * 8 + i];
        Self {
            by_coefficient: std::array::from_fn(|k| std::array::from_fn(|i| cosine(k, i))),
            by_pixel: std::array::from_fn(|i| std::array::from_fn(|k| cosine(k, i))),
            factors: steps.map(|steps| steps.map(|step| 1.0 / f32::from(step))),
        }
    }

    fn apply(&self, pixels: &[f32; 64], kind: usize) -> [i16; 64] {
        // Each row becomes its coefficients, and then each column of those.
        let mut across = [[0f32; 8]; 8];
        for (row, sums) in pixels.as_chunks::<8>().0.iter().zip(&mut across) {
            for (pixel, cosines) in row.iter().zip(&self.by_pixel) {
                for (sum, cosine) in sums.iter_mut().zip(cosines) {
                    *sum += pixel * cosine;
                }
            }
        }
        let mut coefficients = [0; 64];
        let rows = coefficients.as_chunks_mut::<8>().0.iter_mut().zip(self.factors[kind].as_chunks::<8>().0);
        for ((row, factors), cosines) in rows.zip(&self.by_coefficient) {
            let mut sums = [0f32; 8];
            for (values, cosine) in across.iter().zip(cosines) {
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum += value * cosine;
                }
            }
            for ((coefficient, sum), factor) in row.iter_mut().zip(sums).zip(factors) {
                let value = sum * factor;
                *coefficient = (value + if value < 0.0 { -0.5 } else { 0.5 }) as i16;
            }
        }
        coefficients
    }
}

/// Writes entropy-coded bits (ITU T.81, section F.1.2).
struct Writer {
    file: Vec<u8>,
    /// The bits that are not written yet, from the lowest.
    bits: u64,
    count: u32,
}

impl Writer {
    fn block(&mut self, block: &[i16; 64], before: &mut i16, dc: &[(u16, u8); 256], ac: &[(u16, u8); 256]) {
        self.value(dc, 0, block[0] - *before);
        *before = block[0];
        let mut run = 0;
        for &at in &ZIGZAG[1..] {
            let value = block[usize::from(at)];
            if value == 0 {
                run += 1;
                continue;
            }
            while run > 15 {
                self.put(ac[0xF0].0.into(), ac[0xF0].1.into());
                run -= 16;
            }
            self.value(ac, run, value);
            run = 0;
        }
        if run > 0 {
            self.put(ac[0].0.into(), ac[0].1.into());
        }
    }

    /// Writes a value after `run` zeros.
    fn value(&mut self, codes: &[(u16, u8); 256], run: u32, value: i16) {
        let size = 16 - value.unsigned_abs().leading_zeros();
        let (code, length) = codes[(run << 4 | size) as usize & 255];
        self.put(code.into(), length.into());
        // A negative number is written as the number less one, without its upper bits.
        let low = if value < 0 { value - 1 } else { value };
        self.put(u64::from(low as u16) & ((1 << size) - 1), size);
    }

    fn put(&mut self, value: u64, count: u32) {
        self.bits = self.bits << count | value;
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.bits >> self.count) as u8;
            self.file.push(byte);
            if byte == 0xFF {
                self.file.push(0);
            }
        }
    }

    /// Fills the last byte with ones and ends the picture.
    fn end(mut self) -> Vec<u8> {
        if self.count > 0 {
            let missing = 8 - self.count;
            self.put((1 << missing) - 1, missing);
        }
        self.file.extend([0xFF, 0xD9]);
        self.file
    }
}
