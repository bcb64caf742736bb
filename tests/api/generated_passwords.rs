//! A password that amadis' `resetpassword` generates signs in for a day, within which its owner has to choose
//! another.

use std::time::Duration;

use serde_json::Value;
use store::Engine;

use crate::engines::both_engines;
use crate::parity::server::Door::{Amadis, Fastsite, Mirror, Pages, Siberian};
use crate::parity::server::{DOORS, TestServer, succeeded};
use crate::support::{PASSWORD, mail, until};

both_engines![
    a_generated_password_signs_in_for_a_day_and_its_owner_is_then_told_what_to_do,
    a_password_that_was_chosen_within_the_day_does_not_end,
];

const ADA: &str = "ada@example.org";
const DAY: Duration = Duration::from_secs(86_400);
const NEW: &str = "another horse battery";

async fn generated(server: &TestServer) -> String {
    let reset = server.app.visitor().ask("PATCH", "/api/user/v1/resetpassword").form(&[("email", ADA)]);
    let answer = reset.header("authorization", &format!("Bearer {}", server.key)).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["data"]["password"].as_str().unwrap().to_owned()
}

async fn a_generated_password_signs_in_for_a_day_and_its_owner_is_then_told_what_to_do(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    server.register(Pages, ADA, PASSWORD).await;
    let password = generated(&server).await;
    // Each of its characters is one of 32: five bits.
    assert!(password.len() * 5 >= 112, "{password}");
    server.app.pass(DAY - Duration::from_secs(1));
    let session = server.app.visitor();
    assert_eq!(session.log_in(ADA, &password).await.status, 200);
    for door in [Siberian, Fastsite, Mirror] {
        assert!(server.signs_in(door, ADA, &password).await, "{door:?}");
    }

    server.app.pass(Duration::from_secs(1));
    let told = "This password no longer works. Request a link to choose a new one.";
    for door in DOORS {
        let ask = server.login(door, ADA, &password).header("accept-language", "en");
        let answer = ask.send().await;
        assert!(!succeeded(door, &answer), "{door:?}: {}", answer.text());
        let body = answer.json();
        let (status, message) = match door {
            Pages => (403, &body["detail"]),
            Siberian => (400, &body["message"]),
            Amadis => (403, &body["data"]["error"]),
            Fastsite => (200, &body["result"]["MESSAGE"]),
            Mirror => (403, &body["message"]),
        };
        assert_eq!((answer.status, message), (status, &Value::from(told)), "{door:?}");
        let wrong = server.login(door, ADA, "wrong horse battery").send().await;
        assert!(!wrong.text().contains(told), "only who knows the password learns it: {door:?}");
    }
    assert_eq!(server.app.visitor().log_in(ADA, &password).await.problem(403)["code"], "password_expired");
    let form = [("email", ADA), ("password", &password)];
    let page = server.app.visitor().post("/user/login").form(&form).send().await.refusal_page(403);
    let asks = page.contains("action=\"/user/forgot\"") && page.contains("value=\"ada@example.org\"");
    assert!(page.contains(told) && asks && !page.contains(&password), "{page}");
    assert!(session.is_signed_in().await, "what it opened goes on");

    let forgot = server.app.visitor().post("/user/forgot").wants_json().form(&[("email", ADA)]).send().await;
    assert_eq!(forgot.status, 200);
    let link = || server.app.mails(ADA).into_iter().find(|mail| mail.contains("/user/reset?token="));
    until(Duration::from_secs(20), || async { link().is_some() }).await;
    let token = mail::token_in(&mail::read(&link().unwrap()), "/user/reset");
    let fields = [("token", &*token), ("npassword", NEW)];
    let chosen = server.app.visitor().post("/user/reset").wants_json().form(&fields).send().await;
    assert_eq!(chosen.status, 200, "{}", chosen.text());
    server.app.pass(2 * DAY);
    for door in DOORS {
        assert!(server.signs_in(door, ADA, NEW).await, "{door:?}");
    }
}

async fn a_password_that_was_chosen_within_the_day_does_not_end(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    server.register(Pages, ADA, PASSWORD).await;
    let change = async |old: &str| {
        let fields = [("email", ADA), ("oldpassword", old), ("newpassword", NEW)];
        let ask = server.app.visitor().ask("PATCH", "/api/user/v1/changepassword").form(&fields);
        assert_eq!(ask.send().await.status, 200);
    };
    change(&generated(&server).await).await;
    server.app.pass(2 * DAY);
    assert!(server.signs_in(Pages, ADA, NEW).await);

    let session = server.app.visitor();
    assert_eq!(session.log_in(ADA, &generated(&server).await).await.status, 200);
    // An owner who is signed in may still choose one later.
    server.app.pass(2 * DAY);
    let last = generated(&server).await;
    let session = server.app.visitor();
    assert_eq!(session.log_in(ADA, &last).await.status, 200);
    server.app.pass(2 * DAY);
    let fields = [("apassword", last.as_str()), ("npassword", NEW)];
    assert_eq!(session.post("/user/modify/password").wants_json().form(&fields).send().await.status, 200);
    assert!(server.signs_in(Pages, ADA, NEW).await);
}
