//! JPEG, shrunk by 2, 4 or 8 in the frequency domain while it is decoded.

use std::io::Seek;

use image::metadata::Orientation;
use jpeg_decoder::{Decoder, PixelFormat};

use super::jpeg_header::{self, Header};
use super::{Admission, Decoded, unreadable};
use crate::infra::picture::crop::square_in;
use crate::infra::picture::raster::Samples;
use crate::infra::picture::shrink::{ENOUGH, Shrinker};
use crate::infra::picture::source::{ByteReader, Source};
use crate::infra::picture::{Crop, PictureError};

/// Coefficients on their way to the decoder's own threads, in bytes: its queue has no bound, but is emptied faster than filled.
const QUEUE: u64 = 4 * 1024 * 1024;

pub(super) fn decode(
    source: &mut Source<'_>,
    crop: Option<Crop>,
    admission: &mut Admission<'_, '_>,
) -> Result<Decoded, PictureError> {
    let header = jpeg_header::read(&mut source.rewound()?)?;
    let Header { width, height, .. } = header;
    admission.check_size(width, height)?;
    let divisor = divisor(crop, width, height);
    admission.reserve(width, height, memory(&header, divisor))?;

    source.rewind()?;
    let mut decoder = Decoder::new(ByteReader::new(source));
    decoder.read_info().map_err(unreadable)?;
    let info = decoder.info().ok_or(PictureError::Unreadable)?;
    // Were the two readings of the header to differ, the estimate would be for another picture.
    if (u32::from(info.width), u32::from(info.height)) != (width, height) {
        return Err(PictureError::Unreadable);
    }
    let wanted = |length: u16| length.div_ceil(divisor);
    let (width, height) = decoder.scale(wanted(info.width), wanted(info.height)).map_err(unreadable)?;
    let pixels = decoder.decode().map_err(unreadable)?;
    let orientation =
        decoder.exif_data().and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
    let samples = match info.pixel_format {
        PixelFormat::L8 => Samples::Gray,
        PixelFormat::RGB24 => Samples::Rgb,
        PixelFormat::CMYK32 => Samples::Cmyk,
        PixelFormat::L16 => return Err(PictureError::Unreadable),
    };
    let square = square_in(crop, width.into(), height.into(), orientation);
    let mut shrinker = Shrinker::new(square, samples);
    for (y, row) in (0..).zip(pixels.chunks_exact(usize::from(width) * samples.count())) {
        shrinker.row(y, row);
    }
    Ok(Decoded { raster: shrinker.finish(), orientation, icc: decoder.icc_profile() })
}

/// By how much the decoder may shrink so that the square still has enough pixels.
fn divisor(crop: Option<Crop>, width: u32, height: u32) -> u16 {
    let enough = |divisor: &u16| {
        let divisor = u32::from(*divisor);
        let square =
            square_in(crop, width.div_ceil(divisor), height.div_ceil(divisor), Orientation::NoTransforms);
        square.side >= ENOUGH
    };
    [8, 4, 2].into_iter().find(enough).unwrap_or(1)
}

/// An upper estimate of what the decoder holds at once, in bytes.
fn memory(header: &Header, divisor: u16) -> u64 {
    let area = u64::from(divisor).pow(2);
    let planes = header.coefficients / area;
    let pixels = u64::from(header.width) * u64::from(header.height) / area * header.components;
    let queue = (header.coefficients * 2).min(QUEUE);
    // A progressive file is complete only at its end: all coefficients wait for it in 16 bits each.
    let waiting = if header.progressive { header.coefficients * 2 } else { 0 };
    planes + pixels + queue + waiting + header.metadata * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinking_leaves_enough_pixels_for_the_largest_rendition() {
        assert_eq!(divisor(None, 4096, 5000), 8);
        assert_eq!(divisor(None, 4000, 3000), 4);
        assert_eq!(divisor(None, 1024, 1024), 2);
        assert_eq!(divisor(None, 1000, 9000), 1);
        assert_eq!(divisor(Crop::new(0.0, 0.0, 0.2), 4000, 4000), 1);
        assert_eq!(divisor(Crop::new(0.0, 0.0, 0.26), 4000, 4000), 2);
    }
}
