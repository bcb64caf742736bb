//! PNG, row by row: even 50 megapixels need no more memory than a few rows and the small square.

use png::{BitDepth, ColorType, Decoder, Info, Limits, ScaledFloat, Transformations};

use super::{DecodeAdmission, Decoded, png_chunks, unreadable};
use crate::crop::square_in;
use crate::raster::{ColourSpace, Samples};
use crate::shrink::Shrinker;
use crate::source::Source;
use crate::{Crop, PictureError};

/// The maximum memory for metadata in the decoder, in bytes. The longest metadata in use is a colour profile.
const METADATA: usize = 8 * 1024 * 1024;
/// The memory of the decoder without rows and metadata, in bytes: the decompressor's window and the input.
const DECOMPRESSOR: u64 = 1024 * 1024;
/// The rows in memory at once: the previous one, the one being unfiltered and the returned one, with the
/// buffer's slack.
const ROWS: u64 = 6;

pub(super) fn decode(
    source: &mut Source<'_>,
    crop: Option<Crop>,
    admission: &mut DecodeAdmission<'_, '_>,
) -> Result<Decoded, PictureError> {
    let orientation = png_chunks::orientation(&mut source.rewound()?);
    let len = admission.file_len;
    let mut decoder = Decoder::new_with_limits(source.rewound()?, Limits { bytes: METADATA });
    decoder.set_ignore_text_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let info = decoder.read_header_info().map_err(unreadable)?;
    let (width, height, interlaced) = (info.width, info.height, info.interlaced);
    let row =
        (u64::from(width) * u64::from(info.bits_per_pixel() as u32)).div_ceil(8).max(u64::from(width) * 4);
    admission.check_size(width, height)?;
    let square = square_in(crop, width, height, orientation);
    let memory =
        row * ROWS + Shrinker::memory(square.side, Samples::Rgba) + DECOMPRESSOR + len.min(METADATA as u64);
    admission.reserve(width, height, memory)?;

    let mut reader = decoder.read_info().map_err(unreadable)?;
    let space = space(reader.info());
    let samples = match reader.output_color_type() {
        (ColorType::Grayscale, BitDepth::Eight) => Samples::Gray,
        (ColorType::GrayscaleAlpha, BitDepth::Eight) => Samples::GrayAlpha,
        (ColorType::Rgb, BitDepth::Eight) => Samples::Rgb,
        (ColorType::Rgba, BitDepth::Eight) => Samples::Rgba,
        _ => return Err(PictureError::Unreadable),
    };
    let mut shrinker = Shrinker::new(square, samples);
    for pass in passes(interlaced) {
        let pixels = width.saturating_sub(pass.x).div_ceil(pass.step_x) as usize;
        if pixels == 0 {
            continue;
        }
        for y in (pass.y..height).step_by(pass.step_y) {
            admission.work.row(pixels as u32)?;
            let row = reader.next_row().map_err(unreadable)?.ok_or(PictureError::Unreadable)?;
            // An animation may declare a first frame of another size than the picture.
            if row.data().len() != pixels * samples.count() {
                return Err(PictureError::Unreadable);
            }
            if interlaced {
                shrinker.sparse_row(y, pass.x, pass.step_x, row.data());
            } else {
                shrinker.row(y, row.data());
            }
        }
    }
    Ok(Decoded { raster: shrinker.finish(), orientation, space })
}

/// The colour space: the first usable one of those that the file names, in the order of the standard (PNG,
/// third edition, section 4.3).
fn space(info: &Info<'_>) -> Option<ColourSpace> {
    let coded = info.coding_independent_code_points.filter(|coded| coded.is_video_full_range_image);
    let coded = coded.map(|coded| ColourSpace::Coded {
        primaries: coded.color_primaries,
        transfer: coded.transfer_function,
    });
    if let Some(coded) = coded.filter(ColourSpace::is_usable) {
        return Some(coded);
    }
    if let Some(icc) = &info.icc_profile {
        return Some(ColourSpace::Profile(icc.to_vec()));
    }
    if info.srgb.is_some() {
        return None;
    }
    // Chromaticities alone say nothing: browsers ignore them too.
    let gamma = info.gama_chunk?.into_value();
    let point = |(x, y): (ScaledFloat, ScaledFloat)| (x.into_value(), y.into_value());
    let chromaticities = info.chrm_chunk.map(|chrm| [chrm.white, chrm.red, chrm.green, chrm.blue].map(point));
    Some(ColourSpace::Power { gamma, chromaticities }).filter(ColourSpace::is_usable)
}

/// The pixels that are stored together in a file: those at `x`, `x + step_x`, … of the rows `y`, `y +
/// step_y`, …
struct Pass {
    x: u32,
    step_x: u32,
    y: u32,
    step_y: usize,
}

impl Pass {
    const fn new(x: u32, step_x: u32, y: u32, step_y: usize) -> Self {
        Self { x, step_x, y, step_y }
    }
}

/// One pass of all rows, or the seven passes of Adam7 (PNG specification, section 8).
fn passes(interlaced: bool) -> &'static [Pass] {
    const PLAIN: [Pass; 1] = [Pass::new(0, 1, 0, 1)];
    const ADAM7: [Pass; 7] = [
        Pass::new(0, 8, 0, 8),
        Pass::new(4, 8, 0, 8),
        Pass::new(0, 4, 4, 8),
        Pass::new(2, 4, 0, 4),
        Pass::new(0, 2, 2, 4),
        Pass::new(1, 2, 0, 2),
        Pass::new(0, 1, 1, 2),
    ];
    if interlaced { &ADAM7 } else { &PLAIN }
}
