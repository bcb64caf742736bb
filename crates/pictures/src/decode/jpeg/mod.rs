//! JPEG, shrunk by 2, 4 or 8 while it is decoded.
//!
//! Why not a library: of a photograph that becomes 512 pixels wide, 4 coefficients in 64 are needed. The
//! decoders at hand keep all of them until a progressive file is complete, 36 MB for 12 megapixels and as
//! much again on its way between their threads. This one keeps those four, and of the others one bit each.

mod bits;
mod frame;
mod huffman;
mod output;
mod plane;
mod scan;
mod segments;
mod transform;

use std::io::{Read, Seek};

use image::metadata::Orientation;

use self::bits::Bits;
use self::frame::{Component, Frame};
use self::huffman::Table;
use self::output::{Colours, Strip};
use self::plane::Plane;
use self::scan::{Band, Carry};
use self::segments::{Next, Segments};
use self::transform::Transform;
use super::{Admission, Decoded, unreadable};
use crate::crop::square_in;
use crate::shrink::{ENOUGH, Shrinker};
use crate::source::Source;
use crate::{Crop, PictureError};

pub(super) fn decode(
    source: &mut Source<'_>,
    crop: Option<Crop>,
    admission: &mut Admission<'_, '_>,
) -> Result<Decoded, PictureError> {
    source.rewind()?;
    let mut bits = Bits::new(source);
    let mut segments = Segments::default();
    let Next::Scan = segments.read(&mut bits)? else { return Err(PictureError::Unreadable) };
    let frame = segments.frame.take().ok_or(PictureError::Unreadable)?;
    let (width, height) = (frame.width, frame.height);
    admission.check_size(width, height)?;
    let scale = scale(crop, width, height);
    let mut scan = Scan::read(&mut bits, &frame)?;
    let whole = !frame.progressive && scan.parts.len() == frame.components.len();

    let colours = Colours::of(&frame, &segments);
    let orientation = segments.orientation();
    let square = square_in(crop, (width * scale).div_ceil(8), (height * scale).div_ceil(8), orientation);
    let kept = |c: &Component| {
        let (across, down) = pixels(&frame, c, scale);
        across.min(8) * down.min(8)
    };
    let held =
        |rows: u32| frame.components.iter().map(|c| Plane::memory(&frame, c, kept(c), rows)).sum::<u64>();
    let memory = held(if whole { 1 } else { frame.mcu_rows })
        + Strip::memory(&frame, scale)
        + Shrinker::memory(square.side, colours.samples())
        + segments.kept * 2;
    admission.reserve(width, height, memory)?;

    let mut strip = Strip::new(&frame, scale, colours);
    let mut shrinker = Shrinker::new(square, colours.samples());
    let mut planes: Vec<Option<(Plane, Transform)>> = frame.components.iter().map(|_| None).collect();
    if whole {
        scan.prepare(&frame, &segments, scale, 1, &mut planes)?;
        let mut planes: Vec<_> = planes.into_iter().flatten().collect();
        let mut run = Run::new(&scan, &frame, &segments)?;
        for mcu_row in 0..run.rows {
            planes.iter_mut().for_each(|plane| plane.0.clear());
            run.row(&mut bits, &mut planes.iter_mut().map(|plane| &mut plane.0).collect::<Vec<_>>(), 0)?;
            strip.put(&planes, mcu_row, 0, &mut shrinker);
        }
        bits.reset();
        let Next::End = segments.read(&mut bits)? else { return Err(PictureError::Unreadable) };
    } else {
        loop {
            scan.prepare(&frame, &segments, scale, frame.mcu_rows, &mut planes)?;
            let mut run = Run::new(&scan, &frame, &segments)?;
            let mut slots: Vec<_> =
                planes.iter_mut().map(|plane| plane.as_mut().map(|plane| &mut plane.0)).collect();
            let parts = scan.parts.iter().map(|part| slots[part.component].take());
            let mut parts = parts.collect::<Option<Vec<_>>>().ok_or(PictureError::Unreadable)?;
            for row in 0..run.rows {
                run.row(&mut bits, &mut parts, row as usize)?;
            }
            bits.reset();
            match segments.read(&mut bits)? {
                Next::Scan => scan = Scan::read(&mut bits, &frame)?,
                Next::End => break,
            }
        }
        let planes = planes.into_iter().collect::<Option<Vec<_>>>().ok_or(PictureError::Unreadable)?;
        for mcu_row in 0..frame.mcu_rows {
            strip.put(&planes, mcu_row, mcu_row as usize, &mut shrinker);
        }
    }
    Ok(Decoded { raster: shrinker.finish(), orientation, icc: segments.profile() })
}

/// The eighths of its size to which a picture is decoded so that the square still has enough pixels.
fn scale(crop: Option<Crop>, width: u32, height: u32) -> u32 {
    let enough = |scale: &u32| {
        let (width, height) = ((width * scale).div_ceil(8), (height * scale).div_ceil(8));
        square_in(crop, width, height, Orientation::NoTransforms).side >= ENOUGH
    };
    [1, 2, 4].into_iter().find(enough).unwrap_or(8)
}

