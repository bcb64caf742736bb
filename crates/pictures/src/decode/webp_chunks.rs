//! Searches a WebP for pictures inside it that claim to be larger than the whole. The decoder would allocate
//! memory for them before it compares the sizes.

use std::io::{BufReader, Read, Seek};

use crate::PictureError;

/// The bytes before the first chunk: `RIFF`, a length, `WEBP`.
const RIFF_HEADER: i64 = 12;
/// The bytes of an animation frame before the chunks inside it.
const FRAME_HEADER: i64 = 16;

/// The width and height of the largest lossy picture in the file, or (0, 0) if there is none.
///
/// Lossless pictures are skipped: the decoder compares their size with the file's before it decodes.
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
            // The chunks inside the frame follow and are examined like all others.
            b"ANMF" => FRAME_HEADER,
            b"VP8 " if length >= 10 => {
                // Three bytes of frame tag, three of start code, then two of width and two of height. The
                // upper two bits of width and height are a scale (RFC 6386, section 9.1).
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
