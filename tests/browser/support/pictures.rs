//! Pictures to upload.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use image::{ImageFormat, Rgb, RgbImage};
use tempfile::TempDir;

pub const RED: Rgb<u8> = Rgb([220, 30, 30]);
pub const BLUE: Rgb<u8> = Rgb([30, 30, 220]);

/// The largest upload, in bytes: 10 MiB.
pub const LARGEST: usize = 10 << 20;

const EXIF_CHECKSUM: u32 = 0xd6674b69;

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

    /// The same, stored standing and upside down. EXIF says so where no browser looks: in a WebP, and behind
    /// the pixels of a PNG.
    pub fn turned_halves(&self) -> [PathBuf; 2] {
        let stored = RgbImage::from_fn(400, 800, |_, y| if y < 400 { BLUE } else { RED });
        // To be turned by a quarter clockwise.
        let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let encoded = |format| {
            let mut file = Cursor::new(Vec::new());
            stored.write_to(&mut file, format).unwrap();
            file.into_inner()
        };
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap();
        let chunk = |kind: &[u8], body: &[u8]| [kind, &length(body).to_le_bytes(), body].concat();
        let [w1, w2, ..] = (stored.width() - 1).to_le_bytes();
        let [h1, h2, ..] = (stored.height() - 1).to_le_bytes();
        let head = chunk(b"VP8X", &[0b1000, 0, 0, 0, w1, w2, 0, h1, h2, 0]);
        let webp = encoded(ImageFormat::WebP);
        let webp = chunk(b"RIFF", &[b"WEBP", head.as_slice(), &webp[12..], &chunk(b"EXIF", exif)].concat());
        let mut png = encoded(ImageFormat::Png);
        let end = png.len() - 12;
        // The checksum is that of `eXIf` and this block.
        let block = [&length(exif).to_be_bytes(), &b"eXIf"[..], exif, &EXIF_CHECKSUM.to_be_bytes()].concat();
        png.splice(end..end, block);
        [self.keep("turned.webp", &webp), self.keep("turned.png", &png)]
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
