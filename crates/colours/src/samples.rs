//! What the bytes of a pixel mean.

/// The meaning of a pixel's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Samples {
    /// One byte, from black to white.
    Gray,
    /// Grey and alpha.
    GrayAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue and alpha.
    Rgba,
    /// Cyan, magenta, yellow, black; 0 is no ink.
    Cmyk,
}

impl Samples {
    /// The bytes of one pixel.
    #[must_use]
    pub fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }

    /// Whether the last byte of a pixel is its alpha (not premultiplied).
    #[must_use]
    pub fn has_alpha(self) -> bool {
        matches!(self, Self::GrayAlpha | Self::Rgba)
    }

    /// The pixels in red, green and blue, with their alpha. Inks are mixed without a profile.
    pub(crate) fn expand(self, data: Vec<u8>) -> (Self, Vec<u8>) {
        match self {
            Self::Rgb | Self::Rgba => (self, data),
            Self::Gray => (Self::Rgb, data.iter().flat_map(|&v| [v; 3]).collect()),
            Self::GrayAlpha => {
                let pixels = data.as_chunks::<2>().0;
                (Self::Rgba, pixels.iter().flat_map(|&[v, a]| [v, v, v, a]).collect())
            }
            Self::Cmyk => {
                let pixels = data.as_chunks::<4>().0;
                let mixed = pixels.iter().flat_map(|&[c, m, y, k]| [c, m, y].map(|ink| light(ink, k)));
                (Self::Rgb, mixed.collect())
            }
        }
    }
}

/// The remaining light of one primary under `ink` and `black`, each 0 (none) to 255.
fn light(ink: u8, black: u8) -> u8 {
    let left = u32::from(255 - ink) * u32::from(255 - black);
    ((left + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inks_are_taken_from_the_white_paper() {
        assert_eq!(Samples::Cmyk.expand(vec![255, 0, 0, 0]), (Samples::Rgb, vec![0, 255, 255]));
        assert_eq!(Samples::Cmyk.expand(vec![0, 0, 0, 255]), (Samples::Rgb, vec![0, 0, 0]));
    }
}
