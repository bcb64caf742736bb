//! Second factors: codes of an authenticator app, recovery codes, and what an account with or without them
//! means.

mod recovery;
pub mod resealing;
mod settle;
#[cfg(test)]
mod tests;
mod totp;
mod use_code;

use std::sync::Arc;

use domain::{Account, AccountError, AccountId, Clock, InternalError, Millis, Random, TotpSecret};
use limiter::Limiter;
use secrets::{KeyId, Keyring};
use store::recovery_codes::{self, CodeFacts};
use store::{Store, Tx, secret_keys};

pub(in crate::flows) use settle::{begun, settle, take_all, take_since};

pub struct SecondFactors {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    /// The keys that secrets in the database are encrypted with.
    pub(in crate::flows) secrets: Keyring,
}

/// The context that the secret of an account's authenticator app is encrypted for.
pub(in crate::flows) fn totp_context(account: AccountId) -> String {
    format!("totp:{account}")
}

impl SecondFactors {
    /// What the owner of `account` is told. An account without a second factor costs no statement.
    pub async fn facts(&self, account: &Account) -> Result<CodeFacts, AccountError> {
        if account.second_factor_at.is_none() {
            return Ok(CodeFacts::default());
        }
        Ok(recovery_codes::facts(&mut self.store.read().await?, account.id).await?)
    }

    async fn seal(
        &self,
        tx: &mut Tx,
        account: AccountId,
        secret: &TotpSecret,
        now: Millis,
    ) -> Result<(KeyId, Vec<u8>), AccountError> {
        seal(tx, (&self.secrets, self.random.as_ref()), account, secret, now).await
    }

    /// Decrypts the secret of an authenticator app.
    fn open(&self, account: AccountId, sealed: &[u8]) -> Result<TotpSecret, AccountError> {
        let opened = self.secrets.open(&totp_context(account), sealed);
        let bytes = opened.map_err(|error| AccountError::Internal(InternalError::new(error)))?;
        TotpSecret::from_slice(&bytes)
            .ok_or_else(|| AccountError::Internal(InternalError::new("a secret of another length")))
    }
}

/// Encrypts the secret of an authenticator app under the first key, which is taken until `tx` ends. Where a
/// rotation has retired that key meanwhile, the newer one is read from the file.
///
/// # Errors
/// `Internal` when it cannot be encrypted.
pub(in crate::flows) async fn seal(
    tx: &mut Tx,
    (secrets, random): (&Keyring, &dyn Random),
    account: AccountId,
    secret: &TotpSecret,
    now: Millis,
) -> Result<(KeyId, Vec<u8>), AccountError> {
    for _ in 0..2 {
        let sealed = secrets.seal(random, &totp_context(account), secret.as_bytes());
        let (key, sealed) = sealed.map_err(|error| AccountError::Internal(InternalError::new(error)))?;
        if secret_keys::take(tx, key.as_bytes(), now).await? {
            return Ok((key, sealed));
        }
        if !secrets.read_again() {
            break;
        }
    }
    Err(AccountError::Internal(InternalError::new(
        "the first secret key was retired; restart with its successor",
    )))
}
