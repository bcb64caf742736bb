//! WebP, lossy or lossless, and the first frame of an animation. The decoder can only decode it whole.

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::Range;

use image::ImageDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;

use super::webp_chunks::{FirstPicture, LOSSLESS, SIZE_FIELD, WebpChunks};
use super::webp_still::StillFile;
use super::{DecodeAdmission, Decoded, unreadable};
use crate::crop::square_in;
use crate::limits::WEBP_TENTHS;
use crate::raster::{ColourSpace, Samples};
use crate::shrink::Shrinker;
use crate::source::Source;
use crate::{Crop, PictureError};

pub(super) fn decode(
    source: &mut Source<'_>,
    crop: Option<Crop>,
    admission: &mut DecodeAdmission<'_, '_>,
) -> Result<Decoded, PictureError> {
    let mut reader = source.rewound()?;
    let most = admission.limits.max_decode_memory;
    let chunks = WebpChunks::read(&mut reader, most, admission.work)?;
    let (width, height) = chunks.canvas;
    let first = &chunks.first;
    admission.check_size(width, height)?;
    if !chunks.are_sound() {
        return Err(PictureError::Unreadable);
    }
    admission.check_size(first.width, first.height)?;
    let content = first.content.end - first.content.start;
    // The square exists beside the decoded picture, after the decoder has freed its working memory.
    let memory = pixels(first) * tenths_per_pixel(first) / 10 + content.min(admission.file_len) + first.codes;
    admission.reserve(width, height, memory)?;
    // The decoder cannot be stopped on its way.
    admission.work.spend(pixels(first) * if first.alpha.is_some() { 2 } else { 1 })?;

    let orientation = chunks.exif(&mut reader)?.and_then(|exif| Orientation::from_exif_chunk(&exif));
    let orientation = orientation.unwrap_or(Orientation::NoTransforms);
    let icc = chunks.icc(&mut reader)?;
    let square = square_in(crop, width, height, orientation);
    let (colours, alpha) = pixels_of(first, reader)?;

    // What the first frame leaves free is transparent, as browsers show it.
    let covers = (first.width, first.height) == (width, height);
    let samples = if first.transparent || alpha.is_some() || !covers { Samples::Rgba } else { Samples::Rgb };
    let mut shrinker = Shrinker::new(square, samples);
    let stored = if first.lossless { 4 } else { 3 };
    let mut row = Vec::with_capacity(first.width as usize * samples.count());
    for (y, line) in colours.chunks_exact(first.width as usize * stored).enumerate() {
        row.clear();
        let alpha = alpha.as_ref().map(|alpha| &alpha[y * first.width as usize..]);
        for (x, pixel) in line.chunks_exact(stored).enumerate() {
            row.extend_from_slice(&pixel[..3]);
            if samples == Samples::Rgba {
                row.push(match (alpha, pixel) {
                    (Some(alpha), _) => alpha[x],
                    (None, [_, _, _, alpha]) if first.transparent => *alpha,
                    _ => 255,
                });
            }
        }
        if covers {
            shrinker.row(y as u32, &row);
        } else {
            shrinker.sparse_row(first.top + y as u32, first.left, 1, &row);
        }
    }
    Ok(Decoded { raster: shrinker.finish(), orientation, space: icc.map(ColourSpace::Profile) })
}

fn pixels(picture: &FirstPicture) -> u64 {
    u64::from(picture.width) * u64::from(picture.height)
}

/// The decoder's peak memory in tenths of a byte per pixel, from its allocations: planes 1.5 bytes, colours
/// 3, a lossless picture 4 with what it is predicted from, a decoded alpha channel 1.
fn tenths_per_pixel(picture: &FirstPicture) -> u64 {
    match (picture.lossless, &picture.alpha) {
        (true, _) => 45,
        (false, None) => 48,
        (false, Some(_)) => WEBP_TENTHS,
    }
}

