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
mod transform;

pub use decoder::Decoder;
pub use error::JpegError;

/// What one file may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most pixels (width × height), judged from the header. Default: 50 million.
    pub max_pixels: u64,
    /// Most memory, in bytes, by the estimate of [`Decoder::memory`]. Default: 80 MiB.
    pub max_memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_pixels: 50_000_000, max_memory: 80 << 20 }
    }
}

/// The size at which a picture is decoded. Smaller ones cost less time and memory: at a quarter, 4 coefficients
/// of 64 are kept and transformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scale {
    /// An eighth of its width and height.
    Eighth,
    /// A quarter.
    Quarter,
    /// One half.
    Half,
    /// As it is.
    Full,
}

impl Scale {
    /// Every scale, the smallest first.
    pub const ALL: [Self; 4] = [Self::Eighth, Self::Quarter, Self::Half, Self::Full];

    /// What `length` pixels of the file become, rounded up.
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

/// What the bytes of a pixel mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Samples {
    /// One byte of light.
    Gray,
    /// Red, green, blue.
    Rgb,
    /// Cyan, magenta, yellow, black; 0 is no ink. (Files of four components have inverted inks, as Adobe writes
    /// them; they are turned round here.)
    Cmyk,
}

impl Samples {
    /// Bytes of one pixel.
    pub fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
        }
    }
}

/// What a file says about itself before its first scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// Pixels across, 1 to 65,535.
    pub width: u32,
    /// Pixels down, 1 to 65,535.
    pub height: u32,
    /// Whether the file is coarse first and fine later. If so, its coefficients are kept until its end.
    pub progressive: bool,
    /// What [`Decoder::decode`] gives.
    pub samples: Samples,
}

/// Takes the rows of a picture; a closure does.
pub trait RowSink {
    /// Takes row `y`, counted from the top: as many pixels as the width at the chosen scale, each of
    /// [`Samples::count`] bytes.
    fn row(&mut self, y: u32, pixels: &[u8]);
}

impl<F: FnMut(u32, &[u8])> RowSink for F {
    fn row(&mut self, y: u32, pixels: &[u8]) {
        self(y, pixels);
    }
}
