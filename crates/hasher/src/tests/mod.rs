//! The hasher as its callers see it.

mod foreign;
mod queue;
mod turns;

use std::{
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::task::JoinSet;
use zeroize::Zeroizing;

use super::{
    CostError, HashCost, HashError, Hasher, HasherSettings, Presented, RandomBytes, Verified,
    phc::Stored,
    pool::{Computation, Pool},
};

/// "password" with "somesalt", from the tests of the Argon2 reference implementation.
const REFERENCE: &str =
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
/// A cost below the public bounds, for tests in which the cost does not matter.
const TINY: HashCost = HashCost { memory_kib: 64, passes: 1 };
const NO_MATCH: Verified = Verified { matches: false, needs_rehash: false };

/// A client.
const ME: u64 = 7;

fn random() -> RandomBytes {
    let next = AtomicU8::new(1);
    Arc::new(move |bytes: &mut [u8]| {
        bytes.fill_with(|| next.fetch_add(1, Ordering::Relaxed));
    })
}

fn hasher(cost: HashCost) -> Hasher {
    let settings = HasherSettings {
        cost,
        threads: NonZeroUsize::new(2).unwrap(),
        queue: NonZeroUsize::new(200).unwrap(),
        share: NonZeroUsize::new(200).unwrap(),
    };
    Hasher::start(&settings, random()).unwrap()
}

/// A hasher that computes only when the test calls `hasher.pool.shared().work()`. One client may fill its
/// queue.
fn hasher_without_threads(queue: usize) -> Hasher {
    shared_hasher_without_threads(queue, queue)
}

/// As [`hasher_without_threads`], but one client may fill `share` of the queue.
fn shared_hasher_without_threads(queue: usize, share: usize) -> Hasher {
    let (queue, share) = (NonZeroUsize::new(queue).unwrap(), NonZeroUsize::new(share).unwrap());
    let pool = Pool::new(TINY, NonZeroUsize::new(2).unwrap(), queue, share);
    Hasher::over(pool, TINY, random())
}

fn password(text: impl AsRef<[u8]>) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(text.as_ref().to_vec())
}

