//! The check of a passkey's answer. It is made outside of any transaction, for it computes; what it found is
//! written in the transaction of whatever it lets in, which uses the challenge up.

use super::answer::AuthenticatorAnswer;
use super::registration::{sign_count, unreadable};
use super::request::Bound;
use super::{Passkeys, RelyingParty, refused};
use crate::flows::client::Client;
use crate::flows::refusals::spend_by_address;
use domain::{AccountError, AccountId, FieldCode, Millis, PasskeyId, SessionId};
use limiter::Action;
use store::passkey_challenges::{self, ChallengePurpose, StoredChallenge};
use store::passkeys::{self, StoredPasskey};
use store::{StoreError, Tx};
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyAuthentication, PublicKeyCredential,
    WebauthnError,
};

/// A passkey whose answer was right.
pub(in crate::flows) struct PasskeyProof {
    pub(in crate::flows) account: AccountId,
    passkey: PasskeyId,
    challenge: Vec<u8>,
    /// The passkey after this use, as JSON, and its counter.
    credential: String,
    sign_count: i64,
    place: String,
}

impl PasskeyProof {
    /// Uses the challenge up and records the use of the passkey, under the account's lock. Returns `false`
    /// when another answer has used the challenge, the passkey was removed or its counter has moved on
    /// meanwhile.
    pub(in crate::flows) async fn settle(&self, tx: &mut Tx, now: Millis) -> Result<bool, StoreError> {
        let used = (self.credential.as_str(), self.sign_count);
        Ok(passkey_challenges::consume(tx, &self.challenge, now).await?
            && passkeys::note_use(tx, self.account, self.passkey, used, &self.place, now).await?)
    }

    /// Uses the challenge up, after the passkey was right and let nobody in.
    pub(in crate::flows) async fn spend(&self, tx: &mut Tx, now: Millis) -> Result<(), StoreError> {
        passkey_challenges::consume(tx, &self.challenge, now).await.map(drop)
    }
}

impl Passkeys {
    /// Checks the answer of whichever passkey a browser has found.
    ///
    /// # Errors
    /// `Invalid` when the answer is refused; `Throttled`.
    pub(in crate::flows) async fn check_sign_in(
        &self,
        answer: &str,
        client: &Client,
    ) -> Result<PasskeyProof, AccountError> {
        self.check(ChallengePurpose::SignIn, Bound::TO_NOBODY, answer, client).await
    }

    /// Checks the answer to [`begin_for`](Self::begin_for). Whoever is let in by it calls
    /// [`PasskeyProof::settle`] in their transaction.
    ///
    /// # Errors
    /// `Invalid` when the answer is refused; `Throttled`.
    pub(in crate::flows) async fn check_for(
        &self,
        account: AccountId,
        session: Option<SessionId>,
        answer: &str,
        client: &Client,
    ) -> Result<PasskeyProof, AccountError> {
        let bound = Bound { account: Some(account), session };
        self.check(ChallengePurpose::Proof, bound, answer, client).await
    }

    async fn check(
        &self,
        purpose: ChallengePurpose,
        bound: Bound,
        answer: &str,
        client: &Client,
    ) -> Result<PasskeyProof, AccountError> {
        let party = self.party()?;
        let now = self.clock.now();
        spend_by_address(&self.limiter, Action::Passkey, client, now)?;
        if answer.is_empty() {
            return Err(refused(FieldCode::Required));
        }
        let Some(answer) = AuthenticatorAnswer::to_request(answer) else {
            return self.refuse_noted(bound.account, FieldCode::PasskeyRefused, client, now).await;
        };
        let (challenge, found, handle) = {
            let mut db = self.store.read().await?;
            let challenge = passkey_challenges::find(&mut db, &answer.challenge, purpose, now).await?;
            let found = passkeys::find_by_credential(&mut db, &answer.credential.raw_id).await?;
            let handle = match &found {
                Some(found) => passkeys::handle(&mut db, found.passkey.account_id).await?,
                None => None,
            };
            (challenge, found, handle)
        };
        let is_bound =
            |one: &StoredChallenge| Bound { account: one.account_id, session: one.session } == bound;
        let Some(challenge) = challenge.filter(is_bound) else {
            return self.refuse_noted(bound.account, FieldCode::PasskeyExpired, client, now).await;
        };
        // A passkey of somebody else than who is to prove themselves is as good as unknown.
        let own = |found: &StoredPasskey| bound.account.is_none_or(|id| id == found.passkey.account_id);
        let Some(found) = found.filter(own) else {
            let code = FieldCode::PasskeyUnknown;
            return self.refuse(&answer.challenge, bound.account, code, client, now).await;
        };
        let account = found.passkey.account_id;
        let said = answer.credential.get_user_unique_id();
        let names_its_owner = match bound.account {
            // Nothing but the answer itself says who signs in.
            None => said.is_some() && said == handle.as_deref(),
            Some(_) => said.is_none() || said == handle.as_deref(),
        };
        let mut passkey: Passkey = serde_json::from_str(&found.credential).map_err(unreadable)?;
        let checked = if names_its_owner {
            party.check(purpose, &answer.credential, &challenge.state, &passkey)?
        } else {
            Err(WebauthnError::InvalidUserUniqueId)
        };
        match checked {
            Ok(result) => {
                passkey.update_credential(&result);
                let credential = serde_json::to_string(&passkey).map_err(unreadable)?;
                let sign_count = sign_count(&credential);
                let (passkey, challenge, place) = (found.passkey.id, answer.challenge, client.place());
                Ok(PasskeyProof { account, passkey, challenge, credential, sign_count, place })
            }
            Err(error) => {
                log::warn!("a passkey of account {account} was refused: {error}");
                let code = match error {
                    WebauthnError::CredentialPossibleCompromise => FieldCode::PasskeyCopied,
                    _ => FieldCode::PasskeyRefused,
                };
                self.refuse(&answer.challenge, Some(account), code, client, now).await
            }
        }
    }
}

impl RelyingParty {
    /// Checks an answer by the passkey that it names. The outer error is a state that cannot be read.
    pub(super) fn check(
        &self,
        purpose: ChallengePurpose,
        answer: &PublicKeyCredential,
        state: &str,
        passkey: &Passkey,
    ) -> Result<Result<AuthenticationResult, WebauthnError>, AccountError> {
        Ok(match purpose {
            ChallengePurpose::SignIn => {
                let state: DiscoverableAuthentication = serde_json::from_str(state).map_err(unreadable)?;
                self.webauthn.finish_discoverable_authentication_v2(answer, state, passkey)
            }
            ChallengePurpose::Proof => {
                let state: PasskeyAuthentication = serde_json::from_str(state).map_err(unreadable)?;
                self.webauthn.finish_passkey_authentication(answer, &state)
            }
            ChallengePurpose::Registration => Err(WebauthnError::ChallengeNotFound),
        })
    }
}
