//! Rate limits, and a queue that is full.

use std::time::Duration;

use rocket::tokio::task::JoinSet;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Answer, PASSWORD, TestApp, Visitor, html};

both_engines!(
    wrong_passwords_are_slowed_down_and_told_when_to_come_back,
    an_unknown_account_is_slowed_down_alike,
    guesses_are_counted_exactly_when_they_come_all_at_once,
    a_browser_that_signed_in_before_is_not_locked_out_by_others,
    somebody_elses_device_cookie_opens_nothing,
    who_signs_up_too_often_keeps_what_was_typed,
    a_common_password_is_judged_only_after_the_limit_has_counted,
    who_changes_too_much_is_told_on_the_page,
    who_uploads_too_often_is_told_on_the_page,
    guessing_the_current_password_is_slowed_down_too,
    a_full_queue_is_said_at_once_and_keeps_what_was_typed,
);

const LIMITED: &str = "rate_limits = 'on'";

/// Value of `Retry-After`, in seconds.
#[track_caller]
fn retry_after(answer: &Answer) -> u64 {
    let seconds = answer.header("retry-after").unwrap().parse().unwrap();
    assert!(seconds >= 1);
    seconds
}

async fn guess(visitor: &Visitor, identifier: &str) -> u16 {
    visitor.log_in(identifier, "wrong password").await.status
}

async fn wrong_passwords_are_slowed_down_and_told_when_to_come_back(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    app.signed_up("ada").await;
    let visitor = app.visitor();
    for identifier in ["ada", "ADA", "ada@example.org", " Ada ", "ADA@EXAMPLE.ORG"] {
        assert_eq!(guess(&visitor, identifier).await, 401);
    }
    let throttled = visitor.log_in("ada", PASSWORD).await;
    throttled.problem(429);
    let wait = retry_after(&throttled);
    let form = [("email", "ada"), ("password", PASSWORD)];
    let answer = app.visitor().post("/user/login").form(&form).send().await;
    let page = answer.refusal_page(429);
    assert_eq!(retry_after(&answer), wait);
    assert_eq!(html::value(&page, "email"), "ada");
    assert!(html::alert(&page).is_some() && !page.contains(PASSWORD));
    app.pass(Duration::from_secs(wait));
    assert_eq!(guess(&visitor, "ada").await, 401);
    let longer = visitor.log_in("ada", PASSWORD).await;
    assert!(retry_after(&longer) > wait);
    app.pass(Duration::from_secs(retry_after(&longer)));
    assert_eq!(visitor.log_in("ada", PASSWORD).await.status, 200);
}

async fn an_unknown_account_is_slowed_down_alike(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    app.signed_up("ada").await;
    let mut seen = Vec::new();
    for identifier in ["ada", "eve", "eve@example.org"] {
        let mut answers = Vec::new();
        for _ in 0..7 {
            let answer = app.visitor().log_in(identifier, "wrong password").await;
            answers.push((answer.status, answer.header("retry-after").map(str::to_owned), answer.text()));
        }
        seen.push(answers);
    }
    assert_eq!(
        seen[0].iter().map(|(status, ..)| *status).collect::<Vec<_>>(),
        [401, 401, 401, 401, 401, 429, 429]
    );
    assert_eq!(seen[1], seen[0]);
    assert_eq!(seen[2], seen[0]);
}

async fn guesses_are_counted_exactly_when_they_come_all_at_once(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    app.signed_up("ada").await;
    let mut guesses = JoinSet::new();
    for _ in 0..200 {
        let visitor = app.visitor();
        guesses.spawn(async move { guess(&visitor, "ada").await });
    }
    let statuses = guesses.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 5);
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 195);
}

async fn a_browser_that_signed_in_before_is_not_locked_out_by_others(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let ada = app.signed_up("ada").await;
    ada.post("/user/logout").send().await;
    let attacker = app.visitor();
    // Exhausts the limits of the IP address, at the account and of all.
    for _ in 0..100 {
        guess(&attacker, "ada").await;
        guess(&attacker, "eve").await;
        app.pass(Duration::from_secs(1));
    }
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 429);
    assert_eq!(ada.log_in("ada", "wrong password").await.status, 401);
    assert_eq!(ada.log_in("ada", PASSWORD).await.status, 200);
}

async fn somebody_elses_device_cookie_opens_nothing(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    app.signed_up("ada").await;
    let mallory = app.signed_up("mallory").await;
    for _ in 0..5 {
        assert_eq!(guess(&mallory, "ada").await, 401);
    }
    assert_eq!(mallory.log_in("ada", PASSWORD).await.status, 429);
    for junk in ["", "x", &"A".repeat(43), &"A".repeat(10_000)] {
        let visitor = app.visitor();
        visitor.set_cookie("vestibule_device", junk);
        assert_eq!(visitor.log_in("ada", PASSWORD).await.status, 429);
    }
    // The secret of a known browser is not a session.
    let device = mallory.cookie("vestibule_device").unwrap();
    let visitor = app.visitor();
    visitor.set_cookie("vestibule", &device);
    assert!(!visitor.is_signed_in().await);
}

