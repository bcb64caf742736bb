//! A line in the log about what the limits refused.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use crate::flows::mail::Mailing;
use hasher::{Hasher, HasherFigures};
use limiter::{Limiter, RefusalKind};

/// The time between two lines: an attack fills no disk.
const EVERY: Duration = Duration::from_secs(60);

/// Tells the operator what is refused: by the limiter, by the full queue of passwords, and for a mailbox that
/// has had its messages of the hour.
#[derive(Clone)]
pub struct RefusalLog {
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) hasher: Arc<Hasher>,
    pub(in crate::flows) mailing: Arc<Mailing>,
}

impl RefusalLog {
    /// Starts a task that logs a line for each minute in which something was refused.
    pub fn keep(&self) {
        let log = self.clone();
        tokio::spawn(async move {
            let mut every = tokio::time::interval(EVERY);
            loop {
                every.tick().await;
                if let Some(line) = line(&log.take()) {
                    log::warn!("{line}");
                }
            }
        });
    }

    /// What the limiter refused since the start.
    pub fn refusals(&self) -> BTreeMap<RefusalKind, u64> {
        self.limiter.refusals()
    }

    /// What the threads for passwords do and have done.
    pub fn hasher(&self) -> HasherFigures {
        self.hasher.figures()
    }

    /// The number of refusals of each kind since the last call.
    fn take(&self) -> BTreeMap<String, u64> {
        let kinds = self.limiter.take_refusals().into_iter().map(|(kind, count)| (kind.to_string(), count));
        let busy = ("passwords for which there was no place in the queue", self.hasher.take_refused());
        let mail = ("messages of one mailbox, by mail.hourly", self.mailing.take_held_back());
        let others = [busy, mail].map(|(kind, count)| (kind.to_owned(), count));
        kinds.chain(others.into_iter().filter(|(_, count)| *count > 0)).collect()
    }
}

/// `limits refused in the last minute: 3 sign-ups of one address`; `None` when nothing was refused.
fn line<K: Display>(refusals: &BTreeMap<K, u64>) -> Option<String> {
    let counted: Vec<String> = refusals.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    (!counted.is_empty()).then(|| format!("limits refused in the last minute: {}", counted.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_every_kind_and_its_count() {
        let refusals = BTreeMap::from([("pictures of one account", 1), ("sign-ups of one address", 12)]);
        let expected =
            "limits refused in the last minute: 1 pictures of one account, 12 sign-ups of one address";
        assert_eq!(line(&refusals).as_deref(), Some(expected));
        assert_eq!(line(&BTreeMap::<&str, u64>::new()), None);
    }
}
