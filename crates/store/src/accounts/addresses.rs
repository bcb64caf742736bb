//! SQL for addresses that are proven.

use super::super::connection::on;
use super::super::{Change, Linked as _, StoreError, Tx};
use domain::{AccountId, EmailAddress, Millis};

/// Notes that somebody proved the address of an account.
pub async fn prove_address(tx: &mut Tx, id: AccountId, now: Millis) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query("UPDATE accounts SET verified_at = COALESCE(verified_at, $1), updated_at = $1 WHERE id = $2")
            .bind(now.0)
            .bind(id.0)
            .execute(c)
            .await
            .map(drop)
    })?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// Gives an account another address, which somebody proved.
///
/// # Errors
/// `Conflict` when it is taken.
pub async fn set_address(
    tx: &mut Tx,
    id: AccountId,
    email: &EmailAddress,
    now: Millis,
) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query(
            "UPDATE accounts SET email = $1, email_key = $2, verified_at = $3, updated_at = $3 WHERE id = $4",
        )
        .bind(email.as_str())
        .bind(email.key())
        .bind(now.0)
        .bind(id.0)
        .execute(c)
        .await
        .map(drop)
    })?;
    tx.announce(Change::Account(id));
    Ok(())
}
