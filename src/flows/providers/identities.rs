//! The accounts at providers that sign in to an account: linking, listing and unlinking them.

use ::providers::Identity;
use domain::{AccountError, EventKind, FieldCode, IdentityId, LinkedIdentity, MailKind};
use limiter::Action;
use store::identities::{self, NewIdentity};
use store::{StoreError, Tx, accounts, passkeys, pending_sign_ins};

use super::{Providers, refused};
use crate::flows::client::Client;
use crate::flows::mail::cause;
use crate::flows::refusals::spend;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::{SignedIn, require_session};

/// A provider, and the account there that signs in.
#[derive(Clone, Debug)]
pub struct ProviderState {
    /// Its name; empty for one that this server is registered at no more.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// The account there, if one is linked.
    pub linked: Option<LinkedIdentity>,
}

impl Providers {
    /// Every provider with the account there that signs in to this one, and accounts at providers of before.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn states(&self, who: &SignedIn) -> Result<Vec<ProviderState>, AccountError> {
        let mut linked = identities::list(&mut self.store.read().await?, who.account().id).await?;
        let known = self.all.iter().map(|provider| {
            let settings = provider.settings();
            let at = linked.iter().position(|identity| identity.issuer == settings.issuer);
            let (name, label) = (settings.name.clone(), settings.label.clone());
            ProviderState { name, label, linked: at.map(|at| linked.remove(at)) }
        });
        let mut states: Vec<_> = known.collect();
        states.extend(linked.into_iter().map(|identity| {
            let label = self.label_of(&identity.issuer).to_owned();
            ProviderState { name: String::new(), label, linked: Some(identity) }
        }));
        Ok(states)
    }

    /// Links `identity` to the account that is signed in. Who its owner is was proven lately when they left
    /// for the provider, or is when they come back.
    ///
    /// # Errors
    /// `Invalid` when another account has the identity, or the account another one of the same provider;
    /// `Unauthenticated` when the session has ended meanwhile; `Throttled`.
    pub(super) async fn link(
        &self,
        who: &SignedIn,
        identity: &Identity,
        label: &str,
        client: &Client,
    ) -> Result<(), AccountError> {
        let (id, now) = (who.account().id, self.clock.now());
        spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        let linked = self.store.transact_on(id, async |tx| {
            require_session(tx, who).await?;
            let account = accounts::find(tx, id).await?.ok_or(AccountError::Unauthenticated)?.account;
            match identities::find(tx, &identity.issuer, &identity.subject).await? {
                // The button was pressed twice.
                Some((owner, _)) if owner == id => return Ok(()),
                Some(_) if !self.free(tx, identity).await? => {
                    return Err(refused(FieldCode::IdentityTaken));
                }
                Some(_) | None => {}
            }
            let others = identities::list(tx, id).await?;
            if others.iter().any(|other| other.issuer == identity.issuer) {
                return Err(refused(FieldCode::IdentityDouble));
            }
            let Identity { issuer, subject, handle, .. } = identity;
            let new = NewIdentity { issuer, subject, handle };
            identities::insert(tx, id, &new, now).await.map_err(taken)?;
            let noted = Noted::by_owner(EventKind::IdentityLinked, label);
            security_log::note(tx, id, &noted, client, now).await?;
            cause::notify_with(tx, MailKind::IdentityLinked, &account, label, client, now).await?;
            Ok(())
        });
        linked.await
    }

    /// Frees an identity of an account that nobody can sign in to before its address is proven: whoever made
    /// it may have mistyped that. Returns `false` for any other account's, which keeps it.
    pub(super) async fn free(&self, tx: &mut Tx, identity: &Identity) -> Result<bool, StoreError> {
        let found = identities::find(tx, &identity.issuer, &identity.subject).await?;
        let Some((owner, id)) = found else { return Ok(true) };
        // A deleted account keeps what it has, for it may be restored.
        let owned = accounts::find_even_deleted(tx, owner).await?;
        let unproven = owned
            .is_none_or(|owned| owned.account.verified_at.is_none() && owned.account.deleted_at.is_none());
        if self.admission.of_new_accounts().is_none() || !unproven {
            return Ok(false);
        }
        identities::remove(tx, owner, id).await?;
        Ok(true)
    }

    /// Unlinks an account at a provider, but not the last thing that signs in.
    ///
    /// # Errors
    /// `Invalid` for the last one of an account with neither a password nor a passkey; `NotFound` when the
    /// account has none with this number; `ProofWanted`, `Throttled`.
    pub async fn unlink(&self, who: &SignedIn, id: IdentityId, client: &Client) -> Result<(), AccountError> {
        let now = self.clock.now();
        proven_lately(&who.session, now)?;
        let account = who.account().id;
        spend(&self.limiter, Action::SettingsWrite, account, client, now)?;
        self.store
            .transact_on(account, async |tx| {
                require_session(tx, who).await?;
                let found = accounts::find(tx, account).await?.ok_or(AccountError::Unauthenticated)?;
                let issuer = identities::remove(tx, account, id).await?.ok_or(AccountError::NotFound)?;
                let opens = found.password_hash.is_some() || passkeys::any(tx, account).await?;
                if !opens && !self.any_works(tx, who).await? {
                    return Err(refused(FieldCode::IdentityLast));
                }
                // One that waits for the second step may have begun with it.
                pending_sign_ins::end_all(tx, account).await?;
                let label = self.label_of(&issuer);
                let noted = Noted::by_owner(EventKind::IdentityUnlinked, label);
                security_log::note(tx, account, &noted, client, now).await?;
                let mail = MailKind::IdentityUnlinked;
                cause::notify_with(tx, mail, &found.account, label, client, now).await?;
                Ok(())
            })
            .await
    }

    /// Whether an account at one of the providers of today signs in.
    async fn any_works(&self, tx: &mut Tx, who: &SignedIn) -> Result<bool, StoreError> {
        let left = identities::list(tx, who.account().id).await?;
        let works = |issuer: &str| self.all.iter().any(|provider| provider.settings().issuer == issuer);
        Ok(left.iter().any(|identity| works(&identity.issuer)))
    }
}

/// The refusal of an identity that another account was linked with in this moment.
pub(super) fn taken(error: StoreError) -> AccountError {
    match error {
        StoreError::Conflict(_) => refused(FieldCode::IdentityTaken),
        other => other.into(),
    }
}