/// The pixels of a picture, in red, green and blue, and in alpha as well if it is lossless; and the alpha of
/// a lossy one that has some.
fn pixels_of<R: Read + Seek>(
    picture: &FirstPicture,
    mut reader: BufReader<R>,
) -> Result<(Vec<u8>, Option<Vec<u8>>), PictureError> {
    let content = picture.content.clone();
    if picture.lossless {
        let content = content.start + SIZE_FIELD..content.end;
        let mut file = StillFile::new(reader, b"VP8L", &size_field(picture), content);
        return Ok((decoded(&mut file, picture, 4)?, None));
    }
    let mut plane = None;
    if let Some(alpha) = &picture.alpha {
        let (decoded, again) = alpha_plane(picture, reader, alpha.clone())?;
        (plane, reader) = (Some(decoded), again);
    }
    let mut file = StillFile::new(reader, b"VP8 ", &[], content);
    Ok((decoded(&mut file, picture, 3)?, plane))
}

/// The signature of a lossless picture, its size, and that there is alpha: without that the decoder makes a
/// second copy.
fn size_field(picture: &FirstPicture) -> [u8; SIZE_FIELD as usize] {
    let bits = (picture.width - 1) & 0x3FFF | ((picture.height - 1) & 0x3FFF) << 14 | 1 << 28;
    let [b1, b2, b3, b4] = bits.to_le_bytes();
    [LOSSLESS, b1, b2, b3, b4]
}

fn decoded<R: Read + Seek>(
    file: &mut StillFile<R>,
    picture: &FirstPicture,
    samples: usize,
) -> Result<Vec<u8>, PictureError> {
    let decoder = WebPDecoder::new(file).map_err(unreadable)?;
    let mut pixels = vec![0; picture.width as usize * picture.height as usize * samples];
    if decoder.dimensions() != (picture.width, picture.height) || decoder.total_bytes() != pixels.len() as u64
    {
        return Err(PictureError::Unreadable);
    }
    decoder.read_image(&mut pixels).map_err(unreadable)?;
    Ok(pixels)
}

/// The alpha channel (RFC 9649, section 2.7.1.2), and the reader again. A compressed one is the green of a
/// lossless picture that lacks its size.
fn alpha_plane<R: Read + Seek>(
    picture: &FirstPicture,
    mut reader: BufReader<R>,
    content: Range<u64>,
) -> Result<(Vec<u8>, BufReader<R>), PictureError> {
    reader.seek(SeekFrom::Start(content.start)).map_err(unreadable)?;
    let mut info = [0];
    reader.read_exact(&mut info).map_err(unreadable)?;
    let content = content.start + 1..content.end;
    let (width, height) = (picture.width as usize, picture.height as usize);
    let (mut plane, reader) = match info[0] & 3 {
        0 if content.end - content.start >= pixels(picture) => {
            let mut plane = vec![0; width * height];
            reader.read_exact(&mut plane).map_err(unreadable)?;
            (plane, reader)
        }
        1 => {
            let mut file = StillFile::new(reader, b"VP8L", &size_field(picture), content);
            let green = decoded(&mut file, picture, 4)?;
            (green.as_chunks::<4>().0.iter().map(|pixel| pixel[1]).collect(), file.into_inner())
        }
        _ => return Err(PictureError::Unreadable),
    };
    unfilter(&mut plane, width, info[0] >> 2 & 3);
    Ok((plane, reader))
}

/// Adds to each value what was predicted for it: by the value before it, by the one above it, or by both.
fn unfilter(plane: &mut [u8], width: usize, filter: u8) {
    if filter == 0 {
        return;
    }
    for at in 1..plane.len() {
        let (before, above) = (plane[at - 1], at.checked_sub(width).map(|above| plane[above]));
        let predicted = match (above, at % width, filter) {
            (None, _, _) => before,
            (Some(above), 0, _) | (Some(above), _, 2) => above,
            (Some(_), _, 1) => before,
            (Some(above), ..) => {
                let corner = i16::from(plane[at - width - 1]);
                (i16::from(before) + i16::from(above) - corner).clamp(0, 255) as u8
            }
        };
        plane[at] = plane[at].wrapping_add(predicted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_is_predicted_by_its_neighbours() {
        let stored = [10, 5, 250, 1, 2, 3, 4, 5, 6];
        for (filter, expected) in [
            (0, stored),
            (1, [10, 15, 9, 11, 13, 16, 15, 20, 26]),
            (2, [10, 15, 9, 11, 17, 12, 15, 22, 18]),
            (3, [10, 15, 9, 11, 18, 15, 15, 27, 30]),
        ] {
            let mut plane = stored;
            unfilter(&mut plane, 3, filter);
            assert_eq!(plane, expected, "{filter}");
        }
    }
}
