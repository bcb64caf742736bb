//! Pictures, encoded and decoded.

use image::{Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder};
use vestibule_jpeg::{DecodeLimits, Decoder, JpegError, Scale};

/// Fine enough to show a wrong coefficient, coarse enough to survive chroma subsampling.
pub fn scene(width: u32, height: u32) -> RgbImage {
    let wave =
        |x: u32, y: u32, step: u32| (128.0 + 90.0 * ((x * step + y * (7 - step)) as f32 / 40.0).sin()) as u8;
    RgbImage::from_fn(width, height, |x, y| Rgb([1, 3, 6].map(|step| wave(x, y, step))))
}

pub fn encoded(scene: &RgbImage, set: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    set(&mut encoder);
    encoder.encode(scene, scene.width() as u16, scene.height() as u16, ColorType::Rgb).unwrap();
    file
}

/// The rows of the picture, concatenated. Checks that they arrive in order and in full.
pub fn decoded(file: &[u8], scale: Scale) -> Result<Vec<u8>, JpegError> {
    let decoder = Decoder::new(file, DecodeLimits::default())?;
    let header = decoder.header();
    let length = scale.of(header.width) as usize * header.samples.count();
    let mut rows = 0;
    let mut pixels = Vec::new();
    decoder.decode(scale, &mut |y: u32, row: &[u8]| {
        assert_eq!((y, row.len()), (rows, length));
        rows += 1;
        pixels.extend_from_slice(row);
    })?;
    assert_eq!(rows, scale.of(header.height));
    Ok(pixels)
}

pub fn difference(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len());
    let sum: u64 = one.iter().zip(other).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.len() as f64
}

/// The offsets of all markers of this kind.
pub fn markers(file: &[u8], code: u8) -> Vec<usize> {
    (0..file.len() - 1).filter(|&at| file[at..at + 2] == [0xFF, code]).collect()
}

/// The file without its segments of this kind. Only those before the first scan are looked for.
pub fn without_segments(file: &[u8], code: u8) -> Vec<u8> {
    let (mut kept, mut at) = (file[..2].to_vec(), 2);
    while file[at + 1] != 0xDA {
        let end = at + 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
        if file[at + 1] != code {
            kept.extend(&file[at..end]);
        }
        at = end;
    }
    kept.extend(&file[at..]);
    kept
}

/// The file with a segment behind its first marker.
pub fn with_segment(file: &[u8], code: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u16 + 2).to_be_bytes();
    [&file[..2], &[0xFF, code], &length, body, &file[2..]].concat()
}
