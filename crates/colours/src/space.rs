//! The colour space that a picture says its pixels are in.

use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, ColorPrimaries, ColorProfile, MatrixCoefficients,
    ToneReprCurve, TransferCharacteristics, XyY,
};

use super::profile_tags::colours_only;

/// The longest profile that is used, in bytes. Profiles of printing presses have up to 3 MB.
const MAX_PROFILE: usize = 4 * 1024 * 1024;
/// The gammas that are believed. Encoders in use write 0.45 to 1.
const GAMMAS: std::ops::RangeInclusive<f32> = 0.1..=10.0;

/// The colour space that a picture says its pixels are in.
#[derive(Clone, Debug, PartialEq)]
pub enum ColourSpace {
    /// An embedded ICC profile.
    Profile(Vec<u8>),
    /// Numbers of ITU-T H.273, as in a PNG's `cICP`: of the primaries and of the transfer function. The
    /// values are red, green and blue in full range.
    Coded {
        /// The number of the primaries (table 2).
        primaries: u8,
        /// The number of the transfer function (table 3).
        transfer: u8,
    },
    /// A power, as in a PNG's `gAMA` and `cHRM`.
    Power {
        /// The exponent by which light was encoded, 0.45455 for most screens.
        gamma: f32,
        /// The chromaticities of white, red, green and blue; those of sRGB if there are none.
        chromaticities: Option<[(f32, f32); 4]>,
    },
}

impl ColourSpace {
    /// Whether pixels can be converted from it: not from code points that are unknown or whose light has no
    /// fixed white, as in films of a high dynamic range (PQ and HLG), nor from senseless numbers. A profile
    /// shows that only when it is used.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        match self {
            Self::Profile(icc) => icc.len() <= MAX_PROFILE,
            Self::Coded { .. } | Self::Power { .. } => self.profile().is_some(),
        }
    }

    pub(crate) fn profile(&self) -> Option<ColorProfile> {
        match self {
            Self::Profile(icc) if icc.len() > MAX_PROFILE => None,
            Self::Profile(icc) => ColorProfile::new_from_slice(&colours_only(icc)?).ok(),
            Self::Coded { primaries, transfer } => coded(*primaries, *transfer),
            Self::Power { gamma, chromaticities } => power(*gamma, *chromaticities),
        }
    }
}

fn coded(primaries: u8, transfer: u8) -> Option<ColorProfile> {
    let transfer_characteristics = TransferCharacteristics::try_from(transfer).ok()?;
    if matches!(transfer_characteristics, TransferCharacteristics::Smpte2084 | TransferCharacteristics::Hlg) {
        return None;
    }
    let mut profile = ColorProfile::new_srgb();
    profile.red_trc = None;
    profile.update_rgb_colorimetry_from_cicp(CicpProfile {
        color_primaries: CicpColorPrimaries::try_from(primaries).ok()?,
        transfer_characteristics,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    });
    // Set last, once everything else was found.
    profile.red_trc.is_some().then_some(profile)
}

fn power(gamma: f32, chromaticities: Option<[(f32, f32); 4]>) -> Option<ColorProfile> {
    if !GAMMAS.contains(&gamma) {
        return None;
    }
    let mut profile = ColorProfile::new_srgb();
    if let Some([white, red, green, blue]) = chromaticities.filter(are_sound) {
        let point = |(x, y)| Chromaticity::new(x, y);
        let white = XyY { x: f64::from(white.0), y: f64::from(white.1), yb: 1.0 };
        let primaries = ColorPrimaries { red: point(red), green: point(green), blue: point(blue) };
        profile.update_rgb_colorimetry(white, primaries);
    }
    profile.cicp = None;
    let curve = ToneReprCurve::Parametric(vec![1.0 / gamma]);
    profile.red_trc = Some(curve.clone());
    profile.green_trc = Some(curve.clone());
    profile.blue_trc = Some(curve);
    Some(profile)
}

