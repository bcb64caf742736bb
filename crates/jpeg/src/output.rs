//! Converts rows of blocks to rows of pixels and passes them on.

use crate::frame::Frame;
use crate::plane::Plane;
use crate::segments::Segments;
use crate::transform::Transform;
use crate::{PixelFormat, RowSink};

/// The meaning of a picture's components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colours {
    Gray,
    YCbCr,
    Rgb,
    Cmyk,
    Ycck,
}

impl Colours {
    /// Decides as other readers do: JFIF knows YCbCr alone, whatever Adobe's segment says beside it; else by
    /// Adobe's segment, in which every number but 0 announces a transform; else by the names of the
    /// components.
    pub fn of(frame: &Frame, segments: &Segments) -> Self {
        let ids: Vec<u8> = frame.components.iter().map(|component| component.id).collect();
        match (ids.as_slice(), segments.adobe) {
            ([_], _) => Self::Gray,
            ([_, _, _, _], Some(0) | None) => Self::Cmyk,
            ([_, _, _, _], Some(_)) => Self::Ycck,
            _ if segments.jfif => Self::YCbCr,
            (_, Some(0)) | (b"RGB", None) => Self::Rgb,
            _ => Self::YCbCr,
        }
    }

    /// The samples that come out.
    pub fn samples(self) -> PixelFormat {
        match self {
            Self::Gray => PixelFormat::Gray,
            Self::YCbCr | Self::Rgb => PixelFormat::Rgb,
            Self::Cmyk | Self::Ycck => PixelFormat::Cmyk,
        }
    }
}

/// One row of MCUs as pixels, component by component.
pub(crate) struct Strip {
    width: usize,
    height: u32,
    /// The width of a row of MCUs in pixels, padded.
    stride: usize,
    /// The height of a row of MCUs in pixels.
    rows: usize,
    parts: Vec<Vec<u8>>,
    row: Vec<u8>,
    colours: Colours,
}

impl Strip {
    /// A strip of a picture that is decoded at `scale` (1, 2, 4 or 8) eighths.
    pub fn new(frame: &Frame, scale: u32, colours: Colours) -> Self {
        let stride = (frame.mcu_columns * frame.across * scale) as usize;
        let rows = (frame.down * scale) as usize;
        let width = (frame.width * scale).div_ceil(8) as usize;
        Self {
            width,
            height: (frame.height * scale).div_ceil(8),
            stride,
            rows,
            parts: vec![vec![0; stride * rows]; frame.components.len()],
            row: vec![0; width * colours.samples().count()],
            colours,
        }
    }

    /// The memory of a strip, in bytes.
    pub fn memory(frame: &Frame, scale: u32) -> u64 {
        let stride = u64::from(frame.mcu_columns * frame.across * scale);
        stride * u64::from(frame.down * scale + 1) * frame.components.len() as u64
    }

    /// Outputs row `mcu_row` of the MCUs. The planes hold its blocks from their row `held_row` on.
    pub fn put(
        &mut self,
        planes: &[(Plane, Transform)],
        mcu_row: u32,
        held_row: usize,
        sink: &mut impl RowSink,
    ) {
        for ((plane, transform), part) in planes.iter().zip(&mut self.parts) {
            let rows = self.rows / transform.height;
            for row in 0..rows {
                let blocks = plane.row(held_row * rows + row);
                transform.apply_row(blocks, &mut part[row * transform.height * self.stride..], self.stride);
            }
        }
        for row in 0..self.rows {
            let y = mcu_row * self.rows as u32 + row as u32;
            if y < self.height {
                self.mix(row * self.stride);
                sink.row(y, &self.row);
            }
        }
    }

