//! Sessions: how they end, by their owner and by themselves.

use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::{TestApp, Visitor, html, until};

both_engines!(
    a_session_that_is_ended_is_dead_at_once,
    all_other_sessions_are_ended_at_once,
    nobody_ends_the_session_of_somebody_else,
    ending_the_present_session_signs_out,
    an_unused_session_ends_after_fourteen_days,
    a_used_session_ends_after_ninety_days,
    how_long_sessions_last_can_be_set,
    a_session_is_kept_as_a_digest_only,
);

const DAY: Duration = Duration::from_secs(86_400);

/// Numbers of the other sessions, as the list has them.
async fn endable(visitor: &Visitor) -> Vec<String> {
    let listed = visitor.get("/user/devices").wants_json().send().await.json();
    let sessions = listed["openings"].as_array().unwrap().iter();
    let others = sessions.filter(|opening| opening["kind"] == "session" && opening["current"] == false);
    others.map(|session| session["id"].to_string()).collect()
}

/// Uses a session and waits until its last use is recorded, which happens after the answer.
async fn used(app: &TestApp, visitor: &Visitor) {
    assert!(visitor.is_signed_in().await);
    let noted = format!("SELECT COUNT(*) FROM sessions WHERE seen_at = {}", app.now());
    until(Duration::from_secs(10), async || app.count(&noted).await == 1).await;
}

async fn a_session_that_is_ended_is_dead_at_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let phone = app.signed_in("ada").await;
    assert!(phone.is_signed_in().await);
    let [id] = &endable(&ada).await[..] else { panic!("not one other session") };
    let journey = ada.post("/user/sessions/end").form(&[("id", id)]).follow().await;
    journey.went(&[(303, "/user/profil")]);
    assert_eq!(html::notice(&journey.answer.text()), Some("Signed out on that device."));
    assert!(!phone.is_signed_in().await);
    assert!(ada.is_signed_in().await);
    assert_eq!(endable(&ada).await.len(), 0);
    // A second click redirects without a notice of an ended session.
    let again = ada.post("/user/sessions/end").form(&[("id", id)]).follow().await;
    again.went(&[(303, "/user/profil")]);
    assert_eq!(html::notice(&again.answer.text()), None);
    ada.post("/user/sessions/end").wants_json().form(&[("id", id)]).send().await.problem(404);

    let tablet = app.signed_in("ada").await;
    let id: i64 = endable(&ada).await[0].parse().unwrap();
    let body = crate::support::Body::new("application/json", format!("{{\"id\":{id}}}"));
    let answer = ada.post("/user/sessions/end").wants_json().body(body).send().await;
    assert_eq!(answer.status, 200);
    assert!(!tablet.is_signed_in().await);
}

async fn all_other_sessions_are_ended_at_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let bob = app.signed_up("bob").await;
    let others = [app.signed_in("ada").await, app.signed_in("ada").await];
    for other in &others {
        assert!(other.is_signed_in().await);
    }
    let journey = ada.post("/user/sessions/end-others").follow().await;
    journey.went(&[(303, "/user/profil")]);
    assert_eq!(html::notice(&journey.answer.text()), Some("Signed out everywhere else."));
    for other in &others {
        assert!(!other.is_signed_in().await);
    }
    assert!(ada.is_signed_in().await && bob.is_signed_in().await);
    app.signed_in("ada").await;
    let answer = ada.post("/user/sessions/end-others").wants_json().send().await;
    assert_eq!((answer.status, &answer.json()["ended"]), (200, &1.into()));
}

async fn nobody_ends_the_session_of_somebody_else(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let phone = app.signed_in("ada").await;
    let mallory = app.signed_up("mallory").await;
    let id = endable(&ada).await.remove(0);
    for id in [id.as_str(), "0", "-1", "9223372036854775807", "99999999999999999999", "x", "", "1 OR 1=1"] {
        mallory.post("/user/sessions/end").wants_json().form(&[("id", id)]).send().await.problem(404);
    }
    assert!(phone.is_signed_in().await && ada.is_signed_in().await && mallory.is_signed_in().await);
}

async fn ending_the_present_session_signs_out(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let phone = app.signed_in("ada").await;
    let id = endable(&ada).await.remove(0);
    phone.post("/user/sessions/end").form(&[("id", &id)]).follow().await.went(&[(303, "/user/login")]);
    assert_eq!(phone.cookie("vestibule"), None);
    assert!(ada.is_signed_in().await);
}

async fn an_unused_session_ends_after_fourteen_days(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let phone = app.signed_in("ada").await;
    app.pass(14 * DAY - Duration::from_secs(1));
    used(&app, &ada).await;
    app.pass(Duration::from_secs(1));
    assert!(ada.is_signed_in().await, "it was used a second ago");
    assert!(!phone.is_signed_in().await);
    phone.get("/user/profil").follow().await.went(&[(303, "/user/login?next=/user/profil")]);
}

async fn a_used_session_ends_after_ninety_days(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for _ in 0..8 {
        app.pass(11 * DAY);
        used(&app, &ada).await;
    }
    app.pass(2 * DAY - Duration::from_secs(1));
    assert!(ada.is_signed_in().await);
    app.pass(Duration::from_secs(1));
    assert!(!ada.is_signed_in().await);
}

async fn how_long_sessions_last_can_be_set(engine: Engine) {
    let app = TestApp::with(engine, "session.idle_days = 1\nsession.absolute_days = 2").await;
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    app.pass(DAY / 2);
    used(&app, &ada).await;
    app.pass(DAY / 2);
    used(&app, &ada).await;
    assert!(!bob.is_signed_in().await);
    app.pass(DAY - Duration::from_secs(1));
    assert!(ada.is_signed_in().await);
    app.pass(Duration::from_secs(1));
    assert!(!ada.is_signed_in().await);
}

async fn a_session_is_kept_as_a_digest_only(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let token = ada.cookie("vestibule").unwrap();
    assert_eq!(token.len(), 43, "256 bits");
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(app.scratch().folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            kept.extend(std::fs::read(path).unwrap());
        }
    }
    let digest = <sha2::Sha256 as sha2::Digest>::digest(token.as_bytes());
    if engine == Engine::Sqlite {
        assert!(kept.windows(32).any(|bytes| bytes == &digest[..]));
    }
    assert!(!kept.windows(43).any(|bytes| bytes == token.as_bytes()));
    let length = "SELECT COUNT(*) FROM sessions WHERE length(token) = 32";
    assert_eq!(app.count(length).await, 1);
}
