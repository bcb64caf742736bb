//! Pairing codes.

use super::*;

fn wrong(limiter: &Limiter, now: i64, account: i64) -> Result<(), Throttled> {
    limiter.code_now(now, account).map(|attempt| attempt.failed())
}

#[test]
fn five_wrong_codes_close_pairing_for_a_quarter_of_an_hour() {
    let limiter = Limiter::new(LimiterSettings::default());
    for _ in 0..5 {
        assert!(wrong(&limiter, NOW, 1).is_ok());
    }
    assert_eq!(wait_of(limiter.code_now(NOW, 1)), 15 * MINUTE);
    assert_eq!(wait_of(limiter.code_now(NOW + 10 * MINUTE, 1)), 5 * MINUTE);
    assert!(wrong(&limiter, NOW, 2).is_ok(), "somebody else");
    for _ in 0..5 {
        assert!(wrong(&limiter, NOW + 15 * MINUTE, 1).is_ok());
    }
    assert!(wrong(&limiter, NOW + 15 * MINUTE, 1).is_err());
}

#[test]
fn a_right_code_counts_for_nothing_and_refills_nothing() {
    let limiter = Limiter::new(LimiterSettings::default());
    for _ in 0..4 {
        assert!(wrong(&limiter, NOW, 1).is_ok());
        limiter.code_now(NOW, 1).unwrap().succeed_now();
    }
    assert!(wrong(&limiter, NOW, 1).is_ok());
    assert!(wrong(&limiter, NOW, 1).is_err());
}

#[test]
fn codes_that_come_all_at_once_are_counted_exactly() {
    let limiter = Limiter::new(LimiterSettings::default());
    let (passed, barrier) = (AtomicUsize::new(0), Barrier::new(50));
    thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| {
                barrier.wait();
                if wrong(&limiter, NOW, 1).is_ok() {
                    passed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(passed.into_inner(), 5);
}

#[test]
fn a_clock_that_goes_back_does_not_keep_pairing_closed() {
    let limiter = Limiter::new(LimiterSettings::default());
    while wrong(&limiter, NOW, 1).is_ok() {}
    assert_eq!(wait_of(limiter.code_now(NOW - DAY, 1)), 15 * MINUTE);
}
