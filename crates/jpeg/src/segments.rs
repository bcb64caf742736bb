//! The segments between the scans of a JPEG: tables, and the metadata that is used.

use crate::JpegError;
use crate::bits::Bits;
use crate::frame::Frame;
use crate::huffman::Table;
use crate::standard_tables;

/// The maximum number of EXIF segments that are kept. Files have one; careless editors add a second.
const MOST_EXIF_SEGMENTS: usize = 4;
/// The maximum number of pieces of a colour profile that are kept. One more than a profile can have, so that
/// an excess is detected.
const MOST_PROFILE_PIECES: usize = 256;
/// The units of work of building a Huffman table.
const TABLE_WORK: u64 = 256;
/// The bytes of the shortest table in a segment: the head, and the number of codes of each length.
const LEAST_TABLE: usize = 17;

/// The segments that have been read so far.
#[derive(Default)]
pub(crate) struct Segments {
    pub quantization: [Option<[u16; 64]>; 4],
    pub dc: [Option<Table>; 4],
    pub ac: [Option<Table>; 4],
    /// The number of MCUs between restart markers; 0 if there are none.
    pub restart_interval: u32,
    pub frame: Option<Frame>,
    /// The bodies of the EXIF segments, without their signature.
    pub exif: Vec<Vec<u8>>,
    /// The pieces of the colour profile: number, count, bytes.
    profile: Vec<(u8, u8, Vec<u8>)>,
    /// The colour transform in Adobe's segment.
    pub adobe: Option<u8>,
    pub jfif: bool,
    /// The total length of the kept pieces of the colour profile, in bytes.
    pub profile_bytes: u64,
}

/// The end of a series of segments.
pub(crate) enum Next {
    /// A scan begins.
    Scan,
    /// The picture is complete.
    End,
}

impl Segments {
    /// Reads up to the next scan or the end of the picture. The end of the file counts as the picture's; see
    /// [`Bits::is_cut`].
    ///
    /// # Errors
    /// `Malformed` or `Unsupported` for an invalid segment, and the errors of reading.
    pub fn read(&mut self, bits: &mut Bits<'_>) -> Result<Next, JpegError> {
        loop {
            let marker = bits.marker()?;
            match marker {
                0xD9 => return Ok(Next::End),
                0xDA => return Ok(Next::Scan),
                // Markers without a body. Some encoders leave a last restart marker behind.
                0x01 | 0xD0..=0xD8 => continue,
                _ => {}
            }
            let length = usize::from(bits.word()?).checked_sub(2).ok_or(JpegError::Malformed)?;
            match marker {
                0xC4 => {
                    let body = bits.bytes(length)?;
                    // A table takes longer to build than its few bytes to read.
                    bits.spend(TABLE_WORK * (body.len() / LEAST_TABLE) as u64)?;
                    self.huffman(&body)?;
                }
                0xDB => self.quantization(&bits.bytes(length)?)?,
                0xDD => self.restart_interval = u32::from(bits.word()?),
                0xE0 | 0xE1 | 0xE2 | 0xEE => self.application(marker, bits.bytes(length)?),
                0xC0..=0xCF if self.frame.is_none() => {
                    let frame = Frame::read(marker, bits)?;
                    self.frame = Some(frame);
                }
                0xC0..=0xCF => return Err(JpegError::Malformed),
                _ => (0..length).try_for_each(|_| bits.byte().map(drop))?,
            }
        }
    }

    /// Fills the tables of a sequential scan that the file leaves out with those of the standard, as
    /// libjpeg-turbo does.
    ///
    /// # Errors
    /// `TooMuchWork` when no work is left.
    pub fn fill_tables(&mut self, bits: &mut Bits<'_>) -> Result<(), JpegError> {
        for (tables, standard) in [(&mut self.dc, standard_tables::DC), (&mut self.ac, standard_tables::AC)] {
            for (table, (counts, symbols)) in tables.iter_mut().zip(standard) {
                if table.is_none() {
                    bits.spend(TABLE_WORK)?;
                    *table = Some(Table::new(&counts, symbols.to_vec())?);
                }
            }
        }
        Ok(())
    }

    /// The colour profile, if it is complete.
    pub fn profile(mut self) -> Option<Vec<u8>> {
        let count = self.profile.len();
        self.profile.sort_by_key(|piece| piece.0);
        let whole = (1..)
            .zip(&self.profile)
            .all(|(i, piece)| usize::from(piece.0) == i && usize::from(piece.1) == count);
        (count > 0 && whole).then(|| self.profile.into_iter().flat_map(|piece| piece.2).collect())
    }

    fn application(&mut self, marker: u8, body: Vec<u8>) {
        match (marker, body.as_slice()) {
            (0xE0, [b'J', b'F', b'I', b'F', 0, ..]) => self.jfif = true,
            (0xE1, [b'E', b'x', b'i', b'f', 0, 0, exif @ ..]) if self.exif.len() < MOST_EXIF_SEGMENTS => {
                self.exif.push(exif.to_vec());
            }
            (0xE2, _) => {
                if let Some([number, count, piece @ ..]) = body.strip_prefix(b"ICC_PROFILE\0")
                    && self.profile.len() < MOST_PROFILE_PIECES
                {
                    self.profile.push((*number, *count, piece.to_vec()));
                    self.profile_bytes += piece.len() as u64;
                }
            }
            (0xEE, [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transform, ..]) => {
                self.adobe = Some(*transform)
            }
            _ => {}
        }
    }

    fn huffman(&mut self, mut body: &[u8]) -> Result<(), JpegError> {
        while let Some((&[head, ref counts @ ..], rest)) = body.split_first_chunk::<17>() {
            let total = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, rest) = rest.split_at_checked(total).ok_or(JpegError::Malformed)?;
            let tables = if head >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            let slot = tables.get_mut(usize::from(head & 15)).ok_or(JpegError::Malformed)?;
            *slot = Some(Table::new(counts, symbols.to_vec())?);
            body = rest;
        }
        if body.is_empty() { Ok(()) } else { Err(JpegError::Malformed) }
    }

    fn quantization(&mut self, mut body: &[u8]) -> Result<(), JpegError> {
        while let Some((&head, rest)) = body.split_first() {
            let width = if head >> 4 == 0 { 1 } else { 2 };
            let (values, rest) = rest.split_at_checked(64 * width).ok_or(JpegError::Malformed)?;
            let mut steps = [0; 64];
            for (step, value) in steps.iter_mut().zip(values.chunks_exact(width)) {
                *step = value.iter().fold(0, |sum, &byte| sum << 8 | u16::from(byte));
            }
            *self.quantization.get_mut(usize::from(head & 15)).ok_or(JpegError::Malformed)? = Some(steps);
            body = rest;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_put_together_from_its_pieces_if_none_is_missing() {
        let read = |pieces: &[(u8, u8)]| {
            let mut segments = Segments::default();
            for &(number, count) in pieces {
                segments.application(
                    0xE2,
                    [b"ICC_PROFILE\0".as_slice(), &[number, count, b'a' + number]].concat(),
                );
            }
            segments.profile()
        };
        assert_eq!(read(&[(2, 2), (1, 2)]).as_deref(), Some(&b"bc"[..]));
        for broken in [&[][..], &[(1, 2)], &[(1, 2), (1, 2)], &[(0, 1)], &[(2, 2), (3, 2)]] {
            assert_eq!(read(broken), None);
        }
    }
}
