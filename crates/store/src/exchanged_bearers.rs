//! Bearers that are exchanged for the next: the row in `bearers` stays and gets another secret, the
//! `exchanged_bearers` table keeps the former ones for the minute in which they still work.

use super::bearers::{BearerRow, select_bearers};
use super::statement::{execute, row};
use super::{Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{Audience, Bearer, BearerId, Millis, TokenDigest};

/// Most former secrets of one bearer. One more ends the oldest before its minute is over.
const KEPT: i64 = 100;

/// What a presented secret is to its bearer.
#[derive(Clone, Debug)]
pub enum Standing {
    /// It is the present one.
    Present(Bearer),
    /// It was exchanged within the last minute, for the secret that it unseals of this.
    Exchanged(Bearer, Vec<u8>),
    /// It is of the bearer's family, and was exchanged before or was never given out.
    Spent(Bearer),
}

impl Standing {
    /// The bearer that the secret belongs to.
    pub fn bearer(&self) -> &Bearer {
        match self {
            Self::Present(bearer) | Self::Exchanged(bearer, _) | Self::Spent(bearer) => bearer,
        }
    }
}

/// The bearer that a secret belongs to, if it was made for `audience` and its account is not locked. The
/// bearer may have expired.
pub async fn find(
    db: &mut impl Linked,
    audience: Audience,
    token: &TokenDigest,
    family: &TokenDigest,
    now: Millis,
) -> Result<Option<Standing>, StoreError> {
    let present: Option<BearerRow> = row!(
        db,
        select_bearers!(
            " FROM bearers JOIN accounts ON accounts.id = bearers.account_id \
             WHERE bearers.token = $1 AND bearers.audience = $2 AND accounts.locked_at IS NULL \
         AND accounts.deleted_at IS NULL"
        ),
        token.as_bytes(),
        audience.0,
    )?;
    if let Some(row) = present {
        return Ok(Some(Standing::Present(row.read())));
    }
    let exchanged: Option<(i64, Vec<u8>)> = row!(
        db,
        "SELECT bearer_id, successor FROM exchanged_bearers WHERE token = $1 AND expires_at > $2",
        token.as_bytes(),
        now.0,
    )?;
    let (id, successor) = exchanged.unzip();
    let of_family: Option<BearerRow> = row!(
        db,
        select_bearers!(
            " FROM bearers JOIN accounts ON accounts.id = bearers.account_id \
             WHERE (bearers.id = $1 OR bearers.family = $2) AND bearers.audience = $3 \
             AND accounts.locked_at IS NULL \
         AND accounts.deleted_at IS NULL"
        ),
        id,
        family.as_bytes(),
        audience.0,
    )?;
    Ok(of_family.map(|row| match successor {
        Some(successor) => Standing::Exchanged(row.read(), successor),
        None => Standing::Spent(row.read()),
    }))
}

/// The exchange of a bearer's secret for the next.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    pub bearer: BearerId,
    /// The digest of the secret that was presented.
    pub old: &'a TokenDigest,
    /// The digest of the next, and of what it shares with its own successors.
    pub next: &'a TokenDigest,
    pub family: &'a TokenDigest,
    /// The next secret, encrypted for the holder of the old one.
    pub successor: &'a [u8],
    /// Until when the old secret gives the same successor.
    pub expires_at: Millis,
    /// The network of the caller.
    pub place: &'a str,
}

/// Gives a bearer its next secret. Its absolute end stays. Returns `false`, and writes nothing, when the
/// bearer has ended or has another secret already.
pub async fn exchange(tx: &mut Tx, change: &Exchange<'_>, now: Millis) -> Result<bool, StoreError> {
    let renewed = execute!(
        tx,
        "UPDATE bearers SET token = $1, family = $2, address = $3, seen_at = $4 WHERE id = $5 AND token = $6",
        change.next.as_bytes(),
        change.family.as_bytes(),
        change.place,
        now.0,
        change.bearer.0,
        change.old.as_bytes(),
    )?;
    if renewed == 0 {
        return Ok(false);
    }
    execute!(
        tx,
        "INSERT INTO exchanged_bearers (bearer_id, token, successor, expires_at) VALUES ($1, $2, $3, $4)",
        change.bearer.0,
        change.old.as_bytes(),
        change.successor,
        change.expires_at.0,
    )?;
    execute!(
        tx,
        "DELETE FROM exchanged_bearers WHERE bearer_id = $1 AND (expires_at <= $2 OR id NOT IN \
         (SELECT id FROM exchanged_bearers WHERE bearer_id = $1 ORDER BY id DESC LIMIT $3))",
        change.bearer.0,
        now.0,
        KEPT,
    )?;
    Ok(true)
}

/// Removes at most [`PRUNED_AT_ONCE`] former secrets whose minute was over before `now`. Returns their
/// number.
pub async fn prune(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM exchanged_bearers WHERE id IN \
               (SELECT id FROM exchanged_bearers WHERE expires_at < $1 LIMIT $2)";
    Ok(execute!(tx, sql, now.0, PRUNED_AT_ONCE)?)
}
