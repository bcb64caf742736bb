//! The first second factor of an account, and the last one.

use domain::{AccountId, Millis, Random, RecoveryCode};
use store::{
    StoreError, Tx, accounts, app_passwords, known_browsers, passkeys, recovery_codes, totp_secrets,
};

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
/// recovery codes and the app passwords go, and no browser is trusted any more. Returns whether there is
/// another. Call it under the account's lock.
pub(in crate::flows) async fn settle(tx: &mut Tx, account: AccountId) -> Result<bool, StoreError> {
    if totp_secrets::confirmed(tx, account).await?.is_some() || passkeys::any(tx, account).await? {
        return Ok(true);
    }
    accounts::want_no_second_factor(tx, account).await?;
    recovery_codes::remove_all(tx, account).await?;
    app_passwords::end_since(tx, account, Millis(0)).await?;
    known_browsers::trust_none(tx, account).await?;
    Ok(false)
}

/// Takes off whatever second factor `account` has got since `since`, and settles what is left. Recovery codes
/// that were made since then go too. Call it under the account's lock.
pub(in crate::flows) async fn take_since(
    tx: &mut Tx,
    account: AccountId,
    since: Millis,
) -> Result<(), StoreError> {
    if totp_secrets::confirmed(tx, account).await?.is_some_and(|totp| totp.confirmed_at >= Some(since)) {
        totp_secrets::remove(tx, account).await?;
    }
    totp_secrets::remove_pending(tx, account).await?;
    passkeys::remove_since(tx, account, since).await?;
    if recovery_codes::facts(tx, account).await?.codes_made_at.is_some_and(|made| made >= since) {
        recovery_codes::remove_all(tx, account).await?;
    }
    known_browsers::trust_none(tx, account).await?;
    settle(tx, account).await.map(drop)
}

/// Takes off every second factor of `account`. Call it under the account's lock.
pub(in crate::flows) async fn take_all(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    take_since(tx, account, Millis(0)).await
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
