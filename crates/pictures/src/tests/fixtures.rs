//! Small files of every format, and functions that look at the resulting pictures.

use std::io::Cursor;

use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, Rgba, RgbaImage};
use jpeg_encoder::{ColorType, Encoder};

use crate::{Crop, Picture, PictureError, PictureWorkshop, SIZES};

pub const RED: [u8; 4] = [220, 30, 30, 255];
pub const GREEN: [u8; 4] = [30, 200, 30, 255];
pub const BLUE: [u8; 4] = [30, 30, 220, 255];
pub const WHITE: [u8; 4] = [230, 230, 230, 255];

/// Red and green above blue and white.
pub fn quadrants(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        Rgba(match (x >= width / 2, y >= height / 2) {
            (false, false) => RED,
            (true, false) => GREEN,
            (false, true) => BLUE,
            (true, true) => WHITE,
        })
    })
}

pub fn process(file: impl AsRef<[u8]>) -> Result<Picture, PictureError> {
    process_cropped(file, None)
}

pub fn process_cropped(file: impl AsRef<[u8]>, crop: Option<Crop>) -> Result<Picture, PictureError> {
    PictureWorkshop::default().process(Cursor::new(file), crop)
}

/// Decodes every rendition and checks its size.
pub fn shown(picture: &Picture) -> [RgbaImage; 4] {
    let mut sizes = SIZES.iter();
    picture.renditions.each_ref().map(|(size, bytes)| {
        assert_eq!(Some(size), sizes.next());
        let image = image::load_from_memory(bytes).unwrap().to_rgba8();
        assert_eq!(image.dimensions(), (*size, *size));
        image
    })
}

/// Checks the middle of every quadrant of every rendition: above left, above right, below left, below right.
#[track_caller]
pub fn assert_quadrants(picture: &Picture, expected: [[u8; 4]; 4]) {
    for image in shown(picture) {
        let (near, far) = (image.width() / 4, image.width() * 3 / 4);
        let seen = [(near, near), (far, near), (near, far), (far, far)].map(|(x, y)| image.get_pixel(x, y).0);
        for (seen, expected) in seen.iter().zip(&expected) {
            assert_near(seen, expected);
        }
    }
}

#[track_caller]
pub fn assert_near(seen: &[u8], expected: &[u8]) {
    assert!(seen.iter().zip(expected).all(|(a, b)| a.abs_diff(*b) <= 14), "{seen:?} is not {expected:?}");
}

/// A JPEG from raw samples. `icc` and `exif` may be empty.
pub fn jpeg(samples: &[u8], size: (u32, u32), kind: ColorType, progressive: bool, icc: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 92);
    encoder.set_progressive(progressive);
    if !icc.is_empty() {
        encoder.add_icc_profile(icc).unwrap();
    }
    encoder.encode(samples, size.0 as u16, size.1 as u16, kind).unwrap();
    file
}

pub fn rgb_jpeg(image: &RgbaImage) -> Vec<u8> {
    jpeg(image, image.dimensions(), ColorType::Rgba, false, &[])
}

pub fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.into().write_to(&mut file, image::ImageFormat::Png).unwrap();
    file.into_inner()
}

pub fn lossless_webp(image: &RgbaImage) -> Vec<u8> {
    let mut file = Vec::new();
    WebPEncoder::new_lossless(&mut file)
        .encode(image, image.width(), image.height(), ExtendedColorType::Rgba8)
        .unwrap();
    file
}

pub fn gif(image: &RgbaImage, interlaced: bool) -> Vec<u8> {
    let (width, height) = (image.width() as u16, image.height() as u16);
    let mut frame = gif::Frame::from_rgba(width, height, &mut image.clone().into_raw());
    if interlaced {
        // The encoder writes rows in the given order, so they are sorted into the order of an interlaced
        // file.
        let rows: Vec<&[u8]> = frame.buffer.chunks(width.into()).collect();
        let order = [(0, 8), (4, 8), (2, 4), (1, 2)];
        let order = order.iter().flat_map(|&(first, step)| rows.iter().skip(first).step_by(step));
        let buffer: Vec<u8> = order.flat_map(|row| row.iter().copied()).collect();
        frame.buffer = buffer.into();
        frame.interlaced = true;
    }
    let mut file = Vec::new();
    let mut encoder = gif::Encoder::new(&mut file, width, height, &[]).unwrap();
    encoder.write_frame(&frame).unwrap();
    // A second frame, which must not be shown.
    let mut black = vec![0; image.len()];
    encoder.write_frame(&gif::Frame::from_rgba(width, height, &mut black)).unwrap();
    drop(encoder);
    file
}

/// An EXIF block with an orientation and the comment [`SECRET`].
pub fn exif(orientation: u8) -> Vec<u8> {
    let mut block = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    block.push(orientation);
    block.extend(b"\0\0\0\0\0\0");
    block.extend(SECRET);
    block
}

/// A text in the metadata of the files made here. It must not appear in renditions.
pub const SECRET: &[u8] = b"48.8584N 2.2945E";

