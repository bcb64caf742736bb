//! Rates by IP and by account, and the limiter that is off.

use super::*;

#[test]
fn two_hundred_parallel_attempts_from_one_address_get_its_budget_and_no_more() {
    let limiter = Limiter::new(LimiterSettings::default());
    let passed = passed_of_200(|number| {
        let subject = Subject::Account(i64::try_from(number).unwrap());
        limiter.login_now(NOW, subject, home()).map(AttemptNow::succeed_now).is_ok()
    });
    assert_eq!(passed, 60);
}

#[test]
fn a_success_does_not_refill_the_budget_of_the_address() {
    let limiter = Limiter::new(LimiterSettings::default());
    for number in 0..60 {
        let attempt = limiter.login_now(NOW, Subject::Account(number), home());
        attempt.unwrap().succeed_now();
    }
    let next = limiter.login_now(NOW, Subject::Account(100), home());
    assert_eq!(wait_of(next), 10 * SECOND);
    let elsewhere = limiter.login_now(NOW, Subject::Account(100), address("192.0.2.2"));
    assert!(elsewhere.is_ok());
}

#[test]
fn addresses_of_one_ipv6_64_are_one_and_mapped_ipv4_is_ipv4() {
    assert_eq!(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
    assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    assert_ne!(address("::ffff:192.0.2.1"), address("::ffff:192.0.2.2"));
    assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
}

#[test]
fn a_rate_lets_its_burst_pass_and_then_refills_evenly() {
    let limiter = Limiter::new(LimiterSettings::default());
    let take = |now| limiter.take(Action::Registration, Key::Ip(home()), now);
    for _ in 0..20 {
        assert!(take(NOW).is_ok());
    }
    assert_eq!(wait_of(take(NOW)), 3 * MINUTE);
    assert_eq!(take(NOW).unwrap_err().retry_after_seconds(), 180);
    assert!(take(NOW + 3 * MINUTE - 1).is_err());
    assert!(take(NOW + 3 * MINUTE).is_ok());
    assert!(take(NOW + 3 * MINUTE).is_err());
    for _ in 0..20 {
        assert!(take(NOW + 3 * HOUR).is_ok());
    }
    assert!(take(NOW + 3 * HOUR).is_err());
}

#[test]
fn actions_and_keys_have_budgets_of_their_own() {
    let limiter = Limiter::new(LimiterSettings::default());
    while limiter.take(Action::PictureUpload, Key::Account(1), NOW).is_ok() {}
    assert!(limiter.take(Action::SettingsWrite, Key::Account(1), NOW).is_ok());
    assert!(limiter.take(Action::PictureUpload, Key::Account(2), NOW).is_ok());
}

#[test]
fn an_unknown_identifier_is_limited_like_an_account() {
    let limiter = Limiter::new(LimiterSettings::default());
    for key in [Key::Account(1), Key::UnknownIdentifier(1)] {
        let sent = (0..50).filter(|_| limiter.take(Action::AddressChange, key, NOW).is_ok()).count();
        assert_eq!(sent, 3);
    }
}

#[test]
fn each_kind_of_link_has_a_budget_of_its_own() {
    let limiter = Limiter::new(LimiterSettings::default());
    for action in [Action::VerificationMail, Action::RecoveryMail, Action::AddressChange] {
        let sent = (0..50).filter(|_| limiter.take(action, Key::Account(1), NOW).is_ok()).count();
        assert_eq!(sent, 3, "{action:?}");
    }
}

#[test]
fn a_limiter_that_is_off_lets_everything_pass() {
    let limiter = Limiter::off();
    for _ in 0..1000 {
        fail(&limiter, NOW, neighbour(ALICE));
        let key = Key::Ip(home());
        assert!(limiter.take(Action::Registration, key, NOW).is_ok());
    }
    limiter.login_now(NOW, ALICE, home()).unwrap().succeed_now();
    limiter.login_now(NOW, ALICE, home()).unwrap().refund_now();
}

/// Every action that computes a hash or writes for an account that is known is limited by IP and by account.
#[test]
fn what_costs_work_is_limited_by_address_and_by_account() {
    let rates = Rates::default();
    for action in [
        Action::PasswordHash,
        Action::TicketUse,
        Action::PictureUpload,
        Action::SettingsWrite,
        Action::Ending,
        Action::Pairing,
        Action::BearerExchange,
        Action::SecretExchange,
        Action::GeneratedPassword,
    ] {
        assert!(rates.of(action, Key::Ip(home())).is_some(), "{action:?}");
        assert!(rates.of(action, Key::Account(1)).is_some(), "{action:?}");
    }
}

#[test]
fn both_budgets_are_taken_from_or_neither() {
    let limiter = Limiter::new(LimiterSettings::default());
    let spend = |account| limiter.take_both(Action::SettingsWrite, home(), account, NOW);
    assert_eq!((0..100).filter(|_| spend(1).is_ok()).count(), 60);
    // The refused ones cost the address nothing: 540 of its 600 are left.
    let others = (2..100).flat_map(|account| std::iter::repeat_n(account, 60));
    assert_eq!(others.filter(|account| spend(*account).is_ok()).count(), 540);
}

#[test]
fn a_check_counts_nothing() {
    let limiter = Limiter::new(LimiterSettings::default());
    let key = Key::Account(1);
    for _ in 0..1_000 {
        assert!(limiter.check(Action::SettingsWrite, key, NOW).is_ok());
    }
    for _ in 0..60 {
        assert!(limiter.take(Action::SettingsWrite, key, NOW).is_ok());
    }
    assert_eq!(wait_of(limiter.check(Action::SettingsWrite, key, NOW)), 10 * SECOND);
    assert!(limiter.check(Action::SettingsWrite, key, NOW + 10 * SECOND).is_ok());
}

#[test]
fn each_address_has_a_number_of_its_own() {
    let numbers: std::collections::BTreeSet<u64> =
        ["192.0.2.1", "192.0.2.2", "2001:db8:1:2::1", "2001:db8:1:3::1", "2001:db8:2:2::1"]
            .map(|text| address(text).number())
            .into();
    assert_eq!(numbers.len(), 5);
    assert_eq!(address("2001:db8:1:2::1").number(), address("2001:db8:1:2:3::9").number());
}

#[test]
fn refusals_are_counted_by_kind_until_they_are_taken() {
    let limiter = Limiter::new(LimiterSettings::default());
    let told = || -> Vec<String> {
        limiter.take_refusals().iter().map(|(kind, count)| format!("{count} {kind}")).collect()
    };
    assert_eq!(told(), [""; 0]);
    for _ in 0..23 {
        let _ = limiter.take(Action::Registration, Key::Ip(home()), NOW);
    }
    while limiter.take(Action::AddressChange, Key::UnknownIdentifier(7), NOW).is_ok() {}
    for number in 0..61 {
        let _ = limiter.login_now(NOW, Subject::Account(number), home());
    }
    for _ in 0..41 {
        let _ = limiter.guess_now(NOW, ALICES_SHOP);
    }
    let expected = [
        "1 changes of the address of one unknown name",
        "1 sign-ins of one address",
        "3 sign-ups of one address",
        "1 wrong passwords at one account of trusted servers",
    ];
    assert_eq!(told(), expected);
    assert_eq!(told(), [""; 0]);
}

#[test]
fn several_at_once_are_counted_or_none() {
    let registration_by_ip = Rate::new(10, Duration::from_secs(10));
    let rates = Rates { registration_by_ip, ..Rates::default() };
    let limiter = Limiter::new(LimiterSettings { rates, ..LimiterSettings::default() });
    let key = Key::Ip(IpAddr::from([192, 0, 2, 1]).into());
    let take = |times, now| limiter.take_times(Action::Registration, key, times, now);
    assert!(take(6, NOW).is_ok());
    // Four are left. One more comes in a second.
    assert_eq!(take(5, NOW).unwrap_err().retry_after, Duration::from_secs(1));
    assert!(take(5, NOW + 1_000).is_ok());
    assert!(limiter.take(Action::Registration, key, NOW + 1_000).is_err());
    // More than there ever is counts as all.
    assert!(take(1_000, NOW + 5_000).is_err());
    assert!(take(1_000, NOW + 11_000).is_ok());
    assert!(take(1, NOW + 11_000).is_err());
}
