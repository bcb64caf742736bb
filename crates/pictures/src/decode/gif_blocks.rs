//! The blocks of a GIF up to the pixels of its first frame (GIF89a, sections 17 to 26).

use std::io::{self, ErrorKind, Read};

use super::unreadable;
use crate::PictureError;

/// The bytes of a sub-block at most.
const SUB_BLOCK: usize = 255;
const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2C;
const GRAPHIC_CONTROL: u8 = 0xF9;
const APPLICATION: u8 = 0xFF;
/// The application whose data is a colour profile (ICC.1:2001-04, section B.5).
const PROFILE: &[u8] = b"ICCRGBG1012";

/// What stands before the pixels of the first frame.
#[derive(Debug, Default)]
pub(super) struct GifHead {
    /// The width and height of the screen. It may be smaller than the frame.
    pub screen: (u32, u32),
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
    /// Whether the rows are stored in four passes.
    pub interlaced: bool,
    /// The index of transparent pixels.
    pub transparent: Option<u8>,
    /// The colours of the frame, or else of the file; `None` if neither has any.
    pub palette: Option<Vec<[u8; 3]>>,
    /// The embedded colour profile.
    pub icc: Option<Vec<u8>>,
}

impl GifHead {
    /// Reads up to the pixels, which follow in `reader`. Extensions that are unknown are skipped, as the
    /// standard demands.
    ///
    /// # Errors
    /// `Unreadable` for a file without a frame.
    pub fn read(reader: &mut impl Read) -> Result<Self, PictureError> {
        const SIGNATURE: usize = 6;
        let [.., w1, w2, h1, h2, flags, _, _] = array::<{ SIGNATURE + 7 }>(reader)?;
        let mut head = Self { screen: (number([w1, w2]), number([h1, h2])), ..Self::default() };
        head.palette(reader, flags)?;
        loop {
            match array(reader)? {
                [EXTENSION] => head.extension(reader)?,
                [IMAGE] => break,
                // An end of sub-blocks too many.
                [0] => {}
                // The end of the file, or no GIF.
                _ => return Err(PictureError::Unreadable),
            }
        }
        let [x1, x2, y1, y2, w1, w2, h1, h2, flags] = array(reader)?;
        (head.left, head.top) = (number([x1, x2]), number([y1, y2]));
        (head.width, head.height) = (number([w1, w2]), number([h1, h2]));
        head.interlaced = flags & 0x40 != 0;
        head.palette(reader, flags)?;
        Ok(head)
    }

    /// Reads the palette that `flags` announce, if they do.
    fn palette(&mut self, reader: &mut impl Read, flags: u8) -> Result<(), PictureError> {
        if flags & 0x80 != 0 {
            let mut colours = vec![[0; 3]; 2 << (flags & 7)];
            reader.read_exact(colours.as_flattened_mut()).map_err(unreadable)?;
            self.palette = Some(colours);
        }
        Ok(())
    }

    fn extension(&mut self, reader: &mut impl Read) -> Result<(), PictureError> {
        let [label] = array(reader)?;
        let mut blocks = SubBlocks::new(reader);
        let first = blocks.next().map_err(unreadable)?;
        match (label, first) {
            (GRAPHIC_CONTROL, [flags, _, _, index, ..]) => {
                self.transparent = (flags & 1 != 0).then_some(*index);
            }
            (APPLICATION, PROFILE) => {
                let mut icc = Vec::new();
                while let block @ [_, ..] = blocks.next().map_err(unreadable)? {
                    icc.extend_from_slice(block);
                }
                self.icc = Some(icc);
                return Ok(());
            }
            _ => {}
        }
        while !blocks.next().map_err(unreadable)?.is_empty() {}
        Ok(())
    }
}

/// The sub-blocks of an extension or of a frame (GIF89a, section 15).
pub(super) struct SubBlocks<R> {
    reader: R,
    block: [u8; SUB_BLOCK],
    ended: bool,
}

impl<R: Read> SubBlocks<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, block: [0; SUB_BLOCK], ended: false }
    }

    /// The next sub-block; an empty one is their end. At the end of the file comes what is left.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn next(&mut self) -> io::Result<&[u8]> {
        let mut length = [0];
        if self.ended || fill(&mut self.reader, &mut length)? == 0 {
            return Ok(&[]);
        }
        let wanted = usize::from(length[0]);
        let filled = fill(&mut self.reader, &mut self.block[..wanted])?;
        self.ended = wanted == 0 || filled < wanted;
        Ok(&self.block[..filled])
    }
}

/// Reads until `bytes` are full or the file ends. Gives their number.
fn fill(reader: &mut impl Read, bytes: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < bytes.len() {
        match reader.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn array<const N: usize>(reader: &mut impl Read) -> Result<[u8; N], PictureError> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

fn number(bytes: [u8; 2]) -> u32 {
    u16::from_le_bytes(bytes).into()
}
