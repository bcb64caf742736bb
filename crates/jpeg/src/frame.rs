//! The frame header of a JPEG: the size of the picture and the sampling of its components.

use crate::JpegError;
use crate::bits::Bits;

/// One component: luma, chroma or an ink.
#[derive(Debug, Clone)]
pub(crate) struct Component {
    pub id: u8,
    /// The width and height of an MCU in blocks of this component (1 to 4).
    pub across: u32,
    pub down: u32,
    /// The number of the component's quantisation table (0 to 3).
    pub quantization: usize,
    /// The width and height of the component in blocks that contain pixels. A scan of this component alone
    /// has exactly these.
    pub columns: u32,
    pub rows: u32,
}

/// The content of a frame header.
#[derive(Debug)]
pub(crate) struct Frame {
    pub width: u32,
    pub height: u32,
    pub progressive: bool,
    pub components: Vec<Component>,
    /// The largest sampling factors.
    pub across: u32,
    pub down: u32,
    /// The width and height of the picture in MCUs.
    pub mcu_columns: u32,
    pub mcu_rows: u32,
}

impl Frame {
    /// Reads the frame header after the marker `code` and the length.
    ///
    /// Accepts baseline, extended and progressive frames with Huffman coding. Others are lossless,
    /// differential or arithmetic-coded: cameras do not make them and browsers do not show them.
    ///
    /// # Errors
    /// `Unsupported` for other frames, `Malformed` for impossible values, and the errors of reading.
    pub fn read(code: u8, bits: &mut Bits<'_>) -> Result<Self, JpegError> {
        let precision = bits.byte()?;
        let (height, width) = (u32::from(bits.word()?), u32::from(bits.word()?));
        let count = bits.byte()?;
        // A height of 0 means that the height follows the first scan. No encoder in use writes such files.
        if !matches!(code, 0xC0..=0xC2) || precision != 8 || !matches!(count, 1 | 3 | 4) || height == 0 {
            return Err(JpegError::Unsupported);
        }
        if width == 0 {
            return Err(JpegError::Malformed);
        }
        let mut components = Vec::with_capacity(count.into());
        for _ in 0..count {
            let (id, sampling, quantization) = (bits.byte()?, bits.byte()?, bits.byte()?);
            let (across, down) = (u32::from(sampling >> 4), u32::from(sampling & 15));
            if !(1..=4).contains(&across) || !(1..=4).contains(&down) || quantization > 3 {
                return Err(JpegError::Malformed);
            }
            let quantization = quantization.into();
            components.push(Component { id, across, down, quantization, columns: 0, rows: 0 });
        }
        // A single component is never interleaved, so its sampling factors mean nothing.
        if let [only] = components.as_mut_slice() {
            (only.across, only.down) = (1, 1);
        }
        let across = components.iter().map(|component| component.across).max().unwrap_or(1);
        let down = components.iter().map(|component| component.down).max().unwrap_or(1);
        for component in &mut components {
            // Factors that do not divide the largest are not in use. They would leave gaps between blocks.
            if across % component.across != 0 || down % component.down != 0 {
                return Err(JpegError::Unsupported);
            }
            component.columns = (width * component.across).div_ceil(8 * across);
            component.rows = (height * component.down).div_ceil(8 * down);
        }
        let (mcu_columns, mcu_rows) = (width.div_ceil(8 * across), height.div_ceil(8 * down));
        let progressive = code == 0xC2;
        Ok(Self { width, height, progressive, components, across, down, mcu_columns, mcu_rows })
    }
}

impl Frame {
    /// The blocks of all components in a row of MCUs.
    pub fn blocks_in_row(&self) -> u64 {
        let in_mcu = self.components.iter().map(|component| u64::from(component.across * component.down));
        u64::from(self.mcu_columns) * in_mcu.sum::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_how_many_blocks_there_are() {
        let header = [8, 0, 17, 0, 33, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
        let frame = Frame::read(0xC2, &mut Bits::new(&header[..], u64::MAX)).unwrap();
        assert_eq!((frame.width, frame.height, frame.progressive), (33, 17, true));
        assert_eq!((frame.mcu_columns, frame.mcu_rows), (3, 2));
        let blocks: Vec<_> = frame.components.iter().map(|c| (c.columns, c.rows)).collect();
        assert_eq!(blocks, [(5, 3), (3, 2), (3, 2)]);
    }

    #[test]
    fn frames_that_nobody_decodes_are_refused() {
        let header = [8, 0, 1, 0, 1, 1, 1, 0x11, 0];
        assert!(Frame::read(0xC0, &mut Bits::new(&header[..], u64::MAX)).is_ok());
        for code in [0xC3, 0xC5, 0xC9, 0xCA] {
            assert!(Frame::read(code, &mut Bits::new(&header[..], u64::MAX)).is_err());
        }
    }
}
