//! JPEG, shrunk by 2, 4 or 8 while it is decoded.
//!
//! The decoder is our own (`vestibule-jpeg`). A photograph that becomes 512 pixels wide needs 4 of 64
//! coefficients. Libraries keep all of them until a progressive file is complete: 36 MB for 12 megapixels,
//! and as much again on the way between their threads.

use std::io::Seek as _;

use image::metadata::Orientation;
use jpeg::{DecodeLimits, Decoder, JpegError, RowSink, Scale};

use super::{DecodeAdmission, Decoded};
use crate::crop::square_in;
use crate::raster::{ColourSpace, Samples};
use crate::shrink::{ENOUGH, Shrinker};
use crate::source::Source;
use crate::{Crop, PictureError};

pub(super) fn decode(
    source: &mut Source<'_>,
    crop: Option<Crop>,
    admission: &mut DecodeAdmission<'_, '_>,
) -> Result<Decoded, PictureError> {
    source.rewind()?;
    let limits = DecodeLimits {
        max_pixels: admission.limits.max_pixels,
        max_memory: admission.limits.max_decode_memory,
        max_work: admission.work.left(),
        ..DecodeLimits::default()
    };
    let decoder = Decoder::new(source, limits).map_err(|error| refused(error, admission))?;
    let header = decoder.header();
    let scale = scale(crop, header.width, header.height);
    let orientation =
        decoder.exif().find_map(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
    let square = square_in(crop, scale.of(header.width), scale.of(header.height), orientation);
    let samples = samples(header.samples);
    let memory = decoder.memory(scale) + Shrinker::memory(square.side, samples);
    admission.reserve(header.width, header.height, memory)?;

    let mut shrinker = Shrinker::new(square, samples);
    let icc = decoder.decode(scale, &mut shrinker).map_err(|error| refused(error, admission))?;
    Ok(Decoded { raster: shrinker.finish(), orientation, space: icc.map(ColourSpace::Profile) })
}

fn refused(error: JpegError, admission: &DecodeAdmission<'_, '_>) -> PictureError {
    match error {
        JpegError::TooManyPixels { .. } => PictureError::TooManyPixels { max: admission.limits.max_pixels },
        // A disk error counts as unreadable here; the source remembers it, see [`Source::take_fault`].
        _ => PictureError::Unreadable,
    }
}

/// The smallest scale at which the square still has enough pixels.
fn scale(crop: Option<Crop>, width: u32, height: u32) -> Scale {
    let enough = |scale: &Scale| {
        square_in(crop, scale.of(width), scale.of(height), Orientation::NoTransforms).side >= ENOUGH
    };
    Scale::ALL.into_iter().find(enough).unwrap_or(Scale::Full)
}

fn samples(format: jpeg::PixelFormat) -> Samples {
    match format {
        jpeg::PixelFormat::Gray => Samples::Gray,
        jpeg::PixelFormat::Rgb => Samples::Rgb,
        jpeg::PixelFormat::Cmyk => Samples::Cmyk,
    }
}

impl RowSink for Shrinker {
    fn row(&mut self, y: u32, pixels: &[u8]) {
        Self::row(self, y, pixels);
    }
}