async fn who_signs_up_too_often_keeps_what_was_typed(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    app.signed_up("ada").await;
    let form = [("email", "ada@example.org"), ("username", "eve"), ("password", PASSWORD)];
    let mut answer = app.visitor().post("/user/create").form(&form).send().await;
    for _ in 0..25 {
        if answer.status != 422 {
            break;
        }
        answer = app.visitor().post("/user/create").form(&form).send().await;
    }
    let page = answer.refusal_page(429);
    assert_eq!(html::value(&page, "email"), "ada@example.org");
    assert_eq!(html::value(&page, "username"), "eve");
    assert!(html::alert(&page).is_some() && !page.contains(PASSWORD));
    retry_after(&answer);
    let answer = app.visitor().post("/user/create").wants_json().form(&form).send().await;
    answer.problem(429);
    app.pass(Duration::from_secs(retry_after(&answer)));
    let form = [("email", "eve@example.org"), ("password", PASSWORD)];
    assert_eq!(app.visitor().post("/user/create").wants_json().form(&form).send().await.status, 201);
}

async fn a_common_password_is_judged_only_after_the_limit_has_counted(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let common = [("email", "ada@example.org"), ("password", "password")];
    for _ in 0..20 {
        let answer = app.visitor().post("/user/create").wants_json().form(&common).send().await;
        answer.refused_fields(422, &["password"]);
    }
    // Else a stranger would have it judged without end, at 4 ms each.
    let answer = app.visitor().post("/user/create").wants_json().form(&common).send().await;
    answer.problem(429);
    assert!(retry_after(&answer) > 60);
    // What costs nothing to refuse is refused at once, and counts for nothing.
    let short = [("email", "ada@example.org"), ("password", "short")];
    let answer = app.visitor().post("/user/create").wants_json().form(&short).send().await;
    answer.refused_fields(422, &["password"]);
}

async fn who_changes_too_much_is_told_on_the_page(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let ada = app.signed_up("ada").await;
    for _ in 0..60 {
        let form = [("name", "Ada")];
        assert_eq!(ada.post("/user/modify/profile").wants_json().form(&form).send().await.status, 200);
    }
    for (path, name) in [("/user/modify/profile", "name"), ("/user/modify/username", "username")] {
        let answer = ada.post(path).form(&[(name, "countess")]).send().await;
        let page = answer.refusal_page(429);
        retry_after(&answer);
        assert_eq!(html::value(&page, name), "countess");
        assert!(html::alert(&page).is_some());
        ada.post(path).wants_json().form(&[(name, "countess")]).send().await.problem(429);
    }
    assert_eq!(ada.account().await["name"], "Ada");
}

async fn who_uploads_too_often_is_told_on_the_page(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let ada = app.signed_up("ada").await;
    let body = crate::support::Body::upload(b"no picture", &[]);
    for _ in 0..30 {
        let answer = ada.post("/user/modify/pp").wants_json().body(body.clone()).send().await;
        assert_eq!(answer.status, 415);
    }
    let answer = ada.post("/user/modify/pp").body(body.clone()).send().await;
    let page = answer.refusal_page(429);
    retry_after(&answer);
    assert!(html::alert(&page).is_some());
    assert_eq!(html::headline(&page), Some("Your profile"));
    ada.post("/user/modify/pp").wants_json().body(body).send().await.problem(429);
}

async fn guessing_the_current_password_is_slowed_down_too(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let ada = app.signed_up("ada").await;
    let wrong = [("apassword", "wrong password"), ("npassword", "another horse entirely")];
    for _ in 0..5 {
        ada.post("/user/modify/password")
            .wants_json()
            .form(&wrong)
            .send()
            .await
            .refused_fields(422, &["apassword"]);
    }
    let right = [("apassword", PASSWORD), ("npassword", "another horse entirely")];
    let answer = ada.post("/user/modify/password").form(&right).send().await;
    let page = answer.refusal_page(429);
    retry_after(&answer);
    assert!(html::alert(&page).is_some() && !page.contains(PASSWORD));
    // The owner can still sign in elsewhere.
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
}

async fn a_full_queue_is_said_at_once_and_keeps_what_was_typed(engine: Engine) {
    let app = TestApp::with(engine, "password.threads = 1\npassword.queue = 1").await;
    let ada = app.signed_up("ada").await;
    let mut storm = JoinSet::new();
    for number in 0..60 {
        let visitor = app.visitor();
        let email = format!("new{number}@example.org");
        storm.spawn(async move {
            match number % 3 {
                0 => visitor.post("/user/login").form(&[("email", "ada"), ("password", "wrong password")]),
                1 => visitor.post("/user/create").form(&[("email", &email), ("password", PASSWORD)]),
                _ => visitor
                    .post("/user/login")
                    .wants_json()
                    .form(&[("email", &email), ("password", PASSWORD)]),
            }
            .send()
            .await
        });
    }
    let mut refused = [0; 3];
    for answer in storm.join_all().await {
        if answer.status != 503 {
            assert!(matches!(answer.status, 308 | 401), "{}", answer.status);
            continue;
        }
        retry_after(&answer);
        if answer.is_page() {
            let page = answer.refusal_page(503);
            assert!(html::alert(&page).is_some(), "{page}");
            assert!(!page.contains(PASSWORD) && !page.contains("wrong password"));
            let typed = html::value(&page, "email");
            refused[usize::from(typed == "ada")] += 1;
            assert!(typed == "ada" || typed.starts_with("new"), "{typed}");
        } else {
            answer.problem(503);
            refused[2] += 1;
        }
    }
    assert!(refused.iter().all(|count| *count > 0), "{refused:?}");
    assert!(ada.is_signed_in().await);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
}
