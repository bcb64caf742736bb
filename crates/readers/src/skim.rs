//! Finds where a JSON value ends, without understanding it and without holding it.

use std::io::Read;

use memchr::memchr2;

use super::file_fault::{BadFile, FileFault};
use super::input::Input;

/// The lists and objects within each other whose kind is remembered.
const REMEMBERED: u32 = 64;

/// Passes over the next value and gives its bytes to `take`, some at a time. Brackets have to match;
/// whatever else is wrong inside is seen by whoever reads the bytes.
pub(crate) fn skim<R: Read>(input: &mut Input<R>, mut take: impl FnMut(&[u8])) -> Result<(), BadFile> {
    let mut value = Value { at: At::Between, kinds: 0, open: 0 };
    loop {
        let ahead = input.ahead()?;
        if ahead.is_empty() {
            return Err(input.fault(FileFault::Truncated));
        }
        let (passed, end) = value.pass(ahead);
        take(&ahead[..passed]);
        input.read(passed);
        match end {
            Some(Ok(())) => return Ok(()),
            Some(Err(fault)) => return Err(input.fault(fault)),
            None => {}
        }
    }
}

/// What the next byte belongs to.
#[derive(Clone, Copy)]
enum At {
    Between,
    String,
    /// Behind a backslash in a string.
    Escape,
    /// A number or a name. It ends where something else begins, so that the end of the file ends none.
    Word,
}

/// A value that was read up to some byte.
struct Value {
    at: At,
    /// A bit for each open bracket: 1 is an object.
    kinds: u64,
    open: u32,
}

impl Value {
    /// Reads on. How many bytes belong to the value, and how it ended, if it did.
    fn pass(&mut self, bytes: &[u8]) -> (usize, Option<Result<(), FileFault>>) {
        let mut next = 0;
        while let Some(byte) = bytes.get(next) {
            match self.at {
                At::String => {
                    let Some(plain) = memchr2(b'"', b'\\', &bytes[next..]) else {
                        return (bytes.len(), None);
                    };
                    next += plain;
                    self.at = if bytes[next] == b'"' { At::Between } else { At::Escape };
                }
                At::Escape => self.at = At::String,
                At::Word if is_word(*byte) => {}
                At::Word => {
                    self.at = At::Between;
                    if self.open == 0 {
                        return (next, Some(Ok(())));
                    }
                    continue;
                }
                At::Between => {
                    if let Err(fault) = self.begin(*byte) {
                        return (next, Some(Err(fault)));
                    }
                }
            }
            next += 1;
            if self.open == 0 && matches!(self.at, At::Between) {
                return (next, Some(Ok(())));
            }
        }
        (next, None)
    }

    /// Reads a byte that begins something, ends a list or an object, or stands between two values.
    fn begin(&mut self, byte: u8) -> Result<(), FileFault> {
        match byte {
            b'{' | b'[' => {
                if self.open < REMEMBERED {
                    self.kinds = self.kinds << 1 | u64::from(byte == b'{');
                }
                self.open = self.open.checked_add(1).ok_or(FileFault::Structure)?;
            }
            b'}' | b']' => {
                let right = self.open > REMEMBERED || (self.kinds & 1 == 1) == (byte == b'}');
                if self.open == 0 || !right {
                    return Err(FileFault::Structure);
                }
                if self.open <= REMEMBERED {
                    self.kinds >>= 1;
                }
                self.open -= 1;
            }
            b'"' => self.at = At::String,
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if self.open > 0 => {}
            _ if is_word(byte) => self.at = At::Word,
            0x80.. => return Err(FileFault::NotUtf8),
            _ => return Err(FileFault::Structure),
        }
        Ok(())
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}
