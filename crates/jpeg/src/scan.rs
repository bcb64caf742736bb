//! The header of a scan, and the iteration over its blocks.

use crate::JpegError;
use crate::bits::Bits;
use crate::entropy::{self, Band, Carry};
use crate::frame::Frame;
use crate::huffman::{SKIPS_WORK, Table};
use crate::plane::Plane;
use crate::segments::Segments;

/// The content of a scan's header.
pub(crate) struct Scan {
    pub parts: Vec<Part>,
    pub band: Band,
}

/// A component in a scan: its number in the frame, and its tables.
pub(crate) struct Part {
    pub component: usize,
    dc: usize,
    pub ac: usize,
}

impl Scan {
    /// Reads the scan header after its marker.
    ///
    /// # Errors
    /// `Malformed` when the header is impossible in this frame, and the errors of reading.
    pub fn read(bits: &mut Bits<'_>, frame: &Frame) -> Result<Self, JpegError> {
        bits.word()?;
        let count = bits.byte()?;
        let mut parts: Vec<Part> = Vec::with_capacity(4);
        for _ in 0..count {
            let (id, tables) = (bits.byte()?, bits.byte()?);
            // The standard requires the order of the frame, each component once. Both lists can therefore be
            // iterated side by side, and components of one name are told apart.
            let after = parts.last().map_or(0, |part| part.component + 1);
            let mut later = (after..).zip(frame.components.iter().skip(after));
            let named = later.find(|(_, component)| component.id == id);
            let (component, _) = named.ok_or(JpegError::Malformed)?;
            parts.push(Part { component, dc: usize::from(tables >> 4), ac: usize::from(tables & 15) });
        }
        let (start, end, approximation) = (bits.byte()?, bits.byte()?, bits.byte()?);
        let band = Band::new(frame.progressive, start, end, approximation >> 4, approximation & 15)?;
        // Progressive files interleave only first coefficients.
        if parts.is_empty() || frame.progressive && band.start > 0 && parts.len() > 1 {
            return Err(JpegError::Malformed);
        }
        Ok(Self { parts, band })
    }

    /// Prepares the scan's tables for leaving out coefficients, see [`Table::prepare_skips`].
    ///
    /// # Errors
    /// `TooMuchWork` when no work is left.
    pub fn prepare_skips(&self, segments: &mut Segments, bits: &mut Bits<'_>) -> Result<(), JpegError> {
        for part in &self.parts {
            if let Some(Some(table)) = segments.ac.get_mut(part.ac)
                && table.prepare_skips()
            {
                bits.spend(SKIPS_WORK)?;
            }
        }
        Ok(())
    }

    /// Whether zeros add nothing to the picture in this scan: all of it is ends of blocks.
    pub fn takes_zeros(&self, segments: &Segments) -> bool {
        let ends_block = |part: &Part| {
            let table = segments.ac.get(part.ac).and_then(Option::as_ref);
            table.and_then(Table::of_zeros).is_some_and(|symbol| symbol & 15 == 0 && symbol != 0xF0)
        };
        self.band.start > 0 && self.parts.iter().all(ends_block)
    }
}

/// The blocks of a scan, row by row.
pub(crate) struct Run<'a> {
    lanes: Vec<Lane<'a>>,
    band: Band,
    progressive: bool,
    /// The width and height in MCUs; for a scan of one component, in blocks.
    columns: u32,
    pub rows: u32,
    /// The blocks of an MCU.
    blocks: u64,
    carry: Carry,
    restart_interval: u32,
    until_restart: u32,
    restarts: u8,
}

struct Lane<'a> {
    /// The width and height of an MCU in blocks.
    across: usize,
    down: usize,
    dc: Option<&'a Table>,
    ac: Option<&'a Table>,
}

impl<'a> Run<'a> {
    /// Prepares the iteration.
    ///
    /// # Errors
    /// `Malformed` when the scan names a table that the file has not defined.
    pub fn new(scan: &Scan, frame: &Frame, segments: &'a Segments) -> Result<Self, JpegError> {
        let alone = scan.parts.len() == 1;
        let mut lanes = Vec::with_capacity(4);
        for part in &scan.parts {
            let component = &frame.components[part.component];
            let (across, down) =
                if alone { (1, 1) } else { (component.across as usize, component.down as usize) };
            let table = |tables: &'a [Option<Table>; 4], i: usize| tables.get(i).and_then(Option::as_ref);
            let (dc, ac) = (table(&segments.dc, part.dc), table(&segments.ac, part.ac));
            let lacks_dc = scan.band.start == 0 && !scan.band.refines && dc.is_none();
            if lacks_dc || scan.band.end > 0 && ac.is_none() {
                return Err(JpegError::Malformed);
            }
            lanes.push(Lane { across, down, dc, ac });
        }
        let (columns, rows) = match scan.parts.as_slice() {
            [part] => (frame.components[part.component].columns, frame.components[part.component].rows),
            _ => (frame.mcu_columns, frame.mcu_rows),
        };
        let blocks = lanes.iter().map(|lane| (lane.across * lane.down) as u64).sum();
        let restart_interval = segments.restart_interval;
        Ok(Self {
            lanes,
            band: scan.band,
            progressive: frame.progressive,
            columns,
            rows,
            blocks,
            carry: Carry::default(),
            restart_interval,
            until_restart: restart_interval,
            restarts: 0,
        })
    }

    /// Decodes one row. The planes hold it as their row `held_row`.
    ///
    /// # Errors
    /// `Malformed` for impossible codes or a missing restart marker, `TooMuchWork`, and the errors of
    /// reading.
    pub fn row(
        &mut self,
        bits: &mut Bits<'_>,
        planes: &mut [&mut Plane],
        held_row: usize,
    ) -> Result<(), JpegError> {
        bits.spend(u64::from(self.columns) * self.blocks)?;
        for column in 0..self.columns as usize {
            if self.restart_interval > 0 {
                if self.until_restart == 0 {
                    self.restart(bits)?;
                }
                self.until_restart -= 1;
            }
            for ((lane, plane), prediction) in
                self.lanes.iter().zip(planes.iter_mut()).zip(&mut self.carry.predictions)
            {
                for down in 0..lane.down {
                    let start = (held_row * lane.down + down) * plane.columns + column * lane.across;
                    for index in start..start + lane.across {
                        let block = &mut plane.block(index);
                        let empty = &mut self.carry.empty_blocks;
                        match (self.progressive, self.band.start, self.band.refines, lane.dc, lane.ac) {
                            (false, _, _, Some(dc), Some(ac)) => {
                                entropy::sequential(bits, block, (dc, ac), prediction)?
                            }
                            (true, 0, false, Some(dc), _) => {
                                entropy::first(bits, block, dc, prediction, self.band)?
                            }
                            (true, 0, true, _, _) => entropy::refine_first(bits, block, self.band)?,
                            (true, _, false, _, Some(ac)) => {
                                entropy::others(bits, block, ac, empty, self.band)?
                            }
                            (true, _, true, _, Some(ac)) => {
                                entropy::refine_others(bits, block, ac, empty, self.band)?
                            }
                            _ => return Err(JpegError::Malformed),
                        }
                    }
                }
            }
        }
        bits.check_end()
    }

    fn restart(&mut self, bits: &mut Bits<'_>) -> Result<(), JpegError> {
        bits.reset();
        if bits.marker()? != 0xD0 + self.restarts {
            return Err(JpegError::Malformed);
        }
        self.restarts = (self.restarts + 1) % 8;
        self.until_restart = self.restart_interval;
        self.carry = Carry::default();
        Ok(())
    }
}
