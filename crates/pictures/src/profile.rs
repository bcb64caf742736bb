//! Converts embedded colour profiles to sRGB, which pixels without a profile are in.

use std::panic::{AssertUnwindSafe, catch_unwind};

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::profile_tags::colours_only;
use super::raster::{Raster, Samples};

/// The longest profile that is used, in bytes. Profiles of printing presses have up to 3 MB.
const MAX_PROFILE: usize = 4 * 1024 * 1024;

/// Converts `raster` to sRGB and keeps its alpha. A broken profile, or one for another kind of pixels, is
/// ignored.
pub(super) fn to_srgb(raster: Raster, icc: Option<&[u8]>) -> Raster {
    let converted = icc.filter(|icc| icc.len() <= MAX_PROFILE).and_then(|icc| {
        // A profile is as hostile as the picture around it. If it makes moxcms panic, the picture is shown
        // without it.
        catch_unwind(AssertUnwindSafe(|| convert(&raster, icc))).ok().flatten()
    });
    converted.unwrap_or_else(|| raster.into_rgb())
}

/// Returns `None` if the profile does not fit the pixels or changes nothing.
fn convert(raster: &Raster, icc: &[u8]) -> Option<Raster> {
    let profile = ColorProfile::new_from_slice(&colours_only(icc)?).ok()?;
    let expanded;
    let (raster, from) = match (profile.color_space, raster.samples) {
        (DataColorSpace::Gray, Samples::Gray) => (raster, Layout::Gray),
        (DataColorSpace::Gray, Samples::GrayAlpha) => (raster, Layout::GrayAlpha),
        // moxcms names the layout by its four samples; the profile tells that they are inks.
        (DataColorSpace::Cmyk, Samples::Cmyk) => (raster, Layout::Rgba),
        (DataColorSpace::Rgb, Samples::Gray | Samples::GrayAlpha | Samples::Rgb | Samples::Rgba) => {
            expanded = raster.clone().into_rgb();
            (&expanded, if expanded.samples == Samples::Rgba { Layout::Rgba } else { Layout::Rgb })
        }
        _ => return None,
    };
    let (to, samples) =
        if raster.samples.has_alpha() { (Layout::Rgba, Samples::Rgba) } else { (Layout::Rgb, Samples::Rgb) };
    let transform = profile
        .create_transform_8bit(from, &ColorProfile::new_srgb(), to, TransformOptions::default())
        .ok()?;
    if profile.color_space == DataColorSpace::Rgb {
        let probe = probe(samples);
        let mut seen = vec![0; probe.len()];
        transform.transform(&probe, &mut seen).ok()?;
        if probe.iter().zip(&seen).all(|(a, b)| a.abs_diff(*b) <= 1) {
            return None;
        }
    }
    let mut data = vec![0; raster.side as usize * raster.side as usize * samples.count()];
    transform.transform(&raster.data, &mut data).ok()?;
    Some(Raster { side: raster.side, samples, data })
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

    fn rgb(pixel: [u8; 3]) -> Raster {
        Raster { side: 1, samples: Samples::Rgb, data: pixel.to_vec() }
    }

    #[test]
    fn a_wide_gamut_colour_moves_outwards() {
        let icc = ColorProfile::new_display_p3().encode().unwrap();
        let data = to_srgb(rgb([200, 100, 100]), Some(&icc)).data;
        // Display P3 (200, 100, 100) is about (213, 95, 96) in sRGB.
        for (got, expected) in data.iter().zip([213u8, 95, 96]) {
            assert!(got.abs_diff(expected) <= 3, "{data:?}");
        }
    }

    #[test]
    fn a_profile_that_is_srgb_changes_not_one_bit() {
        let icc = ColorProfile::new_srgb().encode().unwrap();
        for pixel in [[1, 2, 3], [77, 133, 200], [254, 128, 0]] {
            assert_eq!(to_srgb(rgb(pixel), Some(&icc)).data, pixel);
        }
    }

    #[test]
    fn a_grey_profile_brightens_grey() {
        let icc = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
        let raster = Raster { side: 1, samples: Samples::GrayAlpha, data: vec![55, 99] };
        let data = to_srgb(raster, Some(&icc)).data;
        assert!(data[0].abs_diff(128) <= 2 && data[0] == data[2] && data[3] == 99, "{data:?}");
    }

    #[test]
    fn an_unusable_profile_counts_as_none() {
        let cut = &ColorProfile::new_display_p3().encode().unwrap()[..200];
        let grey = ColorProfile::new_gray_with_gamma(2.2).encode().unwrap();
        for icc in [&b""[..], b"no profile at all", cut, &grey, &vec![7; MAX_PROFILE + 1]] {
            assert_eq!(to_srgb(rgb([9, 8, 7]), Some(icc)).data, [9, 8, 7]);
        }
    }
}
