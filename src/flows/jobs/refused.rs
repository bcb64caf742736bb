//! A line in the log about what the limiter refused.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::time::Duration;

use limiter::Limiter;

/// The time between two lines: an attack fills no disk.
const EVERY: Duration = Duration::from_secs(60);

/// Tells the operator what the limiter refuses.
#[derive(Clone)]
pub struct RefusalLog {
    pub(in crate::flows) limiter: Limiter,
}

impl RefusalLog {
    /// Starts a task that logs a line for each minute in which something was refused.
    pub fn keep(&self) {
        let limiter = self.limiter.clone();
        tokio::spawn(async move {
            let mut every = tokio::time::interval(EVERY);
            loop {
                every.tick().await;
                if let Some(line) = line(&limiter.take_refusals()) {
                    log::warn!("{line}");
                }
            }
        });
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
