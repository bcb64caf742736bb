//! What becomes of usernames that are given up.

use std::time::Duration;

use super::{Millis, Username};

/// How often owners change their usernames, and how long the old ones stay theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsernameLife {
    /// The least time between two changes by the owner; zero: any time.
    pub change_every: Duration,
    /// How long nobody else can have a username that was given up; zero: it is free at once.
    pub reserved: Duration,
}

impl UsernameLife {
    /// The first moment at which an owner who last changed the username at `changed` can change it again;
    /// `None` if that is over at `now`.
    pub fn next_change(&self, changed: Millis, now: Millis) -> Option<Millis> {
        Some(changed.after(self.change_every)).filter(|next| *next > now)
    }
}

/// A username that its owner has no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerUsername {
    pub username: Username,
    pub given_up_at: Millis,
    /// Until when it is nobody else's, and signs in; `None` if that is over.
    pub reserved_until: Option<Millis>,
    /// Whether the account's owner gave it up, or somebody who administers accounts.
    pub by_owner: bool,
}

/// The whole days from `now` until `then`, the last one counted as a whole.
pub fn days_until(then: Millis, now: Millis) -> u64 {
    const DAY: u64 = 86_400_000;
    u64::try_from(then.0.saturating_sub(now.0)).unwrap_or_default().div_ceil(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetimes::days;

    #[test]
    fn the_next_change_comes_when_the_days_are_over() {
        let life = UsernameLife { change_every: days(2), reserved: days(3) };
        let changed = Millis(1_000);
        let end = changed.after(days(2));
        assert_eq!(life.next_change(changed, changed), Some(end));
        assert_eq!(life.next_change(changed, Millis(end.0 - 1)), Some(end));
        assert_eq!(life.next_change(changed, end), None);
        let any_time = UsernameLife { change_every: Duration::ZERO, ..life };
        assert_eq!(any_time.next_change(changed, changed), None);
    }

    #[test]
    fn a_part_of_a_day_counts_as_one() {
        let day = 86_400_000;
        for (then, left) in [(0, 0), (1, 1), (day, 1), (day + 1, 2), (-5, 0)] {
            assert_eq!(days_until(Millis(then), Millis(0)), left, "{then}");
        }
    }
}
