//! A line of the log for each event, written when the transaction of what caused it has committed: the log
//! has no line about what was rolled back.

use domain::{AccountId, EventActor, EventKind, Factors, Outcome};

/// The events of one transaction.
#[derive(Default)]
pub(super) struct EventLines(Vec<EventLine>);

/// What may stand in the log: nobody's name or address, and nothing that was typed.
struct EventLine {
    kind: EventKind,
    outcome: Outcome,
    actor: &'static str,
    account: Option<AccountId>,
    factors: Factors,
}

impl EventLines {
    /// Keeps a line until the commit, if the log wants any.
    pub(super) fn add(
        &mut self,
        (kind, outcome): (EventKind, Outcome),
        actor: &EventActor,
        account: Option<AccountId>,
        factors: Factors,
    ) {
        if !tracing::event_enabled!(target: "vestibule::event", tracing::Level::INFO) {
            return;
        }
        self.0.push(EventLine { kind, outcome, actor: actor.as_str(), account, factors });
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Leaves out the lines behind the first `len`, of what was undone.
    pub(super) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// Writes the lines. A log that wants none costs a look at an atomic.
    pub(super) fn write(&self) {
        for EventLine { kind, outcome, actor, account, factors } in &self.0 {
            let proven = factors.to_string();
            tracing::info!(
                target: "vestibule::event",
                event = kind.as_str(),
                outcome = outcome.as_str(),
                actor,
                account = account.map(|account| account.0),
                factors = (!proven.is_empty()).then_some(proven.as_str()),
            );
        }
    }
}
