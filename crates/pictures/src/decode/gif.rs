//! The first frame of a GIF, row by row.

use std::io::Read as _;

use image::metadata::Orientation;

use super::gif_blocks::GifHead;
use super::lzw::Lzw;
use super::{DecodeAdmission, Decoded};
use crate::crop::square_in;
use crate::raster::{ColourSpace, Samples};
use crate::shrink::Shrinker;
use crate::source::Source;
use crate::{Crop, PictureError};

/// The memory of the decoder without its row, in bytes: tables and input.
const DECODER: u64 = 256 * 1024;

pub(super) fn decode(
    source: &mut Source<'_>,
    crop: Option<Crop>,
    admission: &mut DecodeAdmission<'_, '_>,
) -> Result<Decoded, PictureError> {
    let len = admission.file_len;
    let mut reader = source.rewound()?;
    let head = GifHead::read(&mut reader)?;
    // Browsers show the whole frame of a file whose screen is empty or smaller than the frame.
    let (width, height) =
        (head.screen.0.max(head.left + head.width), head.screen.1.max(head.top + head.height));
    admission.check_size(width, height)?;
    admission.check_size(head.width, head.height)?;
    let orientation = Orientation::NoTransforms;
    let square = square_in(crop, width, height, orientation);
    let row_memory = u64::from(head.width) * 5;
    admission.reserve(
        width,
        height,
        row_memory + Shrinker::memory(square.side, Samples::Rgba) + DECODER + len,
    )?;

    let colours = colours(&head)?;
    let mut shrinker = Shrinker::new(square, Samples::Rgba);
    let mut lzw = Lzw::new(reader.by_ref())?;
    let mut indices = vec![0; head.width as usize];
    let mut pixels = Vec::with_capacity(indices.len() * 4);
    for y in rows(head.height, head.interlaced) {
        admission.work.row(head.width)?;
        lzw.fill(&mut indices)?;
        pixels.clear();
        pixels.extend(indices.iter().flat_map(|&index| colours[usize::from(index)]));
        shrinker.sparse_row(head.top + y, head.left, 1, &pixels);
    }
    Ok(Decoded { raster: shrinker.finish(), orientation, space: head.icc.map(ColourSpace::Profile) })
}

/// The colour of every index; black beyond the end of a short palette.
fn colours(head: &GifHead) -> Result<[[u8; 4]; 256], PictureError> {
    let palette = head.palette.as_ref().ok_or(PictureError::Unreadable)?;
    let mut colours = [[0, 0, 0, 255]; 256];
    for (colour, &[r, g, b]) in colours.iter_mut().zip(palette) {
        *colour = [r, g, b, 255];
    }
    if let Some(index) = head.transparent {
        colours[usize::from(index)] = [0; 4];
    }
    Ok(colours)
}

/// The rows in the order in which the file stores them (GIF89a, appendix E).
fn rows(height: u32, interlaced: bool) -> impl Iterator<Item = u32> {
    let passes: &[(u32, usize)] = if interlaced { &[(0, 8), (4, 8), (2, 4), (1, 2)] } else { &[(0, 1)] };
    passes.iter().flat_map(move |&(first, step)| (first..height).step_by(step))
}
