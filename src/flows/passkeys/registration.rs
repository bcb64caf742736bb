//! Making a passkey: the options that an authenticator gets, and the check of its answer.

use sha2::{Digest as _, Sha256};

use super::answer::{self, AuthenticatorAnswer};
use super::{Passkeys, RelyingParty, refused};
use crate::flows::client::Client;
use crate::flows::mail::cause;
use crate::flows::refusals::spend;
use crate::flows::second_factors::begun;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::{SignedIn, require_session};
use domain::lifetimes::PASSKEY_CHALLENGE;
use domain::{
    AccountError, AccountId, AuthenticatorModel, EventKind, Factor, Field, FieldCode, InternalError,
    MOST_PASSKEYS, MailKind, Millis, PASSKEY_NAME_MAX_CHARS, Passkey, PasskeyId, Random, RecoveryCode,
    clean_text,
};
use limiter::Action;
use serde_json::Value;
use store::passkey_challenges::{self, ChallengePurpose, NewChallenge};
use store::passkeys::{self, NewPasskey};
use store::{StoreError, Tx, accounts, sessions};
use webauthn_rs::prelude::{PasskeyRegistration, RegisterPublicKeyCredential, Uuid};

/// By what an authenticator knows an account: random, so that it says nothing of whose it is.
const HANDLE_BYTES: usize = 16;

/// A passkey that was checked and is to be written.
struct Checked {
    challenge: Vec<u8>,
    passkey: webauthn_rs::prelude::Passkey,
    model: AuthenticatorModel,
}

/// A passkey that was added.
#[derive(Debug)]
pub struct NewlyAdded {
    pub passkey: Passkey,
    /// The recovery codes that came with it, if it is the account's first second factor.
    pub codes: Option<Vec<RecoveryCode>>,
}

impl Passkeys {
    /// What a browser needs for making a passkey of the signed-in account
    /// (`PublicKeyCredentialCreationOptions` as JSON, below `publicKey`).
    ///
    /// # Errors
    /// `Invalid` where passkeys cannot work or the account has as many as it may; `ProofWanted`, `Throttled`;
    /// `Unauthenticated` when the session has ended meanwhile.
    pub async fn begin_registration(&self, who: &SignedIn, client: &Client) -> Result<Value, AccountError> {
        let party = self.party()?;
        let now = self.clock.now();
        proven_lately(&who.session, now)?;
        let account = who.account();
        spend(&self.limiter, Action::SettingsWrite, account.id, client, now)?;
        let mut fresh = [0; HANDLE_BYTES];
        self.random.fill(&mut fresh);
        self.store
            .transact_on(account.id, async |tx| {
                require_session(tx, who).await?;
                let present = passkeys::list(tx, account.id).await?;
                if present.len() >= MOST_PASSKEYS {
                    return Err(refused(FieldCode::PasskeysTooMany { max: MOST_PASSKEYS }));
                }
                passkeys::set_handle(tx, account.id, &fresh).await?;
                let handle = passkeys::handle(tx, account.id).await?.unwrap_or_default();
                let present = present.into_iter().map(|stored| stored.passkey.credential_id).collect();
                let (options, challenge, state) = party.registration(who, &handle, present)?;
                let new = NewChallenge {
                    challenge: &challenge,
                    purpose: ChallengePurpose::Registration,
                    account_id: Some(account.id),
                    session: Some(who.session.id),
                    state: &state,
                    expires_at: now.after(PASSKEY_CHALLENGE),
                };
                passkey_challenges::insert(tx, &new).await?;
                Ok(options)
            })
            .await
    }

