//! Looks through a WebP for pictures inside that claim to be larger than the whole: the decoder would make
//! room for them before it compares.

use std::io::{BufReader, Read, Seek};

use crate::PictureError;

/// Bytes before the first chunk: `RIFF`, a length, `WEBP`.
const RIFF_HEADER: i64 = 12;
/// Bytes of an animation frame before the chunks in it.
const FRAME_HEADER: i64 = 16;

/// The width and height of the largest lossy picture in the file, or (0, 0) if there is none.
///
/// Lossless pictures are not looked at: the decoder compares their size with the file's before it decodes.
pub(super) fn largest_lossy<R: Read + Seek>(reader: &mut BufReader<R>) -> Result<(u32, u32), PictureError> {
    let mut largest = (0, 0);
    reader.seek_relative(RIFF_HEADER).map_err(super::unreadable)?;
    let mut head = [0; 8];
    // The decoder judges a file that ends within a chunk.
    while reader.read_exact(&mut head).is_ok() {
        let [kind @ .., l1, l2, l3, l4] = head;
        let length = u32::from_le_bytes([l1, l2, l3, l4]);
        let padded = i64::from(length) + i64::from(length % 2);
        let skip = match &kind {
            // Its chunks follow and are looked at like all others.
            b"ANMF" => FRAME_HEADER,
            b"VP8 " if length >= 10 => {
                // Three bytes of frame tag, three of start code, then two of width and two of height with a
                // scale in the upper two bits of each (RFC 6386, section 9.1).
                let mut frame = [0; 10];
                reader.read_exact(&mut frame).map_err(super::unreadable)?;
                let [.., w1, w2, h1, h2] = frame;
                let size = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
                largest = (largest.0.max(size(w1, w2)), largest.1.max(size(h1, h2)));
                padded - 10
            }
            _ => padded,
        };
        reader.seek_relative(skip).map_err(super::unreadable)?;
    }
    Ok(largest)
}
