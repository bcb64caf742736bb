//! Converts pixels with a profile.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::black_point::Compensation;
use super::{ColourSpace, Samples};

/// The bytes of inks that are converted at once.
const INKS_AT_ONCE: usize = 16 * 1024;

/// The pixels in sRGB. Returns `None` if the space is unusable, does not fit the pixels, or changes nothing.
pub(crate) fn apply(samples: Samples, data: &[u8], space: &ColourSpace) -> Option<(Samples, Vec<u8>)> {
    // A profile is as hostile as the picture around it. If it makes moxcms panic, the picture is shown
    // without it.
    catch_unwind(AssertUnwindSafe(|| convert(samples, data, space))).ok().flatten()
}

fn convert(samples: Samples, data: &[u8], space: &ColourSpace) -> Option<(Samples, Vec<u8>)> {
    let profile = space.profile()?;
    if (profile.color_space, samples) == (DataColorSpace::Cmyk, Samples::Cmyk) {
        return inks(&profile, data).map(|data| (Samples::Rgb, data));
    }
    let (samples, data, from) = match (profile.color_space, samples) {
        (DataColorSpace::Gray, Samples::Gray) => (samples, Cow::from(data), Layout::Gray),
        (DataColorSpace::Gray, Samples::GrayAlpha) => (samples, Cow::from(data), Layout::GrayAlpha),
        (DataColorSpace::Rgb, Samples::Rgb) => (samples, Cow::from(data), Layout::Rgb),
        (DataColorSpace::Rgb, Samples::Rgba) => (samples, Cow::from(data), Layout::Rgba),
        (DataColorSpace::Rgb, Samples::Gray | Samples::GrayAlpha) => {
            let (expanded, data) = samples.expand(data.to_vec());
            (expanded, Cow::from(data), if expanded.has_alpha() { Layout::Rgba } else { Layout::Rgb })
        }
        _ => return None,
    };
    let (to, made) =
        if samples.has_alpha() { (Layout::Rgba, Samples::Rgba) } else { (Layout::Rgb, Samples::Rgb) };
    let transform = profile
        .create_transform_8bit(from, &ColorProfile::new_srgb(), to, TransformOptions::default())
        .ok()?;
    if profile.color_space == DataColorSpace::Rgb {
        let probe = probe(made);
        let mut seen = vec![0; probe.len()];
        transform.transform(&probe, &mut seen).ok()?;
        if probe.iter().zip(&seen).all(|(a, b)| a.abs_diff(*b) <= 1) {
            return None;
        }
    }
    let mut converted = vec![0; data.len() / samples.count() * made.count()];
    transform.transform(&data, &mut converted).ok()?;
    Some((made, converted))
}

/// Inks in sRGB, with black point compensation. In 16 bits, since dark values are spread.
fn inks(profile: &ColorProfile, data: &[u8]) -> Option<Vec<u8>> {
    // moxcms names the layout by its four samples; the profile tells that they are inks.
    let transform = profile
        .create_transform_16bit(
            Layout::Rgba,
            &ColorProfile::new_srgb(),
            Layout::Rgb,
            TransformOptions::default(),
        )
        .ok()?;
    let mut darkest = [0; 3];
    transform.transform(&[u16::MAX; 4], &mut darkest).ok()?;
    let compensation = Compensation::new(darkest);
    let mut converted = Vec::with_capacity(data.len() / 4 * 3);
    for part in data.chunks(INKS_AT_ONCE) {
        let wide: Vec<u16> = part.iter().map(|&ink| u16::from(ink) * 257).collect();
        let mut seen = vec![0; part.len() / 4 * 3];
        transform.transform(&wide, &mut seen).ok()?;
        converted.extend(seen.iter().map(|&value| compensation.apply(value)));
    }
    Some(converted)
}

