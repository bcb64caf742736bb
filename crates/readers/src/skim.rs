//! Finds where a JSON value ends, without understanding it and without holding it.

use std::io::Read;

use super::file_fault::{BadFile, FileFault};
use super::input::Input;

/// The lists and objects within each other whose kind is remembered.
const REMEMBERED: u32 = 64;

/// Passes over the next value and gives its bytes to `take`, some at a time. Brackets have to match;
/// whatever else is wrong inside is seen by whoever reads the bytes.
pub(crate) fn skim<R: Read>(input: &mut Input<R>, mut take: impl FnMut(&[u8])) -> Result<(), BadFile> {
    // A bit for each open bracket: 1 is an object.
    let (mut kinds, mut open) = (0_u64, 0_u32);
    loop {
        let Some(byte) = input.peek()? else { return Err(input.fault(FileFault::Truncated)) };
        match byte {
            b'{' | b'[' => {
                if open < REMEMBERED {
                    kinds = kinds << 1 | u64::from(byte == b'{');
                }
                open = open.checked_add(1).ok_or_else(|| input.fault(FileFault::Structure))?;
            }
            b'}' | b']' => {
                let right = open > REMEMBERED || (kinds & 1 == 1) == (byte == b'}');
                if open == 0 || !right {
                    return Err(input.fault(FileFault::Structure));
                }
                if open <= REMEMBERED {
                    kinds >>= 1;
                }
                open -= 1;
            }
            b'"' => {
                string(input, &mut take)?;
                if open == 0 {
                    return Ok(());
                }
                continue;
            }
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if open > 0 => {}
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.' => {
                word(input, &mut take)?;
                if open == 0 {
                    return Ok(());
                }
                continue;
            }
            0x80.. => return Err(input.fault(FileFault::NotUtf8)),
            _ => return Err(input.fault(FileFault::Structure)),
        }
        input.next()?;
        take(&[byte]);
        if open == 0 {
            return Ok(());
        }
    }
}

fn string<R: Read>(input: &mut Input<R>, take: &mut impl FnMut(&[u8])) -> Result<(), BadFile> {
    // The quotation mark before it.
    byte(input, take)?;
    loop {
        let ahead = input.ahead()?;
        let end = ahead.iter().position(|byte| matches!(byte, b'"' | b'\\'));
        let plain = end.unwrap_or(ahead.len());
        take(&ahead[..plain]);
        input.read(plain);
        if end.is_some() || plain == 0 {
            match byte(input, take)? {
                b'"' => return Ok(()),
                _ => byte(input, take)?,
            };
        }
    }
}

/// The next byte, which has to be there.
fn byte<R: Read>(input: &mut Input<R>, take: &mut impl FnMut(&[u8])) -> Result<u8, BadFile> {
    let Some(byte) = input.next()? else { return Err(input.fault(FileFault::Truncated)) };
    take(&[byte]);
    Ok(byte)
}

/// A number or a name. It ends where something else begins, so that the end of the file ends none.
fn word<R: Read>(input: &mut Input<R>, take: &mut impl FnMut(&[u8])) -> Result<(), BadFile> {
    loop {
        match input.peek()? {
            None => return Err(input.fault(FileFault::Truncated)),
            Some(byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.') => {
                input.next()?;
                take(&[byte]);
            }
            Some(_) => return Ok(()),
        }
    }
}
