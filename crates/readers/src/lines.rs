//! Records that are lines.

use std::io::Read;

use super::file_fault::BadFile;
use super::frame::{Frame, Taken};
use super::input::Input;
use super::place::Place;

/// The lines of a source that are not blank.
pub(crate) struct Lines<R> {
    input: Input<R>,
    record: u64,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(input: Input<R>) -> Self {
        Self { input, record: 0 }
    }

    pub(crate) fn next(&mut self) -> Result<Option<Frame>, BadFile> {
        loop {
            let (line, offset) = (self.input.line(), self.input.offset());
            let mut taken = Taken::default();
            let ended = loop {
                let ahead = self.input.ahead()?;
                if ahead.is_empty() {
                    break true;
                }
                let end = ahead.iter().position(|byte| *byte == b'\n');
                let line = end.unwrap_or(ahead.len());
                taken.push(&ahead[..line]);
                self.input.read(line + usize::from(end.is_some()));
                if end.is_some() {
                    break false;
                }
            };
            if !taken.is_blank() {
                self.record += 1;
                let place = Place { line: Some(line), record: self.record, offset };
                return Ok(Some(Frame { place, list: None, bytes: taken.finish() }));
            }
            if ended {
                return Ok(None);
            }
        }
    }

    pub(crate) fn input(&self) -> &Input<R> {
        &self.input
    }
}
