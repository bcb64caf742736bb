//! The services, bundled, and what pages and dialects ask beside them.

use std::sync::Arc;

use super::account::{Pictures, Profiles, Registrations};
use super::administration::{Administration, Erasures};
use super::data_export::DataExports;
use super::doctors_proof::DoctorsProof;
use super::factor_recovery::{DueRecoveries, FactorRecovery};
use super::jobs::{HashSample, RefusalLog, Sweep};
use super::keys::{ApiKeys, AppPasswords, Bearers, UserSecrets};
use super::links::Links;
use super::mail::Mailing;
use super::oidc::{Logouts, Oidc};
use super::openings::Openings;
use super::own_deletion::OwnDeletion;
use super::paired::PairedDevices;
use super::passkeys::Passkeys;
use super::policy::AccountPolicy;
use super::providers::Providers;
use super::second_factors::SecondFactors;
use super::security_log::SecurityLog;
use super::sessions::proof::proven_lately;
use super::sessions::signed_in::SignedIn;
use super::sessions::{Proofs, Sessions};
use super::sign_in::SignIn;
use super::sign_in::admission::Admission;
use super::webhooks::Webhooks;
use domain::{Account, AccountError, AccountId, Clock, Millis, Random, Step};
use store::{Store, accounts};

/// What the pages and dialects call.
pub struct Services {
    pub sign_in: Arc<SignIn>,
    /// Codes of authenticator apps, and recovery codes.
    pub second_factors: Arc<SecondFactors>,
    pub sessions: Sessions,
    /// Proving once more who one is.
    pub proofs: Proofs,
    /// The list of what opens an account.
    pub openings: Openings,
    /// Second factors that were lost.
    pub factor_recovery: FactorRecovery,
    /// The taking off of second factors, when its time has come.
    pub due_recoveries: DueRecoveries,
    /// What happened to an account.
    pub security_log: SecurityLog,
    pub registration: Arc<Registrations>,
    pub profile: Profiles,
    pub pictures: Arc<Pictures>,
    pub links: Arc<Links>,
    pub paired: Arc<PairedDevices>,
    pub passkeys: Passkeys,
    pub bearers: Bearers,
    pub keys: Arc<ApiKeys>,
    pub user_secrets: UserSecrets,
    /// Passwords that were made for one program each.
    pub app_passwords: AppPasswords,
    /// Telling registered clients who signed in.
    pub oidc: Oidc,
    /// Telling them that somebody has signed out.
    pub logouts: Arc<Logouts>,
    /// Signing in with accounts at other providers.
    pub providers: Providers,
    /// Other people's accounts.
    pub administration: Administration,
    /// Sending mail.
    pub mailing: Arc<Mailing>,
    /// Telling sites what happens.
    pub webhooks: Arc<Webhooks>,
    /// Files with what accounts have, for their owners.
    pub data_exports: Arc<DataExports>,
    /// Removal of expired rows.
    pub sweep: Sweep,
    /// Whether the operator's doctor asks.
    pub doctors_proof: DoctorsProof,
    /// Deleting one's own account.
    pub own_deletion: OwnDeletion,
    /// Removal of deleted accounts.
    pub erasures: Erasures,
    /// What names without an account cost.
    pub hash_sample: HashSample,
    /// The line in the log about what the limits refuse.
    pub refusal_log: RefusalLog,
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) policy: AccountPolicy,
    pub(super) admission: Admission,
}

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

    /// What the owner of `account` has to do before its sessions serve for anything else: agree to the terms
    /// of use, or set up the second factor that its role requires.
    pub fn held_for(&self, account: &Account) -> Option<Step> {
        self.admission.held_for(account)
    }

    /// Whether the operator wants `account`'s address verified and it is not.
    pub fn awaits_proof(&self, account: &Account) -> bool {
        self.policy.verification.asks(account)
    }
}
