//! The audit log, as the operator reads it.

use domain::{AccountError, AuditEvent};
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
