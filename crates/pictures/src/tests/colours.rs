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
