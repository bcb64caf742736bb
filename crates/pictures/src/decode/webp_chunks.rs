//! The chunks of a WebP (RFC 9649, section 2): where its first picture stands, and what it would cost to
//! decode beyond what the decoder's caller can see.

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::Range;

use super::unreadable;
use super::vp8l::memory_of_codes;
use crate::PictureError;
use crate::work::{ROW, Work};

/// The bytes before the first chunk: `RIFF`, a length, `WEBP`.
const RIFF_HEADER: u64 = 12;
/// The bytes of a chunk before its content.
const CHUNK_HEADER: u64 = 8;
/// The bytes of an animation frame before the chunks inside it.
const FRAME_HEADER: u64 = 16;
/// The signature of a lossless picture, and the bytes that it takes with the size, the mark of alpha and the
/// version (RFC 9649, section 3.4).
pub(super) const LOSSLESS: u8 = 0x2F;
pub(super) const SIZE_FIELD: u64 = 5;
/// The longest metadata that are read, in bytes. Profiles of printing presses have up to 3 MB.
const MOST_METADATA: u64 = 4 * 1024 * 1024;

/// What the chunks of a file say.
#[derive(Debug, Default)]
pub(super) struct WebpChunks {
    /// The width and height of the whole.
    pub canvas: (u32, u32),
    /// The picture, or the first frame of an animation.
    pub first: FirstPicture,
    /// The width and height that the chunks around the first picture announce.
    announced: (u32, u32),
    exif: Option<Range<u64>>,
    icc: Option<Range<u64>>,
}

/// A picture, and where it stands in the file and on the canvas.
#[derive(Clone, Debug, Default)]
pub(super) struct FirstPicture {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
    pub lossless: bool,
    /// Whether a lossless picture says that it has transparent pixels.
    pub transparent: bool,
    /// The content of its chunk.
    pub content: Range<u64>,
    /// The content of the chunk with the alpha channel of a lossy picture.
    pub alpha: Option<Range<u64>>,
    /// The most memory that prefix codes take in its chunks, in bytes.
    pub codes: u64,
}

