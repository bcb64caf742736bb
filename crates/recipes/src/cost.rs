//! What one verification takes, and how much of it an operator takes over.

use std::time::Duration;

use super::refusal::Refusal;

/// What one verification takes. The time is an estimate for a whole core of a machine of 2020 or later,
/// from constants that were measured with a margin: see the README.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// KiB of memory while it runs, without the few that every computation takes.
    pub memory_kib: u64,
    /// The estimated time for a password of up to 64 bytes.
    pub time: Duration,
}

/// How long a verification takes, roughly: what a caller needs who equalises times or plans a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeClass {
    /// Less than 10 ms, the time of a page.
    Quick,
    /// Less than 100 ms, as a password hash should take.
    Usual,
    /// 100 ms or more.
    Slow,
}

impl Cost {
    /// The class of the time.
    #[must_use]
    pub fn class(&self) -> TimeClass {
        match self.time.as_millis() {
            0..10 => TimeClass::Quick,
            10..100 => TimeClass::Usual,
            _ => TimeClass::Slow,
        }
    }
}

/// The most that one verification may take. A stored hash brings its own cost along, so whoever wrote the
/// file that is imported chooses what each sign-in takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    memory_kib: u64,
    time: Duration,
}

impl Bounds {
    /// 64 MiB, which the defaults of most products take, and 1 s of a core.
    pub const DEFAULT: Self = Self { memory_kib: 64 * 1024, time: Duration::from_secs(1) };

    /// Other bounds: KiB of memory, and time by the estimate.
    #[must_use]
    pub const fn new(memory_kib: u64, time: Duration) -> Self {
        Self { memory_kib, time }
    }

    /// # Errors
    /// [`Refusal::TooMuchMemory`] or [`Refusal::TooSlow`].
    pub(crate) fn hold(&self, cost: Cost) -> Result<(), Refusal> {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        if cost.memory_kib > self.memory_kib {
            return Err(Refusal::TooMuchMemory { kib: cost.memory_kib, most: self.memory_kib });
        }
        if cost.time > self.time {
            return Err(Refusal::TooSlow { millis: millis(cost.time), most: millis(self.time) });
        }
        Ok(())
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_include_themselves() {
        let cost = |memory_kib, millis| Cost { memory_kib, time: Duration::from_millis(millis) };
        assert_eq!(Bounds::DEFAULT.hold(cost(65536, 1000)), Ok(()));
        assert_eq!(
            Bounds::DEFAULT.hold(cost(65537, 1)),
            Err(Refusal::TooMuchMemory { kib: 65537, most: 65536 })
        );
        let slow = Refusal::TooSlow { millis: 1001, most: 1000 };
        assert_eq!(Bounds::DEFAULT.hold(cost(1, 1001)), Err(slow));
        assert_eq!(cost(1, 9).class(), TimeClass::Quick);
        assert_eq!(cost(1, 99).class(), TimeClass::Usual);
        assert_eq!(cost(1, 100).class(), TimeClass::Slow);
    }
}
