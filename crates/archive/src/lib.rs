#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod header;
mod reader;
mod writer;

pub use reader::{Entry, Reader, Unreadable};
pub use writer::{Part, Whole, Writer};

/// The entry with the sum of everything before it.
const SUM: &str = "archive.sha256";

/// How much content is held at a time.
const PIECE: usize = 64 << 10;

/// The bytes as lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
