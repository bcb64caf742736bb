//! The work of decoding one file, counted while it is done, so that every loop over its content has an end.

use std::cell::Cell;
use std::time::Duration;

use super::{Limits, PictureError};

/// The units between two looks at the clock.
const UNITS_PER_LOOK: u64 = 1 << 20;

/// The work that one file may still take. A unit is a pixel or a byte that is read, some nanoseconds.
#[derive(Debug)]
pub(super) struct Work {
    left: Cell<u64>,
    until_look: Cell<u64>,
    /// The processor time of the thread at which decoding stops.
    deadline: Duration,
}

impl Work {
    /// The work that `limits` allow, beginning now on this thread.
    pub fn new(limits: &Limits) -> Self {
        Self {
            left: Cell::new(limits.max_decode_work()),
            until_look: Cell::new(UNITS_PER_LOOK),
            deadline: processor_time().saturating_add(limits.max_decode_time),
        }
    }

    /// The units that are left.
    pub fn left(&self) -> u64 {
        self.left.get()
    }

    /// Counts `units` before they are done.
    ///
    /// # Errors
    /// `Unreadable` when fewer are left, or when the thread has taken too much processor time.
    pub fn spend(&self, units: u64) -> Result<(), PictureError> {
        let left = self.left.get().checked_sub(units).ok_or(PictureError::Unreadable)?;
        self.left.set(left);
        match self.until_look.get().checked_sub(units) {
            Some(until_look) => self.until_look.set(until_look),
            None => {
                self.until_look.set(UNITS_PER_LOOK);
                self.look()?;
            }
        }
        Ok(())
    }

    /// Counts a row of `pixels`.
    ///
    /// # Errors
    /// Those of [`spend`](Self::spend).
    pub fn row(&self, pixels: u32) -> Result<(), PictureError> {
        self.spend(ROW + u64::from(pixels))
    }

    /// Looks at the clock: the libraries may take more time for a unit than they should.
    ///
    /// # Errors
    /// `Unreadable` when the thread has taken too much processor time.
    pub fn look(&self) -> Result<(), PictureError> {
        if processor_time() >= self.deadline { Err(PictureError::Unreadable) } else { Ok(()) }
    }
}

/// The units of a row or a chunk beside its pixels: a picture one pixel wide can have millions of rows.
pub(super) const ROW: u64 = 64;

/// The processor time of this thread, which stands still while other threads run; none where the system does
/// not tell it, since a file must not be refused because the machine is busy.
fn processor_time() -> Duration {
    // Linux: nanoseconds on a processor, nanoseconds of waiting, time slices.
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or(Duration::ZERO, Duration::from_nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_where_the_limits_say() {
        let limits = Limits { max_pixels: 1_000, max_bytes: 100, ..Limits::default() };
        let work = Work::new(&limits);
        assert!(work.spend(limits.max_decode_work() - 100).is_ok());
        assert!(work.row(100).is_err() && work.left() == 100);
        assert!(work.row(36).is_ok() && work.spend(1).is_err());
    }

    #[test]
    fn a_thread_that_took_its_time_is_stopped_though_work_is_left() {
        let limits = Limits { max_decode_time: Duration::ZERO, ..Limits::default() };
        let work = Work::new(&limits);
        assert!(work.look().is_err());
        assert!(work.spend(UNITS_PER_LOOK).is_ok() && work.spend(1).is_err());
    }
}
