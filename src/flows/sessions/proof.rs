//! Whether the owner of a session has lately proven who they are (OWASP ASVS 5.0, 7.5.1).

use domain::lifetimes::PROOF_LASTS;
use domain::{AccountError, Millis, Session};

/// Refuses a session whose owner proved who they are too long ago.
///
/// # Errors
/// `ProofWanted`.
pub(in crate::flows) fn proven_lately(session: &Session, now: Millis) -> Result<(), AccountError> {
    if now.since(session.proven_at) < PROOF_LASTS { Ok(()) } else { Err(AccountError::ProofWanted) }
}