/// The pixels that a block of a component becomes, across and down: more for those that are sampled more
/// coarsely.
fn pixels(frame: &Frame, component: &Component, scale: u32) -> (usize, usize) {
    let across = scale * frame.across / component.across;
    let down = scale * frame.down / component.down;
    (across as usize, down as usize)
}

/// A scan's header.
struct Scan {
    parts: Vec<Part>,
    band: Band,
}

/// A component in a scan: its number in the frame and its tables.
struct Part {
    component: usize,
    dc: usize,
    ac: usize,
}

impl Scan {
    fn read<R: Read>(bits: &mut Bits<R>, frame: &Frame) -> Result<Self, PictureError> {
        bits.word()?;
        let count = bits.byte()?;
        let mut parts: Vec<Part> = Vec::with_capacity(4);
        for _ in 0..count {
            let (id, tables) = (bits.byte()?, bits.byte()?);
            let known = frame.components.iter().position(|component| component.id == id);
            let component = known.ok_or(PictureError::Unreadable)?;
            // The standard has them in the order of the frame, each once; so they can be walked side by side.
            if parts.last().is_some_and(|part| part.component >= component) {
                return Err(PictureError::Unreadable);
            }
            parts.push(Part { component, dc: usize::from(tables >> 4), ac: usize::from(tables & 15) });
        }
        let (start, end, approximation) = (bits.byte()?, bits.byte()?, bits.byte()?);
        let band = Band::new(frame.progressive, start, end, approximation >> 4, approximation & 15)?;
        // Only first coefficients are interleaved in progressive files.
        if parts.is_empty() || frame.progressive && band.start > 0 && parts.len() > 1 {
            return Err(PictureError::Unreadable);
        }
        Ok(Self { parts, band })
    }

    /// Makes planes for the components that come for the first time, with the quantisation tables as they are
    /// now.
    fn prepare(
        &self,
        frame: &Frame,
        segments: &Segments,
        scale: u32,
        mcu_rows: u32,
        planes: &mut [Option<(Plane, Transform)>],
    ) -> Result<(), PictureError> {
        for part in &self.parts {
            let component = &frame.components[part.component];
            if planes[part.component].is_none() {
                let steps =
                    segments.quantization[component.quantization].as_ref().ok_or(PictureError::Unreadable)?;
                let (across, down) = pixels(frame, component, scale);
                let transform = Transform::new(across, down, steps);
                planes[part.component] =
                    Some((Plane::new(frame, component, &transform, mcu_rows), transform));
            }
        }
        Ok(())
    }
}

/// The blocks of a scan, row by row.
struct Run<'a> {
    lanes: Vec<Lane<'a>>,
    band: Band,
    progressive: bool,
    /// MCUs across and down; in a scan of one component its blocks.
    columns: u32,
    rows: u32,
    carry: Carry,
    restart_interval: u32,
    until_restart: u32,
    restarts: u8,
}

struct Lane<'a> {
    /// Blocks of an MCU, across and down.
    across: usize,
    down: usize,
    dc: Option<&'a Table>,
    ac: Option<&'a Table>,
}

impl<'a> Run<'a> {
    fn new(scan: &Scan, frame: &Frame, segments: &'a Segments) -> Result<Self, PictureError> {
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
                return Err(PictureError::Unreadable);
            }
            lanes.push(Lane { across, down, dc, ac });
        }
        let (columns, rows) = match scan.parts.as_slice() {
            [part] => (frame.components[part.component].columns, frame.components[part.component].rows),
            _ => (frame.mcu_columns, frame.mcu_rows),
        };
        let restart_interval = segments.restart_interval;
        Ok(Self {
            lanes,
            band: scan.band,
            progressive: frame.progressive,
            columns,
            rows,
            carry: Carry::default(),
            restart_interval,
            until_restart: restart_interval,
            restarts: 0,
        })
    }

    /// Decodes one row; the planes hold it as their row number `held_row`.
    fn row<R: Read>(
        &mut self,
        bits: &mut Bits<R>,
        planes: &mut [&mut Plane],
        held_row: usize,
    ) -> Result<(), PictureError> {
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
                                scan::sequential(bits, block, (dc, ac), prediction)?
                            }
                            (true, 0, false, Some(dc), _) => {
                                scan::first(bits, block, dc, prediction, self.band)?
                            }
                            (true, 0, true, _, _) => scan::refine_first(bits, block, self.band)?,
                            (true, _, false, _, Some(ac)) => scan::others(bits, block, ac, empty, self.band)?,
                            (true, _, true, _, Some(ac)) => {
                                scan::refine_others(bits, block, ac, empty, self.band)?
                            }
                            _ => return Err(PictureError::Unreadable),
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn restart<R: Read>(&mut self, bits: &mut Bits<R>) -> Result<(), PictureError> {
        bits.reset();
        if bits.marker()? != 0xD0 + self.restarts {
            return Err(PictureError::Unreadable);
        }
        self.restarts = (self.restarts + 1) % 8;
        self.until_restart = self.restart_interval;
        self.carry = Carry::default();
        Ok(())
    }
}