async fn until(mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !condition() {
        assert!(Instant::now() < deadline, "waited too long");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_hash_matches_its_password_and_no_other() {
    let hasher = hasher(HashCost::default());
    let hash = hasher.hash(password("correct horse"), ME).await.unwrap();
    // The salt is bytes 17 to 32 of the random source; the dummy hash took the first 16.
    let start = "$argon2id$v=19$m=19456,t=2,p=1$ERITFBUWFxgZGhscHR4fIA$";
    assert!(hash.as_str().starts_with(start), "{}", hash.as_str());
    let right = hasher.verify(password("correct horse"), hash.as_str(), ME).await.unwrap();
    assert!(right.matches && !right.needs_rehash);
    let wrong = hasher.verify(password("correct house"), hash.as_str(), ME).await;
    assert_eq!(wrong, Ok(NO_MATCH));
}

#[tokio::test]
async fn equal_passwords_get_different_hashes() {
    let hasher = hasher(TINY);
    let one = hasher.hash(password("same"), ME).await.unwrap();
    let other = hasher.hash(password("same"), ME).await.unwrap();
    assert_ne!(one, other);
}

#[tokio::test]
async fn a_hash_of_the_reference_implementation_is_verified_at_its_own_cost() {
    let hasher = hasher(HashCost::default());
    let right = hasher.verify(password("password"), REFERENCE, ME).await;
    assert_eq!(
        right,
        Ok(Verified {
            matches: true,
            // The reference hash has a salt of only eight bytes.
            needs_rehash: true
        })
    );
    let wrong = hasher.verify(password("Password"), REFERENCE, ME).await;
    assert_eq!(wrong, Ok(NO_MATCH));
}

#[tokio::test]
async fn an_unknown_account_costs_a_hash_of_the_configured_cost_and_never_matches() {
    let cost = HashCost::new(20_000, 3).unwrap();
    let hasher = hasher(cost);
    assert_eq!(hasher.dummy.params().unwrap(), Stored::new(cost, &[1; 16], &[1; 32]).params().unwrap());
    assert_eq!(hasher.dummy.salt().len(), 16);
    assert_eq!(hasher.verify_unknown(password("x"), 0, ME).await, Ok(NO_MATCH));
    assert_eq!(hasher.computed(), 1);
    assert!(hasher.mean_hash_time() > Duration::ZERO);
}

#[tokio::test]
async fn a_raised_cost_asks_for_a_new_hash_once_the_password_is_right() {
    let old = hasher(TINY).hash(password("pw"), ME).await.unwrap();
    let raised = hasher(HashCost { passes: 2, ..TINY });
    let right = raised.verify(password("pw"), old.as_str(), ME).await;
    assert!(right.unwrap().needs_rehash);
    let wrong = raised.verify(password("no"), old.as_str(), ME).await;
    assert_eq!(wrong, Ok(NO_MATCH));
}

#[tokio::test]
async fn a_lowered_cost_leaves_stronger_hashes_alone() {
    let strong = HashCost { passes: 3, ..TINY };
    let old = hasher(strong).hash(password("pw"), ME).await.unwrap();
    let right = hasher(TINY).verify(password("pw"), old.as_str(), ME).await;
    let right = right.unwrap();
    assert!(right.matches && !right.needs_rehash);
}

#[tokio::test]
async fn a_hash_out_of_bounds_is_refused_after_the_work_of_an_unknown_account() {
    let salt = "c29tZXNhbHQ";
    let output = "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let absurd = [
        format!("$argon2id$v=19$m=4294967295,t=2,p=1${salt}${output}"),
        format!("$argon2id$v=19$m=262145,t=2,p=1${salt}${output}"),
        format!("$argon2id$v=19$m=19456,t=17,p=1${salt}${output}"),
        format!("$argon2id$v=19$m=19456,t=0,p=1${salt}${output}"),
        format!("$argon2id$v=19$m=19456,t=2,p=5${salt}${output}"),
        format!("$argon2id$v=19$m=19456,t=2,p=0${salt}${output}"),
        format!("$argon2id$v=19$m=31,t=2,p=4${salt}${output}"),
        format!("$argon2id$v=19$m=99999999999,t=2,p=1${salt}${output}"),
        format!("$argon2id$v=19$m=019456,t=2,p=1${salt}${output}"),
        format!("$argon2id$v=19$m=+19456,t=2,p=1${salt}${output}"),
        format!("$argon2id$v=19$t=2,m=19456,p=1${salt}${output}"),
        format!("$argon2id$v=16$m=19456,t=2,p=1${salt}${output}"),
        format!("$argon2id$m=19456,t=2,p=1${salt}${output}"),
        format!("$argon2i$v=19$m=19456,t=2,p=1${salt}${output}"),
        format!("$argon2id$v=19$m=19456,t=2,p=1,keyid=AA${salt}${output}"),
        format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${output}$"),
        format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${output}="),
        format!("$argon2id$v=19$m=19456,t=2,p=1${salt}"),
        format!("$argon2id$v=19$m=19456,t=2,p=1$c29tZQ${output}"),
        format!("$argon2id$v=19$m=19456,t=2,p=1${salt}$c29tZXNhbHQ"),
        format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${}", "A".repeat(10_000)),
        "$2b$12$abcdefghijklmnopqrstuuN1pP2cJ5zYyqKQ5R1r3yq0cYp3Zq1e6".to_owned(),
        String::new(),
        "\0".to_owned(),
    ];
    let hasher = hasher(TINY);
    for (done, stored) in (1..).zip(&absurd) {
        let refused = hasher.verify(password("password"), stored, ME).await;
        assert_eq!(refused, Err(HashError::Unsupported), "{stored}");
        // One computation at the hasher's own cost: the cost in the text would not fit into memory.
        assert_eq!(hasher.computed(), done);
    }
}

#[tokio::test]
async fn every_byte_of_a_long_password_counts() {
    let hasher = hasher(TINY);
    let mut long = vec![b'a'; 1024];
    let hash = hasher.hash(password(&long), ME).await.unwrap();
    let same = hasher.verify(password(&long), hash.as_str(), ME).await;
    assert!(same.unwrap().matches);
    long[1023] = b'b';
    let other = hasher.verify(password(&long), hash.as_str(), ME).await;
    assert!(!other.unwrap().matches);
}

#[tokio::test]
async fn nothing_is_cut_at_a_nul() {
    let hasher = hasher(TINY);
    let hash = hasher.hash(password(b"a\0b"), ME).await.unwrap();
    for (typed, matches) in [(&b"a\0b"[..], true), (b"a\0c", false), (b"a", false)] {
        let verified = hasher.verify(password(typed), hash.as_str(), ME).await;
        assert_eq!(verified.unwrap().matches, matches);
    }
}

#[test]
fn a_cost_below_the_minimum_or_above_what_is_verified_is_refused() {
    assert!(HashCost::new(19_456, 2).is_ok());
    assert!(HashCost::new(262_144, 16).is_ok());
    assert_eq!(HashCost::new(19_455, 2), Err(CostError::Memory));
    assert_eq!(HashCost::new(262_145, 2), Err(CostError::Memory));
    assert_eq!(HashCost::new(19_456, 1), Err(CostError::Passes));
    assert_eq!(HashCost::new(19_456, 17), Err(CostError::Passes));
}

#[tokio::test]
async fn a_hash_is_not_printed() {
    let hash = hasher(TINY).hash(password("x"), ME).await.unwrap();
    assert_eq!(format!("{hash:?}"), "PasswordHash([redacted])");
}
