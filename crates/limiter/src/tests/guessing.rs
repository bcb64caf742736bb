//! The limits on guesses of passwords: their number, their rate, and the subjects that they apply to.

use super::*;

#[test]
fn five_failures_are_free_and_then_the_delay_doubles_up_to_fifteen_minutes() {
    let waits = waits_between_failures(&without_ip_rate(), ALICE, 18);
    let seconds: Vec<i64> = waits.into_iter().map(|wait| wait / SECOND).collect();
    assert_eq!(seconds, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
}

#[test]
fn unknown_identifiers_and_browsers_are_held_to_the_same_delays_as_accounts() {
    let account = waits_between_failures(&without_ip_rate(), ALICE, 120);
    for subject in [Subject::UnknownIdentifier(42), ALICES_PHONE] {
        let waits = waits_between_failures(&without_ip_rate(), subject, 120);
        assert_eq!(waits, account);
    }
}

#[test]
fn a_fingerprint_is_stable_and_tells_identifiers_apart() {
    let limiter = small(10);
    assert_eq!(limiter.fingerprint("a"), limiter.clone().fingerprint("a"));
    assert_ne!(limiter.fingerprint("a"), limiter.fingerprint("b"));
}

#[test]
fn exactly_a_hundred_failures_are_evaluated_in_a_day() {
    let limiter = without_delay();
    let begun = |now| limiter.login_now(now, ALICE, home()).map(Attempt::failed);
    for number in 0..100 {
        assert!(begun(NOW + number * MINUTE).is_ok());
    }
    let wait = wait_of(begun(NOW + 100 * MINUTE));
    let end = NOW + 100 * MINUTE + wait;
    assert!((DAY..=DAY + HOUR).contains(&(end - NOW)), "{wait}");
    assert!(begun(NOW + DAY - 1).is_err());
    assert!(begun(end - 1).is_err());
    assert!(begun(end).is_ok());
}

#[test]
fn no_twenty_four_hours_hold_more_than_a_hundred_failures() {
    let limiter = without_delay();
    let mut evaluated = Vec::new();
    for now in (NOW..NOW + 4 * DAY).step_by(7 * 60 * 1000) {
        if limiter.login_now(now, ALICE, home()).is_ok() {
            evaluated.push(now);
        }
    }
    assert!(evaluated.len() > 300);
    for (index, first) in evaluated.iter().enumerate() {
        let within = evaluated[index..].iter().take_while(|&&at| at - first < DAY);
        assert!(within.count() <= 100);
    }
}

#[test]
fn two_hundred_parallel_guesses_get_the_free_ones_and_no_more() {
    let limiter = without_ip_rate();
    let passed = passed_of_200(|_| limiter.login_now(NOW, ALICE, home()).map(Attempt::failed).is_ok());
    assert_eq!(passed, 5);
}

#[test]
fn two_hundred_parallel_guesses_cannot_exceed_the_day() {
    let limiter = without_delay();
    for _ in 0..40 {
        fail(&limiter, NOW, ALICE);
    }
    let passed = passed_of_200(|_| limiter.login_now(NOW, ALICE, home()).is_ok());
    assert_eq!(passed, 60);
}

#[test]
fn a_known_browser_is_locked_out_neither_by_others_nor_by_its_address() {
    let limiter = Limiter::new(LimiterSettings::default());
    for number in 0..60 {
        let _ = limiter.login_now(NOW, Subject::Account(number % 12), home());
    }
    assert!(limiter.login_now(NOW, ALICE, home()).is_err());
    assert!(limiter.login_now(NOW, Subject::Account(99), home()).is_err());
    fail(&limiter, NOW, ALICES_PHONE);
    for _ in 0..4 {
        fail(&limiter, NOW, ALICES_PHONE);
    }
    assert_eq!(wait_of(limiter.login_now(NOW, ALICES_PHONE, home())), SECOND);
}

#[test]
fn failures_of_a_known_browser_leave_the_account_open() {
    let limiter = without_ip_rate();
    for _ in 0..5 {
        fail(&limiter, NOW, ALICES_PHONE);
    }
    assert!(limiter.login_now(NOW, ALICE, home()).is_ok());
}

#[test]
fn a_success_ends_the_delay() {
    let limiter = without_ip_rate();
    for _ in 0..5 {
        fail(&limiter, NOW, ALICE);
    }
    limiter.login_now(NOW + SECOND, ALICE, home()).unwrap().succeed_now();
    for _ in 0..5 {
        fail(&limiter, NOW + SECOND, ALICE);
    }
    assert_eq!(wait_of(limiter.login_now(NOW + SECOND, ALICE, home())), SECOND);
}

#[test]
fn successes_use_up_none_of_the_day_and_give_none_of_it_back() {
    let limiter = without_delay();
    for _ in 0..99 {
        fail(&limiter, NOW, ALICE);
    }
    for _ in 0..300 {
        let attempt = limiter.login_now(NOW, ALICE, home()).unwrap();
        attempt.succeed_now();
    }
    fail(&limiter, NOW, ALICE);
    assert!(limiter.login_now(NOW, ALICE, home()).is_err());
}

#[test]
fn an_attempt_that_was_never_evaluated_leaves_no_trace() {
    let limiter = Limiter::new(LimiterSettings::default());
    for _ in 0..5 {
        fail(&limiter, NOW, ALICE);
    }
    let later = NOW + SECOND;
    for _ in 0..500 {
        limiter.login_now(later, ALICE, home()).unwrap().refund_now();
    }
    fail(&limiter, later, ALICE);
    assert_eq!(wait_of(limiter.login_now(later, ALICE, home())), 2 * SECOND);
}

#[test]
fn an_attempt_that_is_dropped_counts_as_a_failure() {
    let limiter = without_ip_rate();
    for _ in 0..5 {
        drop(limiter.login_now(NOW, ALICE, home()).unwrap());
    }
    assert!(limiter.login_now(NOW, ALICE, home()).is_err());
}

#[test]
fn a_throttled_attempt_uses_nothing_up() {
    let limiter = Limiter::new(LimiterSettings::default());
    for _ in 0..5 {
        fail(&limiter, NOW, ALICE);
    }
    for _ in 0..1000 {
        assert!(limiter.login_now(NOW, ALICE, home()).is_err());
    }
    let others = (2..)
        .take_while(|&account| limiter.login_now(NOW, Subject::Account(account), home()).is_ok())
        .count();
    assert_eq!(others, 55);
    assert!(limiter.login_now(NOW + 10 * SECOND, ALICE, home()).is_ok());
}