    /// Adds the passkey that an authenticator has made, with the name that its owner chose. Without one it is
    /// called after the authenticator's model, or else after the browser.
    ///
    /// # Errors
    /// `Invalid` when the answer or the name is refused; `ProofWanted`, `Throttled`; `Unauthenticated` when
    /// the session has ended meanwhile.
    pub async fn register(
        &self,
        who: &SignedIn,
        credential: &str,
        name: Option<&str>,
        client: &Client,
    ) -> Result<NewlyAdded, AccountError> {
        let party = self.party()?;
        let now = self.clock.now();
        proven_lately(&who.session, now)?;
        let account = who.account().id;
        spend(&self.limiter, Action::SettingsWrite, account, client, now)?;
        let name = clean_text(name.unwrap_or_default(), PASSKEY_NAME_MAX_CHARS)
            .map_err(|code| AccountError::field(Field::PasskeyName, code))?;
        if credential.is_empty() {
            // A page sends this where it could not even begin.
            let full = passkeys::count(&mut self.store.read().await?, account).await? >= MOST_PASSKEYS;
            let code =
                if full { FieldCode::PasskeysTooMany { max: MOST_PASSKEYS } } else { FieldCode::Required };
            return Err(refused(code));
        }
        let checked = match AuthenticatorAnswer::to_registration(credential) {
            Some(answer) => self.check_registration(party, who, answer, client, now).await?,
            None => return self.refuse_noted(Some(account), FieldCode::PasskeyRefused, client, now).await,
        };
        let name = match (name, checked.model.name()) {
            (name, _) if !name.is_empty() => name,
            (_, Some(model)) => model.to_owned(),
            (_, None) => client.browser_label.clone(),
        };
        let random = self.random.as_ref();
        self.store
            .transact_on(account, async |tx| write(tx, who, &checked, name, random, client, now).await)
            .await
    }

    async fn check_registration(
        &self,
        party: &RelyingParty,
        who: &SignedIn,
        answer: AuthenticatorAnswer<RegisterPublicKeyCredential>,
        client: &Client,
        now: Millis,
    ) -> Result<Checked, AccountError> {
        let account = who.account().id;
        let (found, taken) = {
            let mut db = self.store.read().await?;
            let purpose = ChallengePurpose::Registration;
            let found = passkey_challenges::find(&mut db, &answer.challenge, purpose, now).await?;
            (found, passkeys::find_by_credential(&mut db, &answer.credential.raw_id).await?.is_some())
        };
        let bound = (Some(account), Some(who.session.id));
        let Some(state) = found.filter(|found| (found.account_id, found.session) == bound) else {
            return self.refuse_noted(Some(account), FieldCode::PasskeyExpired, client, now).await;
        };
        let state: PasskeyRegistration = serde_json::from_str(&state.state).map_err(unreadable)?;
        let code = if taken {
            FieldCode::PasskeyTaken
        } else {
            match party.webauthn.finish_passkey_registration(&answer.credential, &state) {
                // The number outside of what the authenticator wrote is the one that was looked up.
                Ok(passkey) if *passkey.cred_id() == answer.credential.raw_id => {
                    let site: [u8; 32] = Sha256::digest(party.id()).into();
                    let model = answer::model(&answer.credential.response.attestation_object, &site);
                    return Ok(Checked { challenge: answer.challenge, passkey, model });
                }
                Ok(_) => FieldCode::PasskeyRefused,
                Err(error) => {
                    log::info!("a new passkey of account {account} was refused: {error}");
                    FieldCode::PasskeyRefused
                }
            }
        };
        self.refuse(&answer.challenge, Some(account), code, client, now).await
    }

    /// Writes an answer to no living challenge to the log of the account that it was for, if that is known.
    ///
    /// # Errors
    /// `Invalid`, always.
    pub(super) async fn refuse_noted<T>(
        &self,
        account: Option<AccountId>,
        code: FieldCode,
        client: &Client,
        now: Millis,
    ) -> Result<T, AccountError> {
        if let Some(account) = account {
            let noted = Noted::by_owner(EventKind::PasskeyRefused, code.code());
            let written: Result<(), StoreError> = self
                .store
                .transact_on(account, async |tx| security_log::note(tx, account, &noted, client, now).await)
                .await;
            written?;
        }
        Err(refused(code))
    }

    /// Uses the challenge of a wrong answer up, and writes to the log of the account whose passkey it was.
    ///
    /// # Errors
    /// `Invalid`, always.
    pub(super) async fn refuse<T>(
        &self,
        challenge: &[u8],
        account: Option<AccountId>,
        code: FieldCode,
        client: &Client,
        now: Millis,
    ) -> Result<T, AccountError> {
        let number = account.unwrap_or(AccountId(0));
        let written: Result<(), StoreError> = self
            .store
            .transact_on(number, async |tx| {
                if passkey_challenges::consume(tx, challenge, now).await?
                    && let Some(account) = account
                {
                    let noted = Noted::by_owner(EventKind::PasskeyRefused, code.code());
                    security_log::note(tx, account, &noted, client, now).await?;
                }
                Ok(())
            })
            .await;
        written?;
        Err(refused(code))
    }
}

