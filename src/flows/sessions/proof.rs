//! Proving once more to be the owner of a session's account, before what matters most (OWASP ASVS 5.0,
//! 7.5.1).

use std::sync::Arc;

use super::signed_in::{SignedIn, require_session};
use crate::flows::client::Client;
use crate::flows::passkeys::Passkeys;
use crate::flows::passwords::Passwords;
use crate::flows::refusals::refuse_throttled;
use crate::flows::second_factors::SecondFactors;
use crate::flows::security_log::{self, Noted};
use domain::lifetimes::PROOF_LASTS;
use domain::{
    AccountError, Clock, EventKind, Factor, Factors, Field, FieldCode, Millis, Password, Random, Session,
    Token, TypedPassword, require_fields,
};
use limiter::{Device, Guesser, Limiter};
use serde_json::Value;
use store::{Store, StoreError, Tx, accounts, sessions};

/// Refuses a session whose owner proved who they are too long ago.
///
/// # Errors
/// `ProofWanted`.
pub(in crate::flows) fn proven_lately(session: &Session, now: Millis) -> Result<(), AccountError> {
    if now.since(session.proven_at) < PROOF_LASTS { Ok(()) } else { Err(AccountError::ProofWanted) }
}

/// Takes proofs of the owners of sessions.
pub struct Proofs {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) passwords: Passwords,
    pub(in crate::flows) second_factors: Arc<SecondFactors>,
    pub(in crate::flows) passkeys: Passkeys,
}

impl Proofs {
    /// Takes the account's password as proof. Returns the secret under which the session goes on; the old one
    /// opens nothing any more.
    ///
    /// # Errors
    /// `Invalid` when the password is wrong; `Unauthenticated` when the session has ended meanwhile;
    /// `Throttled`, `Busy`.
    pub async fn by_password(
        &self,
        who: &SignedIn,
        typed: TypedPassword<'_>,
        client: &Client,
    ) -> Result<Token, AccountError> {
        require_fields([(Field::Password, typed.0)])?;
        let wrong = || AccountError::field(Field::Password, FieldCode::PasswordWrong);
        let password = Password::parse(typed.0).map_err(|_| wrong())?;
        let confirmed = self.passwords.confirm_own(who, &password, client).await;
        let confirmed = match confirmed {
            Err(AccountError::Invalid(_)) => {
                self.note_refused(who, "wrong_password", client).await?;
                return Err(wrong());
            }
            confirmed => confirmed?,
        };
        let (id, now) = (who.account().id, self.clock.now());
        self.store
            .transact_on(id, async |tx| {
                require_session(tx, who).await?;
                let found = accounts::find(tx, id).await?.ok_or(AccountError::Unauthenticated)?;
                // The password may have been changed meanwhile.
                if found.password_hash != confirmed.password_hash {
                    return Err(wrong());
                }
                self.prove(tx, who, Factor::Password, client, now).await
            })
            .await
    }

    /// Takes a code of the account's authenticator app, or a recovery code, as proof.
    ///
    /// # Errors
    /// `Invalid` when the code is wrong; `Unauthenticated` when the session has ended meanwhile; `Throttled`.
    pub async fn by_code(&self, who: &SignedIn, typed: &str, client: &Client) -> Result<Token, AccountError> {
        require_fields([(Field::FactorCode, typed)])?;
        let (id, now) = (who.account().id, self.clock.now());
        // Guesses count per session, as those at the password do.
        let guesser = Guesser::KnownDevice { account: id.0, device: Device::Session(who.session.id.0) };
        let guess = self.limiter.begin_login(now.0, guesser).await.map_err(refuse_throttled)?;
        let proven = self.store.transact_on(id, async |tx| {
            require_session(tx, who).await?;
            match self.second_factors.use_code(tx, id, typed, client, now).await? {
                Some(factor) => self.prove(tx, who, factor, client, now).await.map(Some),
                None => Ok(None),
            }
        });
        match proven.await {
            Ok(Some(token)) => {
                guess.succeeded().await;
                Ok(token)
            }
            Ok(None) => {
                guess.failed();
                self.note_refused(who, "wrong_code", client).await?;
                Err(AccountError::field(Field::FactorCode, FieldCode::FactorCodeWrong))
            }
            Err(error) => {
                guess.refund().await;
                Err(error)
            }
        }
    }

    /// What a browser needs for a proof by one of the account's passkeys.
    ///
    /// # Errors
    /// `Invalid` where the account has none; `Throttled`.
    pub async fn begin_passkey(&self, who: &SignedIn, client: &Client) -> Result<Value, AccountError> {
        self.passkeys.begin_for(who.account().id, Some(who.session.id), client).await
    }

    /// Takes the answer of one of the account's passkeys as proof.
    ///
    /// # Errors
    /// `Invalid` when the answer is refused; `Unauthenticated` when the session has ended meanwhile;
    /// `Throttled`.
    pub async fn by_passkey(
        &self,
        who: &SignedIn,
        answer: &str,
        client: &Client,
    ) -> Result<Token, AccountError> {
        let (id, now) = (who.account().id, self.clock.now());
        let proof = self.passkeys.check_for(id, Some(who.session.id), answer, client).await?;
        self.store
            .transact_on(id, async |tx| {
                accounts::hold(tx, id).await?;
                if !proof.settle(tx, now).await? {
                    return Err(AccountError::field(Field::Passkey, FieldCode::PasskeyExpired));
                }
                self.prove(tx, who, Factor::Passkey, client, now).await
            })
            .await
    }

    /// Writes that somebody in this session gave a wrong answer.
    async fn note_refused(&self, who: &SignedIn, why: &str, client: &Client) -> Result<(), AccountError> {
        let (id, now) = (who.account().id, self.clock.now());
        let noted = Noted::by_owner(EventKind::ProofRefused, why);
        let written: Result<(), StoreError> = self
            .store
            .transact_on(id, async |tx| security_log::note(tx, id, &noted, client, now).await)
            .await;
        Ok(written?)
    }

    /// Writes that the owner of the session has proven who they are. The account is held.
    async fn prove(
        &self,
        tx: &mut Tx,
        who: &SignedIn,
        factor: Factor,
        client: &Client,
        now: Millis,
    ) -> Result<Token, AccountError> {
        let token = Token::generate(self.random.as_ref());
        let factors = who.session.factors.and(factor);
        if !sessions::prove(tx, &who.session, &token.digest(), (factors, Factors::only(factor)), now).await? {
            return Err(AccountError::Unauthenticated);
        }
        let noted = Noted::by_owner(EventKind::ProvenAgain, "").with(Factors::only(factor));
        security_log::note(tx, who.account().id, &noted, client, now).await?;
        Ok(token)
    }
}
