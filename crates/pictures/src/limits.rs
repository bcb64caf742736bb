//! The limits of one upload.

use std::time::Duration;

/// The limits of one upload. The defaults suit a public site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest file, in bytes. Default: 10 MiB.
    pub max_bytes: u64,
    /// The maximum number of pixels (width × height), checked in the header before decoding. Default: 50
    /// million.
    pub max_pixels: u64,
    /// The maximum memory for decoding one file, in bytes, estimated from its header. Default: 80 MiB, with
    /// which twenty simultaneous uploads stay below 100 MiB. JPEG, PNG and GIF of 50 megapixels pass. WebP,
    /// which can only be decoded whole, passes up to about 17 megapixels.
    pub max_decode_memory: u64,
    /// The longest processor time for decoding one file. Default: 10 s. A 50-megapixel file needs about one
    /// second. It bounds what a library does between two counts of [`Limits::max_decode_work`].
    pub max_decode_time: Duration,
}

impl Limits {
    /// The most work of decoding one file, in units that are the same on every machine: a unit is a pixel
    /// that is decoded, a block of pixels that one scan of a JPEG visits, or a byte that is read; a row takes
    /// 64 more. A file takes less than half of it, unless it is made to take long: a progressive JPEG of 64
    /// KiB can repeat its scans for seconds, and a PNG of as much have millions of rows.
    #[must_use]
    pub fn max_decode_work(&self) -> u64 {
        // The beginning is read twice, and chunks are looked for before they are decoded.
        self.max_pixels.saturating_mul(2).saturating_add(self.max_bytes.saturating_mul(4))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 10 * 1024 * 1024,
            max_pixels: 50_000_000,
            max_decode_memory: 80 * 1024 * 1024,
            max_decode_time: Duration::from_secs(10),
        }
    }
}
