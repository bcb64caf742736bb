//! Applies an ICC profile.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::Samples;
use super::profile_tags::colours_only;

/// The longest profile that is used, in bytes. Profiles of printing presses have up to 3 MB.
const MAX_PROFILE: usize = 4 * 1024 * 1024;

/// The pixels in sRGB. Returns `None` if the profile is unusable, does not fit the pixels, or changes
/// nothing.
pub(crate) fn apply(samples: Samples, data: &[u8], icc: &[u8]) -> Option<(Samples, Vec<u8>)> {
    if icc.len() > MAX_PROFILE {
        return None;
    }
    // A profile is as hostile as the picture around it. If it makes moxcms panic, the picture is shown
    // without it.
    catch_unwind(AssertUnwindSafe(|| convert(samples, data, icc))).ok().flatten()
}

fn convert(samples: Samples, data: &[u8], icc: &[u8]) -> Option<(Samples, Vec<u8>)> {
    let profile = ColorProfile::new_from_slice(&colours_only(icc)?).ok()?;
    let (samples, data, from) = match (profile.color_space, samples) {
        (DataColorSpace::Gray, Samples::Gray) => (samples, Cow::from(data), Layout::Gray),
        (DataColorSpace::Gray, Samples::GrayAlpha) => (samples, Cow::from(data), Layout::GrayAlpha),
        // moxcms names the layout by its four samples; the profile tells that they are inks.
        (DataColorSpace::Cmyk, Samples::Cmyk) => (samples, Cow::from(data), Layout::Rgba),
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
        to_srgb(Samples::Rgb, pixel.to_vec(), Some(icc)).1
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
        let (samples, data) = to_srgb(Samples::GrayAlpha, vec![55, 99], Some(&icc));
        assert_eq!(samples, Samples::Rgba);
        assert!(data[0].abs_diff(128) <= 2 && data[0] == data[2] && data[3] == 99, "{data:?}");
    }

    #[test]
    fn an_unusable_profile_counts_as_none() {
        let cut = &ColorProfile::new_display_p3().encode().unwrap()[..200];
        let grey = ColorProfile::new_gray_with_gamma(2.2).encode().unwrap();
        for icc in [&b""[..], b"no profile at all", cut, &grey, &vec![7; MAX_PROFILE + 1]] {
            assert_eq!(rgb([9, 8, 7], icc), [9, 8, 7]);
        }
    }
}