/// Inserts a segment after the start of a JPEG.
pub fn with_segment(mut jpeg: Vec<u8>, marker: u8, body: &[u8]) -> Vec<u8> {
    let mut segment = vec![0xFF, marker];
    segment.extend((body.len() as u16 + 2).to_be_bytes());
    segment.extend(body);
    jpeg.splice(2..2, segment);
    jpeg
}

pub fn jpeg_with_exif(jpeg: Vec<u8>, exif: &[u8]) -> Vec<u8> {
    with_segment(jpeg, 0xE1, &[b"Exif\0\0", exif].concat())
}

/// Inserts a chunk into a PNG, before or after its pixels.
pub fn with_chunk(mut png: Vec<u8>, kind: &[u8; 4], body: &[u8], before_pixels: bool) -> Vec<u8> {
    let mut chunk = (body.len() as u32).to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(body);
    chunk.extend(crc32(&chunk[4..]).to_be_bytes());
    // After the signature and the header chunk, or before the 12 bytes of the last chunk.
    let at = if before_pixels { 33 } else { png.len() - 12 };
    png.splice(at..at, chunk);
    png
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| crc >> 1 ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

/// A PNG header for a picture of this size in 8-bit RGBA, and nothing after it.
pub fn png_header(width: u32, height: u32) -> Vec<u8> {
    let signature_and_end = b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xaeB`\x82".to_vec();
    let body = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let mut file = signature_and_end;
    let mut chunk = 13u32.to_be_bytes().to_vec();
    chunk.extend(b"IHDR");
    chunk.extend(body);
    chunk.extend(crc32(&chunk[4..]).to_be_bytes());
    file.splice(8..8, chunk);
    file
}

/// A WebP in the extended format, around the one chunk of a simple file. `flags` says what it contains.
pub fn extended_webp(simple: &[u8], size: (u32, u32), flags: u8, kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let chunk = |kind: &[u8], body: &[u8]| {
        let mut chunk = [kind, &(body.len() as u32).to_le_bytes(), body].concat();
        chunk.resize(chunk.len().next_multiple_of(2), 0);
        chunk
    };
    let length = |length: u32| (length - 1).to_le_bytes();
    let header = [&[flags, 0, 0, 0], &length(size.0)[..3], &length(size.1)[..3]].concat();
    let mut inside = b"WEBP".to_vec();
    inside.extend(chunk(b"VP8X", &header));
    if kind == b"ICCP" {
        inside.extend(chunk(kind, body));
    }
    inside.extend(&simple[12..]);
    if kind != b"ICCP" {
        inside.extend(chunk(kind, body));
    }
    chunk(b"RIFF", &inside)
}

/// An animation whose only frame is the picture of a simple file, `size` at `place` on a canvas.
pub fn animated_webp(
    simple: &[u8],
    place: (u32, u32),
    size: (u32, u32),
    canvas: (u32, u32),
    flags: u8,
) -> Vec<u8> {
    let three = |value: u32| value.to_le_bytes()[..3].to_vec();
    let frame = [
        three(place.0 / 2),
        three(place.1 / 2),
        three(size.0 - 1),
        three(size.1 - 1),
        three(100),
        vec![0],
        simple[12..].to_vec(),
    ]
    .concat();
    let empty = b"RIFF\0\0\0\0WEBPANIM\x06\0\0\0\0\0\0\0\0\0";
    extended_webp(empty, canvas, flags, b"ANMF", &frame)
}

/// Files that only a C library could encode, in hexadecimal: 32 × 32 lossy, the same with its white quadrant
/// transparent, and an animation of 16 × 16 whose second frame is black.
pub const LOSSY_WEBP: &str = concat!(
    "5249464662000000574542505650382056000000d003009d012a2000200001402625a00274ca11c0de01f8abfa81cc19a05df2fd80cefb10",
    "152e4000fef09b43ff158bdaedffe04583766c8c469959b87ac5cc8bfc4c20ad498ee88df17feb2a5ab44dc6046d44000000"
);
pub const LOSSY_ALPHA_WEBP: &str = concat!(
    "524946469200000057454250565038580a000000100000001f00001f0000414c504815000000010f30ff1111422040f89f16404044ff27c0",
    "416801005650382056000000d003009d012a2000200001402625a00274ca11c0de01f8abfa81cc19a05df2fd80cefb10152e4000fef09b43",
    "ff158bdaedffe04583766c8c469959b87ac5cc8bfc4c20ad498ee88df17feb2a5ab44dc6046d44000000"
);
pub const ANIMATED_WEBP: &str = concat!(
    "52494646ae00000057454250565038580a000000020000000f00000f0000414e494d06000000000000000000414e4d464a00000000000000",
    "00000f00000f00006400000256503820320000005001009d012a1000100002c04c25a00004740000fe4bfffa737f04ffff72b9dffd0afede",
    "7fff106fffff49b3fdfe84000000414e4d46300000000000000000000f00000f00006400000056503820180000003401009d012a10001000",
    "00004c25a400037000fef81f8000"
);

pub fn from_hex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}
