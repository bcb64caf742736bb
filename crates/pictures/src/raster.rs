//! A square of 8-bit pixels between the decoder and the renditions.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::PictureError;

/// The meaning of a pixel's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Samples {
    Gray,
    GrayAlpha,
    Rgb,
    Rgba,
    /// Cyan, magenta, yellow, black; 0 is no ink.
    Cmyk,
}

impl Samples {
    /// The bytes of one pixel.
    pub fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }

    /// Whether the last byte of a pixel is its alpha (not premultiplied).
    pub fn has_alpha(self) -> bool {
        matches!(self, Self::GrayAlpha | Self::Rgba)
    }

    fn pixel_type(self) -> PixelType {
        match self {
            Self::Gray => PixelType::U8,
            Self::GrayAlpha => PixelType::U8x2,
            Self::Rgb => PixelType::U8x3,
            Self::Rgba | Self::Cmyk => PixelType::U8x4,
        }
    }
}

/// A square picture; `data` has `side` × `side` pixels, row by row.
#[derive(Clone, Debug)]
pub(super) struct Raster {
    pub side: u32,
    pub samples: Samples,
    pub data: Vec<u8>,
}

impl Raster {
    /// The picture at another size. Colours are weighted by their alpha, so that invisible pixels do not
    /// bleed.
    ///
    /// # Errors
    /// `Unreadable` when the resizer refuses the pixels.
    pub fn resized(&self, side: u32, resizer: &mut Resizer) -> Result<Self, PictureError> {
        // Lanczos keeps detail when shrinking. When enlarging, it rings, and Mitchell does not.
        let filter = if side > self.side { FilterType::Mitchell } else { FilterType::Lanczos3 };
        let options = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(filter))
            .use_alpha(self.samples.has_alpha());
        let pixel_type = self.samples.pixel_type();
        let from = ImageRef::new(self.side, self.side, &self.data, pixel_type)
            .map_err(|_| PictureError::Unreadable)?;
        let mut to = Image::new(side, side, pixel_type);
        resizer.resize(&from, &mut to, &options).map_err(|_| PictureError::Unreadable)?;
        Ok(Self { side, samples: self.samples, data: to.into_vec() })
    }

    /// The picture in red, green and blue, with its alpha. Inks are mixed without a profile.
    pub fn into_rgb(self) -> Self {
        let expanded = |samples: Samples, data: Vec<u8>| Self { side: self.side, samples, data };
        match self.samples {
            Samples::Rgb | Samples::Rgba => self,
            Samples::Gray => expanded(Samples::Rgb, self.data.iter().flat_map(|&v| [v; 3]).collect()),
            Samples::GrayAlpha => {
                let pixels = self.data.as_chunks::<2>().0;
                expanded(Samples::Rgba, pixels.iter().flat_map(|&[v, a]| [v, v, v, a]).collect())
            }
            Samples::Cmyk => {
                let pixels = self.data.as_chunks::<4>().0;
                expanded(
                    Samples::Rgb,
                    pixels.iter().flat_map(|&[c, m, y, k]| [c, m, y].map(|ink| light(ink, k))).collect(),
                )
            }
        }
    }

    /// Whether every pixel is opaque.
    pub fn is_opaque(&self) -> bool {
        !self.samples.has_alpha()
            || self.data.chunks_exact(self.samples.count()).all(|pixel| pixel.last() == Some(&255))
    }

    /// Drops an alpha channel in which every pixel is opaque.
    pub fn without_alpha(self) -> Self {
        if self.samples != Samples::Rgba {
            return self;
        }
        let data = self.data.as_chunks::<4>().0.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
        Self { side: self.side, samples: Samples::Rgb, data }
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
    fn invisible_colours_do_not_bleed_when_resizing() {
        // The left half is opaque red, the right half transparent green.
        let data =
            (0..64 * 64).flat_map(|i| if i % 64 < 32 { [255, 0, 0, 255] } else { [0, 255, 0, 0] }).collect();
        let raster = Raster { side: 64, samples: Samples::Rgba, data };
        let small = raster.resized(21, &mut Resizer::new()).unwrap();
        for &[r, g, _, a] in small.data.as_chunks::<4>().0 {
            assert!(a < 8 || (r > 240 && g < 16), "{r} {g} {a}");
        }
    }

    #[test]
    fn inks_are_taken_from_the_white_paper() {
        let raster = Raster { side: 1, samples: Samples::Cmyk, data: vec![255, 0, 0, 0] };
        assert_eq!(raster.into_rgb().data, [0, 255, 255]);
        let raster = Raster { side: 1, samples: Samples::Cmyk, data: vec![0, 0, 0, 255] };
        assert_eq!(raster.into_rgb().data, [0, 0, 0]);
    }
}
