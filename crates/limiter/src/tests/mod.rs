//! The limiter as its callers see it, with a clock moved by hand.

mod bounds;
mod codes;
mod guessing;
mod ledgers;
mod rates;

use std::{
    net::IpAddr,
    num::{NonZeroU8, NonZeroUsize},
    pin::pin,
    sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

use super::{
    Action, Attempt, ClientIp, Device, Guesser, Guessing, Key, Limiter, LimiterSettings, MemoryLedger, Rate,
    Rates, Refused, Subject, Throttled,
};

const NOW: i64 = 1_750_000_000_000;
const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const ALICE: Subject = Subject::Account(1);
const ALICES_PHONE: Guesser = Guesser::KnownDevice { account: 1, device: Device::Browser(7) };
const ALICES_SHOP: Guesser = Guesser::TrustedServer { subject: ALICE };

fn address(text: &str) -> ClientIp {
    text.parse::<IpAddr>().unwrap().into()
}

fn home() -> ClientIp {
    address("192.0.2.1")
}

/// Somebody at home whom the subject does not know.
fn neighbour(subject: Subject) -> Guesser {
    Guesser::Stranger { subject, ip: home() }
}

/// Somebody whom Alice does not know, at one of many addresses.
fn elsewhere(number: u8) -> Guesser {
    Guesser::Stranger { subject: ALICE, ip: IpAddr::from([203, 0, 113, number]).into() }
}

/// Polls a future once. The futures of a ledger in memory never wait.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => panic!("a ledger in memory waited"),
    }
}

fn throttled<T>(outcome: Result<T, Refused>) -> Result<T, Throttled> {
    outcome.map_err(|refused| match refused {
        Refused::Throttled(throttled) => throttled,
        Refused::Unavailable(cause) => panic!("{cause}"),
    })
}

trait LimiterNow {
    fn guess_now(&self, now: i64, guesser: Guesser) -> Result<Attempt, Throttled>;
    fn login_now(&self, now: i64, subject: Subject, ip: ClientIp) -> Result<Attempt, Throttled> {
        self.guess_now(now, Guesser::Stranger { subject, ip })
    }
    fn code_now(&self, now: i64, account: i64) -> Result<Attempt, Throttled>;
}

impl LimiterNow for Limiter {
    fn guess_now(&self, now: i64, guesser: Guesser) -> Result<Attempt, Throttled> {
        throttled(at_once(self.begin_login(now, guesser)))
    }

    fn code_now(&self, now: i64, account: i64) -> Result<Attempt, Throttled> {
        throttled(at_once(self.begin_code(now, account)))
    }
}

trait AttemptNow {
    fn succeed_now(self);
    fn refund_now(self);
}

impl AttemptNow for Attempt {
    fn succeed_now(self) {
        at_once(self.succeeded());
    }

    fn refund_now(self) {
        at_once(self.refund());
    }
}

/// A limiter without a rate by IP.
fn without_ip_rate() -> Limiter {
    Limiter::new(LimiterSettings {
        rates: Rates { login_by_ip: Rate::new(1_000_000, Duration::from_secs(1)), ..Rates::default() },
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

fn fail(limiter: &Limiter, now: i64, guesser: Guesser) {
    limiter.guess_now(now, guesser).unwrap().failed();
}

/// The number of 200 simultaneous threads whose attempt passes.
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

/// The shortest times between consecutive evaluated failures, `count` of them, in milliseconds.
fn waits_between_failures(limiter: &Limiter, guesser: Guesser, count: usize) -> Vec<i64> {
    let mut now = NOW;
    let mut waits = Vec::new();
    for _ in 0..count {
        let mut wait = 0;
        while let Err(throttled) = limiter.guess_now(now + wait, guesser) {
            wait += i64::try_from(throttled.retry_after.as_millis()).unwrap();
        }
        waits.push(wait);
        now += wait;
    }
    waits
}

/// A limiter that counts the failures of a day and delays nobody.
fn without_delay() -> Limiter {
    Limiter::new(LimiterSettings {
        guessing: Guessing { free_failures: u8::MAX, ..Guessing::default() },
        rates: Rates { login_by_ip: Rate::new(1_000_000, Duration::from_secs(1)), ..Rates::default() },
        ..LimiterSettings::default()
    })
}