impl RelyingParty {
    /// The options for a new passkey, its challenge, and what the answer is checked against.
    fn registration(
        &self,
        who: &SignedIn,
        handle: &[u8],
        present: Vec<Vec<u8>>,
    ) -> Result<(Value, Vec<u8>, String), AccountError> {
        let handle = Uuid::from_slice(handle).map_err(unreadable)?;
        let email = who.account().email.as_str();
        let begun =
            self.webauthn.start_passkey_registration(handle, email, &who.state.display_name, Some(present));
        let (options, state) = begun.map_err(unreadable)?;
        let challenge = options.public_key.challenge.clone();
        let mut options = serde_json::to_value(options).map_err(unreadable)?;
        // The library discourages what signing in without an address needs: that the authenticator itself
        // remembers the passkey.
        if let Some(wanted) = options.pointer_mut("/publicKey/authenticatorSelection") {
            wanted["residentKey"] = "required".into();
            wanted["requireResidentKey"] = true.into();
        }
        Ok((options, challenge, serde_json::to_string(&state).map_err(unreadable)?))
    }
}

/// Writes a passkey that was checked. Everything that others may have changed meanwhile is looked at again.
async fn write(
    tx: &mut Tx,
    who: &SignedIn,
    checked: &Checked,
    name: String,
    random: &dyn Random,
    client: &Client,
    now: Millis,
) -> Result<NewlyAdded, AccountError> {
    let id = who.account().id;
    require_session(tx, who).await?;
    let account = accounts::find(tx, id).await?.ok_or(AccountError::Unauthenticated)?.account;
    if !passkey_challenges::consume(tx, &checked.challenge, now).await? {
        return Err(refused(FieldCode::PasskeyExpired));
    }
    if passkeys::count(tx, id).await? >= MOST_PASSKEYS {
        return Err(refused(FieldCode::PasskeysTooMany { max: MOST_PASSKEYS }));
    }
    let credential = serde_json::to_string(&checked.passkey).map_err(unreadable)?;
    let new = NewPasskey {
        account_id: id,
        credential_id: checked.passkey.cred_id(),
        credential: &credential,
        sign_count: sign_count(&credential),
        model: checked.model,
        name: &name,
    };
    let number = insert(tx, &new, now).await?;
    let codes = begun(tx, random, id, now).await?;
    if codes.is_some() {
        // As with the first authenticator app.
        sessions::add_factor(tx, &who.session, Factor::Passkey).await?;
    }
    security_log::note(tx, id, &Noted::by_owner(EventKind::PasskeyAdded, &name), client, now).await?;
    cause::notify(tx, MailKind::PasskeyAdded, &account, client, now).await?;
    let passkey = Passkey {
        id: number,
        account_id: id,
        credential_id: new.credential_id.to_vec(),
        model: checked.model,
        created_at: now,
        seen_at: None,
        place: String::new(),
        name,
    };
    Ok(NewlyAdded { passkey, codes })
}

async fn insert(tx: &mut Tx, new: &NewPasskey<'_>, now: Millis) -> Result<PasskeyId, AccountError> {
    match passkeys::insert(tx, new, now).await {
        Err(StoreError::Conflict(_)) => Err(refused(FieldCode::PasskeyTaken)),
        inserted => Ok(inserted?),
    }
}

/// The counter inside a passkey, which the library shows nowhere else.
pub(in crate::flows) fn sign_count(credential: &str) -> i64 {
    let credential: Value = serde_json::from_str(credential).unwrap_or_default();
    credential.pointer("/cred/counter").and_then(Value::as_i64).unwrap_or_default()
}

/// Whether a passkey that was stored elsewhere can be checked here.
pub(in crate::flows) fn is_readable(credential: &str) -> bool {
    serde_json::from_str::<webauthn_rs::prelude::Passkey>(credential).is_ok()
}

/// What the library or the database holds that cannot be read.
pub(super) fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> AccountError {
    AccountError::Internal(InternalError::new(error))
}
