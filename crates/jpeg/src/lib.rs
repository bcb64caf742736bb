#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod bits;
mod decoder;
mod entropy;
mod error;
mod frame;
mod huffman;
mod output;
mod plane;
mod scan;
mod segments;
mod standard_tables;
mod transform;

pub use decoder::Decoder;
pub use error::JpegError;

/// The limits of decoding one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeLimits {
    /// Most pixels (width × height), judged from the header. Default: 50 million.
    pub max_pixels: u64,
    /// The maximum memory, in bytes, by the estimate of [`Decoder::memory`]. Default: 80 MiB.
    pub max_memory: u64,
    /// Most scans. Default: 256, one for each coefficient of four components. Encoders in use write about
    /// ten.
    pub max_scans: u32,
    /// The most work, in units. A unit is a block that a scan visits or that becomes pixels, or a byte that
    /// is read; a Huffman table takes 256. A unit takes some nanoseconds. Default: 128 Mi, four times what a
    /// progressive file of 50 million pixels in four components takes.
    pub max_work: u64,
}

impl Default for DecodeLimits {
    fn default() -> Self {
        Self { max_pixels: 50_000_000, max_memory: 80 << 20, max_scans: 256, max_work: 128 << 20 }
    }
}

/// The scale at which a picture is decoded. Smaller scales take less time and memory: at a quarter, 4 of 64
/// coefficients are kept and transformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scale {
    /// An eighth of the width and height.
    Eighth,
    /// A quarter of the width and height.
    Quarter,
    /// Half of the width and height.
    Half,
    /// The full width and height.
    Full,
}

impl Scale {
    /// Every scale, the smallest first.
    pub const ALL: [Self; 4] = [Self::Eighth, Self::Quarter, Self::Half, Self::Full];

    /// The scaled size of `length` pixels, rounded up.
    pub fn of(self, length: u32) -> u32 {
        (u64::from(length) * u64::from(self.eighths())).div_ceil(8) as u32
    }

    fn eighths(self) -> u32 {
        match self {
            Self::Eighth => 1,
            Self::Quarter => 2,
            Self::Half => 4,
            Self::Full => 8,
        }
    }
}

/// The meaning of a pixel's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelFormat {
    /// One byte of light.
    Gray,
    /// Red, green, blue.
    Rgb,
    /// Cyan, magenta, yellow, black; 0 is no ink. Files with four components store inverted inks, as Adobe
    /// does; the decoder inverts them back.
    Cmyk,
}

impl PixelFormat {
    /// Bytes of one pixel.
    pub fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
        }
    }
}

/// The facts in a file's header, before its first scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// The width in pixels, 1 to 65,535.
    pub width: u32,
    /// The height in pixels, 1 to 65,535.
    pub height: u32,
    /// Whether the file is progressive: coarse first, refined by later scans. Its coefficients are then kept
    /// until its end.
    pub progressive: bool,
    /// What [`Decoder::decode`] gives.
    pub samples: PixelFormat,
}

/// Receives the rows of a picture. Closures implement it.
pub trait RowSink {
    /// Receives row `y`, counted from the top: the pixels of the width at the chosen scale, each of
    /// [`Samples::count`] bytes.
    fn row(&mut self, y: u32, pixels: &[u8]);
}

impl<F: FnMut(u32, &[u8])> RowSink for F {
    fn row(&mut self, y: u32, pixels: &[u8]) {
        self(y, pixels);
    }
}
