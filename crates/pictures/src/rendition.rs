//! Encodes one square of pixels in the four sizes that are served.

use fast_image_resize::Resizer;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, RgbImage, RgbaImage};

use super::decode::Decoded;
use super::raster::{Raster, Samples};
use super::{PictureError, PictureId};

/// The sides of the renditions, in pixels, from small to large.
pub const SIZES: [u32; 4] = [64, 128, 256, 512];

/// JPEG quality, of 100: no visible loss at these sizes, at about half the bytes of quality 95.
const JPEG_QUALITY: u8 = 85;

/// The encoding of a picture's renditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    /// Baseline JPEG, for pictures without transparency.
    Jpeg,
    /// PNG with alpha.
    Png,
}

impl PictureFormat {
    /// Every format.
    pub const ALL: [Self; 2] = [Self::Jpeg, Self::Png];

    /// The file extension, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// The media type for `Content-Type`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// A picture ready to be stored and served. It contains the uploaded file's visible pixels and none of its
/// metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The hash of the renditions.
    pub id: PictureId,
    /// The encoding of all renditions.
    pub format: PictureFormat,
    /// The side in pixels and the encoded bytes, in the order of [`SIZES`].
    pub renditions: [(u32, Vec<u8>); 4],
}

/// Resizes, converts to sRGB, turns upright and encodes.
pub(super) fn render(decoded: Decoded) -> Result<Picture, PictureError> {
    let mut resizer = Resizer::new();
    let [small, medium, large, largest] = SIZES;
    let raster = decoded.raster.resized(largest, &mut resizer)?;
    let raster = raster.into_srgb(decoded.space.as_ref());
    let format = if raster.is_opaque() { PictureFormat::Jpeg } else { PictureFormat::Png };
    let raster = if format == PictureFormat::Jpeg { raster.without_alpha() } else { raster };
    let largest = upright(raster, decoded.orientation)?;
    let large = largest.resized(large, &mut resizer)?;
    let medium = large.resized(medium, &mut resizer)?;
    let small = medium.resized(small, &mut resizer)?;
    let renditions = [
        (small.side, encode(&small, format)?),
        (medium.side, encode(&medium, format)?),
        (large.side, encode(&large, format)?),
        (largest.side, encode(&largest, format)?),
    ];
    Ok(Picture { id: PictureId::of(&renditions), format, renditions })
}

/// Applies the orientation to a raster in RGB or RGBA.
fn upright(raster: Raster, orientation: Orientation) -> Result<Raster, PictureError> {
    if orientation == Orientation::NoTransforms {
        return Ok(raster);
    }
    let Raster { side, samples, data } = raster;
    let picture = match samples {
        Samples::Rgba => RgbaImage::from_raw(side, side, data).map(DynamicImage::from),
        _ => RgbImage::from_raw(side, side, data).map(DynamicImage::from),
    };
    let mut picture = picture.ok_or(PictureError::Unreadable)?;
    picture.apply_orientation(orientation);
    Ok(Raster { side, samples, data: picture.into_bytes() })
}

fn encode(raster: &Raster, format: PictureFormat) -> Result<Vec<u8>, PictureError> {
    let Raster { side, samples, data } = raster;
    let mut bytes = Vec::new();
    let colour = if *samples == Samples::Rgba { ExtendedColorType::Rgba8 } else { ExtendedColorType::Rgb8 };
    let written = match format {
        PictureFormat::Jpeg => {
            JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).write_image(data, *side, *side, colour)
        }
        PictureFormat::Png => {
            PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive)
                .write_image(data, *side, *side, colour)
        }
    };
    written.map_err(|_| PictureError::Unreadable)?;
    Ok(bytes)
}
