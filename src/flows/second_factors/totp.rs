//! Setting up an authenticator app, and taking it off.

use std::time::Duration;

use domain::lifetimes::PENDING_TOTP;
use domain::{
    AccountError, EventKind, Factor, Field, FieldCode, MailKind, Millis, RecoveryCode, TotpCode, TotpSecret,
    require_fields,
};
use limiter::Action;
use store::totp_secrets::{self, SealedTotp};
use store::{Tx, accounts, sessions};

use super::{SecondFactors, settle};
use crate::flows::client::Client;
use crate::flows::mail::cause;
use crate::flows::refusals::spend;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::{SignedIn, require_session};

/// How long after a code has confirmed an app the same form counts as sent twice.
const SENT_TWICE: Duration = Duration::from_secs(60);

/// What came of a code that confirms an authenticator app.
#[derive(Debug)]
pub struct TotpConfirmed {
    /// The recovery codes that came with it, if it is the account's first second factor.
    pub codes: Option<Vec<RecoveryCode>>,
}

impl SecondFactors {
    /// The secret for an authenticator app that is to be set up. It counts once a code has confirmed it;
    /// until then the app that was set up before goes on. Asking again in the same session within an hour
    /// gives the same one.
    ///
    /// # Errors
    /// `ProofWanted`, `Throttled`, `Unauthenticated` when the session has ended meanwhile.
    pub async fn begin_totp(&self, who: &SignedIn, client: &Client) -> Result<TotpSecret, AccountError> {
        let (id, now) = (who.account().id, self.clock.now());
        let own = (id, who.session.id);
        proven_lately(&who.session, now)?;
        let since = now.before(PENDING_TOTP);
        let waiting = totp_secrets::pending(&mut self.store.read().await?, own, since).await?;
        if let Some(waiting) = waiting {
            return self.open(id, &waiting.sealed);
        }
        spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        self.store
            .transact_on(id, async |tx| {
                require_session(tx, who).await?;
                // Two tabs that ask at once get one secret.
                if let Some(waiting) = totp_secrets::pending(tx, own, since).await? {
                    return self.open(id, &waiting.sealed);
                }
                let secret = TotpSecret::generate(self.random.as_ref());
                let (key, sealed) = self.seal(tx, id, &secret, now).await?;
                let new = SealedTotp { sealed: &sealed, key: key.as_bytes() };
                totp_secrets::begin(tx, own, new, now).await?;
                Ok(secret)
            })
            .await
    }

    /// Confirms the app that is being set up by a code of it, which is used with that. Whoever guesses sees
    /// the secret beside the field, so the limit on changes is the only one.
    ///
    /// # Errors
    /// `ProofWanted`; `Invalid` when the code is missing or wrong; `NotFound` when nothing is being set up,
    /// or no longer; `Throttled`; `Unauthenticated` when the session has ended meanwhile.
    pub async fn confirm_totp(
        &self,
        who: &SignedIn,
        typed: &str,
        client: &Client,
    ) -> Result<TotpConfirmed, AccountError> {
        let (id, now) = (who.account().id, self.clock.now());
        proven_lately(&who.session, now)?;
        require_fields([(Field::FactorCode, typed)])?;
        spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        let wrong = || AccountError::field(Field::FactorCode, FieldCode::FactorCodeWrong);
        let code = TotpCode::parse(typed);
        self.store
            .transact_on(id, async |tx| {
                require_session(tx, who).await?;
                let waiting =
                    totp_secrets::pending(tx, (id, who.session.id), now.before(PENDING_TOTP)).await?;
                let Some(waiting) = waiting else {
                    return self.confirmed_just_now(tx, who, code.as_ref(), now).await;
                };
                let code = code.ok_or_else(wrong)?;
                let step = self.open(id, &waiting.sealed)?.step_of(&code, now).ok_or_else(wrong)?;
                totp_secrets::confirm(tx, id, waiting.number, step, now).await?;
                let codes = settle::begun(tx, self.random.as_ref(), id, now).await?;
                let account = accounts::find(tx, id).await?.ok_or(AccountError::NotFound)?.account;
                let noted = Noted::by_owner(EventKind::TotpAdded, "");
                security_log::note(tx, id, &noted, client, now).await?;
                if codes.is_some() {
                    // Whoever sets up the first factor has proven it. A later one does not vouch for a
                    // session that the first has not proven.
                    sessions::add_factor(tx, &who.session, Factor::Totp).await?;
                    let noted = Noted::by_owner(EventKind::RecoveryCodesMade, "");
                    security_log::note(tx, id, &noted, client, now).await?;
                }
                cause::notify(tx, MailKind::TotpAdded, &account, client, now).await?;
                Ok(TotpConfirmed { codes })
            })
            .await
    }

    /// A browser without script sends a form twice when its button is pressed twice, and shows the second
    /// answer. The recovery codes of the first were never seen, so there are others.
    async fn confirmed_just_now(
        &self,
        tx: &mut Tx,
        who: &SignedIn,
        code: Option<&TotpCode>,
        now: Millis,
    ) -> Result<TotpConfirmed, AccountError> {
        let id = who.account().id;
        let confirmed = totp_secrets::confirmed(tx, id).await?.ok_or(AccountError::NotFound)?;
        let code = code.ok_or(AccountError::NotFound)?;
        let just_now = confirmed.confirmed_at.is_some_and(|at| now.since(at) < SENT_TWICE);
        let step = self.open(id, &confirmed.sealed)?.step_of(code, now);
        if !just_now || step != Some(confirmed.used_step) {
            return Err(AccountError::NotFound);
        }
        let account = accounts::find(tx, id).await?.ok_or(AccountError::NotFound)?.account;
        if account.second_factor_at != confirmed.confirmed_at {
            return Ok(TotpConfirmed { codes: None });
        }
        let codes = settle::new_codes(tx, self.random.as_ref(), id, now).await?;
        Ok(TotpConfirmed { codes: Some(codes) })
    }

    /// Takes the authenticator app off. With the last second factor everything ends that came with it.
    ///
    /// # Errors
    /// `ProofWanted`; `NotFound` when there is none; `Throttled`; `Unauthenticated` when the session has
    /// ended meanwhile.
    pub async fn remove_totp(&self, who: &SignedIn, client: &Client) -> Result<(), AccountError> {
        let (id, now) = (who.account().id, self.clock.now());
        proven_lately(&who.session, now)?;
        spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        self.store
            .transact_on(id, async |tx| {
                require_session(tx, who).await?;
                if !totp_secrets::remove(tx, id).await? {
                    return Err(AccountError::NotFound);
                }
                let account = accounts::find(tx, id).await?.ok_or(AccountError::NotFound)?.account;
                let noted = Noted::by_owner(EventKind::TotpRemoved, "");
                security_log::note(tx, id, &noted, client, now).await?;
                cause::notify(tx, MailKind::TotpRemoved, &account, client, now).await?;
                settle::settle(tx, id).await?;
                Ok(())
            })
            .await
    }
}
