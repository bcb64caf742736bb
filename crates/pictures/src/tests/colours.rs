//! Colours mean what the file's profile says.

use image::{Rgba, RgbaImage};
use jpeg_encoder::ColorType;
use moxcms::ColorProfile;

use super::fixtures::*;
use crate::Picture;

const STORED: [u8; 4] = [200, 100, 100, 255];
/// The sRGB value of `STORED` if it is meant in Display P3.
const SEEN: [u8; 4] = [213, 95, 96, 255];

#[track_caller]
fn assert_colour(picture: &Picture, expected: [u8; 4]) {
    for image in shown(picture) {
        let middle = image.get_pixel(image.width() / 2, image.width() / 2).0;
        let near = middle.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 4);
        assert!(near, "{middle:?} is not {expected:?}");
    }
}

/// A file of one colour in every format that can embed a profile.
fn files(icc: &[u8]) -> [Vec<u8>; 3] {
    const ICC: u8 = 0b10_0000;
    let image = RgbaImage::from_pixel(40, 40, Rgba(STORED));
    let mut png = Vec::new();
    let mut info = png::Info::with_size(40, 40);
    info.color_type = png::ColorType::Rgba;
    info.bit_depth = png::BitDepth::Eight;
    info.icc_profile = Some(icc.into());
    let mut writer = png::Encoder::with_info(&mut png, info).unwrap().write_header().unwrap();
    writer.write_image_data(&image).unwrap();
    writer.finish().unwrap();
    let webp = extended_webp(&lossless_webp(&image), (40, 40), ICC, b"ICCP", icc);
    [jpeg(&image, (40, 40), ColorType::Rgba, false, icc), png, webp]
}

#[test]
fn a_wide_profile_is_turned_into_srgb() {
    for file in files(&ColorProfile::new_display_p3().encode().unwrap()) {
        assert_colour(&process(file).unwrap(), SEEN);
    }
}

#[test]
fn swapped_primaries_are_swapped_back() {
    let mut profile = ColorProfile::new_srgb();
    // With a CICP tag, readers may believe the name of the colour space rather than its numbers.
    profile.cicp = None;
    std::mem::swap(&mut profile.red_colorant, &mut profile.blue_colorant);
    let icc = profile.encode().unwrap();
    let image = RgbaImage::from_pixel(40, 40, Rgba([220, 40, 90, 255]));
    let file = jpeg(&image, (40, 40), ColorType::Rgba, false, &icc);
    assert_colour(&process(file).unwrap(), [90, 40, 220, 255]);
}

#[test]
fn srgb_and_broken_profiles_change_nothing() {
    let srgb = ColorProfile::new_srgb().encode().unwrap();
    for icc in [srgb.as_slice(), b"nonsense", &srgb[..srgb.len() / 2]] {
        for file in files(icc) {
            assert_colour(&process(file).unwrap(), STORED);
        }
    }
}

/// A PNG of one colour with these chunks before its pixels.
fn png_with(colour: [u8; 4], chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let file = png(RgbaImage::from_pixel(40, 40, Rgba(colour)));
    chunks.iter().rev().fold(file, |file, (kind, body)| with_chunk(file, kind, body, true))
}

fn gamma(hundred_thousandths: u32) -> [u8; 4] {
    hundred_thousandths.to_be_bytes()
}

/// White, red, green and blue of Adobe RGB.
fn adobe() -> Vec<u8> {
    let points = [31_270u32, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6_000];
    points.iter().flat_map(|value| value.to_be_bytes()).collect()
}

#[test]
fn the_chunks_of_a_png_say_its_space() {
    let code = |primaries, transfer| [primaries, transfer, 0, 1];
    let linear = [55, 55, 55, 255];
    let bright = [128, 128, 128, 255];
    // Display P3 by its code points, also where others are named beside it.
    assert_colour(&process(png_with(STORED, &[(b"cICP", &code(12, 13))])).unwrap(), SEEN);
    let both = png_with(STORED, &[(b"cICP", &code(12, 13)), (b"gAMA", &gamma(100_000)), (b"sRGB", &[0])]);
    assert_colour(&process(both).unwrap(), SEEN);
    // Linear light.
    assert_colour(&process(png_with(linear, &[(b"gAMA", &gamma(100_000))])).unwrap(), bright);
    // Adobe RGB.
    let adobe_rgb = png_with([100, 200, 100, 255], &[(b"gAMA", &gamma(45_455)), (b"cHRM", &adobe())]);
    assert_colour(&process(adobe_rgb).unwrap(), [0, 201, 92, 255]);
    // sRGB beats the gamma; chromaticities alone, code points that are unknown or of a high dynamic range,
    // and a gamma of nothing say nothing.
    let hdr = code(9, 16);
    let unknown = code(2, 2);
    let nothing: [&[(&[u8; 4], &[u8])]; 5] = [
        &[(b"sRGB", &[0]), (b"gAMA", &gamma(100_000))],
        &[(b"cHRM", &adobe())],
        &[(b"cICP", &hdr)],
        &[(b"cICP", &unknown)],
        &[(b"gAMA", &gamma(0))],
    ];
    for chunks in nothing {
        assert_colour(&process(png_with(linear, chunks)).unwrap(), linear);
    }
    let grey = png(image::GrayImage::from_pixel(40, 40, image::Luma([55])));
    let grey = with_chunk(grey, b"gAMA", &gamma(100_000), true);
    assert_colour(&process(grey).unwrap(), bright);
}

#[test]
fn grey_with_a_grey_profile_is_converted() {
    let icc = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    let file = jpeg(&[55; 1600], (40, 40), ColorType::Luma, false, &icc);
    assert_colour(&process(file).unwrap(), [128, 128, 128, 255]);
}

#[test]
fn grey_with_a_colour_profile_stays_grey() {
    let icc = ColorProfile::new_display_p3().encode().unwrap();
    let file = jpeg(&[55; 1600], (40, 40), ColorType::Luma, false, &icc);
    assert_colour(&process(file).unwrap(), [55, 55, 55, 255]);
}