impl WebpChunks {
    /// Reads the heads of all chunks, and the prefix codes of the first picture up to `most` bytes of memory.
    ///
    /// # Errors
    /// `Unreadable` when there is no picture or a lossless one of an unknown kind, or when there are too many
    /// chunks.
    pub fn read<R: Read + Seek>(
        reader: &mut BufReader<R>,
        most: u64,
        work: &Work,
    ) -> Result<Self, PictureError> {
        let mut chunks = Self::default();
        let mut found = None;
        let mut announced = None;
        let mut place = (0, 0);
        let mut next = RIFF_HEADER;
        let mut head = [0; CHUNK_HEADER as usize];
        let mut first = FirstPicture::default();
        loop {
            reader.seek(SeekFrom::Start(next)).map_err(unreadable)?;
            // The decoder judges a file that ends within its first picture.
            if reader.read_exact(&mut head).is_err() {
                break;
            }
            work.spend(ROW)?;
            let [kind @ .., l1, l2, l3, l4] = head;
            let length = u64::from(u32::from_le_bytes([l1, l2, l3, l4]));
            let content = next + CHUNK_HEADER..next + CHUNK_HEADER + length;
            next = content.end + length % 2;
            match &kind {
                b"VP8X" if announced.is_none() => {
                    let [_, _, _, _, w1, w2, w3, h1, h2, h3] = array(reader)?;
                    chunks.canvas = (side([w1, w2, w3]), side([h1, h2, h3]));
                    announced = Some(chunks.canvas);
                }
                b"ANMF" if found.is_none() => {
                    let [x1, x2, x3, y1, y2, y3, w1, w2, w3, h1, h2, h3, ..] =
                        array::<{ FRAME_HEADER as usize }>(reader)?;
                    place = (2 * (side([x1, x2, x3]) - 1), 2 * (side([y1, y2, y3]) - 1));
                    announced = Some((side([w1, w2, w3]), side([h1, h2, h3])));
                    first.alpha = None;
                    // The chunks inside the frame follow.
                    next = content.start + FRAME_HEADER;
                }
                b"ALPH" if found.is_none() => {
                    let [info] = array(reader)?;
                    if length == 0 {
                        return Err(PictureError::Unreadable);
                    }
                    if info & 3 == 1 {
                        let inside = reader.by_ref().take(length - 1);
                        first.codes = memory_of_codes(inside, announced, most, work)?;
                    }
                    first.alpha = Some(content);
                }
                b"VP8L" if found.is_none() => {
                    let [signature, h1, h2, h3, h4] = array::<{ SIZE_FIELD as usize }>(reader)?;
                    let bits = u32::from_le_bytes([h1, h2, h3, h4]);
                    if length < SIZE_FIELD || signature != LOSSLESS || bits >> 29 != 0 {
                        return Err(PictureError::Unreadable);
                    }
                    first.lossless = true;
                    first.transparent = bits >> 28 & 1 == 1;
                    reader.seek(SeekFrom::Start(content.start)).map_err(unreadable)?;
                    first.codes = memory_of_codes(reader.by_ref().take(length), None, most, work)?;
                    first.content = content;
                    found = Some((1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)));
                }
                b"VP8 " if found.is_none() => {
                    // Three bytes of frame tag, three of start code, then two of width and two of height. The
                    // upper two bits of width and height are a scale (RFC 6386, section 9.1).
                    let [_, _, _, _, _, _, w1, w2, h1, h2] = array(reader)?;
                    let size = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
                    first.content = content;
                    found = Some((size(w1, w2), size(h1, h2)));
                }
                b"EXIF" => chunks.exif = chunks.exif.or(Some(content)),
                b"ICCP" => chunks.icc = chunks.icc.or(Some(content)),
                _ => {}
            }
        }
        let size = found.ok_or(PictureError::Unreadable)?;
        chunks.announced = announced.unwrap_or(size);
        if chunks.canvas == (0, 0) {
            chunks.canvas = size;
        }
        (first.left, first.top) = place;
        (first.width, first.height) = size;
        chunks.first = first;
        Ok(chunks)
    }

    /// Whether the first picture has the size that was announced and lies on the canvas. The decoder would
    /// make room for it before it compares.
    pub fn are_sound(&self) -> bool {
        let FirstPicture { left, top, width, height, .. } = self.first;
        (width, height) == self.announced && left + width <= self.canvas.0 && top + height <= self.canvas.1
    }

    /// The EXIF block, which begins with a TIFF header. Cameras and libvips write the signature of JPEG's
    /// segment before it.
    ///
    /// # Errors
    /// `Unreadable` when it is cut.
    pub fn exif<R: Read + Seek>(&self, reader: &mut BufReader<R>) -> Result<Option<Vec<u8>>, PictureError> {
        let exif = metadata(self.exif.as_ref(), reader)?;
        Ok(exif.map(|exif| exif.strip_prefix(b"Exif\0\0").map(<[u8]>::to_vec).unwrap_or(exif)))
    }

    /// The embedded colour profile.
    ///
    /// # Errors
    /// `Unreadable` when it is cut.
    pub fn icc<R: Read + Seek>(&self, reader: &mut BufReader<R>) -> Result<Option<Vec<u8>>, PictureError> {
        metadata(self.icc.as_ref(), reader)
    }
}

/// The content of a chunk; `None` also for one that is too long.
fn metadata<R: Read + Seek>(
    content: Option<&Range<u64>>,
    reader: &mut BufReader<R>,
) -> Result<Option<Vec<u8>>, PictureError> {
    let Some(content) = content.filter(|content| content.end - content.start <= MOST_METADATA) else {
        return Ok(None);
    };
    reader.seek(SeekFrom::Start(content.start)).map_err(unreadable)?;
    let mut bytes = Vec::new();
    reader.take(content.end - content.start).read_to_end(&mut bytes).map_err(unreadable)?;
    let whole = bytes.len() as u64 == content.end - content.start;
    if whole { Ok(Some(bytes)) } else { Err(PictureError::Unreadable) }
}

fn array<const N: usize>(reader: &mut impl Read) -> Result<[u8; N], PictureError> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

/// A width or height as the format stores it: three bytes, less one.
fn side([low, middle, high]: [u8; 3]) -> u32 {
    1 + u32::from_le_bytes([low, middle, high, 0])
}