/// Whether light can be mixed from these primaries: they span a triangle, and white is inside.
fn are_sound([white, red, green, blue]: &[(f32, f32); 4]) -> bool {
    /// Twice the area that is still a triangle; that of sRGB is 0.22.
    const LEAST: f32 = 0.01;
    let area = |a: &(f32, f32), b: &(f32, f32), c: &(f32, f32)| {
        (b.0 - a.0) * (c.1 - a.1) - (c.0 - a.0) * (b.1 - a.1)
    };
    let parts = [area(white, red, green), area(white, green, blue), area(white, blue, red)];
    let spans =
        parts.iter().all(|part| *part > LEAST / 10.0) || parts.iter().all(|part| *part < -LEAST / 10.0);
    let total: f32 = parts.iter().sum();
    let points = [white, red, green, blue];
    spans
        && total.abs() > LEAST
        && white.1 > 0.05
        && points.iter().all(|point| point.1 > 0.0 && point.0 + point.1 <= 1.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Samples, to_srgb};

    const SRGB: [(f32, f32); 4] = [(0.3127, 0.329), (0.64, 0.33), (0.3, 0.6), (0.15, 0.06)];
    const ADOBE: [(f32, f32); 4] = [(0.3127, 0.329), (0.64, 0.33), (0.21, 0.71), (0.15, 0.06)];

    #[track_caller]
    fn assert_becomes(space: ColourSpace, stored: [u8; 3], expected: [u8; 3]) {
        assert!(space.is_usable());
        let (samples, seen) = to_srgb(Samples::Rgb, stored.to_vec(), Some(&space));
        let near = seen.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 2);
        assert!(near && samples == Samples::Rgb, "{space:?}: {seen:?} is not {expected:?}");
    }

    #[test]
    fn code_points_say_the_space() {
        // Display P3, and sRGB under its number.
        assert_becomes(ColourSpace::Coded { primaries: 12, transfer: 13 }, [200, 100, 100], [213, 95, 96]);
        assert_becomes(ColourSpace::Coded { primaries: 1, transfer: 13 }, [200, 100, 100], [200, 100, 100]);
        // Linear light.
        assert_becomes(ColourSpace::Coded { primaries: 1, transfer: 8 }, [55, 55, 55], [128, 128, 128]);
    }

    #[test]
    fn a_power_says_the_space() {
        let power = |gamma, chromaticities| ColourSpace::Power { gamma, chromaticities };
        assert_becomes(power(1.0, None), [55, 55, 55], [128, 128, 128]);
        // 0.5 encodes by the square root: (100 / 255)² of the light.
        assert_becomes(power(0.5, None), [100, 100, 100], [109, 109, 109]);
        assert_becomes(power(1.0, Some(SRGB)), [55, 55, 55], [128, 128, 128]);
        // Adobe RGB's green is beyond that of sRGB.
        assert_becomes(power(0.45455, Some(ADOBE)), [100, 200, 100], [0, 201, 93]);
        assert_becomes(power(0.45455, Some(ADOBE)), [128, 128, 128], [128, 128, 128]);
    }

    #[test]
    fn senseless_numbers_are_not_used() {
        for (primaries, transfer) in [(0, 13), (2, 2), (12, 0), (9, 16), (9, 18), (255, 255)] {
            assert!(!ColourSpace::Coded { primaries, transfer }.is_usable(), "{primaries} {transfer}");
        }
        for gamma in [0.0, -1.0, f32::NAN, f32::INFINITY, 0.00001, 42949.67] {
            assert!(!ColourSpace::Power { gamma, chromaticities: None }.is_usable(), "{gamma}");
        }
        // Then the gamma alone counts.
        let [white, red, green, blue] = SRGB;
        for points in [[(0.0, 0.0); 4], [white, red, red, blue], [(0.9, 0.9), red, green, blue], [white; 4]] {
            assert_becomes(
                ColourSpace::Power { gamma: 1.0, chromaticities: Some(points) },
                [55, 55, 200],
                [128, 128, 229],
            );
        }
    }
}
