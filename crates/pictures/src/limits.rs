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
    /// The longest time for decoding one file. Default: 10 s. A 50-megapixel file needs about one second, but
    /// a progressive JPEG of a few megabytes can be built to repeat its scans for half an hour.
    pub max_decode_time: Duration,
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
