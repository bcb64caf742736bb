//! Decodes a file to rows of pixels.

use std::io::Read;

use crate::bits::Bits;
use crate::entropy::Missing;
use crate::frame::{Component, Frame};
use crate::output::{Colours, Strip};
use crate::plane::Plane;
use crate::scan::{Run, Scan};
use crate::segments::{Next, Segments};
use crate::transform::Transform;
use crate::{DecodeLimits, Header, JpegError, RowSink, Scale};

/// A JPEG whose header has been read.
///
/// Decoding has two steps: once the size is known, the caller can choose the scale and wait for memory.
pub struct Decoder<'a> {
    bits: Bits<'a>,
    segments: Segments,
    frame: Frame,
    colours: Colours,
    scan: Scan,
    limits: DecodeLimits,
}

impl<'a> Decoder<'a> {
    /// Reads the header: everything before the entropy-coded data of the first scan.
    ///
    /// `reader` is asked for 64 KiB at a time and needs no buffer of its own.
    ///
    /// # Errors
    /// All of [`JpegError`] but `TooMuchMemory` and `TooManyScans`.
    pub fn new(reader: impl Read + 'a, limits: DecodeLimits) -> Result<Self, JpegError> {
        let mut bits = Bits::new(reader, limits.max_work);
        let mut segments = Segments::default();
        let Next::Scan = segments.read(&mut bits)? else {
            return Err(JpegError::Malformed);
        };
        let frame = segments.frame.take().ok_or(JpegError::Malformed)?;
        let pixels = u64::from(frame.width) * u64::from(frame.height);
        if pixels > limits.max_pixels {
            return Err(JpegError::TooManyPixels { pixels });
        }
        let colours = Colours::of(&frame, &segments);
        let scan = Scan::read(&mut bits, &frame)?;
        Ok(Self { bits, segments, frame, colours, scan, limits })
    }

    /// The facts in the file's header.
    pub fn header(&self) -> Header {
        let Frame { width, height, progressive, .. } = self.frame;
        Header { width, height, progressive, samples: self.colours.samples() }
    }

    /// The bodies of the EXIF segments before the first scan (at most four), without their signature. A body
    /// begins with a TIFF header.
    pub fn exif(&self) -> impl Iterator<Item = &[u8]> {
        self.segments.exif.iter().map(Vec::as_slice)
    }

    /// The peak memory of [`Decoder::decode`] in bytes, calculated from the header: coefficients, a strip of
    /// pixels and the colour profile. Tables and the input buffer take less than 256 KiB more.
    pub fn memory(&self, scale: Scale) -> u64 {
        let frame = &self.frame;
        let rows = if self.is_one_scan() { 1 } else { frame.mcu_rows };
        let kept = |component: &Component| {
            let (across, down) = block_size(frame, component, scale);
            across.min(8) * down.min(8)
        };
        let planes = frame.components.iter().map(|c| Plane::memory(frame, c, kept(c), rows)).sum::<u64>();
        planes + Strip::memory(frame, scale.eighths()) + self.segments.profile_bytes * 2
    }

    /// Decodes the picture at `scale` and passes its rows to `sink`, each once, from top to bottom. Returns
    /// the embedded colour profile if it is complete.
    ///
    /// The rows of a sequential file arrive while it is read, those of a progressive file at its end.
    ///
    /// # Errors
    /// Every [`JpegError`] except `TooManyPixels`. Rows passed to `sink` before the error are correct.
    pub fn decode(mut self, scale: Scale, sink: &mut impl RowSink) -> Result<Option<Vec<u8>>, JpegError> {
        let bytes = self.memory(scale);
        if bytes > self.limits.max_memory {
            return Err(JpegError::TooMuchMemory { bytes });
        }
        if self.is_one_scan() {
            self.decode_in_strips(scale, sink)?;
        } else {
            self.decode_whole(scale, sink)?;
        }
        Ok(self.segments.profile())
    }

    /// Whether the first scan contains the whole picture, so that coefficients can be dropped after each row
    /// of MCUs.
    fn is_one_scan(&self) -> bool {
        !self.frame.progressive && self.scan.parts.len() == self.frame.components.len()
    }

