//! Somebody whom a provider vouches for, and whom no account has yet: they sign up, or link an account of
//! theirs.

use domain::{AccountError, AccountId, FieldCode, Token};
use store::pending_identities::{self, PendingIdentity};
use store::{Linked, StoreError, identities};

use super::{Providers, refused};
use crate::flows::client::Client;
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::SignedIn;
use ::providers::Identity;

/// Somebody whom no account has yet, as their browser shows them.
#[derive(Clone, Debug)]
pub struct WaitingIdentity {
    /// The secret of the browser's cookie.
    pub token: Token,
    /// The name of the provider.
    pub provider: String,
    /// What people call it.
    pub label: String,
    /// By what they recognise their account there; may be empty.
    pub handle: String,
    /// The address that the provider suggests; may be empty.
    pub email: String,
    /// The name that it suggests; may be empty.
    pub name: String,
    /// Where to go on to; may be empty.
    pub next: String,
}

impl Providers {
    /// Who has come back to this browser; `None` when that was too long ago, or they have an account since.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn waiting(&self, browsers: &[Token]) -> Result<Option<WaitingIdentity>, AccountError> {
        let Some((token, found)) = self.find_waiting(browsers).await? else { return Ok(None) };
        let PendingIdentity { provider, handle, email, name, next, .. } = found;
        let Ok(known) = self.named(&provider) else { return Ok(None) };
        let label = known.settings().label.clone();
        Ok(Some(WaitingIdentity { token, provider, label, handle, email, name, next }))
    }

    pub(super) async fn find_waiting(
        &self,
        browsers: &[Token],
    ) -> Result<Option<(Token, PendingIdentity)>, AccountError> {
        let now = self.clock.now();
        let mut db = self.store.read().await?;
        for token in browsers {
            if let Some(found) = pending_identities::find(&mut db, &token.digest(), now).await? {
                return Ok(Some((token.clone(), found)));
            }
        }
        Ok(None)
    }

    /// Links who has come back to this browser to the account that is signed in, whose owner has proven
    /// lately who they are. Returns where to go on to.
    ///
    /// # Errors
    /// `Invalid` when nobody waits in this browser; otherwise as [`link`](Self::link).
    pub async fn link_waiting(
        &self,
        who: &SignedIn,
        browsers: &[Token],
        client: &Client,
    ) -> Result<String, AccountError> {
        proven_lately(&who.session, self.clock.now())?;
        let waiting = self.find_waiting(browsers).await?;
        let (token, found) = waiting.ok_or_else(|| refused(FieldCode::ProviderLost))?;
        let label = self.named(&found.provider)?.settings().label.as_str();
        let PendingIdentity { issuer, subject, handle, email, name, next, .. } = found;
        self.link(who, &Identity { issuer, subject, email, name, handle }, label, client).await?;
        // A cookie that nobody has is of no use, and expires.
        let ended = self.store.transact(async |tx| pending_identities::end(tx, &token.digest()).await);
        ended.await?;
        Ok(next)
    }
}

/// The account that has the identity which one of `browsers` came back with.
///
/// # Errors
/// `Unavailable`.
pub(in crate::flows) async fn account_of(
    db: &mut impl Linked,
    browsers: &[Token],
    now: domain::Millis,
) -> Result<Option<AccountId>, StoreError> {
    for token in browsers {
        if let Some(found) = pending_identities::find(db, &token.digest(), now).await? {
            let owner = identities::find(db, &found.issuer, &found.subject).await?;
            return Ok(owner.map(|(account, _)| account));
        }
    }
    Ok(None)
}
