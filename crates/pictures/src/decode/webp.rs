//! WebP, lossy or lossless, and the first frame of an animation. The decoder can only decode it whole.

use image::ImageDecoder;
use image::codecs::webp::WebPDecoder;

use super::webp_chunks::WebpChunks;
use super::{DecodeAdmission, Decoded, unreadable};
use crate::crop::square_in;
use crate::raster::Samples;
use crate::shrink::Shrinker;
use crate::source::Source;
use crate::{Crop, PictureError};

pub(super) fn decode(
    source: &mut Source<'_>,
    crop: Option<Crop>,
    admission: &mut DecodeAdmission<'_, '_>,
) -> Result<Decoded, PictureError> {
    let len = admission.file_len;
    let chunks =
        WebpChunks::read(&mut source.rewound()?, (len, admission.limits.max_decode_memory), admission.work)?;
    let lossy = chunks.largest_lossy;
    let mut decoder = WebPDecoder::new(source.rewound()?).map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    admission.check_size(width, height)?;
    if lossy.0 > width || lossy.1 > height {
        return Err(PictureError::Unreadable);
    }
    let samples = if decoder.color_type().has_alpha() { Samples::Rgba } else { Samples::Rgb };
    let per_pixel = tenths_per_pixel(decoder.has_animation(), lossy != (0, 0), samples.has_alpha());
    // The square exists beside the decoded picture, after the decoder has freed its working memory.
    let memory = u64::from(width) * u64::from(height) * per_pixel / 10 + len * 2 + chunks.codes;
    admission.reserve(width, height, memory)?;
    // The decoder cannot be stopped on its way, and decodes one frame.
    admission.work.spend(u64::from(width) * u64::from(height))?;

    let orientation = decoder.orientation().map_err(unreadable)?;
    let icc = decoder.icc_profile().map_err(unreadable)?;
    let square = square_in(crop, width, height, orientation);
    let mut pixels = vec![0; width as usize * height as usize * samples.count()];
    decoder.read_image(&mut pixels).map_err(unreadable)?;
    let mut shrinker = Shrinker::new(square, samples);
    for (y, row) in (0..).zip(pixels.chunks_exact(width as usize * samples.count())) {
        shrinker.row(y, row);
    }
    Ok(Decoded { raster: shrinker.finish(), orientation, icc })
}

/// The decoder's peak memory in tenths of a byte per pixel, from its allocations: planes 1.5 bytes, pixels 3
/// or 4, a decoded alpha channel 5, an animation's canvas and frame 4 each.
fn tenths_per_pixel(animated: bool, lossy: bool, alpha: bool) -> u64 {
    match (animated, lossy, alpha) {
        (true, _, _) => 185,
        (false, true, true) => 105,
        (false, true, false) => 48,
        (false, false, true) => 45,
        (false, false, false) => 75,
    }
}
