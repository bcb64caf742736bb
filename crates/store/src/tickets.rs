//! The `tickets` table. Using a ticket is one conditional write: of fifty simultaneous requests, one uses it.

use super::statement::{execute, row, rows, value};
use super::{Change, Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{AccountId, EmailAddress, Millis, Ticket, TicketPurpose, TokenDigest};

/// Adds a ticket.
pub async fn insert(tx: &mut Tx, ticket: &Ticket) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO tickets (account_id, purpose, token, created_at, expires_at, address) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        ticket.account_id.0,
        ticket.purpose.as_str(),
        ticket.token.as_bytes(),
        ticket.created_at.0,
        ticket.expires_at.0,
        ticket.address.as_ref().map(EmailAddress::as_str),
    )?;
    announce(tx, ticket.account_id, ticket.purpose);
    Ok(())
}

/// The account and the purpose of a ticket, without using it. `None` when the ticket is unknown, used or
/// expired.
pub async fn find(
    db: &mut impl Linked,
    token: &TokenDigest,
    now: Millis,
) -> Result<Option<(AccountId, TicketPurpose)>, StoreError> {
    let sql =
        "SELECT account_id, purpose FROM tickets WHERE token = $1 AND used_at IS NULL AND expires_at > $2";
    let found: Option<(i64, String)> = row!(db, sql, token.as_bytes(), now.0)?;
    Ok(found.and_then(|(account, purpose)| Some((AccountId(account), TicketPurpose::parse(&purpose)?))))
}

/// The account of a ticket that was used or voided, and when. `None` when the ticket is unknown, for none of
/// `purposes`, or was never used.
pub async fn find_spent(
    db: &mut impl Linked,
    token: &TokenDigest,
    purposes: &[TicketPurpose],
) -> Result<Option<(AccountId, Millis)>, StoreError> {
    let sql = "SELECT account_id, purpose, used_at FROM tickets WHERE token = $1 AND used_at IS NOT NULL";
    let found: Option<(i64, String, i64)> = row!(db, sql, token.as_bytes())?;
    Ok(found.and_then(|(account, purpose, used_at)| {
        let wanted = TicketPurpose::parse(&purpose).is_some_and(|purpose| purposes.contains(&purpose));
        wanted.then_some((AccountId(account), Millis(used_at)))
    }))
}

/// Whether a ticket of `account` for `purpose` was used or voided at this very time.
pub async fn was_spent_at(
    db: &mut impl Linked,
    account: AccountId,
    purpose: TicketPurpose,
    at: Millis,
) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM tickets WHERE account_id = $1 AND purpose = $2 AND used_at = $3";
    let count: Option<i64> = value!(db, sql, account.0, purpose.as_str(), at.0)?;
    Ok(count.unwrap_or_default() > 0)
}

/// The e-mail address that this ticket proves. `None` when the ticket is unknown or proves the account's
/// present address.
pub async fn address_of(
    db: &mut impl Linked,
    token: &TokenDigest,
) -> Result<Option<EmailAddress>, StoreError> {
    let found: Option<Option<String>> =
        value!(db, "SELECT address FROM tickets WHERE token = $1", token.as_bytes())?;
    Ok(found.flatten().map(EmailAddress::from_store))
}

/// The address that `account` last asked to change to, until that is proven, cancelled or too long ago; and
/// when it will be.
pub async fn pending_address(
    db: &mut impl Linked,
    account: AccountId,
    now: Millis,
) -> Result<Option<(EmailAddress, Millis)>, StoreError> {
    let sql = "SELECT address, expires_at FROM tickets WHERE account_id = $1 AND purpose = $2 AND used_at IS NULL \
               AND expires_at > $3 ORDER BY id DESC LIMIT 1";
    let purpose = TicketPurpose::AddressRequest.as_str();
    let found: Option<(Option<String>, i64)> = row!(db, sql, account.0, purpose, now.0)?;
    Ok(found.and_then(|(address, until)| Some((EmailAddress::from_store(address?), Millis(until)))))
}

/// Uses a ticket up. Returns `None` when the ticket is unknown, used, expired or for another purpose; the
/// caller cannot tell which, so no answer can reveal it.
pub async fn consume(
    tx: &mut Tx,
    token: &TokenDigest,
    purpose: TicketPurpose,
    now: Millis,
) -> Result<Option<AccountId>, StoreError> {
    let account: Option<i64> = value!(
        tx,
        "UPDATE tickets SET used_at = $1 WHERE token = $2 AND purpose = $3 AND used_at IS NULL \
         AND expires_at > $1 RETURNING account_id",
        now.0,
        token.as_bytes(),
        purpose.as_str(),
    )?;
    Ok(account.map(AccountId))
}

