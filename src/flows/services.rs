//! What pages and dialects ask beside the services.

use super::sessions::proof::proven_lately;
use super::{AccountPolicy, Services, SignedIn};
use domain::{Account, AccountError, AccountId, Clock, Millis, Random};
use store::{Store, accounts};

impl Services {
    /// The operator's rules.
    pub fn policy(&self) -> &AccountPolicy {
        &self.policy
    }

    /// The database, for health checks and plug-ins.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The clock; tests set it.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Where secrets are drawn from.
    pub fn random(&self) -> &dyn Random {
        self.random.as_ref()
    }

    /// The present time; tests set it.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Reads an account from the database.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, AccountError> {
        let mut db = self.store.read().await?;
        Ok(accounts::find(&mut db, id).await?.map(|found| found.account))
    }

    /// Whether the owner of this session has proven lately who they are (`PROOF_LASTS`), as what matters most
    /// wants it.
    ///
    /// # Errors
    /// `ProofWanted`.
    pub fn require_proof(&self, who: &SignedIn) -> Result<(), AccountError> {
        proven_lately(&who.session, self.clock.now())
    }

    /// Whether the role of `account` requires a second factor that it has not set up: then its sessions serve
    /// for nothing else.
    pub fn lacks_factor(&self, account: &Account) -> bool {
        self.admission.lacks_factor(account)
    }

    /// Whether the operator wants `account`'s address verified and it is not.
    pub fn awaits_proof(&self, account: &Account) -> bool {
        self.policy.verification.asks(account)
    }
}
