//! Finds the EXIF block of a PNG at any position. Some tools append it after the pixels, where the row
//! decoder would find it too late to choose the crop by its orientation.

use std::io::{BufReader, Read, Seek};

use image::metadata::Orientation;

/// The longest EXIF block that is read, in bytes: as long as a JPEG can hold.
const MAX_EXIF: u32 = 64 * 1024;

/// The orientation from the EXIF block; upright if there is no block with an orientation. The decoder judges
/// a file that ends early.
pub(super) fn orientation<R: Read + Seek>(reader: &mut BufReader<R>) -> Orientation {
    find(reader).and_then(|exif| Orientation::from_exif_chunk(&exif)).unwrap_or(Orientation::NoTransforms)
}

fn find<R: Read + Seek>(reader: &mut BufReader<R>) -> Option<Vec<u8>> {
    const SIGNATURE: i64 = 8;
    const CHECKSUM: i64 = 4;
    reader.seek_relative(SIGNATURE).ok()?;
    loop {
        let mut head = [0; 8];
        reader.read_exact(&mut head).ok()?;
        let [l1, l2, l3, l4, kind @ ..] = head;
        let length = u32::from_be_bytes([l1, l2, l3, l4]);
        match &kind {
            b"eXIf" if length <= MAX_EXIF => {
                let mut exif = vec![0; length as usize];
                reader.read_exact(&mut exif).ok()?;
                return Some(exif);
            }
            b"IEND" => return None,
            _ => reader.seek_relative(i64::from(length) + CHECKSUM).ok()?,
        }
    }
}
