//! Asking for a passkey: the options that a browser gets.

use super::answer::AuthenticatorAnswer;
use super::registration::unreadable;
use super::{Passkeys, refused};
use crate::flows::client::Client;
use crate::flows::refusals::spend_by_address;
use domain::lifetimes::PASSKEY_CHALLENGE;
use domain::{AccountError, AccountId, FieldCode, Millis, SessionId};
use limiter::Action;
use serde::Serialize;
use serde_json::Value;
use store::passkey_challenges::{self, ChallengePurpose, NewChallenge};
use store::{StoreError, passkeys};
use webauthn_rs::prelude::Passkey;

/// Whose answer a challenge wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) account: Option<AccountId>,
    pub(super) session: Option<SessionId>,
}

impl Bound {
    /// Anybody's: whose passkey it will be is not known yet.
    pub(super) const TO_NOBODY: Self = Self { account: None, session: None };
}

impl Passkeys {
    /// What a browser needs for signing in with any passkey that it finds
    /// (`PublicKeyCredentialRequestOptions` as JSON, below `publicKey`). It says nothing of any account.
    ///
    /// # Errors
    /// `Invalid` where passkeys cannot work; `Throttled`.
    pub async fn begin_sign_in(&self, client: &Client) -> Result<Value, AccountError> {
        let party = self.party()?;
        let now = self.clock.now();
        spend_by_address(&self.limiter, Action::Passkey, client, now)?;
        let (options, state) = party.webauthn.start_discoverable_authentication().map_err(unreadable)?;
        let challenge = options.public_key.challenge.clone();
        // How the browser asks is the page's affair.
        let options = serde_json::json!({ "publicKey": options.public_key });
        self.keep(ChallengePurpose::SignIn, Bound::TO_NOBODY, &challenge, &state, now).await?;
        Ok(options)
    }

    /// What a browser needs for proving with one of `account`'s passkeys to be its owner: as the second step
    /// of signing in, or, in `session`, once more.
    ///
    /// # Errors
    /// `Invalid` where passkeys cannot work, or `account` has none; `Throttled`.
    pub(in crate::flows) async fn begin_for(
        &self,
        account: AccountId,
        session: Option<SessionId>,
        client: &Client,
    ) -> Result<Value, AccountError> {
        let party = self.party()?;
        let now = self.clock.now();
        spend_by_address(&self.limiter, Action::Passkey, client, now)?;
        let own = passkeys::list(&mut self.store.read().await?, account).await?;
        let own: Vec<Passkey> = own
            .iter()
            .map(|stored| serde_json::from_str(&stored.credential))
            .collect::<Result<_, _>>()
            .map_err(unreadable)?;
        if own.is_empty() {
            return Err(refused(FieldCode::PasskeyUnknown));
        }
        let (options, state) = party.webauthn.start_passkey_authentication(&own).map_err(unreadable)?;
        let challenge = options.public_key.challenge.clone();
        let options = serde_json::to_value(options).map_err(unreadable)?;
        let bound = Bound { account: Some(account), session };
        self.keep(ChallengePurpose::Proof, bound, &challenge, &state, now).await?;
        Ok(options)
    }

    async fn keep(
        &self,
        purpose: ChallengePurpose,
        bound: Bound,
        challenge: &[u8],
        state: &impl Serialize,
        now: Millis,
    ) -> Result<(), AccountError> {
        let state = serde_json::to_string(state).map_err(unreadable)?;
        let new = NewChallenge {
            challenge,
            purpose,
            account_id: bound.account,
            session: bound.session,
            state: &state,
            expires_at: now.after(PASSKEY_CHALLENGE),
        };
        let written: Result<(), StoreError> =
            self.store.transact(async |tx| passkey_challenges::insert(tx, &new).await).await;
        Ok(written?)
    }
}

/// The number of the credential in an answer, so that the browser can be told that nobody knows it.
pub fn refused_credential(answer: &str) -> Option<Vec<u8>> {
    AuthenticatorAnswer::to_request(answer).map(|answer| answer.credential.raw_id)
}
