//! A square of 8-bit pixels between the decoder and the renditions.

use std::borrow::Cow;

pub(super) use colours::{ColourSpace, Samples};
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::PictureError;

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
        let data = widened(self.samples, &self.data);
        let from = ImageRef::new(self.side, self.side, &data, PixelType::U8x4)
            .map_err(|_| PictureError::Unreadable)?;
        let mut to = Image::new(side, side, PixelType::U8x4);
        resizer.resize(&from, &mut to, &options).map_err(|_| PictureError::Unreadable)?;
        Ok(Self { side, samples: self.samples, data: narrowed(self.samples, to.into_vec()) })
    }

    /// The picture in sRGB, with its alpha; see [`colours::to_srgb`].
    pub fn into_srgb(self, space: Option<&ColourSpace>) -> Self {
        let (samples, data) = colours::to_srgb(self.samples, self.data, space);
        Self { side: self.side, samples, data }
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
        let data = each(&self.data, |&[r, g, b, _]| [r, g, b]);
        Self { side: self.side, samples: Samples::Rgb, data }
    }
}

/// The pixels with four samples each, the last of which is the alpha if there is one. The resizer is built
/// for such pixels alone: its code is generic, and for all thirteen kinds of pixel it would be most of this
/// crate.
fn widened(samples: Samples, data: &[u8]) -> Cow<'_, [u8]> {
    match samples {
        Samples::Gray => each(data, |&[v]| [v, 0, 0, 0]).into(),
        Samples::GrayAlpha => each(data, |&[v, a]| [v, 0, 0, a]).into(),
        Samples::Rgb => each(data, |&[r, g, b]| [r, g, b, 0]).into(),
        Samples::Rgba | Samples::Cmyk => data.into(),
    }
}

/// Undoes [`widened`].
fn narrowed(samples: Samples, data: Vec<u8>) -> Vec<u8> {
    match samples {
        Samples::Gray => each(&data, |&[v, _, _, _]| [v]),
        Samples::GrayAlpha => each(&data, |&[v, _, _, a]| [v, a]),
        Samples::Rgb => each(&data, |&[r, g, b, _]| [r, g, b]),
        Samples::Rgba | Samples::Cmyk => data,
    }
}

/// Makes pixels of `M` samples of those of `N`. The length is known, so nothing grows and nothing is checked.
fn each<const N: usize, const M: usize>(data: &[u8], pixel: impl Fn(&[u8; N]) -> [u8; M]) -> Vec<u8> {
    let pixels = data.as_chunks::<N>().0;
    let mut made = vec![0; pixels.len() * M];
    for (made, from) in made.as_chunks_mut::<M>().0.iter_mut().zip(pixels) {
        *made = pixel(from);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_pixel_keeps_its_samples_when_resizing() {
        let pixel = [10, 90, 170, 250];
        for samples in [Samples::Gray, Samples::GrayAlpha, Samples::Rgb, Samples::Rgba, Samples::Cmyk] {
            let pixel = &pixel[4 - samples.count()..];
            for (from, to) in [(90, 40), (40, 90), (40, 40)] {
                let raster = Raster { side: from, samples, data: pixel.repeat((from * from) as usize) };
                let resized = raster.resized(to, &mut Resizer::new()).unwrap();
                assert_eq!(resized.data, pixel.repeat((to * to) as usize), "{samples:?} {from} {to}");
            }
        }
    }

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
}
