//! What an account can do, and the only place that decides it. A command goes in, an outcome or an
//! [`AccountError`] comes out. No HTTP and no SQL; templates only where mail is worded.
//!
//! Each service is a small struct of what it needs. [`Flows`] is the bundle of them and has no rule of its
//! own.

mod account;
mod avatar;
mod client;
mod jobs;
mod keys;
mod links;
pub mod mail;
mod paired;
mod passwords;
mod policy;
mod refusals;
mod sessions;
mod sign_in;
mod staff;

#[cfg(test)]
mod fixture;

use std::ops::Deref;
use std::sync::Arc;

use domain::{Account, AccountError, AccountId, Clock, Millis, Random};
use hasher::Hasher;
use limiter::Limiter;
use pictures::{PicturePool, PictureStorage};
use store::{Store, accounts};

pub use account::{
    CropRequest, NewRegistration, PasswordChange, Pictures, ProfileInput, Profiles, Registered,
    Registrations, letter_picture,
};
pub use avatar::Avatar;
pub use client::Client;
pub use jobs::Sweep;
pub use keys::{ApiKeys, Bearers, PresentedKey, ResetCaller, ResetOutcome, UserSecrets, api_keys};
pub use links::{AddressProof, Links};
pub use mail::{MailParts, Mailing};
pub use paired::{DeviceNews, DeviceStatus, FetchedBearer, PairedDevices, Pairer};
pub use policy::AccountPolicy;
pub use sessions::{Sessions, SignedIn};
pub use sign_in::{Grant, LoginAttempt, SignIn, SignInOutcome, TicketLogin};
pub use staff::{AccountChange, NewAccount, Staff};

use mail::cause::Notices;
use passwords::Passwords;
use sign_in::admission::Admission;
use sign_in::grants::Grants;

/// The parts that flows work with.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Password hashing.
    pub hasher: Hasher,
    /// Who may try how often.
    pub limiter: Limiter,
    /// Makes pictures fit to show.
    pub pictures_at_work: PicturePool,
    /// Where pictures are kept.
    pub pictures: Arc<dyn PictureStorage>,
    /// Mail.
    pub mail: MailParts,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// The rules.
    pub policy: AccountPolicy,
}

/// Everything an account can do. Cheap to clone.
#[derive(Clone)]
pub struct Flows(Arc<Services>);

impl Deref for Flows {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}

/// What accounts can do, by what it is about.
pub struct Services {
    /// Signing in.
    pub sign_in: Arc<SignIn>,
    /// Sessions of browsers.
    pub sessions: Sessions,
    /// Making accounts.
    pub registration: Arc<Registrations>,
    /// Changing one's own account.
    pub profile: Profiles,
    /// Pictures of accounts.
    pub pictures: Pictures,
    /// Mailed links.
    pub links: Arc<Links>,
    /// Paired devices.
    pub paired: Arc<PairedDevices>,
    /// Bearers.
    pub bearers: Bearers,
    /// API keys.
    pub keys: Arc<ApiKeys>,
    /// User secrets.
    pub user_secrets: UserSecrets,
    /// Other people's accounts.
    pub staff: Staff,
    /// Sending mail.
    pub mailing: Arc<Mailing>,
    /// Clearing away what has expired.
    pub sweep: Sweep,
    store: Store,
    clock: Arc<dyn Clock>,
    policy: AccountPolicy,
}

impl Flows {
    /// Puts the services together and starts listening for changes.
    pub fn new(parts: Parts) -> Self {
        let Parts { store, hasher, limiter, pictures_at_work, pictures, mail, clock, random, policy } = parts;
        let verification = policy.verification;
        let admission = Admission { verification };
        let grants = Grants { random: random.clone() };
        let notices = Notices { store: store.clone(), limiter: limiter.clone(), clock: clock.clone() };
        let passwords = Passwords {
            store: store.clone(),
            hasher: Arc::new(hasher),
            limiter: limiter.clone(),
            clock: clock.clone(),
            rules: policy.password.clone(),
        };
        let bearers = Bearers { store: store.clone(), clock: clock.clone(), grants: grants.clone() };
        let keys = Arc::new(ApiKeys::new(store.clone(), clock.clone()));
        let sign_in = Arc::new(SignIn {
            store: store.clone(),
            limiter: limiter.clone(),
            clock: clock.clone(),
            random: random.clone(),
            passwords: passwords.clone(),
            admission,
            grants: grants.clone(),
            notices: notices.clone(),
        });
        let registration = Arc::new(Registrations {
            store: store.clone(),
            limiter: limiter.clone(),
            clock: clock.clone(),
            passwords: passwords.clone(),
            admission,
            grants: grants.clone(),
            notices: notices.clone(),
            fields: policy.fields.clone(),
            verification,
        });
        let links = Arc::new(Links {
            store: store.clone(),
            limiter: limiter.clone(),
            clock: clock.clone(),
            passwords: passwords.clone(),
            notices,
            verification,
        });
        let services = Services {
            sessions: Sessions::new(store.clone(), clock.clone(), policy.session, policy.cached_sessions),
            profile: Profiles {
                store: store.clone(),
                limiter: limiter.clone(),
                clock: clock.clone(),
                passwords: passwords.clone(),
                fields: policy.fields.clone(),
                locales: policy.locales.clone(),
            },
            pictures: Pictures {
                store: store.clone(),
                limiter: limiter.clone(),
                clock: clock.clone(),
                pool: pictures_at_work,
                storage: pictures,
                max_mib: policy.picture.max_mib,
            },
            paired: Arc::new(PairedDevices::new(
                store.clone(),
                limiter,
                clock.clone(),
                random.clone(),
                bearers.clone(),
            )),
            user_secrets: UserSecrets {
                store: store.clone(),
                clock: clock.clone(),
                random: random.clone(),
                passwords: passwords.clone(),
                admission,
                grants: grants.clone(),
                bearers: bearers.clone(),
                sign_in: sign_in.clone(),
                links: links.clone(),
            },
            staff: Staff {
                store: store.clone(),
                clock: clock.clone(),
                passwords,
                grants,
                registration: registration.clone(),
                sign_in: sign_in.clone(),
                links: links.clone(),
                keys: keys.clone(),
                fields: policy.fields.clone(),
                verification,
            },
            mailing: Arc::new(Mailing::new(store.clone(), clock.clone(), random, mail)),
            sweep: Sweep { store: store.clone(), clock: clock.clone(), limits: policy.session },
            sign_in,
            registration,
            links,
            bearers,
            keys,
            store,
            clock,
            policy,
        };
        Self(Arc::new(services))
    }
}

impl Services {
    /// The rules.
    pub fn policy(&self) -> &AccountPolicy {
        &self.policy
    }

    /// The database, for health checks and plug-ins.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The time: in tests it is the one that they set.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// The account of this number, read afresh.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, AccountError> {
        let mut db = self.store.read().await?;
        Ok(accounts::find(&mut db, id).await?.map(|found| found.account))
    }

    /// Whether the owner of `account` is still to prove its address.
    pub fn awaits_proof(&self, account: &Account) -> bool {
        self.policy.verification.asks(account)
    }
}