/// Colours spread over the whole cube. A profile that leaves them unchanged is sRGB under another name.
fn probe(samples: Samples) -> Vec<u8> {
    let steps = || (0..=255u8).step_by(51);
    let mut pixels = Vec::new();
    for r in steps() {
        for g in steps() {
            for b in steps() {
                pixels.extend_from_slice(&[r, g, b, 255][..samples.count()]);
            }
        }
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::to_srgb;

    fn rgb(pixel: [u8; 3], icc: &[u8]) -> Vec<u8> {
        to_srgb(Samples::Rgb, pixel.to_vec(), Some(&ColourSpace::Profile(icc.to_vec()))).1
    }

    /// The profile of a press whose inks take light from white paper in equal steps, down to `black` of 255
    /// in CIE L*: a table with two nodes for each ink (ICC.1:2022, section 10.11).
    fn press(black: u8) -> Vec<u8> {
        let mut table = b"mft1\0\0\0\0\x04\x03\x02\0".to_vec();
        // No matrix.
        for row in 0..3 {
            (0..3).for_each(|column| table.extend([0, u8::from(row == column), 0, 0]));
        }
        let straight: Vec<u8> = (0..=255).collect();
        table.extend(straight.repeat(4));
        for inks in 0..16u32 {
            let light = 255 - (255 - u32::from(black)) * inks.count_ones() / 4;
            table.extend([light as u8, 128, 128]);
        }
        table.extend(straight.repeat(3));
        let mut icc = vec![0; 128];
        icc[8..12].copy_from_slice(&[4, 0x20, 0, 0]);
        icc[12..24].copy_from_slice(b"prtrCMYKLab ");
        icc[36..40].copy_from_slice(b"acsp");
        icc.extend(1u32.to_be_bytes());
        icc.extend(b"A2B0");
        icc.extend(144u32.to_be_bytes());
        icc.extend((table.len() as u32).to_be_bytes());
        icc.extend(table);
        let length = icc.len() as u32;
        icc[..4].copy_from_slice(&length.to_be_bytes());
        icc
    }

    #[test]
    fn the_darkest_ink_of_a_press_is_black_and_paper_white() {
        for black in [0, 40, 80] {
            let space = ColourSpace::Profile(press(black));
            let inks = [[0; 4], [255; 4], [255, 255, 0, 0]].concat();
            let (samples, seen) = to_srgb(Samples::Cmyk, inks, Some(&space));
            assert_eq!((samples, seen.len()), (Samples::Rgb, 9));
            assert!(seen[..3].iter().all(|&value| value >= 253), "{black}: {seen:?}");
            assert!(seen[3..6].iter().all(|&value| value <= 2), "{black}: {seen:?}");
            // Half of the lightness, and less where more of it is taken for black.
            assert!(seen[6..].iter().all(|&value| (100..160).contains(&value)), "{black}: {seen:?}");
        }
    }

    #[test]
    fn a_wide_gamut_colour_moves_outwards() {
        let icc = ColorProfile::new_display_p3().encode().unwrap();
        let data = rgb([200, 100, 100], &icc);
        // Display P3 (200, 100, 100) is about (213, 95, 96) in sRGB.
        for (got, expected) in data.iter().zip([213u8, 95, 96]) {
            assert!(got.abs_diff(expected) <= 3, "{data:?}");
        }
    }

    #[test]
    fn a_profile_that_is_srgb_changes_not_one_bit() {
        let icc = ColorProfile::new_srgb().encode().unwrap();
        for pixel in [[1, 2, 3], [77, 133, 200], [254, 128, 0]] {
            assert_eq!(rgb(pixel, &icc), pixel);
        }
    }

    #[test]
    fn a_grey_profile_brightens_grey() {
        let icc = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
        let (samples, data) = to_srgb(Samples::GrayAlpha, vec![55, 99], Some(&ColourSpace::Profile(icc)));
        assert_eq!(samples, Samples::Rgba);
        assert!(data[0].abs_diff(128) <= 2 && data[0] == data[2] && data[3] == 99, "{data:?}");
    }

    #[test]
    fn an_unusable_profile_counts_as_none() {
        let cut = &ColorProfile::new_display_p3().encode().unwrap()[..200];
        let grey = ColorProfile::new_gray_with_gamma(2.2).encode().unwrap();
        for icc in [&b""[..], b"no profile at all", cut, &grey, &vec![7; 4 * 1024 * 1024 + 1]] {
            assert_eq!(rgb([9, 8, 7], icc), [9, 8, 7]);
        }
    }
}
