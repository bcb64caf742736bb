//! Second factors that come along.

use domain::{AccountId, ForeignRecoveryCode, OsRandom, TotpSecret};
use recipes::factors::{self, RecoveryCodes, TotpDigest};
use store::totp_secrets::{self, SealedTotp};
use store::{StoreError, Tx, accounts, imported_accounts, passkeys, recovery_codes};

use super::Import;
use crate::flows::second_factors::{seal, totp_context};

impl Import<'_> {
    /// Takes the secret of an authenticator app over. One that common apps do not make codes of is lost, and
    /// so is one that cannot be encrypted here. Returns whether it was taken.
    pub(super) async fn take_totp(
        &self,
        tx: &mut Tx,
        id: AccountId,
        foreign: &factors::TotpSecret,
    ) -> Result<bool, StoreError> {
        let Some(secrets) = self.factors else { return Ok(false) };
        let usual = foreign.digest == TotpDigest::Sha1 && foreign.digits == 6 && foreign.period == 30;
        let secret = TotpSecret::from_slice(foreign.key()).filter(|_| usual);
        let sealed = match &secret {
            Some(secret) => seal(tx, (secrets, &OsRandom), id, secret, self.now).await.ok(),
            None => None,
        };
        let Some((key, sealed)) = sealed else {
            self.lose_factor(tx, id).await?;
            return Ok(false);
        };
        let new = SealedTotp { sealed: &sealed, key: key.as_bytes() };
        totp_secrets::take_over(tx, id, new, self.now).await?;
        accounts::want_second_factor(tx, id, self.now).await?;
        Ok(true)
    }

    /// Whether the account's authenticator app has this secret.
    pub(super) async fn has_totp(
        &self,
        tx: &mut Tx,
        id: AccountId,
        foreign: &factors::TotpSecret,
    ) -> Result<bool, StoreError> {
        let Some(secrets) = self.factors else { return Ok(true) };
        let Some(stored) = totp_secrets::confirmed(tx, id).await? else { return Ok(false) };
        // One that does not open cannot be compared, and stays.
        Ok(secrets.open(&totp_context(id), &stored.sealed).map_or(true, |opened| *opened == *foreign.key()))
    }

    /// Takes recovery codes over, if the secret of an app is there: it is the key of their digests. Products
    /// write it first.
    pub(super) async fn take_recovery_codes(
        &self,
        tx: &mut Tx,
        id: AccountId,
        codes: &RecoveryCodes,
    ) -> Result<(), StoreError> {
        let Some(secrets) = self.factors else { return Ok(()) };
        let Some(stored) = totp_secrets::confirmed(tx, id).await? else { return Ok(()) };
        let Ok(opened) = secrets.open(&totp_context(id), &stored.sealed) else { return Ok(()) };
        let Some(app) = TotpSecret::from_slice(&opened) else { return Ok(()) };
        let digests: Vec<_> =
            codes.iter().filter_map(ForeignRecoveryCode::parse).map(|code| code.digest(id, &app)).collect();
        recovery_codes::replace_with_keyed(tx, id, &digests, self.now).await
    }

    /// Notes that the account has a factor there that it does not have here.
    pub(super) async fn lose_factor(&self, tx: &mut Tx, id: AccountId) -> Result<(), StoreError> {
        imported_accounts::lose_factor(tx, id).await?;
        accounts::want_second_factor(tx, id, self.now).await
    }

    /// Lets the password alone open an account of which everything was read, if it has no second factor.
    pub(super) async fn settle_factors(&self, tx: &mut Tx, id: AccountId) -> Result<(), StoreError> {
        let wants = totp_secrets::confirmed(tx, id).await?.is_some()
            || passkeys::any(tx, id).await?
            || self.factors.is_some() && imported_accounts::lost_factor(tx, id).await?;
        if wants { Ok(()) } else { accounts::want_no_second_factor(tx, id).await }
    }
}
