//! The first second factor of an account, and the last one.

use domain::{AccountId, Millis, Random, RecoveryCode};
use store::{StoreError, Tx, accounts, known_browsers, recovery_codes, totp_secrets};

/// Says that `account` has got a second factor. With the first one the account wants it from now on, and gets
/// recovery codes, which are returned: they are shown once. Call it under the account's lock.
pub(in crate::flows) async fn begun(
    tx: &mut Tx,
    random: &dyn Random,
    account: AccountId,
    now: Millis,
) -> Result<Option<Vec<RecoveryCode>>, StoreError> {
    let found = accounts::find(tx, account).await?;
    if found.is_none_or(|found| found.account.second_factor_at.is_some()) {
        return Ok(None);
    }
    accounts::want_second_factor(tx, account, now).await?;
    new_codes(tx, random, account, now).await.map(Some)
}

/// Says that a second factor of `account` has gone. With the last one the password signs in alone again, the
/// recovery codes go, and no browser is trusted any more. Returns whether there is another. Call it under the
/// account's lock.
pub(in crate::flows) async fn settle(
    tx: &mut Tx,
    account: AccountId,
    _now: Millis,
) -> Result<bool, StoreError> {
    if totp_secrets::confirmed(tx, account).await?.is_some() {
        return Ok(true);
    }
    accounts::want_no_second_factor(tx, account).await?;
    recovery_codes::remove_all(tx, account).await?;
    known_browsers::trust_none(tx, account).await?;
    Ok(false)
}

/// Gives `account` new recovery codes in place of the earlier ones.
pub(super) async fn new_codes(
    tx: &mut Tx,
    random: &dyn Random,
    account: AccountId,
    now: Millis,
) -> Result<Vec<RecoveryCode>, StoreError> {
    let codes: Vec<_> = (0..RecoveryCode::AT_ONCE).map(|_| RecoveryCode::draw(random)).collect();
    let digests: Vec<_> = codes.iter().map(|code| code.digest(account)).collect();
    recovery_codes::replace(tx, account, &digests, now).await?;
    Ok(codes)
}
