//! Clients that share the queue.

use super::*;

const OTHER: u64 = 8;

/// Queues a computation of `client`; returns the receiver of its result.
fn submitted(hasher: &Hasher, client: u64) -> Result<crate::pool::OutputReceiver, HashError> {
    hasher.pool.submit(Computation::own(password("x"), &hasher.dummy), client)
}

#[test]
fn one_client_fills_its_share_and_another_still_gets_in() {
    let hasher = shared_hasher_without_threads(8, 2);
    let own: Vec<_> = (0..3).map(|_| submitted(&hasher, ME)).collect();
    assert!(own[0].is_ok() && own[1].is_ok());
    assert!(matches!(own[2], Err(HashError::Busy { .. })));
    assert!(submitted(&hasher, OTHER).is_ok());
}

#[test]
fn whoever_left_does_not_count_towards_the_share() {
    let hasher = shared_hasher_without_threads(8, 2);
    for _ in 0..10 {
        assert!(submitted(&hasher, ME).is_ok());
    }
    assert!(hasher.queue_len() <= 2);
}

#[test]
fn a_client_with_few_displaces_the_newest_of_the_client_with_most() {
    let hasher = shared_hasher_without_threads(4, 3);
    let mut many: Vec<_> = (0..3).map(|_| submitted(&hasher, ME).unwrap()).collect();
    let first = submitted(&hasher, OTHER);
    let second = submitted(&hasher, OTHER);
    assert!(first.is_ok() && second.is_ok());
    let displaced = many.pop().unwrap().try_recv();
    assert!(matches!(displaced, Ok(Err(HashError::Busy { .. }))));
    assert!(many[1].try_recv().is_err(), "only the newest gave way");
    // Both have two now, so neither gives way.
    assert!(matches!(submitted(&hasher, OTHER), Err(HashError::Busy { .. })));
    assert!(submitted(&hasher, 9).is_ok());
}

#[test]
fn the_default_share_is_a_quarter() {
    let settings = HasherSettings::default();
    assert_eq!(settings.share.get(), settings.queue.get() / 4);
    assert_eq!(HasherSettings::quarter(NonZeroUsize::MIN).get(), 1);
}

#[test]
fn behind_a_full_share_another_waits_for_one_computation() {
    let hasher = shared_hasher_without_threads(100, 50);
    let many: Vec<_> = (0..50).map(|_| submitted(&hasher, ME).unwrap()).collect();
    let mut other = submitted(&hasher, OTHER).unwrap();
    let mut memory = Vec::new();
    for _ in 0..2 {
        assert!(other.try_recv().is_err());
        hasher.pool.shared().work_once(&mut memory);
    }
    assert!(matches!(other.try_recv(), Ok(Ok(_))));
    drop(many);
}
