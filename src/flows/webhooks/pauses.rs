//! Which sites fail just now, and are spared, in the memory of this instance. A site that fails is sent
//! nothing for a while, then one message at a time: so a dead one holds up no other, and one that is
//! overloaded is not pressed by all that waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::Millis;
use domain::lifetimes::{WEBHOOK_GONE, WEBHOOK_PAUSE, WEBHOOK_RETRY_AFTER_LONGEST};

/// Messages that one site is sent at once.
pub(super) const AT_ONCE_EACH: usize = 4;

/// Failures in a row after which what waits for a site counts as tried, whether or not it was its turn.
pub(super) const DEAD_AFTER: u32 = 5;

/// How one site fares.
#[derive(Clone, Copy, Default)]
struct Fare {
    under_way: usize,
    /// Failures since it last took a message.
    failures: u32,
    /// When it last failed.
    failed_at: Millis,
    /// It is sent nothing before.
    until: Millis,
}

/// How each site fares, by the name of its webhook.
#[derive(Clone, Default)]
pub(super) struct Pauses(Arc<Mutex<HashMap<String, Fare>>>);

/// The place of a message that is under way. Dropping it gives it back.
pub(super) struct SitePlace {
    pauses: Pauses,
    webhook: String,
}

impl Drop for SitePlace {
    fn drop(&mut self) {
        self.pauses.change(&self.webhook, |fare| fare.under_way = fare.under_way.saturating_sub(1));
    }
}

impl Pauses {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Fare>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, webhook: &str, change: impl FnOnce(&mut Fare) -> T) -> T {
        change(self.all().entry(webhook.to_owned()).or_default())
    }

    /// How many more messages the site may be sent now.
    pub(super) fn places(&self, webhook: &str, now: Millis) -> usize {
        let fare = self.all().get(webhook).copied().unwrap_or_default();
        let most = match (fare.until > now, fare.failures) {
            (true, _) => 0,
            (false, 0) => AT_ONCE_EACH,
            (false, _) => 1,
        };
        most.saturating_sub(fare.under_way)
    }

    /// When the site failed that is sent nothing now; `None` for a site that is not spared, or is being
    /// tried.
    pub(super) fn spared_since(&self, webhook: &str, now: Millis) -> Option<Millis> {
        let fare = self.all().get(webhook).copied().unwrap_or_default();
        (fare.until > now && fare.under_way == 0).then_some(fare.failed_at)
    }

    /// Takes the places of `count` messages that were leased.
    pub(super) fn begun(&self, webhook: &str, count: usize) {
        self.change(webhook, |fare| fare.under_way += count);
    }

    /// The place of one of them.
    pub(super) fn place(&self, webhook: &str) -> SitePlace {
        SitePlace { pauses: self.clone(), webhook: webhook.to_owned() }
    }

    /// The site took a message. Returns whether it had failed before.
    pub(super) fn took(&self, webhook: &str) -> bool {
        self.change(webhook, |fare| {
            fare.until = Millis::default();
            std::mem::take(&mut fare.failures) > 0
        })
    }

    /// The site did not take a message, and may have said how long it wants to be left alone. Returns the
    /// failures in a row.
    pub(super) fn failed(&self, webhook: &str, retry_after: Option<Duration>, now: Millis) -> u32 {
        let (first, longest) = WEBHOOK_PAUSE;
        self.change(webhook, |fare| {
            let doubled = first.saturating_mul(1 << fare.failures.min(16)).min(longest);
            let wanted = retry_after.unwrap_or_default().min(WEBHOOK_RETRY_AFTER_LONGEST);
            fare.until = fare.until.max(now.after(doubled.max(wanted)));
            (fare.failures, fare.failed_at) = (fare.failures.saturating_add(1), now);
            fare.failures
        })
    }

    /// The site wants no more messages.
    pub(super) fn gone(&self, webhook: &str, now: Millis) {
        self.change(webhook, |fare| {
            fare.until = now.after(WEBHOOK_GONE);
            (fare.failures, fare.failed_at) = (fare.failures.saturating_add(1), now);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_000_000);

    fn later(seconds: u64) -> Millis {
        NOW.after(Duration::from_secs(seconds))
    }

    #[test]
    fn a_site_that_fails_is_spared_for_longer_each_time_and_then_tried_with_one_message() {
        let pauses = Pauses::default();
        assert_eq!(pauses.places("shop", NOW), AT_ONCE_EACH);
        for (failures, pause) in [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60)] {
            assert_eq!(pauses.failed("shop", None, NOW), failures);
            assert_eq!(pauses.places("shop", later(pause).before(Duration::from_millis(1))), 0, "{failures}");
            assert_eq!(pauses.places("shop", later(pause)), 1, "{failures}");
        }
        assert_eq!(pauses.places("other", NOW), AT_ONCE_EACH);
        assert_eq!((pauses.spared_since("shop", NOW), pauses.spared_since("other", NOW)), (Some(NOW), None));
        assert!(pauses.took("shop") && !pauses.took("shop"));
        assert_eq!(pauses.places("shop", NOW), AT_ONCE_EACH);
    }

    #[test]
    fn a_site_says_how_long_it_wants_to_be_left_alone_but_not_for_ever() {
        let pauses = Pauses::default();
        pauses.failed("shop", Some(Duration::from_secs(600)), NOW);
        assert_eq!((pauses.places("shop", later(599)), pauses.places("shop", later(600))), (0, 1));
        pauses.failed("shop", Some(Duration::MAX), NOW);
        assert_eq!((pauses.places("shop", later(3_599)), pauses.places("shop", later(3_600))), (0, 1));
        pauses.gone("other", NOW);
        assert_eq!((pauses.places("other", later(3_599)), pauses.places("other", later(3_600))), (0, 1));
    }

    #[test]
    fn a_site_has_only_so_many_places() {
        let pauses = Pauses::default();
        pauses.begun("shop", 3);
        let places = [pauses.place("shop"), pauses.place("shop"), pauses.place("shop")];
        assert_eq!(pauses.places("shop", NOW), AT_ONCE_EACH - 3);
        pauses.failed("shop", None, NOW);
        assert_eq!(pauses.places("shop", later(5)), 0);
        drop(places);
        assert_eq!(pauses.places("shop", later(5)), 1);
    }
}
