//! Reading the log.

use std::sync::Arc;

use crate::flows::sessions::signed_in::SignedIn;
use domain::lifetimes::KEEP_SECURITY_EVENT;
use domain::{AccountError, AccountId, Clock, EventActor, Millis, SecurityEvent};
use limiter::Limiter;
use store::audit_events::{self, EventsPage};
use store::{Linked, Store, StoreError};

/// Events that one page shows.
const LISTED: i64 = 50;

/// What happened to an account, for its owner.
pub struct SecurityLog {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
}

impl SecurityLog {
    /// What happened to the signed-in account, the newest first; with `before` what has lower numbers.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn list(&self, who: &SignedIn, before: Option<i64>) -> Result<EventsPage, AccountError> {
        let since = self.clock.now().before(KEEP_SECURITY_EVENT);
        let before = before.unwrap_or(i64::MAX);
        let mut db = self.store.read().await?;
        Ok(audit_events::list(&mut db, who.account().id, since, before, LISTED).await?)
    }
}

/// Who did it, as the owner of the account may know: the word, and the name of a key. Which of the operator's
/// people it was is theirs to know.
pub fn shown_actor(actor: &EventActor) -> (&'static str, Option<&str>) {
    match actor {
        EventActor::Key(name) => (actor.as_str(), Some(name)),
        EventActor::Staff(_) => (EventActor::Operator.as_str(), None),
        EventActor::Owner | EventActor::Visitor | EventActor::Operator | EventActor::System => {
            (actor.as_str(), None)
        }
    }
}

/// The event of `account` with this number, as long as its owner can read it.
pub(super) async fn readable(
    db: &mut impl Linked,
    account: AccountId,
    number: i64,
    now: Millis,
) -> Result<Option<SecurityEvent>, StoreError> {
    let found = audit_events::find(db, account, number).await?;
    Ok(found.filter(|event| event.at >= now.before(KEEP_SECURITY_EVENT)))
}
