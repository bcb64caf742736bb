//! Pictures to upload.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

pub const RED: [u8; 3] = [220, 30, 30];
pub const BLUE: [u8; 3] = [30, 30, 220];

fn encoded(image: RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image).write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// A picture in one colour.
pub fn plain(colour: [u8; 3], format: ImageFormat) -> Vec<u8> {
    encoded(RgbImage::from_pixel(40, 30, Rgb(colour)), format)
}

/// A picture twice as wide as high: red on the left, blue on the right.
pub fn red_and_blue() -> Vec<u8> {
    let half = |x: u32| Rgb(if x < 100 { RED } else { BLUE });
    encoded(RgbImage::from_fn(200, 100, |x, _| half(x)), ImageFormat::Png)
}

/// A PNG of exactly this size, in bytes.
pub fn of_size(bytes: usize) -> Vec<u8> {
    let mut file = plain(RED, ImageFormat::Png);
    // Inserts a text chunk before the last chunk. Both chunks have 12 bytes of framing.
    let end = file.split_off(file.len() - 12);
    let text = vec![b'x'; bytes - file.len() - 24];
    file.extend_from_slice(&u32::try_from(text.len()).unwrap().to_be_bytes());
    let start = file.len();
    file.extend_from_slice(b"quUX");
    file.extend_from_slice(&text);
    let sum = checksum(&file[start..]);
    file.extend_from_slice(&sum.to_be_bytes());
    file.extend_from_slice(&end);
    assert_eq!(file.len(), bytes);
    file
}

fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}

/// The colour in the centre.
pub fn middle(file: &[u8]) -> [u8; 3] {
    let image = image::load_from_memory(file).unwrap().to_rgb8();
    image.get_pixel(image.width() / 2, image.height() / 2).0
}

#[track_caller]
pub fn assert_like(seen: [u8; 3], expected: [u8; 3]) {
    let apart = seen.iter().zip(expected).map(|(seen, expected)| seen.abs_diff(expected)).max();
    assert!(apart < Some(25), "{seen:?} is not {expected:?}");
}
