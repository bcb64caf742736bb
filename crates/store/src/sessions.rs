//! The `sessions` table. Ending a session deletes its row, so nothing can bring it back.

use super::row::row_struct;
use super::statement::{execute, only_value, row, rows, value};
use super::{Change, Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::lifetimes::REPEATED_FORM;
use domain::{AccountId, Factor, Factors, Millis, Session, SessionId, TokenDigest};

/// The column values that a new session's row begins with.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub account_id: AccountId,
    /// The digest of the cookie's secret.
    pub token: TokenDigest,
    /// Browser and system, such as `Firefox · Android`. It may be empty.
    pub browser_label: String,
    /// The network of the client.
    pub place: String,
    /// By what its owner signed in.
    pub factors: Factors,
}

row_struct! {
    struct SessionRow {
        id: i64,
        account_id: i64,
        token: Vec<u8>,
        device: String,
        address: String,
        created_at: i64,
        seen_at: i64,
        proven_at: i64,
        factors: String,
        proof_factors: String,
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, account_id, token, device, address, created_at, seen_at, proven_at, factors, proof_factors \
             FROM sessions ",
            $rest
        )
    };
}

impl SessionRow {
    fn read(self) -> Result<Session, StoreError> {
        let factors = Factors::parse(&self.factors);
        let proof = if self.proof_factors.is_empty() { factors } else { Factors::parse(&self.proof_factors) };
        Ok(Session {
            id: SessionId(self.id),
            account_id: AccountId(self.account_id),
            token: TokenDigest::from_slice(&self.token).ok_or(StoreError::Corrupt("sessions.token"))?,
            browser_label: self.device,
            place: self.address,
            created_at: Millis(self.created_at),
            seen_at: Millis(self.seen_at),
            proven_at: Millis(self.proven_at),
            factors,
            proof,
        })
    }
}

/// Adds a session.
pub async fn insert(tx: &mut Tx, new: &NewSession, now: Millis) -> Result<SessionId, StoreError> {
    let id: i64 = only_value!(
        tx,
        "INSERT INTO sessions (account_id, token, device, address, created_at, seen_at, proven_at, factors) \
         VALUES ($1, $2, $3, $4, $5, $5, $7, $6) RETURNING id",
        new.account_id.0,
        new.token.as_bytes(),
        &new.browser_label,
        &new.place,
        now.0,
        new.factors.to_string(),
        // A redirection is another server's word.
        if new.factors.prove_the_owner() { now.0 } else { 0 },
    )?;
    tx.announce(Change::Account(new.account_id));
    Ok(SessionId(id))
}

/// The session with this cookie. It may have expired.
///
/// # Errors
/// `Corrupt` when the stored digest is malformed.
pub async fn find(db: &mut impl Linked, token: &TokenDigest) -> Result<Option<Session>, StoreError> {
    let found: Option<SessionRow> = row!(db, select!("WHERE token = $1"), token.as_bytes())?;
    found.map(SessionRow::read).transpose()
}

/// Whether the session with this number is there.
pub async fn exists(db: &mut impl Linked, id: SessionId) -> Result<bool, StoreError> {
    let found: Option<i64> = value!(db, "SELECT id FROM sessions WHERE id = $1", id.0)?;
    Ok(found.is_some())
}

/// Gives a session another secret in place of one that nobody has read. It stays known by the secret of
/// before [`renew`], until the same time. Returns `false` when the session has ended or has another secret
/// already.
pub async fn renew_again(tx: &mut Tx, session: &Session, token: &TokenDigest) -> Result<bool, StoreError> {
    let sql = "UPDATE sessions SET token = $1 WHERE id = $2 AND token = $3";
    let renewed = execute!(tx, sql, token.as_bytes(), session.id.0, session.token.as_bytes())?;
    if renewed > 0 {
        tx.announce(Change::SessionEnded(session.token));
    }
    Ok(renewed > 0)
}

/// The session that had this secret until it was renewed, not longer ago than [`REPEATED_FORM`].
///
/// # Errors
/// `Corrupt` when the stored digest is malformed.
pub async fn find_renewed(
    db: &mut impl Linked,
    former: &TokenDigest,
    now: Millis,
) -> Result<Option<Session>, StoreError> {
    let sql = select!("WHERE former_token = $1 AND renewed_at > $2");
    let found: Option<SessionRow> = row!(db, sql, former.as_bytes(), now.before(REPEATED_FORM).0)?;
    found.map(SessionRow::read).transpose()
}

/// At most `max_sessions` sessions of an account, the last used first. They may have expired.
///
/// # Errors
/// `Corrupt` when a stored digest is malformed.
pub async fn list(
    db: &mut impl Linked,
    account: AccountId,
    max_sessions: i64,
) -> Result<Vec<Session>, StoreError> {
    let sql = select!("WHERE account_id = $1 ORDER BY seen_at DESC, id DESC LIMIT $2");
    let found: Vec<SessionRow> = rows!(db, sql, account.0, max_sessions)?;
    found.into_iter().map(SessionRow::read).collect()
}

/// Records that the session was used at `now` from `place`.
pub async fn touch(tx: &mut Tx, id: SessionId, place: &str, now: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE sessions SET seen_at = $1, address = $2 WHERE id = $3 AND seen_at < $1";
    execute!(tx, sql, now.0, place, id.0)?;
    Ok(())
}

