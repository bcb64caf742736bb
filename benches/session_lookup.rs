//! Finding out who asks: from memory, and from SQLite where memory does not know.

#![expect(clippy::expect_used, reason = "a bench that cannot start has nothing to measure")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;
use vestibule::domain::{
    Clock as _, CustomFields, Device, EmailAddress, OsRandom, PasswordPolicy, ProfileChange, Role,
    SessionLimits, SystemClock, Token, Verification,
};
use vestibule::flows::{AccountPolicy, Flows, MailParts, Parts};
use vestibule::infra::hasher::{Hasher, HasherSettings};
use vestibule::infra::limiter::Limiter;
use vestibule::infra::mailer::{Mailer, MailerSettings};
use vestibule::infra::picture::{FolderStorage, PicturePool, PictureWorkshop};
use vestibule::store::{DbPool, Store, StoreError, accounts, sessions};
use vestibule::view::{Facts, Renderer};

const DAY: Duration = Duration::from_secs(86_400);
const ACCOUNTS: usize = 1_000;

/// An account domain over the database in `folder` that keeps up to `cached_sessions` sessions in memory.
async fn flows(folder: &Path, cached_sessions: u64) -> Flows {
    let url = format!("sqlite:{}", folder.join("vestibule.sqlite").display());
    let pool = DbPool::connect(&url, 8, Duration::from_secs(5)).await.expect("database");
    let random = Arc::new(|salt: &mut [u8]| salt.fill(7));
    let policy = AccountPolicy {
        password: PasswordPolicy { min_length: 8, site_name: "Vestibule".into() },
        session: SessionLimits { idle: 14 * DAY, absolute: 90 * DAY, touch_every: DAY },
        cached_sessions,
        fields: CustomFields::default(),
        locales: vec!["en".into()],
        picture_max_mib: 10,
        verification: Verification::Off,
    };
    let mailer = Mailer::new(&MailerSettings {
        url: None,
        credentials: None,
        authority: None,
        folder: folder.join("mail"),
        from: "no-reply@example.org".into(),
        from_name: "Vestibule".into(),
        host: "example.org".into(),
        connections: 1,
    });
    let mail = MailParts {
        mailer: mailer.expect("sender"),
        renderer: Arc::new(Renderer::load(None, "en", Facts::default()).expect("templates")),
        origin: "https://example.org".into(),
        at_once: 1,
        writes_at_once: 1,
    };
    Flows::new(Parts {
        store: Store::open(pool).await.expect("schema"),
        hasher: Hasher::start(&HasherSettings::default(), random).expect("threads"),
        limiter: Limiter::off(),
        pictures_at_work: PicturePool::start(PictureWorkshop::default()).expect("threads"),
        pictures: Arc::new(FolderStorage::open(folder.join("pictures")).expect("folder")),
        mail,
        clock: Arc::new(SystemClock),
        random: Arc::new(OsRandom),
        policy,
    })
}

/// Accounts with a session each.
async fn sign_everybody_in(store: &Store) -> Vec<Token> {
    let now = SystemClock.now();
    let signed_in = store.transact(async |tx| {
        let mut tokens = Vec::new();
        for number in 0..ACCOUNTS {
            let account = accounts::NewAccount {
                email: EmailAddress::parse(&format!("somebody.{number}@example.org")).expect("address"),
                username: None,
                role: Role::MEMBER,
                profile: ProfileChange::default(),
                password_hash: None,
            };
            let account_id = accounts::insert(tx, &account, now).await?;
            let token = Token::generate(&OsRandom);
            let session =
                sessions::NewSession { account_id, token: token.digest(), device: Device::default() };
            sessions::insert(tx, &session, now).await?;
            tokens.push(token);
        }
        Ok::<_, StoreError>(tokens)
    });
    signed_in.await.expect("sessions")
}

fn session_lookup(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("runtime");
    let folder = tempfile::tempdir().expect("folder");
    let (remembering, forgetting) =
        runtime.block_on(async { (flows(folder.path(), 100_000).await, flows(folder.path(), 0).await) });
    let tokens = runtime.block_on(sign_everybody_in(remembering.store()));
    let resume = |flows: &Flows, token: &Token| {
        let found = runtime.block_on(flows.sessions.resume(token)).expect("database");
        assert!(found.is_some());
    };
    tokens.iter().for_each(|token| resume(&remembering, token));

    let mut group = criterion.benchmark_group("session lookup");
    for (name, flows) in [("hit", &remembering), ("miss, SQLite", &forgetting)] {
        let mut next = tokens.iter().cycle();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                if let Some(token) = next.next() {
                    resume(flows, token);
                }
            });
        });
    }
    group.bench_function("nobody's token, SQLite", |bencher| {
        let token = Token::generate(&OsRandom);
        bencher.iter(|| runtime.block_on(remembering.sessions.resume(&token)).expect("database").is_none());
    });
    group.finish();
}

criterion_group!(benches, session_lookup);
criterion_main!(benches);