    fn decode_in_strips(&mut self, scale: Scale, sink: &mut impl RowSink) -> Result<(), JpegError> {
        let Self { bits, segments, frame, colours, scan, .. } = self;
        let mut strip = Strip::new(frame, scale.eighths(), *colours);
        let blocks_in_row = frame.blocks_in_row();
        let mut planes = frame.components.iter().map(|_| None).collect::<Vec<_>>();
        prepare(scan, frame, segments, scale, 1, &mut planes)?;
        let mut planes: Vec<_> = planes.into_iter().flatten().collect();
        prepare_tables(scan, segments, scale, bits)?;
        let mut run = Run::new(scan, frame, segments)?;
        for mcu_row in 0..run.rows {
            planes.iter_mut().for_each(|plane| plane.0.clear());
            run.row(bits, &mut planes.iter_mut().map(|plane| &mut plane.0).collect::<Vec<_>>(), 0)?;
            bits.spend(blocks_in_row)?;
            strip.put(&planes, mcu_row, 0, sink);
        }
        bits.reset();
        let Next::End = segments.read(bits)? else {
            return Err(JpegError::Malformed);
        };
        if bits.is_cut() && bits.is_made_up() { Err(JpegError::Truncated) } else { Ok(()) }
    }

    fn decode_whole(&mut self, scale: Scale, sink: &mut impl RowSink) -> Result<(), JpegError> {
        let Self { bits, segments, frame, colours, scan, limits } = self;
        let mut strip = Strip::new(frame, scale.eighths(), *colours);
        let mut planes = frame.components.iter().map(|_| None).collect::<Vec<_>>();
        let mut missing = vec![Missing::ALL; frame.components.len()];
        let mut scans_left = limits.max_scans;
        loop {
            // A scan of some bytes can visit every block of the picture.
            scans_left = scans_left.checked_sub(1).ok_or(JpegError::TooManyScans)?;
            prepare(scan, frame, segments, scale, frame.mcu_rows, &mut planes)?;
            if !frame.progressive {
                prepare_tables(scan, segments, scale, bits)?;
            }
            for part in &scan.parts {
                missing[part.component].take(scan.band);
            }
            let mut run = Run::new(scan, frame, segments)?;
            let mut slots: Vec<_> =
                planes.iter_mut().map(|plane| plane.as_mut().map(|plane| &mut plane.0)).collect();
            let parts = scan.parts.iter().map(|part| slots[part.component].take());
            let mut parts = parts.collect::<Option<Vec<_>>>().ok_or(JpegError::Malformed)?;
            for row in 0..run.rows {
                run.row(bits, &mut parts, row as usize)?;
            }
            bits.reset();
            match segments.read(bits)? {
                Next::Scan => *scan = Scan::read(bits, frame)?,
                Next::End => break,
            }
        }
        let made_up = bits.is_made_up() && !scan.takes_zeros(segments);
        if bits.is_cut() && (made_up || missing.iter().any(Missing::is_some)) {
            return Err(JpegError::Truncated);
        }
        let planes = planes.into_iter().collect::<Option<Vec<_>>>().ok_or(JpegError::Malformed)?;
        for mcu_row in 0..frame.mcu_rows {
            bits.spend(frame.blocks_in_row())?;
            strip.put(&planes, mcu_row, mcu_row as usize, sink);
        }
        Ok(())
    }
}

/// Completes the tables of a sequential scan.
fn prepare_tables(
    scan: &Scan,
    segments: &mut Segments,
    scale: Scale,
    bits: &mut Bits<'_>,
) -> Result<(), JpegError> {
    segments.fill_tables(bits)?;
    if scale == Scale::Full { Ok(()) } else { scan.prepare_skips(segments, bits) }
}

/// Allocates planes for the components that this scan contains for the first time, with the current
/// quantisation tables.
fn prepare(
    scan: &Scan,
    frame: &Frame,
    segments: &Segments,
    scale: Scale,
    mcu_rows: u32,
    planes: &mut [Option<(Plane, Transform)>],
) -> Result<(), JpegError> {
    for part in &scan.parts {
        let component = &frame.components[part.component];
        if planes[part.component].is_none() {
            let steps = segments.quantization[component.quantization].as_ref().ok_or(JpegError::Malformed)?;
            let (across, down) = block_size(frame, component, scale);
            let transform = Transform::new(across, down, steps);
            planes[part.component] = Some((Plane::new(frame, component, &transform, mcu_rows), transform));
        }
    }
    Ok(())
}

/// The width and height in pixels that a block of a component becomes: larger for components that are sampled
/// more coarsely.
fn block_size(frame: &Frame, component: &Component, scale: Scale) -> (usize, usize) {
    let across = scale.eighths() * frame.across / component.across;
    let down = scale.eighths() * frame.down / component.down;
    (across as usize, down as usize)
}
