//! The `passkey_challenges` table. An answer to a challenge deletes its row: of fifty simultaneous answers,
//! one is taken.

use super::row::row_struct;
use super::statement::{execute, row, value};
use super::{Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{AccountId, Millis, SessionId};

/// What an answer to the challenge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengePurpose {
    /// A new passkey of an account, in its session.
    Registration,
    /// Signing in; whose passkey it will be is not known.
    SignIn,
    /// Proving to be the owner of an account, after its password or once more.
    Proof,
}

impl ChallengePurpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::SignIn => "sign_in",
            Self::Proof => "prove",
        }
    }
}

/// The column values of a new challenge.
#[derive(Clone, Copy, Debug)]
pub struct NewChallenge<'a> {
    pub challenge: &'a [u8],
    pub purpose: ChallengePurpose,
    pub account_id: Option<AccountId>,
    pub session: Option<SessionId>,
    /// What the answer is checked against, as JSON.
    pub state: &'a str,
    pub expires_at: Millis,
}

/// A challenge that was not answered yet.
#[derive(Clone, Debug)]
pub struct StoredChallenge {
    pub account_id: Option<AccountId>,
    pub session: Option<SessionId>,
    pub state: String,
}

row_struct! {
    struct ChallengeRow {
        account_id: Option<i64>,
        session_id: Option<i64>,
        state: String,
    }
}

/// Adds a challenge.
pub async fn insert(tx: &mut Tx, new: &NewChallenge<'_>) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO passkey_challenges (challenge, purpose, account_id, session_id, state, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        new.challenge,
        new.purpose.as_str(),
        new.account_id.map(|id| id.0),
        new.session.map(|id| id.0),
        new.state,
        new.expires_at.0,
    )?;
    Ok(())
}

/// A challenge for this purpose. `None` when it is unknown, answered or expired.
pub async fn find(
    db: &mut impl Linked,
    challenge: &[u8],
    purpose: ChallengePurpose,
    now: Millis,
) -> Result<Option<StoredChallenge>, StoreError> {
    let found: Option<ChallengeRow> = row!(
        db,
        "SELECT account_id, session_id, state FROM passkey_challenges \
         WHERE challenge = $1 AND purpose = $2 AND expires_at > $3",
        challenge,
        purpose.as_str(),
        now.0,
    )?;
    Ok(found.map(|row| StoredChallenge {
        account_id: row.account_id.map(AccountId),
        session: row.session_id.map(SessionId),
        state: row.state,
    }))
}

/// Uses a challenge up. Returns `false` when it is unknown, answered or expired.
pub async fn consume(tx: &mut Tx, challenge: &[u8], now: Millis) -> Result<bool, StoreError> {
    let sql = "DELETE FROM passkey_challenges WHERE challenge = $1 AND expires_at > $2 RETURNING purpose";
    let used: Option<String> = value!(tx, sql, challenge, now.0)?;
    Ok(used.is_some())
}

/// Removes at most [`PRUNED_AT_ONCE`] that have expired. Returns their number.
pub async fn prune(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM passkey_challenges WHERE challenge IN \
               (SELECT challenge FROM passkey_challenges WHERE expires_at <= $1 LIMIT $2)";
    Ok(execute!(tx, sql, now.0, PRUNED_AT_ONCE)?)
}
