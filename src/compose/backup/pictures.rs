//! The pictures that accounts had when the database was copied, whatever became of them since.

use std::io::Write;
use std::time::Duration;

use archive::Writer;
use domain::PictureRef;
use pictures::{HeldPictures, OpenRendition, PictureId, SIZES};

use super::contents::PICTURES;
use super::fault::BackupFault;

/// How many pictures that are missing at first are looked for again.
const LOOKED_FOR_AGAIN: usize = 100_000;

/// How often, and after what time. A picture that two accounts share may be away for a moment while one of
/// them drops it and the other takes it.
const LOOK_AGAIN: (usize, Duration) = (30, Duration::from_millis(100));

/// Pictures on their way into an archive.
pub struct PicturesTaken<'a> {
    held: &'a HeldPictures,
    /// How many were written.
    pub written: u64,
    /// How many were not found, those that are looked for again left out.
    lost: u64,
    missing: Vec<PictureId>,
}

impl<'a> PicturesTaken<'a> {
    pub fn new(held: &'a HeldPictures) -> Self {
        Self { held, written: 0, lost: 0, missing: Vec::new() }
    }

    /// Writes the picture that an account has, by the text in the database.
    pub fn take(&mut self, writer: &mut Writer<impl Write>, stored: &str) -> Result<(), BackupFault> {
        let id = PictureRef::parse(stored).and_then(|picture| picture.id.parse().ok());
        match id {
            Some(id) if self.write(writer, &id)? => {}
            Some(id) if self.missing.len() < LOOKED_FOR_AGAIN => self.missing.push(id),
            _ => self.lost += 1,
        }
        Ok(())
    }

    /// Looks for those that were missing. Returns the number of those that are.
    pub fn finish(&mut self, writer: &mut Writer<impl Write>) -> Result<u64, BackupFault> {
        for _ in 0..LOOK_AGAIN.0 {
            if self.missing.is_empty() {
                break;
            }
            std::thread::sleep(LOOK_AGAIN.1);
            for id in std::mem::take(&mut self.missing) {
                if !self.write(writer, &id)? {
                    self.missing.push(id);
                }
            }
        }
        Ok(self.lost + self.missing.len() as u64)
    }

    /// `false` when one of the files is missing.
    fn write(&mut self, writer: &mut Writer<impl Write>, id: &PictureId) -> Result<bool, BackupFault> {
        let mut open: Vec<OpenRendition> = Vec::with_capacity(SIZES.len());
        for size in SIZES {
            match self.held.open(id, size)? {
                Some(found) => open.push(found),
                None => return Ok(false),
            }
        }
        for OpenRendition { rendition, file, length } in open {
            writer.append_from(&format!("{PICTURES}/{}", rendition.path()), length, file)?;
        }
        self.written += 1;
        Ok(true)
    }
}
