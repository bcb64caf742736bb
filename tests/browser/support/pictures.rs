//! Pictures to upload.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use image::{ImageFormat, Rgb, RgbImage};
use tempfile::TempDir;

pub const RED: Rgb<u8> = Rgb([220, 30, 30]);
pub const BLUE: Rgb<u8> = Rgb([30, 30, 220]);

/// The largest upload, in bytes: 10 MiB.
pub const LARGEST: usize = 10 << 20;

/// A folder of pictures. Dropping it deletes the files.
pub struct Album(TempDir);

impl Album {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn keep(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// A wide picture, whose left half is red and whose right half is blue.
    pub fn two_halves(&self) -> PathBuf {
        let picture = RgbImage::from_fn(800, 400, |x, _| if x < 400 { RED } else { BLUE });
        let path = self.folder().join("halves.png");
        picture.save(&path).unwrap();
        path
    }
}

/// Noise, which no format compresses.
fn noise(width: u32, height: u32, seed: u32) -> RgbImage {
    let mut state = seed | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[1]
    };
    RgbImage::from_fn(width, height, |_, _| Rgb([next(), next(), next()]))
}

/// A PNG of noise, a little smaller than the largest upload.
pub fn largest_png(seed: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    noise(1866, 1866, seed).write_to(&mut file, ImageFormat::Png).unwrap();
    let file = file.into_inner();
    assert!((LARGEST - 100_000..=LARGEST).contains(&file.len()), "{}", file.len());
    file
}

/// A JPEG of exactly `size` bytes: noise, and comments that fill it up.
pub fn jpeg_of(size: usize, seed: u32) -> Vec<u8> {
    const MOST: usize = 65_535;
    let mut picture = Vec::new();
    let noise = noise(1600, 1600, seed);
    jpeg_encoder::Encoder::new(&mut picture, 90)
        .encode(noise.as_raw(), 1600, 1600, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    let mut file = picture[..2].to_vec();
    let mut missing = size - picture.len();
    while missing > 0 {
        // A comment has two bytes of marker, and its length field counts itself.
        let mut whole = missing.min(MOST + 2);
        if missing - whole < 4 && missing != whole {
            whole -= 4;
        }
        file.extend([0xFF, 0xFE]);
        file.extend(u16::try_from(whole - 2).unwrap().to_be_bytes());
        file.resize(file.len() + whole - 4, b' ');
        missing -= whole;
    }
    file.extend(&picture[2..]);
    assert_eq!(file.len(), size);
    file
}
