//! Looks through the chunks of a WebP for what would cost the decoder more than its header tells.

use std::io::{BufReader, Read, Seek};

use super::vp8l::memory_of_codes;
use crate::PictureError;
use crate::work::{ROW, Work};

/// The bytes before the first chunk: `RIFF`, a length, `WEBP`.
const RIFF_HEADER: i64 = 12;
/// The bytes of an animation frame before the chunks inside it.
const FRAME_HEADER: i64 = 16;

/// What the chunks of a file say.
#[derive(Debug, Default)]
pub(super) struct WebpChunks {
    /// The width and height of the largest lossy picture in the file, or (0, 0) if there is none: it may
    /// claim to be larger than the whole, and the decoder would allocate memory for it before it compares the
    /// sizes.
    ///
    /// Lossless pictures are skipped: the decoder compares their size with the file's before it decodes.
    pub largest_lossy: (u32, u32),
    /// The most memory that the prefix codes of one lossless picture or alpha channel take, in bytes.
    pub codes: u64,
}

impl WebpChunks {
    /// Reads the heads of all chunks of a file of `len` bytes, and the prefix codes of lossless ones up to
    /// `most` bytes of memory.
    ///
    /// # Errors
    /// `Unreadable` for a chunk that would make the decoder allocate more bytes than the file has, or when
    /// there are too many chunks.
    pub fn read<R: Read + Seek>(
        reader: &mut BufReader<R>,
        (len, most): (u64, u64),
        work: &Work,
    ) -> Result<Self, PictureError> {
        let mut chunks = Self::default();
        reader.seek_relative(RIFF_HEADER).map_err(super::unreadable)?;
        let mut head = [0; 8];
        // The size of the picture or of the frame around a chunk.
        let mut size = (0, 0);
        // The decoder judges a file that ends within a chunk.
        while reader.read_exact(&mut head).is_ok() {
            work.spend(ROW)?;
            let [kind @ .., l1, l2, l3, l4] = head;
            let length = u32::from_le_bytes([l1, l2, l3, l4]);
            let padded = i64::from(length) + i64::from(length % 2);
            let skip = match &kind {
                // The chunks inside the frame follow and are examined like all others.
                b"ANMF" if length >= 16 => {
                    let mut frame = [0; FRAME_HEADER as usize];
                    reader.read_exact(&mut frame).map_err(super::unreadable)?;
                    let [_, _, _, _, _, _, w1, w2, w3, h1, h2, h3, ..] = frame;
                    size = (side([w1, w2, w3]), side([h1, h2, h3]));
                    0
                }
                b"VP8X" if length >= 10 => {
                    let mut head = [0; 10];
                    reader.read_exact(&mut head).map_err(super::unreadable)?;
                    let [_, _, _, _, w1, w2, w3, h1, h2, h3] = head;
                    size = (side([w1, w2, w3]), side([h1, h2, h3]));
                    padded - 10
                }
                b"VP8L" | b"ALPH" => {
                    let mut inside = reader.by_ref().take(length.into());
                    let mut info = [0];
                    let alpha = &kind == b"ALPH";
                    // An alpha channel begins with a byte that says whether a lossless stream follows.
                    let follows = !alpha || inside.read_exact(&mut info).is_ok() && info[0] & 3 == 1;
                    if follows {
                        let codes = memory_of_codes(&mut inside, alpha.then_some(size), most, work)?;
                        chunks.codes = chunks.codes.max(codes);
                    }
                    padded - (i64::from(length) - inside.limit().cast_signed())
                }
                b"VP8 " if length >= 10 => {
                    // Three bytes of frame tag, three of start code, then two of width and two of height. The
                    // upper two bits of width and height are a scale (RFC 6386, section 9.1).
                    let mut frame = [0; 10];
                    reader.read_exact(&mut frame).map_err(super::unreadable)?;
                    let [.., w1, w2, h1, h2] = frame;
                    let size = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
                    let (width, height) = chunks.largest_lossy;
                    chunks.largest_lossy = (width.max(size(w1, w2)), height.max(size(h1, h2)));
                    padded - 10
                }
                // The decoder makes room for these before it reads them.
                b"ICCP" | b"EXIF" | b"XMP " | b"ANIM" if u64::from(length) > len => {
                    return Err(PictureError::Unreadable);
                }
                _ => padded,
            };
            reader.seek_relative(skip).map_err(super::unreadable)?;
        }
        Ok(chunks)
    }
}

/// A width or height as the format stores it: three bytes, less one.
fn side([low, middle, high]: [u8; 3]) -> u32 {
    1 + u32::from_le_bytes([low, middle, high, 0])
}
