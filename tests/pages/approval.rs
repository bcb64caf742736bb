//! `registration.mode = 'approve'`: people sign up, and sign in once the operator has approved.

use domain::Scope;
use serde_json::json;
use store::Engine;

use crate::admin::{act, administrator, number_of, values};
use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, TestApp, html, mail, signing_up};

both_engines!(
    whoever_signs_up_waits_until_an_administrator_approves,
    every_door_makes_an_account_that_waits_and_says_so,
    the_address_is_proven_first_where_the_operator_wants_that,
    nobody_waits_whom_the_operator_brings,
);

const APPROVE: &str = "registration.mode = 'approve'";
const WAITS: &str =
    "Whoever runs this site looks at new accounts first. We’ll email you when you can sign in.";

async fn whoever_signs_up_waits_until_an_administrator_approves(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    let approving = app.another_with(APPROVE).await;
    let eve = approving.visitor();
    let form = [("email", "eve@example.org"), ("password", PASSWORD)];
    let journey = eve.post("/user/create").form(&form).follow().await;
    journey.went(&[(303, "/user/login")]);
    let page = journey.answer.text();
    assert!(html::notice(&page).is_some_and(|said| said.starts_with("Your account is made.")), "{page}");
    // Only whoever knows the password learns that the account waits.
    let refused = eve.log_in("eve@example.org", PASSWORD).await;
    assert_eq!(refused.problem(403)["code"], "approval_wanted");
    eve.log_in("eve@example.org", "another horse entirely").await.problem(401);
    let sign_in = [("email", "eve@example.org"), ("password", PASSWORD)];
    let page = eve.post("/user/login").form(&sign_in).send().await.refusal_page(403);
    assert_eq!(html::alert(&page), Some(WAITS));
    assert!(!eve.is_signed_in().await);

    let id = number_of(&app, "eve").await;
    let listed = values(&ada, "/admin/accounts?waiting=1").await;
    assert_eq!(listed["accounts"][0]["id"], id);
    assert_eq!(listed["accounts"][0]["state"], "waiting");
    let list = ada.get("/admin/accounts?waiting=1").send().await.text();
    assert_eq!(html::headline(&list), Some("Accounts that wait for approval"));
    let (status, said) = act(&ada, id, "approve", &[("reason", "knows her")]).await;
    assert_eq!(status, 303, "{said}");
    assert_eq!(values(&ada, "/admin/accounts?waiting=1").await["accounts"], json!([]));
    let noted = "SELECT COUNT(*) FROM audit_events WHERE kind = 'approved' AND actor = 'staff' AND reason = 'knows her'";
    assert_eq!(app.count(noted).await, 1);
    let told = mail::read(&app.mailed("eve@example.org", 1).await[0]);
    assert!(told.contains("was approved") && told.contains("/user/login"), "{told}");
    assert_eq!(eve.log_in("eve@example.org", PASSWORD).await.status, 200);
    // Once is enough.
    let again = ada.post(&format!("/admin/accounts/{id}/approve")).wants_json().form(&[("reason", "")]);
    assert_eq!(again.send().await.json(), json!({ "changed": false }));
    assert_eq!(app.count(noted).await, 1);
}

async fn every_door_makes_an_account_that_waits_and_says_so(engine: Engine) {
    let app = TestApp::with(engine, APPROVE).await;
    let sends = async |path: &str, body: Body| {
        app.visitor().post(path).wants_json().header("accept-language", "en").body(body).send().await
    };
    assert_eq!(sends("/user/create", signing_up("a")).await.status, 201);
    let fastsite = sends("/api/v1/personal/register/", signing_up("b")).await;
    assert_eq!(
        (&fastsite.json()["success"], &fastsite.json()["result"]["MESSAGE"]),
        (&0.into(), &WAITS.into())
    );
    let mirror = sends("/auth/register", signing_up("c")).await;
    assert_eq!((mirror.status, mirror.json()), (403, json!({ "message": WAITS })));
    let amadis = sends("/api/user/v1/register", signing_up("d")).await;
    assert_eq!((amadis.status, &amadis.json()["data"]["error"]), (403, &WAITS.into()));
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE approval_wanted_at IS NOT NULL").await, 4);
    // Signing in says the same.
    let mirror = sends("/auth/login", signing_up("a")).await;
    assert_eq!((mirror.status, mirror.json()), (403, json!({ "message": WAITS })));
    let fastsite = sends("/api/v1/personal/auth", signing_up("b")).await;
    assert_eq!(fastsite.json()["result"]["MESSAGE"], WAITS);
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 0);
}

async fn the_address_is_proven_first_where_the_operator_wants_that(engine: Engine) {
    let app = TestApp::with(engine, &format!("{APPROVE}\nregistration.verify = 'required'")).await;
    let eve = app.visitor();
    let form = [("email", "eve@example.org"), ("password", PASSWORD)];
    let answer = eve.post("/user/create").wants_json().form(&form).send().await;
    assert_eq!((answer.status, &answer.json()["id"]), (201, &json!(null)));
    assert_eq!(eve.log_in("eve@example.org", PASSWORD).await.problem(403)["code"], "unverified");
    app.prove("eve@example.org").await;
    assert_eq!(eve.log_in("eve@example.org", PASSWORD).await.problem(403)["code"], "approval_wanted");
}

async fn nobody_waits_whom_the_operator_brings(engine: Engine) {
    let app = TestApp::with(engine, APPROVE).await;
    let key = app.key_with("shop", &Scope::ALL, 1, None).await;
    for (path, name) in [("/admin/api_account/create", "grace"), ("/api/user/v1/register", "edsger")] {
        let email = format!("{name}@example.org");
        let body = Body::json(&[("email", &email), ("password", PASSWORD)]);
        let made = app
            .visitor()
            .post(path)
            .header("authorization", &format!("Bearer {key}"))
            .body(body)
            .send()
            .await;
        assert!(made.status < 300, "{}", made.text());
        assert_eq!(app.visitor().log_in(&email, PASSWORD).await.status, 200);
    }
}
