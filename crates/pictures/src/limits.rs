//! How much an upload may ask for.

use std::time::Duration;

/// Bounds on one upload; the default suits a public site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest file, in bytes. 10 MiB.
    pub max_bytes: u64,
    /// Most pixels (width × height), judged from the header before anything is decoded. 50 million.
    pub max_pixels: u64,
    /// Most memory that decoding one file may need, in bytes, estimated from its header. 80 MiB: with it twenty
    /// uploads at once stay below 100 MiB. JPEG, PNG and GIF of 50 megapixels pass; WebP, which can only be
    /// decoded whole, passes up to about 17.
    pub max_decode_memory: u64,
    /// Longest time one file may be decoded for. 10 s: a 50-megapixel file needs about one, but a progressive
    /// JPEG of a few megabytes can be built to repeat its scans for half an hour.
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
