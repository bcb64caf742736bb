//! Resumes sessions from a cache in memory, which costs a hundredth of a query.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use moka::sync::Cache;
use tokio::sync::OnceCell;

use crate::flows::avatar::Avatar;
use crate::flows::passkeys::OwnPasskeys;
use domain::{
    Account, AccountError, AccountId, Clock, EmailAddress, FormerUsername, Millis, Session, SessionLimits,
    Token, TokenDigest, network_of,
};
use limiter::Limiter;
use store::{Change, ChangeListener, Conn, Store, StoreError, Tx, accounts, roles, sessions};

/// The session of a request, and its account.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub session: Arc<Session>,
    /// The session's account.
    pub state: Arc<AccountState>,
}

impl SignedIn {
    pub fn account(&self) -> &Account {
        &self.state.account
    }

    /// Whether the account has passkeys, as far as a page has looked since it was last changed.
    pub fn has_known_passkeys(&self) -> bool {
        self.state.passkeys.get().is_some_and(|own| !own.passkeys.is_empty())
    }
}

/// Locks the account of `who` until the transaction ends, and makes sure that the session is there. Whoever
/// ends sessions holds the same lock, so nothing is changed by one that has ended while its request was under
/// way.
///
/// # Errors
/// `Unauthenticated` when the session has ended.
pub(in crate::flows) async fn require_session(tx: &mut Tx, who: &SignedIn) -> Result<(), AccountError> {
    accounts::hold(tx, who.account().id).await?;
    require_session_held(tx, who).await
}

/// As [`require_session`], where the account is locked already.
///
/// # Errors
/// `Unauthenticated` when the session has ended.
pub(in crate::flows) async fn require_session_held(tx: &mut Tx, who: &SignedIn) -> Result<(), AccountError> {
    let there = sessions::find(tx, &who.session.token).await?.is_some();
    if there { Ok(()) } else { Err(AccountError::Unauthenticated) }
}

/// An account, with what every page shows of it.
#[derive(Clone, Debug)]
pub struct AccountState {
    pub account: Account,
    /// Whether it has a password.
    pub has_password: bool,
    /// The name to address the person by.
    pub display_name: String,
    /// The URLs of its picture, made once for all the pages that show it.
    pub avatar: Avatar,
    /// The address that it is to have once that is proven, and until when: read when a page first shows it.
    /// Every change of it is a change of the account, which ends this state.
    pub(in crate::flows) pending_address: OnceCell<Option<(EmailAddress, Millis)>>,
    /// Its passkeys, likewise.
    pub(in crate::flows) passkeys: OnceCell<OwnPasskeys>,
    /// What it was called before, likewise.
    pub(in crate::flows) former_usernames: OnceCell<Vec<FormerUsername>>,
    /// The name of its role, likewise.
    role_name: OnceCell<String>,
}

impl AccountState {
    pub fn new(account: Account, has_password: bool) -> Self {
        Self {
            has_password,
            display_name: account.display_name(),
            avatar: Avatar::of(&account),
            account,
            pending_address: OnceCell::new(),
            passkeys: OnceCell::new(),
            former_usernames: OnceCell::new(),
            role_name: OnceCell::new(),
        }
    }
}

#[derive(Debug)]
struct CachedSession {
    session: Arc<Session>,
    /// Last use, in milliseconds since 1970; newer than `session.seen_at`.
    seen_at: AtomicI64,
}

/// Sessions and accounts as read from the database. A change in the store removes its entries.
struct SignedInCache {
    sessions: Cache<TokenDigest, Arc<CachedSession>>,
    accounts: Cache<AccountId, Arc<AccountState>>,
    /// Counts invalidations. A value read before an invalidation must not be cached after it.
    generation: Mutex<u64>,
    /// Look-ups that found a session that is alive, and the others.
    hits: AtomicU64,
    misses: AtomicU64,
}