/// Gives a session another secret: the one that it had opens nothing any more. Returns `false` when the
/// session has ended or has another secret already.
pub async fn renew(
    tx: &mut Tx,
    session: &Session,
    token: &TokenDigest,
    now: Millis,
) -> Result<bool, StoreError> {
    let sql =
        "UPDATE sessions SET token = $1, former_token = token, renewed_at = $4 WHERE id = $2 AND token = $3";
    let renewed = execute!(tx, sql, token.as_bytes(), session.id.0, session.token.as_bytes(), now.0)?;
    if renewed > 0 {
        tx.announce(Change::SessionEnded(session.token));
    }
    Ok(renewed > 0)
}

/// Records that the owner of a session has proven who they are, by `factors` in all and by `proof` now, and
/// gives it another secret (OWASP ASVS 5.0, 7.2.4). Returns `false` when the session has ended or has another
/// secret already.
pub async fn prove(
    tx: &mut Tx,
    session: &Session,
    token: &TokenDigest,
    (factors, proof): (Factors, Factors),
    now: Millis,
) -> Result<bool, StoreError> {
    // Nobody comes back by the secret of before, as after [`renew`].
    let sql = "UPDATE sessions SET token = $1, former_token = NULL, renewed_at = NULL, proven_at = $2, \
               factors = $3, proof_factors = $6 WHERE id = $4 AND token = $5";
    let (token, former) = (token.as_bytes(), session.token.as_bytes());
    let (factors, proof) = (factors.to_string(), proof.to_string());
    let renewed = execute!(tx, sql, token, now.0, factors, session.id.0, former, proof)?;
    if renewed > 0 {
        tx.announce(Change::SessionEnded(session.token));
    }
    Ok(renewed > 0)
}

/// Records that `factor` has proven the owner of a session too, now. Its secret stays.
pub async fn add_factor(tx: &mut Tx, session: &Session, factor: Factor) -> Result<(), StoreError> {
    let factors = session.factors.and(factor).to_string();
    execute!(
        tx,
        "UPDATE sessions SET factors = $1, proof_factors = $1 WHERE id = $2",
        factors,
        session.id.0
    )?;
    // What is in memory has the factors of before.
    tx.announce(Change::SessionEnded(session.token));
    Ok(())
}

/// Ends one session. Returns `false` when `account` has no session with this number.
pub async fn end(tx: &mut Tx, account: AccountId, id: SessionId) -> Result<bool, StoreError> {
    let sql = "DELETE FROM sessions WHERE id = $1 AND account_id = $2 RETURNING token";
    let ended: Vec<(Vec<u8>,)> = rows!(tx, sql, id.0, account.0)?;
    announce_ended(tx, account, &ended);
    Ok(!ended.is_empty())
}

/// Ends all sessions of `account` except `keep`. Returns their number.
pub async fn end_all(tx: &mut Tx, account: AccountId, keep: Option<SessionId>) -> Result<usize, StoreError> {
    // Session numbers begin at 1, so 0 keeps none.
    let keep = keep.map_or(0, |id| id.0);
    let sql = "DELETE FROM sessions WHERE account_id = $1 AND id <> $2 RETURNING token";
    let ended: Vec<(Vec<u8>,)> = rows!(tx, sql, account.0, keep)?;
    announce_ended(tx, account, &ended);
    Ok(ended.len())
}

/// Ends all sessions of `account` except the `kept` that were used last.
pub async fn keep_used(tx: &mut Tx, account: AccountId, kept: i64) -> Result<(), StoreError> {
    let ended: Vec<(Vec<u8>,)> = rows!(
        tx,
        "DELETE FROM sessions WHERE account_id = $1 AND id NOT IN \
         (SELECT id FROM sessions WHERE account_id = $1 ORDER BY seen_at DESC, id DESC LIMIT $2) \
         RETURNING token",
        account.0,
        kept,
    )?;
    announce_ended(tx, account, &ended);
    Ok(())
}

/// The number of sessions that were used at `since` or later.
pub async fn count(db: &mut impl Linked, since: Millis) -> Result<i64, StoreError> {
    Ok(only_value!(db, "SELECT COUNT(*) FROM sessions WHERE seen_at >= $1", since.0)?)
}

/// Removes at most [`PRUNED_AT_ONCE`] sessions that were last used before `idle_since` or made before
/// `made_since`. Returns their number.
pub async fn prune(tx: &mut Tx, idle_since: Millis, made_since: Millis) -> Result<u64, StoreError> {
    let gone: Vec<(i64, Vec<u8>)> = rows!(
        tx,
        "DELETE FROM sessions WHERE id IN \
         (SELECT id FROM sessions WHERE seen_at < $1 OR created_at < $2 LIMIT $3) \
         RETURNING account_id, token",
        idle_since.0,
        made_since.0,
        PRUNED_AT_ONCE,
    )?;
    let count = gone.len() as u64;
    for (account, token) in gone {
        announce_ended(tx, AccountId(account), &[(token,)]);
    }
    Ok(count)
}

fn announce_ended(tx: &mut Tx, account: AccountId, ended: &[(Vec<u8>,)]) {
    for (token,) in ended {
        if let Some(token) = TokenDigest::from_slice(token) {
            tx.announce(Change::SessionEnded(token));
        }
    }
    if !ended.is_empty() {
        tx.announce(Change::Account(account));
    }
}
