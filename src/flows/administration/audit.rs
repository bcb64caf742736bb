//! The audit log, as the operator reads it.

use super::order::Order;
use domain::{AccountError, AccountId, AuditEvent, Millis, Scope};
use store::Store;
use store::audit_log::{self, AuditQuery};

/// Events that are read at once.
const AT_ONCE: i64 = 500;

/// Reads the audit log from its oldest wanted event on, a part at a time.
pub struct AuditLog<'a> {
    store: &'a Store,
    query: AuditQuery,
    /// `None` before the first part.
    after: Option<i64>,
}

impl<'a> AuditLog<'a> {
    /// Begins to read what `query` wants.
    pub fn new(store: &'a Store, query: AuditQuery) -> Self {
        Self { store, query, after: None }
    }

    /// The next events, the oldest first; none at the end.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn next(&mut self) -> Result<Vec<AuditEvent>, AccountError> {
        let mut db = self.store.read().await?;
        let after = match self.after {
            Some(after) => after,
            None => audit_log::number_before(&mut db, self.query.since).await?,
        };
        let found = audit_log::following(&mut db, &self.query, after, AT_ONCE).await?;
        self.after = Some(found.last().map_or(after, |last| last.number));
        Ok(found)
    }
}

/// Numbers that a page of the log looks through at most. A kind of event may be rare, and nobody should wait
/// for the whole log.
const LOOKED_THROUGH: i64 = 20_000;

/// Some events, the newest first.
#[derive(Clone, Debug, Default)]
pub struct AuditPage {
    pub events: Vec<AuditEvent>,
    /// The number below which the next page looks; `None` at the end of the log.
    pub next: Option<i64>,
}

/// At most `most` events with a number below `before` (`None`: the newest) that `query` wants. A page may
/// have fewer, or none, and yet a next one.
///
/// # Errors
/// `Forbidden`; `Unavailable`.
pub async fn audit_page(
    store: &Store,
    order: Order<'_>,
    query: &AuditQuery,
    before: Option<i64>,
    most: usize,
) -> Result<AuditPage, AccountError> {
    order.actor.require(Scope::AccountsRead)?;
    let mut db = store.read().await?;
    let before = match before {
        Some(before) => before,
        None => audit_log::newest(&mut db).await?.saturating_add(1),
    };
    // One more tells whether there are more.
    let wanted = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let by_account_alone =
        query.actor.is_none() && query.kind.is_none() && query.until.is_none() && query.since == Millis(0);
    // Numbers begin at 1, so 0 is the end of the log.
    let (mut events, after) = match query.account {
        Some(account) if by_account_alone => {
            (audit_log::of_account(&mut db, account, before, wanted).await?, 0)
        }
        _ => {
            let after = before.saturating_sub(LOOKED_THROUGH + 1).max(0);
            (audit_log::preceding(&mut db, query, (after, before), wanted).await?, after)
        }
    };
    let more = events.len() > most;
    events.truncate(most);
    let next = if more { events.last().map(|last| last.number) } else { (after > 0).then_some(after + 1) };
    Ok(AuditPage { events, next })
}

/// The newest events about an account, at most `most`.
///
/// # Errors
/// `Forbidden`; `Unavailable`.
pub async fn latest_of(
    store: &Store,
    order: Order<'_>,
    account: AccountId,
    most: usize,
) -> Result<Vec<AuditEvent>, AccountError> {
    let query = AuditQuery { account: Some(account), ..AuditQuery::default() };
    Ok(audit_page(store, order, &query, Some(i64::MAX), most).await?.events)
}
