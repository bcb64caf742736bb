//! Detects the format of a file from its first bytes and decodes it into a small square.

mod gif;
mod gif_blocks;
mod jpeg;
mod lzw;
mod png;
mod png_chunks;
mod vp8l;
mod webp;
mod webp_chunks;
mod webp_still;

use std::io::Read;

use image::metadata::Orientation;

use super::budget::Seat;
use super::limits::RENDERING_MEMORY;
use super::raster::{ColourSpace, Raster};
use super::source::Source;
use super::work::Work;
use super::{Crop, Limits, PictureError};

/// The result of a decoder: the cropped square as the file stores it, and the steps that are still to be
/// applied.
pub(super) struct Decoded {
    /// About 512 to 1023 pixels on a side, or fewer if the file has fewer.
    pub raster: Raster,
    /// The transformation that turns `raster` upright.
    pub orientation: Orientation,
    /// The colour space that the file names.
    pub space: Option<ColourSpace>,
}

/// Decides from a header whether the rest is decoded, and waits for the memory that it takes.
pub(super) struct DecodeAdmission<'a, 'b> {
    limits: &'a Limits,
    seat: &'a mut Seat<'b>,
    /// Counted by whoever decodes. Reading counts by itself.
    work: &'a Work,
    file_len: u64,
}

impl<'a, 'b> DecodeAdmission<'a, 'b> {
    pub fn new(limits: &'a Limits, seat: &'a mut Seat<'b>, work: &'a Work, file_len: u64) -> Self {
        Self { limits, seat, work, file_len }
    }

    /// Refuses a picture with no pixels or too many.
    fn check_size(&self, width: u32, height: u32) -> Result<(), PictureError> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 {
            return Err(PictureError::Unreadable);
        }
        if pixels > self.limits.max_pixels {
            return Err(PictureError::TooManyPixels { max: self.limits.max_pixels });
        }
        Ok(())
    }

    /// Refuses a file that exceeds the memory limit by itself; otherwise waits until `bytes` are free.
    /// `bytes` is the estimate for the decoder of a file of `width` × `height` pixels.
    fn reserve(&mut self, width: u32, height: u32, bytes: u64) -> Result<(), PictureError> {
        let needed = bytes.saturating_add(RENDERING_MEMORY);
        let allowed = self.limits.max_decode_memory;
        if needed > allowed {
            let pixels = u128::from(width) * u128::from(height);
            let max = pixels * u128::from(allowed) / u128::from(needed);
            return Err(PictureError::TooManyPixels { max: u64::try_from(max).unwrap_or(u64::MAX) });
        }
        self.seat.reserve(needed);
        Ok(())
    }
}

/// Decodes a file by its content. The file's name is not known here.
pub(super) fn decode(
    source: &mut Source<'_>,
    crop: Option<Crop>,
    admission: &mut DecodeAdmission<'_, '_>,
) -> Result<Decoded, PictureError> {
    let mut start = Vec::with_capacity(12);
    source.rewound()?.take(12).read_to_end(&mut start).map_err(unreadable)?;
    match start.as_slice() {
        [0xFF, 0xD8, 0xFF, ..] => jpeg::decode(source, crop, admission),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => png::decode(source, crop, admission),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            webp::decode(source, crop, admission)
        }
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => gif::decode(source, crop, admission),
        _ => Err(PictureError::NotAnImage),
    }
}

/// Drops a decoder's message: it describes a fault in the file that the uploader cannot repair.
fn unreadable<E>(_: E) -> PictureError {
    PictureError::Unreadable
}
