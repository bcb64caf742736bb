//! What a caller of the limiter sees, with a clock moved by hand.

mod bounds;
mod codes;
mod guessing;
mod rates;

use std::{
    net::IpAddr,
    num::NonZeroUsize,
    sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use super::{
    Action, Attempt, ClientAddress, Guessing, Key, Limiter, LimiterSettings, Rate, Rates, Subject, Throttled,
};

const NOW: i64 = 1_750_000_000_000;
const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const ALICE: Subject = Subject::Account(1);
const ALICES_PHONE: Subject = Subject::Device { account: 1, device: 7 };

fn address(text: &str) -> ClientAddress {
    text.parse::<IpAddr>().unwrap().into()
}

fn home() -> ClientAddress {
    address("192.0.2.1")
}

/// Addresses may do as they like.
fn without_address_rate() -> Limiter {
    Limiter::new(LimiterSettings {
        rates: Rates { login_by_address: Rate::new(1_000_000, Duration::from_secs(1)), ..Rates::default() },
        ..LimiterSettings::default()
    })
}

fn small(keys: usize) -> Limiter {
    Limiter::new(LimiterSettings { keys: NonZeroUsize::new(keys).unwrap(), ..LimiterSettings::default() })
}

fn wait_of<T>(result: Result<T, Throttled>) -> i64 {
    let Err(throttled) = result else {
        panic!("not throttled");
    };
    i64::try_from(throttled.retry_after.as_millis()).unwrap()
}

fn fail(limiter: &Limiter, now: i64, subject: Subject) {
    limiter.begin_login(now, subject, home()).unwrap().failed();
}

/// How many of 200 threads that start together get through.
fn passed_of_200(attempt: impl Fn(usize) -> bool + Sync) -> usize {
    let (start, passed) = (Barrier::new(200), AtomicUsize::new(0));
    thread::scope(|threads| {
        for number in 0..200 {
            let (start, passed, attempt) = (&start, &passed, &attempt);
            threads.spawn(move || {
                start.wait();
                if attempt(number) {
                    passed.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    passed.into_inner()
}

/// The least time from one evaluated failure to the next, `count` times.
fn waits_between_failures(limiter: &Limiter, subject: Subject, count: usize) -> Vec<i64> {
    let mut now = NOW;
    let mut waits = Vec::new();
    for _ in 0..count {
        let mut wait = 0;
        while let Err(throttled) = limiter.begin_login(now + wait, subject, home()) {
            wait += i64::try_from(throttled.retry_after.as_millis()).unwrap();
        }
        waits.push(wait);
        now += wait;
    }
    waits
}

fn without_delay() -> Limiter {
    Limiter::new(LimiterSettings {
        guessing: Guessing { free_failures: u8::MAX, ..Guessing::default() },
        rates: Rates { login_by_address: Rate::new(1_000_000, Duration::from_secs(1)), ..Rates::default() },
        ..LimiterSettings::default()
    })
}
