//! Ledgers other than [`MemoryLedger`].

use std::sync::Arc;

use super::*;
use crate::{GuessKey, GuessRules, Ledger, LedgerFuture, Reservation, Settlement};

/// Reserves guesses while it is up, and records the settlements.
#[derive(Default)]
struct Recorder {
    down: std::sync::atomic::AtomicBool,
    settled: parking_lot::Mutex<Vec<(GuessKey, Settlement)>>,
}

impl Ledger for Recorder {
    fn reserve<'a>(
        &'a self,
        key: GuessKey,
        _: &'a GuessRules,
        now_ms: i64,
    ) -> LedgerFuture<'a, Result<Reservation, Refused>> {
        Box::pin(async move {
            if self.down.load(Ordering::Relaxed) {
                return Err(Refused::Unavailable("down".into()));
            }
            Ok(Reservation { key, at_ms: now_ms, hour: 0, kind_hour: 0, previous_ms: now_ms })
        })
    }

    fn settle(&self, reservation: Reservation, settlement: Settlement) -> LedgerFuture<'_, ()> {
        Box::pin(async move { self.settled.lock().push((reservation.key, settlement)) })
    }
}

#[test]
fn a_guess_that_is_right_or_never_looked_at_is_settled_and_a_failure_is_not() {
    let ledger = Arc::new(Recorder::default());
    let limiter = Limiter::with_ledger(LimiterSettings::default(), ledger.clone());
    limiter.login_now(NOW, ALICE, home()).unwrap().succeed_now();
    limiter.code_now(NOW, 7).unwrap().refund_now();
    limiter.login_now(NOW, ALICE, home()).unwrap().failed();
    drop(limiter.login_now(NOW, ALICE, home()).unwrap());
    let settled = [
        (GuessKey::Password(neighbour(ALICE)), Settlement::Succeeded),
        (GuessKey::PairingCode(7), Settlement::Withdrawn),
    ];
    assert_eq!(*ledger.settled.lock(), settled);
}

#[test]
fn a_ledger_that_is_down_lets_nobody_guess_and_uses_up_no_rate() {
    let ledger = Arc::new(Recorder::default());
    let limiter = Limiter::with_ledger(LimiterSettings::default(), ledger.clone());
    ledger.down.store(true, Ordering::Relaxed);
    for _ in 0..100 {
        let refused = at_once(limiter.begin_login(NOW, neighbour(ALICE)));
        assert!(matches!(refused, Err(Refused::Unavailable(_))));
    }
    ledger.down.store(false, Ordering::Relaxed);
    let passed = (0..100).filter(|_| limiter.login_now(NOW, ALICE, home()).is_ok()).count();
    assert_eq!(passed, 60);
}