impl SignedInCache {
    fn new(capacity: u64) -> Self {
        Self {
            sessions: Cache::new(capacity),
            accounts: Cache::new(capacity),
            generation: Mutex::new(0),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    fn generation(&self) -> MutexGuard<'_, u64> {
        self.generation.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Keeps what was read since `generation`, unless something was changed meanwhile.
    fn keep(&self, generation: u64, known: &Arc<CachedSession>, state: &Arc<AccountState>) {
        let now = self.generation();
        if *now == generation {
            self.sessions.insert(known.session.token, known.clone());
            self.accounts.insert(state.account.id, state.clone());
        }
    }
}

impl ChangeListener for SignedInCache {
    fn changed(&self, change: &Change) {
        // Messages and pairings change no session and no account.
        if matches!(change, Change::Mail | Change::Webhook | Change::Pairing(_)) {
            return;
        }
        let mut generation = self.generation();
        *generation += 1;
        match change {
            Change::Account(id) => self.accounts.invalidate(id),
            Change::SessionEnded(token) => self.sessions.invalidate(token),
            Change::Mail | Change::Webhook | Change::Pairing(_) => {}
        }
    }

    fn lost_track(&self) {
        let mut generation = self.generation();
        *generation += 1;
        self.sessions.invalidate_all();
        self.accounts.invalidate_all();
    }
}

/// How the sessions in memory serve.
#[derive(Clone, Copy, Debug)]
pub struct CacheFigures {
    /// Sessions in memory, give or take those of this moment.
    pub kept: u64,
    /// Look-ups since the start that found a session in memory that is alive.
    pub hits: u64,
    /// The others, which asked the database.
    pub misses: u64,
}

pub struct Sessions {
    pub(super) store: Store,
    pub(super) limiter: Limiter,
    pub(super) clock: Arc<dyn Clock>,
    limits: SessionLimits,
    cache: Arc<SignedInCache>,
}

impl Sessions {
    /// `capacity` is the largest number of sessions kept in memory.
    pub(in crate::flows) fn new(
        store: Store,
        limiter: Limiter,
        clock: Arc<dyn Clock>,
        limits: SessionLimits,
        capacity: u64,
    ) -> Self {
        let cache = Arc::new(SignedInCache::new(capacity));
        store.subscribe(cache.clone());
        Self { store, limiter, clock, limits, cache }
    }

    /// Returns the session of `token` and its account, if the session is alive. A cached session needs no
    /// query. `ip` is the client's.
    pub async fn resume(&self, token: &Token, ip: IpAddr) -> Result<Option<SignedIn>, AccountError> {
        let digest = token.digest();
        let now = self.clock.now();
        let cache = &self.cache;
        let remembered = if self.store.in_step() {
            cache.sessions.get(&digest).and_then(|known| {
                let state = cache.accounts.get(&known.session.account_id)?;
                Some((known, state))
            })
        } else {
            None
        };
        let limits = &self.limits;
        let alive = |known: &CachedSession, state: &AccountState| {
            let seen_at = Millis(known.seen_at.load(Ordering::Relaxed));
            limits.alive(known.session.created_at, seen_at, now) && state.account.active()
        };
        // The cached time of last use may be stale: another instance may have used the session since.
        let found = match remembered.filter(|(known, state)| alive(known, state)) {
            Some(found) => {
                cache.hits.fetch_add(1, Ordering::Relaxed);
                Some(found)
            }
            None => {
                cache.misses.fetch_add(1, Ordering::Relaxed);
                self.read_session(&digest).await?.filter(|(known, state)| alive(known, state))
            }
        };
        let Some((known, state)) = found else { return Ok(None) };
        let seen_at = Millis(known.seen_at.load(Ordering::Relaxed));
        if now.since(seen_at) >= limits.touch_every {
            self.touch(&known, seen_at, ip, now);
        }
        Ok(Some(SignedIn { session: known.session.clone(), state }))
    }

    /// How the sessions in memory serve.
    pub fn cache_figures(&self) -> CacheFigures {
        let cache = &self.cache;
        CacheFigures {
            kept: cache.sessions.entry_count(),
            hits: cache.hits.load(Ordering::Relaxed),
            misses: cache.misses.load(Ordering::Relaxed),
        }
    }

    /// The number of sessions that are not idle for too long, in the database.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn count(&self, db: &mut Conn) -> Result<i64, StoreError> {
        sessions::count(db, self.clock.now().before(self.limits.idle)).await
    }

    /// The name of the account's role, as the table `roles` has it; the number of a role that was removed
    /// from there. Where the account is in memory, so is this: sites ask for it with each request of theirs.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached.
    pub async fn role_name<'w>(&self, who: &'w SignedIn) -> Result<&'w str, AccountError> {
        let role = who.account().role;
        let read = async || Ok::<_, AccountError>(roles::name(&self.store, role).await?);
        Ok(who.state.role_name.get_or_try_init(read).await?)
    }

    async fn read_session(
        &self,
        digest: &TokenDigest,
    ) -> Result<Option<(Arc<CachedSession>, Arc<AccountState>)>, AccountError> {
        let cache = &self.cache;
        let generation = *cache.generation();
        let mut db = self.store.read().await?;
        let Some(session) = sessions::find(&mut db, digest).await? else { return Ok(None) };
        let Some(credentials) = accounts::find(&mut db, session.account_id).await? else { return Ok(None) };
        let known = Arc::new(CachedSession {
            seen_at: AtomicI64::new(session.seen_at.0),
            session: Arc::new(session),
        });
        let state = Arc::new(AccountState::new(credentials.account, credentials.password_hash.is_some()));
        cache.keep(generation, &known, &state);
        Ok(Some((known, state)))
    }

    /// Notes the use without making the request wait for it.
    fn touch(&self, known: &Arc<CachedSession>, seen_at: Millis, ip: IpAddr, now: Millis) {
        let first =
            known.seen_at.compare_exchange(seen_at.0, now.0, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if !first {
            return;
        }
        let (store, account) = (self.store.clone(), known.session.account_id);
        let (id, place) = (known.session.id, network_of(ip));
        tokio::spawn(async move {
            let written: Result<(), StoreError> =
                store.transact_on(account, async |tx| sessions::touch(tx, id, &place, now).await).await;
            if let Err(error) = written {
                log::warn!("the last use of a session was not noted: {error}");
            }
        });
    }
}