    /// Mixes the components of the row of pixels that begins at index `start`.
    fn mix(&mut self, start: usize) {
        let part = |i: usize| self.parts.get(i).map_or(&[][..], |part| &part[start..start + self.width]);
        match self.colours {
            Colours::Gray => self.row.copy_from_slice(part(0)),
            Colours::Rgb => {
                let values = part(0).iter().zip(part(1)).zip(part(2));
                for (pixel, ((&r, &g), &b)) in self.row.as_chunks_mut::<3>().0.iter_mut().zip(values) {
                    *pixel = [r, g, b];
                }
            }
            Colours::YCbCr => {
                rgb_row(part(0), part(1), part(2), self.row.as_chunks_mut().0);
            }
            Colours::Cmyk | Colours::Ycck => {
                let values = part(0).iter().zip(part(1)).zip(part(2)).zip(part(3));
                for (pixel, (((&c, &m), &y), &k)) in self.row.as_chunks_mut::<4>().0.iter_mut().zip(values) {
                    // Adobe stores inverted inks, and every reader treats every four-component JPEG as
                    // Adobe's. In YCCK, the conversion inverts the colours a second time, which cancels the
                    // first.
                    let [c, m, y] = if self.colours == Colours::Ycck {
                        rgb(c, m, y)
                    } else {
                        [255 - c, 255 - m, 255 - y]
                    };
                    *pixel = [c, m, y, 255 - k];
                }
            }
        }
    }
}

/// The pixels that the compiler converts together.
const LANES: usize = 16;

/// Converts a row. The colours of some pixels are calculated side by side and interleaved then.
fn rgb_row(y: &[u8], cb: &[u8], cr: &[u8], row: &mut [[u8; 3]]) {
    let (whole, rest) = row.as_chunks_mut::<LANES>();
    let done = whole.len() * LANES;
    let parts = y.as_chunks::<LANES>().0.iter().zip(cb.as_chunks::<LANES>().0).zip(cr.as_chunks::<LANES>().0);
    for (pixels, ((y, cb), cr)) in whole.iter_mut().zip(parts) {
        let mut lanes = [[0; LANES]; 3];
        for i in 0..LANES {
            [lanes[0][i], lanes[1][i], lanes[2][i]] = rgb(y[i], cb[i], cr[i]);
        }
        for (i, pixel) in pixels.iter_mut().enumerate() {
            *pixel = [lanes[0][i], lanes[1][i], lanes[2][i]];
        }
    }
    for (pixel, ((&y, &cb), &cr)) in rest.iter_mut().zip(y[done..].iter().zip(&cb[done..]).zip(&cr[done..])) {
        *pixel = rgb(y, cb, cr);
    }
}

/// ITU-R BT.601 in full range (JFIF 1.02), in fixed point with four fractional bits. All fits into 16 bits,
/// of which a processor multiplies eight or more at once.
#[inline]
fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    // The factors have 13 fractional bits, and of the products the upper half is taken.
    let times = |value: i16, factor: i16| ((i32::from(value) * i32::from(factor)) >> 16) as i16;
    let (y, cb, cr) = ((i16::from(y) << 4) + 8, (i16::from(cb) - 128) << 7, (i16::from(cr) - 128) << 7);
    let r = y + times(cr, 11_485);
    let g = y - times(cb, 2_819) - times(cr, 5_850);
    let b = y + times(cb, 14_516);
    [r, g, b].map(|value| (value >> 4).clamp(0, 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_standard() {
        for y in (0..=255).step_by(3) {
            for cb in (0..=255).step_by(5) {
                for cr in (0..=255).step_by(5) {
                    let (light, blue, red) = (f64::from(y), f64::from(cb) - 128.0, f64::from(cr) - 128.0);
                    let exact = [
                        light + 1.402 * red,
                        light - 0.344_136 * blue - 0.714_136 * red,
                        light + 1.772 * blue,
                    ];
                    for (value, exact) in rgb(y, cb, cr).into_iter().zip(exact) {
                        assert!((f64::from(value) - exact.clamp(0.0, 255.0)).abs() < 0.65, "{y} {cb} {cr}");
                    }
                }
            }
        }
    }

    #[test]
    fn grey_stays_grey_in_rows_of_any_length() {
        for length in [1, 15, 16, 17, 40] {
            let light: Vec<u8> = (0..length).map(|i| i * 6).collect();
            let none = vec![128; light.len()];
            let mut row = vec![[0; 3]; light.len()];
            rgb_row(&light, &none, &none, &mut row);
            assert!(row.iter().zip(&light).all(|(pixel, light)| *pixel == [*light; 3]), "{row:?}");
        }
    }
}
