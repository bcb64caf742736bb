//! The header before each entry: ustar (POSIX.1-1988), of a file that its owner alone may read. There is one
//! header for a name, a length and a time, so that each of its bytes can be checked.

/// Headers, contents and the end are multiples of this.
pub const BLOCK: usize = 512;

/// Lengths from here on do not fit into eleven octal digits. GNU's form of a number takes their place, which
/// every `tar` of today reads.
const OCTAL_END: u64 = 1 << 33;

const LENGTH: std::ops::Range<usize> = 124..136;
const TIME: std::ops::Range<usize> = 136..148;
const SUM: std::ops::Range<usize> = 148..156;

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
pub struct Header {
    pub name: String,
    pub length: u64,
    /// In seconds since 1970.
    pub time: u64,
}

impl Header {
    /// The header's bytes; `None` when the name or the time cannot be written.
    pub fn to_bytes(&self) -> Option<[u8; BLOCK]> {
        let mut block = [0; BLOCK];
        put(&mut block, 0..100, is_name(&self.name).then_some(self.name.as_bytes())?);
        // The mode, the user and the group: whoever unpacks it owns it, and may alone read it.
        put(&mut block, 100..108, b"0000600\0");
        put(&mut block, 108..116, b"0000000\0");
        put(&mut block, 116..124, b"0000000\0");
        put(&mut block, LENGTH, &number(self.length));
        put(&mut block, TIME, (self.time < OCTAL_END).then(|| number(self.time))?.as_slice());
        // The sum is over a header with blanks in its place.
        put(&mut block, SUM, b"        ");
        // A plain file.
        put(&mut block, 156..157, b"0");
        put(&mut block, 257..265, b"ustar\x0000");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        put(&mut block, SUM, format!("{sum:06o}\0 ").as_bytes());
        Some(block)
    }

    /// Reads a header; `None` when it is not exactly what [`to_bytes`](Self::to_bytes) makes.
    pub fn from_bytes(block: &[u8; BLOCK]) -> Option<Self> {
        let name = block[..100].split(|byte| *byte == 0).next()?;
        let name = std::str::from_utf8(name).ok()?.to_owned();
        let header = Self { name, length: read_number(&block[LENGTH])?, time: read_number(&block[TIME])? };
        (header.to_bytes()? == *block).then_some(header)
    }
}

/// How many zeros follow a content of this length, up to a whole block.
pub fn padding(length: u64) -> usize {
    let over = usize::try_from(length % BLOCK as u64).unwrap_or_default();
    (BLOCK - over) % BLOCK
}

/// Whether an entry may have the name: a relative path of letters, digits, dots, hyphens and underscores, no
/// part of which is empty or begins with a dot.
fn is_name(name: &str) -> bool {
    let in_part = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(in_part);
    name.len() <= 100 && name.split('/').all(is_part)
}

fn put(block: &mut [u8; BLOCK], at: std::ops::Range<usize>, bytes: &[u8]) {
    for (place, byte) in block[at].iter_mut().zip(bytes) {
        *place = *byte;
    }
}

fn number(number: u64) -> [u8; 12] {
    let mut field = [0; 12];
    if number < OCTAL_END {
        for (place, byte) in field.iter_mut().zip(format!("{number:011o}").bytes()) {
            *place = byte;
        }
    } else {
        field[0] = 0x80;
        field[4..].copy_from_slice(&number.to_be_bytes());
    }
    field
}

fn read_number(field: &[u8]) -> Option<u64> {
    if field.first() == Some(&0x80) {
        return field.get(4..12)?.try_into().map(u64::from_be_bytes).ok();
    }
    u64::from_str_radix(std::str::from_utf8(field.get(..11)?).ok()?, 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, length: u64) -> Header {
        Header { name: name.to_owned(), length, time: 1_767_225_600 }
    }

    #[test]
    fn a_header_is_read_back_whatever_the_length() {
        for length in [0, 1, 511, 512, OCTAL_END - 1, OCTAL_END, u64::MAX] {
            let header = header("a/b-c_d.e", length);
            assert_eq!(Header::from_bytes(&header.to_bytes().unwrap()).unwrap(), header);
        }
    }

    #[test]
    fn one_form_alone_is_a_header() {
        let block = header("a", 7).to_bytes().unwrap();
        for at in 0..BLOCK {
            for change in [1, 0x20, 0x80] {
                let mut changed = block;
                changed[at] ^= change;
                assert_eq!(Header::from_bytes(&changed), None, "byte {at}");
            }
        }
    }

    #[test]
    fn names_that_lead_elsewhere_are_none() {
        for name in
            ["", "/", "/etc/passwd", "../x", "a/../b", "a//b", "a/", "./a", ".a", "a\\b", "a b", "é", "a\0b"]
        {
            assert!(header(name, 0).to_bytes().is_none(), "{name:?}");
        }
        assert!(header(&"x".repeat(101), 0).to_bytes().is_none());
        assert!(header(&"x".repeat(100), 0).to_bytes().is_some());
    }
}