/// The tickets of `account` that can still be used: number, purpose, when they were made. The newest first,
/// at most `max_tickets`.
pub async fn list(
    db: &mut impl Linked,
    account: AccountId,
    max_tickets: i64,
    now: Millis,
) -> Result<Vec<(i64, TicketPurpose, Millis)>, StoreError> {
    let found: Vec<(i64, String, i64)> = rows!(
        db,
        "SELECT id, purpose, created_at FROM tickets WHERE account_id = $1 AND used_at IS NULL \
         AND expires_at > $2 ORDER BY id DESC LIMIT $3",
        account.0,
        now.0,
        max_tickets,
    )?;
    let known =
        |(id, purpose, made): (i64, String, i64)| Some((id, TicketPurpose::parse(&purpose)?, Millis(made)));
    Ok(found.into_iter().filter_map(known).collect())
}

/// Voids one unused ticket that opens its account. Returns `false` when `account` has none with this number
/// that can still be used. Whether a ticket for a new address exists would tell whether somebody has that
/// address.
pub async fn void(tx: &mut Tx, account: AccountId, number: i64, now: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE tickets SET used_at = $1 WHERE id = $2 AND account_id = $3 AND used_at IS NULL \
               AND expires_at > $1 AND purpose NOT IN ($4, $5)";
    let [change, request] = [TicketPurpose::AddressChange, TicketPurpose::AddressRequest];
    Ok(execute!(tx, sql, now.0, number, account.0, change.as_str(), request.as_str())? > 0)
}

/// Voids the unused tickets of `account`. Returns the number of those that had not expired and open the
/// account.
pub async fn void_all(tx: &mut Tx, account: AccountId, now: Millis) -> Result<usize, StoreError> {
    let sql = "UPDATE tickets SET used_at = $1 WHERE account_id = $2 AND used_at IS NULL \
               RETURNING expires_at, purpose";
    let voided: Vec<(i64, String)> = rows!(tx, sql, now.0, account.0)?;
    let voided = voided.iter().filter_map(|(until, purpose)| Some((*until, TicketPurpose::parse(purpose)?)));
    let mut ended = 0;
    for (until, purpose) in voided {
        announce(tx, account, purpose);
        ended += usize::from(until > now.0 && purpose.opens());
    }
    Ok(ended)
}

/// Voids the unused tickets of `account` for `purpose`, except the newest `kept` of those that have not
/// expired.
pub async fn keep_newest(
    tx: &mut Tx,
    account: AccountId,
    purpose: TicketPurpose,
    kept: i64,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "UPDATE tickets SET used_at = $1 \
         WHERE account_id = $2 AND purpose = $3 AND used_at IS NULL AND id NOT IN \
         (SELECT id FROM tickets WHERE account_id = $2 AND purpose = $3 AND used_at IS NULL \
          AND expires_at > $1 ORDER BY id DESC LIMIT $4)",
        now.0,
        account.0,
        purpose.as_str(),
        kept,
    )?;
    announce(tx, account, purpose);
    Ok(())
}

/// A request for another address is part of what is in memory of an account.
fn announce(tx: &mut Tx, account: AccountId, purpose: TicketPurpose) {
    if purpose == TicketPurpose::AddressRequest {
        tx.announce(Change::Account(account));
    }
}

/// Voids the unused tickets of `account` that prove `address`. That it asked for the address stays written:
/// what its owner sees must not tell whether somebody has the address and declined.
pub async fn void_of_address(
    tx: &mut Tx,
    account: AccountId,
    address: &EmailAddress,
    now: Millis,
) -> Result<(), StoreError> {
    // SQLite's LOWER leaves letters beyond ASCII as they are.
    execute!(
        tx,
        "UPDATE tickets SET used_at = $1 WHERE account_id = $2 AND used_at IS NULL \
         AND (address = $3 OR LOWER(address) = $4) AND purpose <> $5",
        now.0,
        account.0,
        address.as_str(),
        address.key(),
        TicketPurpose::AddressRequest.as_str(),
    )?;
    Ok(())
}

/// Deletes a ticket whose mail was never delivered.
pub async fn remove(tx: &mut Tx, token: &TokenDigest) -> Result<(), StoreError> {
    execute!(tx, "DELETE FROM tickets WHERE token = $1", token.as_bytes())?;
    Ok(())
}

/// Removes at most [`PRUNED_AT_ONCE`] tickets that expired before `since`. Autologin tickets are removed as
/// soon as they have expired at `now`, because every sign-in by redirect leaves one. Returns the number of
/// removed rows.
pub async fn prune(tx: &mut Tx, now: Millis, since: Millis) -> Result<u64, StoreError> {
    let gone = execute!(
        tx,
        "DELETE FROM tickets WHERE id IN \
         (SELECT id FROM tickets WHERE expires_at < $1 AND (expires_at < $2 OR purpose = $3) LIMIT $4)",
        now.0,
        since.0,
        TicketPurpose::Autologin.as_str(),
        PRUNED_AT_ONCE,
    )?;
    Ok(gone)
}
