//! What an account can do, and the only place that decides it. A command goes in, an outcome or an
//! [`AccountError`] comes out; no HTTP, no templates, no SQL.

mod addresses;
mod administration;
pub mod api_keys;
mod autologin;
mod bearers;
mod client;
mod device_news;
mod devices;
mod grants;
mod login;
pub mod mail;
mod passwords;
mod pictures;
mod recovery;
mod refusals;
mod registration;
mod sessions;
mod settings;
mod signed_in;
mod sweep;
mod user_secrets;
mod verification;
mod waiting_room;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zeroize::Zeroizing;

use crate::domain::{
    Account, AccountError, AccountId, ApiKeyId, Clock, CustomFields, Millis, Password, PasswordPolicy,
    PictureLimits, Random, SessionLimits, Verification,
};
use crate::infra::hasher::Hasher;
use crate::infra::limiter::Limiter;
use crate::infra::mailer::Mailer;
use crate::infra::picture::{PicturePool, PictureStorage};
use crate::store::{Store, accounts};
use crate::view::Renderer;

pub use administration::{AccountChange, NewAccount};
pub use api_keys::PresentedKey;
pub use autologin::TicketLogin;
pub use client::Client;
pub use device_news::{DeviceNews, NewsOfDevice};
pub use devices::{DeviceStatus, FetchedBearer, Pairer, StartedDevice};
pub use grants::Grant;
pub use login::{LoggedIn, LoginAttempt};
pub use pictures::{CropRequest, letter_picture, picture_addresses};
pub use recovery::ResetOffer;
pub use registration::{NewRegistration, Registered};
pub use settings::{PasswordChange, ProfileInput};
pub use signed_in::{AccountState, SignedIn};
pub use user_secrets::{ResetCaller, ResetOutcome};
pub use verification::{AddressProof, VerificationOffer};

use mail::send::Mailing;
use refusals::{refuse_hash, refuse_throttled};
use signed_in::SignedInCache;
use waiting_room::WaitingRoom;

/// What the flows are allowed to do, derived from the settings.
#[derive(Clone, Debug)]
pub struct AccountPolicy {
    /// Rules for new passwords.
    pub password: PasswordPolicy,
    /// How long sessions last.
    pub session: SessionLimits,
    /// Sessions kept in memory.
    pub cached_sessions: u64,
    /// The operator's fields.
    pub fields: CustomFields,
    /// Languages that an account may choose.
    pub locales: Vec<String>,
    /// How large an uploaded picture may be.
    pub picture: PictureLimits,
    /// Whether addresses have to be proven.
    pub verification: Verification,
}

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

/// What is needed for mail.
pub struct MailParts {
    /// Sends it.
    pub mailer: Mailer,
    /// Words it.
    pub renderer: Arc<Renderer>,
    /// Where its links lead, such as `https://accounts.example.org`.
    pub origin: String,
    /// Messages that are sent at once, at most.
    pub at_once: usize,
    /// Transactions that are open for them at once, at most; at least one.
    pub writes_at_once: usize,
}

/// Everything an account can do. Cheap to clone.
#[derive(Clone)]
pub struct Flows(Arc<Inner>);

struct Inner {
    parts: Parts,
    cache: Arc<SignedInCache>,
    mailing: Arc<Mailing>,
    devices: Arc<WaitingRoom>,
    /// When the use of each API key was last noted by this instance.
    keys_touched: Mutex<HashMap<ApiKeyId, Millis>>,
}

impl Flows {
    /// Puts the parts together and starts listening for changes.
    pub fn new(parts: Parts) -> Self {
        let cache = Arc::new(SignedInCache::new(parts.policy.cached_sessions));
        let mailing = Arc::new(Mailing::new(parts.mail.writes_at_once));
        parts.store.subscribe(cache.clone());
        parts.store.subscribe(mailing.clone());
        let devices = WaitingRoom::new();
        parts.store.subscribe(devices.clone());
        Self(Arc::new(Inner { parts, cache, mailing, devices, keys_touched: Mutex::default() }))
    }

    /// The rules.
    pub fn policy(&self) -> &AccountPolicy {
        &self.0.parts.policy
    }

    /// The database, for health checks and plug-ins.
    pub fn store(&self) -> &Store {
        &self.0.parts.store
    }

    /// The time: in tests it is the one that they set.
    pub fn now(&self) -> Millis {
        self.parts().clock.now()
    }

    /// The account of this number, read afresh.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, AccountError> {
        let mut db = self.store().read().await?;
        Ok(accounts::find(&mut db, id).await?.map(|found| found.account))
    }

    fn parts(&self) -> &Parts {
        &self.0.parts
    }

    async fn hash(&self, password: &Password, client: &Client) -> Result<String, AccountError> {
        let hashed = self.parts().hasher.hash(Zeroizing::new(password.as_bytes().to_vec()));
        let hashed = client.wait_for(hashed).await;
        Ok(hashed.map_err(refuse_hash)?.into_string())
    }
}
