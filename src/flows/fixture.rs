//! Services over a scratch SQLite database, for unit tests of flows. No Rocket, templates or mail server is
//! started.

use std::net::Ipv4Addr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::account::proof_of_work::ProofOfWork;
use super::account::{Pictures, Registrations};
use super::administration::Administration;
use super::client::Client;
use super::keys::ApiKeys;
use super::links::Links;
use super::mail::cause::Notices;
use super::passkeys::Passkeys;
use super::passwords::Passwords;
use super::second_factors::SecondFactors;
use super::sessions::signed_in::{AccountState, SignedIn};
use super::sign_in::SignIn;
use super::sign_in::admission::Admission;
use super::sign_in::grants::Grants;
use domain::{
    Account, AccountId, BotGuard, Clock, CustomFields, EmailAddress, Millis, OsRandom, Password,
    PasswordPolicy, ProfileChange, Random as _, Role, SignUpRules, Ticket, TicketPurpose, Token,
    Verification,
};
use hasher::{HashCost, Hasher, HasherSettings};
use limiter::{Limiter, LimiterSettings};
use mailer::{Mailer, MailerSettings};
use pictures::{PicturePool, PictureStorage, PictureWorkshop};
use secrets::{Keyring, SecretKey, SecretKeys};
use store::accounts::{self, NewAccountRow};
use store::sessions::{self, NewSession};
use store::{DbPool, Store, StoreError, tickets};

pub(super) const PASSWORD: &str = "correct horse battery";

/// A clock that moves only when a test moves it.
pub(super) struct SetClock(AtomicI64);

impl SetClock {
    pub(super) fn forward(&self, by: Duration) {
        let now = self.now().after(by);
        self.0.store(now.0, Ordering::Relaxed);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::Relaxed))
    }
}

pub(super) struct Fixture {
    pub(super) store: Store,
    pub(super) clock: Arc<SetClock>,
    pub(super) verification: Verification,
    hasher: Arc<Hasher>,
    limiter: Limiter,
    pub(super) secrets: Keyring,
    folder: tempfile::TempDir,
}

