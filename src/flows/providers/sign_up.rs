//! Signing up by an account at a provider: no password is asked for. The address is as unproven as any that
//! is typed, whatever the provider says of it.

use std::time::Duration;

use ::providers::Identity;
use domain::{AccountError, AccountId, EventKind, Field, FieldCode, IdentityId, Millis, Token};
use store::accounts::{self, NewAccountRow};
use store::identities::{self, NewIdentity};
use store::pending_identities::{self, PendingIdentity};
use store::{StoreError, Tx, claims};

use super::identities::taken;
use super::{Providers, refused};
use crate::flows::account::NewRegistration;
use crate::flows::account::registration::note_agreement;
use crate::flows::client::Client;
use crate::flows::mail::cause::ask_for_proof;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::signed_in::SignedIn;
use crate::flows::sign_in::{IdentityLogin, LoggedIn, SignInOutcome};

/// How often a sign-up is tried while others take its address or its username.
const TRIES: u32 = 3;

/// How the audit log says that an account was made by an account at a provider.
const BY_PROVIDER: &str = "provider";

/// The form, and the browser's cookies.
pub struct ProviderSignUp<'a> {
    /// The form, without a password.
    pub form: NewRegistration<'a>,
    /// The secrets of browsers that came back from a provider.
    pub browsers: &'a [Token],
    /// The known-browser secret of this browser, if it has one.
    pub known: Option<&'a Token>,
    /// The browser's present session, which the new one replaces.
    pub replaces: Option<&'a SignedIn>,
}

/// What became of a sign-up.
#[derive(Debug)]
pub enum SignedUp {
    /// The account is made, and its owner is signed in; the way goes on there.
    Entered(Box<SignInOutcome<LoggedIn>>, String),
    /// A link is on its way to the address, whether or not that was another account's.
    ToVerify(String),
}

impl Providers {
    /// Makes an account for who has come back to this browser, and signs them in to it.
    ///
    /// # Errors
    /// `Invalid` when nobody waits in this browser, and with every field that fails its check; `Throttled`.
    pub async fn sign_up<'a>(
        &self,
        new: &ProviderSignUp<'a>,
        given: impl Fn(&str) -> Option<&'a str>,
        client: &Client,
    ) -> Result<SignedUp, AccountError> {
        let waiting = self.find_waiting(new.browsers).await?;
        let (token, found) = waiting.ok_or_else(|| refused(FieldCode::ProviderLost))?;
        let label = self.named(&found.provider)?.settings().label.clone();
        let PendingIdentity { issuer, subject, handle, email, name, next, .. } = found;
        let identity = Identity { issuer, subject, email, name, handle };
        let checked = self.registration.check_without_password(&new.form, given, client).await?;
        if self.admission.conceals(client) {
            self.register_concealed(&checked, &identity, &label, client).await?;
            return Ok(SignedUp::ToVerify(next));
        }
        let (account, id) = self.register(&checked, &identity, &label, client).await?;
        let ended = self.store.transact(async |tx| pending_identities::end(tx, &token.digest()).await);
        ended.await?;
        let attempt = IdentityLogin { account, id, browser: new.known, replaces: new.replaces };
        let outcome = self.sign_in.by_identity(&attempt, client).await?;
        Ok(SignedUp::Entered(Box::new(outcome), next))
    }

    /// Makes an account that an identity signs in to. Whose address is taken is told so.
    async fn register(
        &self,
        new: &NewAccountRow,
        identity: &Identity,
        label: &str,
        client: &Client,
    ) -> Result<(AccountId, IdentityId), AccountError> {
        let named = self.registration.taken(new).await?;
        if named.contains(&Field::Email) {
            self.registration.notices.notify_of_registration(&new.email, client).await?;
        }
        if !named.is_empty() {
            return Err(AccountError::taken(named));
        }
        let now = self.clock.now();
        let written = self.store.transact(async |tx| {
            // The form was sent twice, or the identity was linked in another tab.
            if !self.free(tx, identity).await? {
                return Err(refused(FieldCode::IdentityTaken));
            }
            // A concurrent sign-up took the address or the username.
            let id = accounts::insert(tx, new, now).await.map_err(|error| error.or_taken(Field::Email))?;
            security_log::note(tx, id, &Noted::by_owner(EventKind::Created, BY_PROVIDER), client, now)
                .await?;
            note_agreement(tx, id, new, client, now).await?;
            self.write_identity(tx, id, identity, label, client, now).await.map_err(taken)?;
            let found = identities::find(tx, &identity.issuer, &identity.subject).await?;
            found.ok_or_else(|| StoreError::Corrupt("identity that was just written").into())
        });
        written.await
    }

    /// Makes the account, or tells the owner of the one that has the address. The answer is the same.
    async fn register_concealed(
        &self,
        new: &NewAccountRow,
        identity: &Identity,
        label: &str,
        client: &Client,
    ) -> Result<(), AccountError> {
        self.registration.refuse_username(new).await?;
        let now = self.clock.now();
        for _ in 0..TRIES {
            let written: Result<(), StoreError> = self
                .store
                .transact(async |tx| self.write_concealed(tx, new, identity, label, client, now).await)
                .await;
            match written {
                // A concurrent sign-up took the address or the username.
                Err(StoreError::Conflict(_) | StoreError::Reserved) => {
                    self.registration.refuse_username(new).await?
                }
                written => return Ok(written?),
            }
        }
        Err(AccountError::Busy { retry_after: Duration::from_secs(1) })
    }

    async fn write_concealed(
        &self,
        tx: &mut Tx,
        new: &NewAccountRow,
        identity: &Identity,
        label: &str,
        client: &Client,
        now: Millis,
    ) -> Result<(), StoreError> {
        let created = Noted::by_owner(EventKind::Created, BY_PROVIDER);
        if let Some(owner) = accounts::owner_of(tx, &new.email).await? {
            let owner = owner.account;
            if let Some(username) = &new.username {
                claims::add_username(tx, owner.id, username, now).await?;
            }
            security_log::note_refused(tx, owner.id, (EventKind::Created, BY_PROVIDER), client, now).await?;
            return self.registration.notices.tell_owner(tx, &owner, client, now).await;
        }
        let id = accounts::insert(tx, new, now).await?;
        security_log::note(tx, id, &created, client, now).await?;
        note_agreement(tx, id, new, client, now).await?;
        if self.free(tx, identity).await? {
            self.write_identity(tx, id, identity, label, client, now).await?;
        }
        Ok(())
    }

    /// Links the identity to the account that was just made, and mails the link that proves its address where
    /// the operator wants that.
    async fn write_identity(
        &self,
        tx: &mut Tx,
        id: AccountId,
        identity: &Identity,
        label: &str,
        client: &Client,
        now: Millis,
    ) -> Result<(), StoreError> {
        let Identity { issuer, subject, handle, .. } = identity;
        identities::insert(tx, id, &NewIdentity { issuer, subject, handle }, now).await?;
        let noted = Noted::by_owner(EventKind::IdentityLinked, label);
        security_log::note(tx, id, &noted, client, now).await?;
        let made = accounts::find(tx, id).await?;
        let made = made.ok_or(StoreError::Corrupt("account that was just written"))?.account;
        ask_for_proof(tx, self.registration.verification, &made, client, now).await?;
        Ok(())
    }
}
