//! The password alone is refused like a wrong one: in the same words, and counted alike.

use std::time::Duration;

use store::Engine;

use super::{ADA, Ada, TAKE, WRONG, change, said};
use crate::engines::both_engines;
use crate::parity::server::Door::{self, Amadis, Fastsite, Mirror};
use crate::parity::server::succeeded;
use crate::support::{Ask, PASSWORD};

both_engines![
    the_password_alone_is_answered_like_a_wrong_one_in_each_dialect,
    nothing_else_tells_that_the_password_was_right,
    the_password_alone_is_counted_like_a_wrong_one_at_each_door,
    a_right_app_password_ends_the_delay_and_a_wrong_one_is_counted,
];

const PROXIED: &str = "rate_limits = \"on\"\nip_header = \"X-Real-IP\"";

fn from(ask: Ask, address: &str) -> Ask {
    ask.header("x-real-ip", address)
}

/// Sign-ins with a password, by every call that takes one.
fn calls(ada: &Ada, password: &str) -> Vec<(&'static str, Ask)> {
    let app = &ada.server.app;
    let code = |path: &str, who: &str, code: &str| {
        app.visitor().post(path).form(&[(who, ADA), ("password", password), ("code", code)])
    };
    vec![
        ("fastsite", ada.sign_in(Fastsite, password)),
        ("fastsite, no code", code("/api/v1/personal/auth", "login", " ")),
        ("fastsite, a wrong code", code("/api/v1/personal/auth", "login", "000000")),
        ("mirror", ada.sign_in(Mirror, password)),
        ("mirror, no code", code("/auth/login", "email", "")),
        ("mirror, a wrong code", code("/auth/login", "email", "no code")),
        ("amadis' secret", ada.sign_in(Amadis, password)),
        ("amadis' change", change(app, ADA, password, "another horse battery")),
        // A new password that cannot be is not looked at before the old one was right.
        ("amadis' change to nothing that can be", change(app, ADA, password, "short")),
    ]
}

async fn the_password_alone_is_answered_like_a_wrong_one_in_each_dialect(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    for language in ["en", "fr", "ru"] {
        let right = calls(&ada, PASSWORD).into_iter();
        for ((call, right), (_, wrong)) in right.zip(calls(&ada, WRONG)) {
            let right = right.header("accept-language", language).send().await;
            let wrong = wrong.header("accept-language", language).send().await;
            assert_eq!(said(&right), said(&wrong), "{call} in {language}");
        }
    }
    // The same as of somebody who is not there.
    for door in TAKE {
        let nobody = said(&ada.server.login(door, "nobody@example.org", PASSWORD).send().await);
        assert_eq!(said(&ada.server.login(door, ADA, PASSWORD).send().await), nobody, "{door:?}");
    }
    for table in ["bearers", "user_secrets", "tickets"] {
        assert_eq!(ada.server.app.count(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
}

async fn nothing_else_tells_that_the_password_was_right(engine: Engine) {
    let ada = Ada::new(engine, "registration.verify = 'required'").await;
    for state in [
        "locked_at = 1",
        "locked_at = NULL, password_expires_at = 1",
        "password_expires_at = NULL, verified_at = NULL",
    ] {
        ada.server.app.sql(&format!("UPDATE accounts SET {state}")).await;
        let right = calls(&ada, PASSWORD).into_iter();
        for ((call, right), (_, wrong)) in right.zip(calls(&ada, WRONG)) {
            assert_eq!(said(&right.send().await), said(&wrong.send().await), "{call} where {state}");
        }
    }
}

async fn the_password_alone_is_counted_like_a_wrong_one_at_each_door(engine: Engine) {
    let ada = Ada::new(engine, PROXIED).await;
    for ((call, right), (_, wrong)) in calls(&ada, PASSWORD).into_iter().zip(calls(&ada, WRONG)) {
        let mut answered = Vec::new();
        for ask in [right, wrong] {
            let ask = from(ask, "198.51.100.7");
            let mut answers = Vec::new();
            for _ in 0..6 {
                let answer = ask.send().await;
                answers.push((answer.status, answer.header("retry-after").map(str::to_owned)));
            }
            let evaluated = answers.iter().filter(|(_, wait)| wait.is_none()).count();
            assert_eq!(evaluated, 5, "{call}: {answers:?}");
            answered.push(answers);
            // The next begins with a new day.
            ada.server.app.pass(Duration::from_secs(26 * 3_600));
        }
        assert_eq!(answered[0], answered[1], "{call}");
    }
}

async fn a_right_app_password_ends_the_delay_and_a_wrong_one_is_counted(engine: Engine) {
    let ada = Ada::new(engine, PROXIED).await;
    let made: Vec<(Door, String)> = {
        let mut made = Vec::new();
        for door in TAKE {
            made.push((door, ada.made(door).await));
        }
        made
    };
    let strange = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    for ((door, made), host) in made.into_iter().zip(1_u8..) {
        let address = format!("203.0.113.{host}");
        for _ in 0..2 {
            for _ in 0..4 {
                let wrong = from(ada.sign_in(door, strange), &address).send().await;
                assert!(!succeeded(door, &wrong) && wrong.header("retry-after").is_none(), "{door:?}");
            }
            let right = from(ada.sign_in(door, &made), &address).send().await;
            assert!(succeeded(door, &right), "{door:?}: {}", right.text());
        }
        for number in 0..6 {
            let wrong = from(ada.sign_in(door, strange), &address).send().await;
            assert_eq!(wrong.header("retry-after").is_some(), number == 5, "{door:?}, {number}");
        }
        // Whoever has waited too little is not heard, with whatever password.
        let right = from(ada.sign_in(door, &made), &address).send().await;
        assert!(right.header("retry-after").is_some(), "{door:?}: {}", right.text());
        ada.server.app.pass(Duration::from_secs(26 * 3_600));
    }
}