impl Fixture {
    pub(super) async fn new(verification: Verification) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.sqlite").display());
        let pool = DbPool::connect(&url, 2, Duration::from_secs(5)).await.unwrap();
        // The hasher accepts no lower cost. Each test computes few hashes.
        let cost = HashCost::default();
        let one = NonZeroUsize::MIN;
        let settings = HasherSettings { cost, threads: one, queue: one, share: one };
        let random = Arc::new(|bytes: &mut [u8]| OsRandom.fill(bytes));
        Self {
            store: Store::open(pool).await.unwrap(),
            clock: Arc::new(SetClock(AtomicI64::new(1_767_225_600_000))),
            verification,
            hasher: Arc::new(Hasher::start(&settings, random).unwrap()),
            limiter: Limiter::new(LimiterSettings::default()),
            secrets: Keyring::fixed(SecretKeys::only(SecretKey::generate(&OsRandom))),
            folder,
        }
    }

    pub(super) fn passwords(&self) -> Passwords {
        Passwords {
            store: self.store.clone(),
            hasher: self.hasher.clone(),
            limiter: self.limiter.clone(),
            clock: self.clock.clone(),
            rules: PasswordPolicy { min_length: 8, site_name: "Example".into(), host: String::new() },
            secret_outlives: false,
        }
    }

    pub(super) fn second_factors(&self) -> SecondFactors {
        SecondFactors {
            store: self.store.clone(),
            limiter: self.limiter.clone(),
            clock: self.clock.clone(),
            random: Arc::new(OsRandom),
            secrets: self.secrets.clone(),
        }
    }

    fn passkeys(&self) -> Passkeys {
        Passkeys {
            store: self.store.clone(),
            limiter: self.limiter.clone(),
            clock: self.clock.clone(),
            random: Arc::new(OsRandom),
            relying_party: None,
        }
    }

    fn grants(&self) -> Grants {
        Grants { random: Arc::new(OsRandom), sign_ins: Arc::default() }
    }

    fn notices(&self) -> Notices {
        let (store, clock) = (self.store.clone(), self.clock.clone());
        Notices { store, verification: self.verification, clock }
    }

    pub(super) fn sign_in(&self) -> SignIn {
        SignIn {
            store: self.store.clone(),
            limiter: self.limiter.clone(),
            clock: self.clock.clone(),
            random: Arc::new(OsRandom),
            passwords: self.passwords(),
            passkeys: self.passkeys(),
            admission: Admission::plain(self.verification),
            grants: self.grants(),
            notices: self.notices(),
            second_factors: Arc::new(self.second_factors()),
        }
    }

    pub(super) fn registration(&self) -> Registrations {
        Registrations {
            store: self.store.clone(),
            limiter: self.limiter.clone(),
            clock: self.clock.clone(),
            passwords: self.passwords(),
            sign_in: Arc::new(self.sign_in()),
            mailer: self.mailer(),
            admission: Admission::plain(self.verification),
            grants: self.grants(),
            notices: self.notices(),
            fields: CustomFields::default(),
            verification: self.verification,
            rules: SignUpRules::default(),
            work: ProofOfWork {
                secrets: self.secrets.clone(),
                clock: self.clock.clone(),
                random: Arc::new(OsRandom),
                guard: BotGuard::Off,
            },
        }
    }

    pub(super) fn links(&self) -> Links {
        Links {
            store: self.store.clone(),
            limiter: self.limiter.clone(),
            clock: self.clock.clone(),
            passwords: self.passwords(),
            notices: self.notices(),
            mailer: self.mailer(),
            verification: self.verification,
            random: Arc::new(OsRandom),
            rules: SignUpRules::default(),
        }
    }

    /// Without a mail server.
    fn mailer(&self) -> Arc<Mailer> {
        let settings = MailerSettings {
            url: None,
            credentials: None,
            authority: None,
            folder: self.folder.path().join("mail"),
            from: "no-reply@example.org".into(),
            from_name: "Example".into(),
            host: "example.org".into(),
            connections: 1,
        };
        Arc::new(Mailer::new(&settings).unwrap())
    }

    pub(super) fn administration(&self) -> Administration {
        Administration {
            store: self.store.clone(),
            clock: self.clock.clone(),
            passwords: self.passwords(),
            grants: self.grants(),
            registration: Arc::new(self.registration()),
            sign_in: Arc::new(self.sign_in()),
            links: Arc::new(self.links()),
            keys: Arc::new(ApiKeys::new(self.store.clone(), self.clock.clone())),
            fields: CustomFields::default(),
            verification: self.verification,
        }
    }

    pub(super) fn pictures(&self, storage: Arc<dyn PictureStorage>) -> Pictures {
        Pictures {
            store: self.store.clone(),
            limiter: self.limiter.clone(),
            clock: self.clock.clone(),
            pool: PicturePool::start(PictureWorkshop::default()).unwrap(),
            storage,
            max_mib: 10,
        }
    }

    pub(super) async fn signed_in(&self, id: AccountId) -> SignedIn {
        let account = self.find(id).await;
        let now = self.clock.now();
        let new = NewSession {
            account_id: id,
            token: Token::generate(&OsRandom).digest(),
            browser_label: String::new(),
            place: String::new(),
            factors: domain::Factors::only(domain::Factor::Password),
        };
        let written = self.store.transact(async |tx| sessions::insert(tx, &new, now).await).await;
        written.unwrap();
        let mut db = self.store.read().await.unwrap();
        let session = sessions::find(&mut db, &new.token).await.unwrap().unwrap();
        let state = AccountState::new(account, true);
        SignedIn { session: Arc::new(session), state: Arc::new(state) }
    }

    /// An account `NAME@example.org` with [`PASSWORD`] and an unverified address.
    pub(super) async fn account(&self, name: &str, role: Role) -> AccountId {
        let hash = self.passwords().hash(&Password::parse(PASSWORD).unwrap(), &client()).await.unwrap();
        let new = NewAccountRow {
            email: EmailAddress::parse(&format!("{name}@example.org")).unwrap(),
            username: None,
            role,
            profile: ProfileChange::default(),
            password_hash: Some(hash),
            approval_wanted: false,
            terms: None,
        };
        let now = self.clock.now();
        self.store.transact(async |tx| accounts::insert(tx, &new, now).await).await.unwrap()
    }

    pub(super) async fn find(&self, id: AccountId) -> Account {
        accounts::find(&mut self.store.read().await.unwrap(), id).await.unwrap().unwrap().account
    }

    pub(super) async fn prove_address(&self, id: AccountId) {
        let now = self.clock.now();
        let proven = self.store.transact(async |tx| accounts::prove_address(tx, id, now).await.map(drop));
        proven.await.unwrap();
    }

    /// A ticket that expires in an hour.
    pub(super) async fn ticket(&self, account_id: AccountId, purpose: TicketPurpose) -> Token {
        let token = Token::generate(&OsRandom);
        let now = self.clock.now();
        let ticket = Ticket {
            account_id,
            purpose,
            address: None,
            token: token.digest(),
            created_at: now,
            expires_at: now.after(Duration::from_secs(3_600)),
        };
        let written: Result<(), StoreError> =
            self.store.transact(async |tx| tickets::insert(tx, &ticket).await).await;
        written.unwrap();
        token
    }
}

/// A browser's request.
pub(super) fn client() -> Client {
    Client {
        ip: Ipv4Addr::LOCALHOST.into(),
        browser_label: "Firefox · Linux".into(),
        trusted: false,
        locale: None,
        bearer: None,
    }
}
