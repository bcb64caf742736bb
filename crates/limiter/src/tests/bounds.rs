//! Floods, evictions and clocks that jump.

use std::sync::Arc;

use super::*;

#[test]
fn memory_stays_within_its_bound() {
    let keys = NonZeroUsize::new(100).unwrap();
    let ledger = Arc::new(MemoryLedger::new(keys));
    let limiter =
        Limiter::with_ledger(LimiterSettings { keys, ..LimiterSettings::default() }, ledger.clone());
    for number in 0..10_000_u32 {
        let address = IpAddr::from(number.to_be_bytes()).into();
        let number = i64::from(number);
        let _ = limiter.login_now(NOW, Subject::Account(number), address);
        let unknown = Subject::UnknownIdentifier(number.unsigned_abs());
        let _ = limiter.login_now(NOW, unknown, address);
        let device = Guesser::KnownDevice { account: number, device: Device::Browser(number) };
        let _ = limiter.guess_now(NOW, device);
        let _ = limiter.take(Action::SettingsWrite, Key::Account(number), NOW);
    }
    let counts = ledger.counts();
    assert_eq!(counts.accounts.len(), 100);
    assert_eq!(counts.unknown.len(), 100);
    assert_eq!(counts.ips_at_accounts.len(), 100);
    assert_eq!(counts.ips_at_unknown.len(), 100);
    assert_eq!(counts.devices.len(), 100);
    let buckets = limiter.shared.as_ref().unwrap().buckets.lock();
    assert_eq!(buckets.by_ip.len(), 100);
    assert_eq!(buckets.by_account.len(), 100);
    assert_eq!(buckets.by_unknown.len(), 0);
}

#[test]
fn what_is_over_is_forgotten_without_being_asked_for() {
    let limiter = small(1000);
    for account in 0..1000 {
        let key = Key::Account(account);
        limiter.take(Action::PictureUpload, key, NOW).unwrap();
    }
    for account in 1000..1200 {
        let key = Key::Account(account);
        let later = NOW + HOUR;
        limiter.take(Action::PictureUpload, key, later).unwrap();
    }
    let buckets = limiter.shared.as_ref().unwrap().buckets.lock();
    assert_eq!(buckets.by_account.len(), 200);
}

#[test]
fn a_flood_of_addresses_names_and_accounts_erases_no_count_that_matters() {
    let limiter = small(100);
    for _ in 0..5 {
        fail(&limiter, NOW, neighbour(ALICE));
    }
    for number in 0..20_000_u32 {
        let address = IpAddr::from(number.to_be_bytes()).into();
        let number = i64::from(number) + 100;
        let unknown = Subject::UnknownIdentifier(number.unsigned_abs());
        let _ = limiter.login_now(NOW, Subject::Account(number), address);
        let _ = limiter.login_now(NOW, unknown, address);
    }
    assert!(limiter.login_now(NOW, ALICE, home()).is_err());
}

#[test]
fn a_flood_of_addresses_gives_an_account_no_more_failures_a_day() {
    let keys = NonZeroUsize::new(100).unwrap();
    let limiter = Limiter::new(LimiterSettings { keys, ..LimiterSettings::default() });
    let evaluated = |number: u32| {
        let address = IpAddr::from(number.to_be_bytes()).into();
        limiter.login_now(NOW, ALICE, address).map(Attempt::failed).is_ok()
    };
    assert_eq!((0..20_000).filter(|number| evaluated(*number)).count(), 40);
}

#[test]
fn resolving_an_attempt_whose_count_was_evicted_does_nothing() {
    let limiter = small(1);
    let first = limiter.login_now(NOW, ALICE, home()).unwrap();
    let second = limiter.login_now(NOW, ALICE, home()).unwrap();
    fail(&limiter, NOW, neighbour(Subject::Account(2)));
    first.succeed_now();
    second.refund_now();
    assert!(limiter.login_now(NOW, ALICE, home()).is_ok());
}

#[test]
fn a_clock_that_goes_back_delays_nobody_for_longer_and_forgives_nothing() {
    let limiter = without_ip_rate();
    for _ in 0..5 {
        fail(&limiter, NOW, ALICES_PHONE);
    }
    let back = NOW - 365 * DAY;
    assert_eq!(wait_of(limiter.guess_now(back, ALICES_PHONE)), SECOND);
    fail(&limiter, back + SECOND, ALICES_PHONE);
    assert_eq!(wait_of(limiter.guess_now(back + SECOND, ALICES_PHONE)), 2 * SECOND);

    let limiter = without_delay();
    for _ in 0..10 {
        fail(&limiter, NOW, ALICES_PHONE);
    }
    let wait = wait_of(limiter.guess_now(back, ALICES_PHONE));
    assert!((DAY..=DAY + HOUR).contains(&wait));
    assert!(limiter.guess_now(back + wait, ALICES_PHONE).is_ok());

    let limiter = Limiter::new(LimiterSettings::default());
    let take = |now| limiter.take(Action::Registration, Key::Ip(home()), now);
    while take(NOW).is_ok() {}
    assert_eq!(wait_of(take(back)), 3 * MINUTE);
    assert!(take(back + 3 * MINUTE).is_ok());

    let limiter = Limiter::new(LimiterSettings::default());
    for account in 0..60 {
        fail(&limiter, NOW, neighbour(Subject::Account(account)));
    }
    let next = |now| limiter.login_now(now, Subject::Account(100), home());
    assert_eq!(wait_of(next(back)), 10 * SECOND);
    assert!(next(back + 10 * SECOND).is_ok());
}

#[test]
fn no_moment_is_too_extreme() {
    let limiter = Limiter::new(LimiterSettings::default());
    for now in [i64::MIN, i64::MAX, 0, -1, i64::MIN, NOW, i64::MAX] {
        for _ in 0..10 {
            if let Ok(attempt) = limiter.login_now(now, ALICE, home()) {
                attempt.refund_now();
            }
            let _ = limiter.login_now(now, ALICE, home());
            let _ = limiter.take(Action::Registration, Key::Ip(home()), now);
        }
    }
}
