//! A typed code, at whichever door it is asked for.

use domain::{
    AccountError, AccountId, EventKind, Factor, ForeignRecoveryCode, MailKind, Millis, RecoveryCode, TotpCode,
};
use store::{Tx, accounts, recovery_codes, totp_secrets};

use super::SecondFactors;
use crate::flows::client::Client;
use crate::flows::mail::cause;
use crate::flows::security_log::{self, Noted};

impl SecondFactors {
    /// Uses a typed code of `account`: six digits are one of its authenticator app, what has the form of a
    /// recovery code is one of these. Returns what it proves; `None` when it is wrong, or was used before.
    /// Call it under the account's lock, and count the guess before.
    ///
    /// # Errors
    /// `Internal` when the secret cannot be decrypted.
    pub(in crate::flows) async fn use_code(
        &self,
        tx: &mut Tx,
        account: AccountId,
        typed: &str,
        client: &Client,
        now: Millis,
    ) -> Result<Option<Factor>, AccountError> {
        if let Some(code) = TotpCode::parse(typed) {
            let used = self.use_totp(tx, account, &code, now).await?;
            return Ok(used.then_some(Factor::Totp));
        }
        if !self.use_recovery_code(tx, account, typed).await? {
            return Ok(None);
        }
        let left = recovery_codes::left(tx, account).await?.to_string();
        let noted = Noted::by_owner(EventKind::RecoveryCodeUsed, &left);
        security_log::note(tx, account, &noted, client, now).await?;
        if let Some(owner) = accounts::find(tx, account).await? {
            let kind = MailKind::RecoveryCodeUsed;
            cause::notify_with(tx, kind, &owner.account, &left, client, now).await?;
        }
        Ok(Some(Factor::RecoveryCode))
    }

    /// Uses a code of ours up, or one that came along from another product.
    async fn use_recovery_code(
        &self,
        tx: &mut Tx,
        account: AccountId,
        typed: &str,
    ) -> Result<bool, AccountError> {
        if let Some(code) = RecoveryCode::parse(typed)
            && recovery_codes::use_up(tx, account, &code.digest(account)).await?
        {
            return Ok(true);
        }
        let Some(code) = ForeignRecoveryCode::parse(typed) else { return Ok(false) };
        let Some(stored) = totp_secrets::confirmed(tx, account).await? else { return Ok(false) };
        let digest = code.digest(account, &self.open(account, &stored.sealed)?);
        Ok(recovery_codes::use_up(tx, account, &digest).await?)
    }

    /// The write itself decides who has used a step first, on whichever instance.
    async fn use_totp(
        &self,
        tx: &mut Tx,
        account: AccountId,
        code: &TotpCode,
        now: Millis,
    ) -> Result<bool, AccountError> {
        let Some(stored) = totp_secrets::confirmed(tx, account).await? else { return Ok(false) };
        match self.open(account, &stored.sealed)?.step_of(code, now) {
            Some(step) => Ok(totp_secrets::use_step(tx, stored.number, step).await?),
            None => Ok(false),
        }
    }
}
