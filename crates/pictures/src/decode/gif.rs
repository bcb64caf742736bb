//! The first frame of a GIF, row by row.

use std::io::Read;

use gif::{DecodeOptions, Decoder};
use image::metadata::Orientation;

use super::{DecodeAdmission, Decoded, unreadable};
use crate::crop::square_in;
use crate::raster::Samples;
use crate::shrink::Shrinker;
use crate::source::Source;
use crate::{Crop, PictureError};

/// The memory of the decoder without its row, in bytes: tables and input.
const DECODER: u64 = 1024 * 1024;

pub(super) fn decode(
    source: &mut Source<'_>,
    crop: Option<Crop>,
    admission: &mut DecodeAdmission<'_, '_>,
) -> Result<Decoded, PictureError> {
    let len = admission.file_len;
    let mut decoder = DecodeOptions::new().read_info(source.rewound()?).map_err(unreadable)?;
    let screen = (u32::from(decoder.width()), u32::from(decoder.height()));
    let frame = decoder.next_frame_info().map_err(unreadable)?.ok_or(PictureError::Unreadable)?;
    let (left, top) = (u32::from(frame.left), u32::from(frame.top));
    let (frame_width, frame_height) = (u32::from(frame.width), u32::from(frame.height));
    let (interlaced, transparent) = (frame.interlaced, frame.transparent);
    // Browsers show the whole frame of a file whose screen is empty or smaller than the frame.
    let (width, height) = (screen.0.max(left + frame_width), screen.1.max(top + frame_height));
    admission.check_size(width, height)?;
    admission.check_size(frame_width, frame_height)?;
    let orientation = Orientation::NoTransforms;
    let square = square_in(crop, width, height, orientation);
    let row_memory = u64::from(frame_width) * 5;
    admission.reserve(
        width,
        height,
        row_memory + Shrinker::memory(square.side, Samples::Rgba) + DECODER + len,
    )?;

    let colours = colours(&decoder, transparent)?;
    let mut shrinker = Shrinker::new(square, Samples::Rgba);
    let mut indices = vec![0; frame_width as usize];
    let mut pixels = Vec::with_capacity(indices.len() * 4);
    for y in rows(frame_height, interlaced) {
        admission.work.row(frame_width)?;
        if !decoder.fill_buffer(&mut indices).map_err(unreadable)? {
            return Err(PictureError::Unreadable);
        }
        pixels.clear();
        pixels.extend(indices.iter().flat_map(|&index| colours[usize::from(index)]));
        shrinker.sparse_row(top + y, left, 1, &pixels);
    }
    let icc = decoder.icc_profile().map(<[u8]>::to_vec);
    Ok(Decoded { raster: shrinker.finish(), orientation, icc })
}

/// The colour of every index; black beyond the end of a short palette.
fn colours<R: Read>(decoder: &Decoder<R>, transparent: Option<u8>) -> Result<[[u8; 4]; 256], PictureError> {
    let palette = decoder.palette().map_err(unreadable)?;
    let mut colours = [[0, 0, 0, 255]; 256];
    for (colour, &[r, g, b]) in colours.iter_mut().zip(palette.as_chunks::<3>().0) {
        *colour = [r, g, b, 255];
    }
    if let Some(index) = transparent {
        colours[usize::from(index)] = [0; 4];
    }
    Ok(colours)
}

/// The rows in the order in which the file stores them (GIF89a, appendix E).
fn rows(height: u32, interlaced: bool) -> impl Iterator<Item = u32> {
    let passes: &[(u32, usize)] = if interlaced { &[(0, 8), (4, 8), (2, 4), (1, 2)] } else { &[(0, 1)] };
    passes.iter().flat_map(move |&(first, step)| (first..height).step_by(step))
}
