//! The frame header of a JPEG: enough to tell what decoding it will take.

use std::io::{BufRead, BufReader, Read, Seek};

use crate::infra::picture::PictureError;

/// What a frame header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub width: u32,
    pub height: u32,
    pub progressive: bool,
    /// Number of components: 1 grey, 3 colours, 4 inks.
    pub components: u64,
    /// DCT coefficients over all components, padded to whole blocks.
    pub coefficients: u64,
    /// Bytes of the segments before the frame header, which a decoder may keep.
    pub metadata: u64,
}

/// Reads segments up to the frame header.
pub(super) fn read<R: Read + Seek>(reader: &mut BufReader<R>) -> Result<Header, PictureError> {
    if bytes::<2, _>(reader)? != [0xFF, 0xD8] {
        return Err(PictureError::Unreadable);
    }
    let mut metadata = 0;
    loop {
        let marker = next_marker(reader)?;
        // Markers that stand alone.
        if matches!(marker, 0x01 | 0xD0..=0xD8) {
            continue;
        }
        let length = u16::from_be_bytes(bytes(reader)?);
        let body = length.checked_sub(2).ok_or(PictureError::Unreadable)?;
        match marker {
            // Baseline, extended and progressive with Huffman coding. The other frames are lossless, differential or
            // arithmetic-coded: no camera or browser makes them.
            0xC0..=0xC2 => return frame(reader, marker == 0xC2, metadata),
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | 0xD9 | 0xDA => {
                return Err(PictureError::Unreadable);
            }
            _ => reader.seek_relative(body.into()).map_err(super::unreadable)?,
        }
        metadata += u64::from(body);
    }
}

fn frame<R: Read>(reader: &mut R, progressive: bool, metadata: u64) -> Result<Header, PictureError> {
    let [precision, h1, h2, w1, w2, count] = bytes(reader)?;
    if precision != 8 || !matches!(count, 1 | 3 | 4) {
        return Err(PictureError::Unreadable);
    }
    let (width, height) = (u16::from_be_bytes([w1, w2]), u16::from_be_bytes([h1, h2]));
    let mut factors = Vec::with_capacity(4);
    for _ in 0..count {
        let [_, sampling, _] = bytes(reader)?;
        let (across, down) = (u64::from(sampling >> 4), u64::from(sampling & 15));
        if !(1..=4).contains(&across) || !(1..=4).contains(&down) {
            return Err(PictureError::Unreadable);
        }
        factors.push((across, down));
    }
    let across = factors.iter().map(|f| f.0).max().unwrap_or(1);
    let down = factors.iter().map(|f| f.1).max().unwrap_or(1);
    let units = u64::from(width).div_ceil(8 * across) * u64::from(height).div_ceil(8 * down);
    Ok(Header {
        width: width.into(),
        height: height.into(),
        progressive,
        components: count.into(),
        coefficients: units * 64 * factors.iter().map(|f| f.0 * f.1).sum::<u64>(),
        metadata,
    })
}

/// The next marker's code. Bytes between segments are skipped, as other readers do.
fn next_marker<R: BufRead>(reader: &mut R) -> Result<u8, PictureError> {
    loop {
        let [mut byte] = bytes(reader)?;
        if byte != 0xFF {
            continue;
        }
        while byte == 0xFF {
            [byte] = bytes(reader)?;
        }
        if byte != 0 {
            return Ok(byte);
        }
    }
}

fn bytes<const N: usize, R: Read>(reader: &mut R) -> Result<[u8; N], PictureError> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes).map_err(super::unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn the_header_tells_what_decoding_takes() {
        let mut file = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 9, 9, 0xFF, 0xFF, 0xC2, 0, 17, 8, 0, 17, 0, 33, 3];
        file.extend([1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
        let header = read(&mut BufReader::new(Cursor::new(file))).unwrap();
        let expected = Header {
            width: 33,
            height: 17,
            progressive: true,
            components: 3,
            coefficients: 6 * 6 * 64,
            metadata: 2,
        };
        assert_eq!(header, expected);
    }

    #[test]
    fn frames_that_nobody_decodes_are_refused() {
        for marker in [0xC3, 0xC9, 0xDA, 0xD9] {
            let file = [0xFF, 0xD8, 0xFF, marker, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0];
            assert!(read(&mut BufReader::new(Cursor::new(file))).is_err());
        }
    }
}
