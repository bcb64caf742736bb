//! The `provider_departures` table: browsers that were sent to a provider. Coming back is one deletion: of
//! fifty answers with one state, one is looked at.

use super::statement::{execute, row};
use super::{PRUNED_AT_ONCE, StoreError, Tx};
use domain::{Millis, SessionId, TokenDigest};

/// A browser on its way.
#[derive(Clone, Copy, Debug)]
pub struct NewProviderDeparture<'a> {
    /// The digest of what comes back.
    pub state: &'a TokenDigest,
    /// The digest of the browser's cookie.
    pub browser: &'a TokenDigest,
    /// The name of the provider.
    pub provider: &'a str,
    /// The session of whoever wants to link an account; `None` for signing in.
    pub session: Option<SessionId>,
    /// Where to go on to.
    pub next: &'a str,
    pub expires_at: Millis,
}

/// A browser that came back.
#[derive(Clone, Debug)]
pub struct ProviderDeparture {
    pub session: Option<SessionId>,
    pub next: String,
}

/// Adds a request.
pub async fn insert(tx: &mut Tx, new: &NewProviderDeparture<'_>) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO provider_departures (state, browser, provider, session_id, next, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        new.state.as_bytes(),
        new.browser.as_bytes(),
        new.provider,
        new.session.map(|session| session.0),
        new.next,
        new.expires_at.0,
    )?;
    Ok(())
}

/// Uses the request with this state up. `None` when there is none, or of another browser or provider, or it
/// has expired: then nothing changes.
pub async fn take(
    tx: &mut Tx,
    state: &TokenDigest,
    browser: &TokenDigest,
    provider: &str,
    now: Millis,
) -> Result<Option<ProviderDeparture>, StoreError> {
    let sql = "DELETE FROM provider_departures \
               WHERE state = $1 AND browser = $2 AND provider = $3 AND expires_at > $4 \
               RETURNING session_id, next";
    let taken: Option<(Option<i64>, String)> =
        row!(tx, sql, state.as_bytes(), browser.as_bytes(), provider, now.0)?;
    Ok(taken.map(|(session, next)| ProviderDeparture { session: session.map(SessionId), next }))
}

/// Removes at most [`PRUNED_AT_ONCE`] that have expired. Returns their number.
pub async fn prune(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM provider_departures WHERE state IN \
               (SELECT state FROM provider_departures WHERE expires_at <= $1 LIMIT $2)";
    Ok(execute!(tx, sql, now.0, PRUNED_AT_ONCE)?)
}
