//! Accounts at other providers that come along and sign in here.

use domain::AccountId;
use store::identities::{self, NewIdentity};
use store::{StoreError, Tx};

use super::Import;
use super::row::WantedIdentity;

impl Import<'_> {
    /// Links an account to those that it had at other providers. Returns whether another account here has one
    /// of them: that one stays with whom it is.
    pub(super) async fn link(
        &self,
        tx: &mut Tx,
        id: AccountId,
        wanted: &[WantedIdentity],
    ) -> Result<bool, StoreError> {
        let mut taken = false;
        for WantedIdentity { issuer, subject } in wanted {
            match identities::find(tx, issuer, subject).await? {
                Some((owner, _)) => taken |= owner != id,
                None => {
                    // What the provider calls them, they are asked for when they sign in.
                    let new = NewIdentity { issuer, subject, handle: subject };
                    identities::insert(tx, id, &new, self.now).await?;
                }
            }
        }
        Ok(taken)
    }
}
