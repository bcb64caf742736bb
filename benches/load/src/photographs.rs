//! Generated pictures. They are busy enough to cost as much as photographs, and nobody has to download any.

use std::io::BufWriter;

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::Outcome;

/// A pseudo-random generator (xorshift). It generates the same pictures every time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 to 1.
    fn fraction(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
}

/// Grey clouds: random numbers on a grid of `cell` pixels, with smooth interpolation.
struct Clouds {
    cell: usize,
    across: usize,
    heights: Vec<f32>,
}

impl Clouds {
    fn new(width: usize, height: usize, cell: usize, numbers: &mut Numbers) -> Self {
        let (across, down) = (width / cell + 2, height / cell + 2);
        Self { cell, across, heights: (0..across * down).map(|_| numbers.fraction() - 0.5).collect() }
    }

    fn at(&self, x: usize, y: usize) -> f32 {
        let corner = y / self.cell * self.across + x / self.cell;
        let smooth = |offset: usize| {
            let t = (offset % self.cell) as f32 / self.cell as f32;
            t * t * (3.0 - 2.0 * t)
        };
        let (right, down) = (smooth(x), smooth(y));
        let row = |at: usize| self.heights[at] + (self.heights[at + 1] - self.heights[at]) * right;
        row(corner) + (row(corner + self.across) - row(corner)) * down
    }
}

/// Pixels (RGB) of a landscape: a sky, clouds of every size, round objects, and a sensor's noise.
fn landscape(width: usize, height: usize) -> Vec<u8> {
    let mut numbers = Numbers(0x005E_ED0F_ADAB);
    let clouds: Vec<(f32, Clouds)> = [(90.0, 512), (60.0, 128), (40.0, 32), (22.0, 8)]
        .map(|(strength, cell)| (strength, Clouds::new(width, height, cell, &mut numbers)))
        .into();
    let discs: Vec<[f32; 6]> = (0..60)
        .map(|_| {
            let (x, y) = (numbers.fraction() * width as f32, numbers.fraction() * height as f32);
            let radius = 20.0 + numbers.fraction() * width as f32 / 12.0;
            let mut tint = || numbers.fraction() * 120.0 - 60.0;
            [x, y, radius * radius, tint(), tint(), tint()]
        })
        .collect();
    let mut pixels = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        let sky = 170.0 - 90.0 * y as f32 / height as f32;
        let near: Vec<&[f32; 6]> =
            discs.iter().filter(|[_, middle, square, ..]| (y as f32 - middle).powi(2) < *square).collect();
        for x in 0..width {
            let light: f32 =
                sky + clouds.iter().map(|(strength, clouds)| strength * clouds.at(x, y)).sum::<f32>();
            let mut colour = [light - 8.0, light, light + 14.0];
            for [cx, cy, square, r, g, b] in near.iter().copied() {
                if (x as f32 - cx).powi(2) + (y as f32 - cy).powi(2) < *square {
                    colour = [colour[0] + r, colour[1] + g, colour[2] + b];
                }
            }
            let grain = (numbers.fraction() + numbers.fraction() - 1.0) * 9.0;
            pixels.extend(colour.map(|part| (part + grain).clamp(0.0, 255.0) as u8));
        }
    }
    pixels
}

/// A picture of twelve megapixels, as baseline and as progressive JPEG.
pub fn jpegs() -> Outcome<(Vec<u8>, Vec<u8>)> {
    let (width, height) = (4_000, 3_000);
    let pixels = landscape(width.into(), height.into());
    let encode = |progressive| {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, 88);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.set_progressive(progressive);
        encoder.encode(&pixels, width, height, ColorType::Rgb)?;
        Ok::<_, jpeg_encoder::EncodingError>(file)
    };
    Ok((encode(false)?, encode(true)?))
}

/// A drawing of just under fifty megapixels, whose PNG fits into ten megabytes.
pub fn png() -> Outcome<Vec<u8>> {
    let (width, height) = (8_160_u32, 6_120_u32);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(BufWriter::new(&mut file), width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header()?;
    let mut lines = writer.stream_writer()?;
    let mut line = vec![0; width as usize * 3];
    for y in 0..height {
        for (x, pixel) in line.chunks_exact_mut(3).enumerate() {
            let x = x as u32;
            let stripe = ((x / 40) ^ (y / 40)) as u8;
            pixel.copy_from_slice(&[(x / 32) as u8, (y / 24) as u8, stripe.wrapping_mul(37)]);
        }
        std::io::Write::write_all(&mut lines, &line)?;
    }
    lines.finish()?;
    writer.finish()?;
    Ok(file)
}
