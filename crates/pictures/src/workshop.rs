//! Makes pictures of uploads: at most one decode per core, in bounded memory, whatever the file contains.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::decode::{self, DecodeAdmission};
use super::source::Source;
use super::work::Work;
use super::{Crop, DecodeBudget, Limits, Picture, PictureError, PictureSource, rendition};

/// Makes pictures of uploads. A process needs one, shared by reference or `Arc`, because it holds the common
/// budget.
#[derive(Debug, Default)]
pub struct PictureWorkshop {
    limits: Limits,
    budget: DecodeBudget,
}

impl PictureWorkshop {
    /// A workshop with these limits and this budget.
    pub fn new(limits: Limits, budget: DecodeBudget) -> Self {
        Self { limits, budget }
    }

    /// The limits of one upload.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Makes the renditions of `file`, cut to `crop` or to the largest centred square.
    ///
    /// Blocks: first while other pictures hold the cores or the memory, then for the work itself (tens of
    /// milliseconds for a photograph). The calling thread holds its core and its memory until this returns,
    /// so a client that disconnects frees nothing early.
    ///
    /// # Errors
    /// See [`PictureError`]. `Storage` means that `file` could not be read. No content makes this panic.
    pub fn process(&self, mut file: impl PictureSource, crop: Option<Crop>) -> Result<Picture, PictureError> {
        let mut seat = self.budget.seat();
        let work = Work::new(&self.limits);
        let mut source = Source::new(&mut file, &work)?;
        if source.len() > self.limits.max_bytes {
            return Err(PictureError::TooLarge { max: self.limits.max_bytes });
        }
        let mut admission = DecodeAdmission::new(&self.limits, &mut seat, &work, source.len());
        let picture = catch_unwind(AssertUnwindSafe(|| {
            let decoded = decode::decode(&mut source, crop, &mut admission)?;
            rendition::render(decoded)
        }));
        match picture.unwrap_or(Err(PictureError::Unreadable)) {
            Err(PictureError::Unreadable) => {
                Err(source.take_fault().map_or(PictureError::Unreadable, PictureError::Storage))
            }
            other => other,
        }
    }
}
