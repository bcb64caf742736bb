//! The limits of one upload.

use std::time::Duration;

/// The memory for resizing and encoding the renditions, in bytes, beside the decoder's. Measured: 4 MB for
/// opaque pictures. Pictures with alpha take 7 MB, but the decoder has freed its own buffers by then.
pub(super) const RENDERING_MEMORY: u64 = 6 * 1024 * 1024;

/// The most memory for decoding a pixel of a WebP, in tenths of a byte: of a lossy one with alpha.
pub(super) const WEBP_TENTHS: u64 = 58;

/// The longest file by default, in bytes.
const USUAL_FILE: u64 = 10 * 1024 * 1024;

/// The limits of one upload. The defaults suit a public site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest file, in bytes. Default: 10 MiB.
    pub max_bytes: u64,
    /// The maximum number of pixels (width × height), checked in the header before decoding. Default: 50
    /// million.
    pub max_pixels: u64,
    /// The maximum memory for decoding one file, in bytes, estimated from its header. Default: 80 MiB, with
    /// which twenty simultaneous uploads stay below 100 MiB. JPEG, PNG and GIF of 50 megapixels pass. WebP
    /// can only be decoded whole, see [`Limits::max_webp_pixels`].
    pub max_decode_memory: u64,
    /// The longest processor time for decoding one file. Default: 10 s. A 50-megapixel file needs about one
    /// second. It bounds what a library does between two counts of [`Limits::max_decode_work`]. Time that
    /// other threads take does not count; where the system does not tell it apart, the counted work alone
    /// decides.
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

    /// The pixels that a WebP of any kind may have for its size of file, up to 10 MiB: fewer than of the
    /// other formats, since it can only be decoded whole. With the defaults 11.5 million; one without alpha
    /// may have 14 million, a small lossless file 17 million.
    #[must_use]
    pub fn max_webp_pixels(&self) -> u64 {
        let file = self.max_bytes.min(USUAL_FILE);
        let memory = self.max_decode_memory.saturating_sub(RENDERING_MEMORY).saturating_sub(file);
        (memory.saturating_mul(10) / WEBP_TENTHS).min(self.max_pixels)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: USUAL_FILE,
            max_pixels: 50_000_000,
            max_decode_memory: 80 * 1024 * 1024,
            max_decode_time: Duration::from_secs(10),
        }
    }
}
