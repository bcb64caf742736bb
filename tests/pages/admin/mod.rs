//! `/admin`: the pages for administrators.

mod accounts;
mod lists;
mod orders;

use std::time::Duration;

use domain::{AccountId, EmailAddress, Millis, Role};
use serde_json::Value;
use store::accounts::set_identity;
use store::{Engine, Store, StoreError};

use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor, html, totp as app_on_a_phone, until};
use crate::totp;

both_engines!(
    nobody_else_gets_in,
    an_administrator_needs_a_second_factor_unless_the_operator_wants_none,
    a_stale_administrator_proves_a_second_factor_and_goes_on,
    an_operator_may_do_without_the_pages,
);

const STALE: Duration = Duration::from_secs(601);

/// An administrator with an authenticator app, signed in by both factors.
pub async fn administrator(app: &TestApp, name: &str) -> Visitor {
    let visitor = app.signed_up(name).await;
    totp::set_up(app, &visitor).await;
    promote(app, name, &visitor).await;
    visitor
}

/// Gives an account the role as the command line does, and waits until the server has heard of it.
async fn promote(app: &TestApp, name: &str, visitor: &Visitor) {
    let email = EmailAddress::parse(&format!("{name}@example.org")).unwrap();
    let id = AccountId(number_of(app, name).await);
    let store = Store::open(app.database().await).await.unwrap();
    let given: Result<(), StoreError> = store
        .transact(async |tx| set_identity(tx, id, &email, Role::ADMINISTRATOR, Millis(app.now())).await)
        .await;
    given.unwrap();
    store.close().await;
    until(Duration::from_secs(10), || async {
        visitor.get("/admin/accounts").wants_json().send().await.json()["code"] != "forbidden"
    })
    .await;
}

pub async fn number_of(app: &TestApp, name: &str) -> i64 {
    app.count(&format!("SELECT id FROM accounts WHERE email_key = '{name}@example.org'")).await
}

async fn page(visitor: &Visitor, path: &str) -> String {
    let answer = visitor.get(path).send().await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text()
}

pub async fn values(visitor: &Visitor, path: &str) -> Value {
    let answer = visitor.get(path).wants_json().send().await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

/// Sends the form of an action, as its page has it.
pub async fn act(visitor: &Visitor, account: i64, action: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let path = format!("/admin/accounts/{account}/{action}");
    let form = html::form(&page(visitor, &path).await, &path);
    let kept = form.fields().into_iter().filter(|(name, _)| !fields.iter().any(|(given, _)| given == name));
    let sent: Vec<(&str, &str)> = kept.chain(fields.iter().copied()).collect();
    let answer = visitor.post(&path).form(&sent).send().await;
    (answer.status, answer.text())
}

async fn nobody_else_gets_in(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    totp::set_up(&app, &ada).await;
    let id = number_of(&app, "ada").await;
    let pages = ["accounts", "invitations", "mail", "webhooks", "keys", "audit", "status"]
        .map(|page| format!("/admin/{page}"));
    let one = [format!("/admin/accounts/{id}"), format!("/admin/accounts/{id}/delete")];
    for path in pages.iter().chain(&one) {
        assert_eq!(app.visitor().get(path).send().await.status, 401, "{path}");
        assert_eq!(app.visitor().get(path).wants_json().send().await.problem(401)["code"], "unauthenticated");
        ada.get(path).send().await.refusal_page(403);
        assert_eq!(ada.get(path).wants_json().send().await.problem(403)["code"], "forbidden", "{path}");
    }
    let forms = ["/admin/invitations", "/admin/mail/retry", "/admin/keys", "/admin/keys/revoke", &one[1]];
    for path in forms {
        ada.post(path).wants_json().form(&[("id", "all")]).send().await.problem(403);
        app.visitor().post(path).wants_json().form(&[("id", "all")]).send().await.problem(401);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE deleted_at IS NULL").await, 1);
    assert!(!page(&ada, "/user/profil").await.contains("/admin/accounts"));
    promote(&app, "ada", &ada).await;
    // Another site's page orders nothing.
    let foreign =
        ada.post(&one[1]).header("origin", "https://evil.example").form(&[("reason", "")]).send().await;
    assert_eq!(foreign.status, 403, "{}", foreign.text());
    assert!(page(&ada, "/user/profil").await.contains("/admin/accounts"));
}

async fn an_administrator_needs_a_second_factor_unless_the_operator_wants_none(engine: Engine) {
    for (settings, let_in) in [("", false), ("admin = { second_factor = false }", true)] {
        let app = TestApp::with(engine, settings).await;
        let ada = app.signed_up("ada").await;
        promote(&app, "ada", &ada).await;
        let answer = ada.get("/admin/accounts").send().await;
        if let_in {
            assert_eq!(answer.status, 200, "{}", answer.text());
            continue;
        }
        assert_eq!((answer.status, answer.header("location")), (303, Some("/user/security")));
        ada.get("/admin/accounts").wants_json().send().await.problem(403);
        totp::set_up(&app, &ada).await;
        assert_eq!(ada.get("/admin/accounts").send().await.status, 200);
    }
}

async fn a_stale_administrator_proves_a_second_factor_and_goes_on(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let (secret, _) = totp::set_up(&app, &ada).await;
    promote(&app, "ada", &ada).await;
    app.signed_up("eve").await;
    let eve = number_of(&app, "eve").await;
    app.pass(STALE);
    let journey = ada.get("/admin/accounts?q=eve").follow().await;
    let next = "/user/prove?next=/admin/accounts%3Fq%3Deve&again=second";
    journey.went(&[(303, next)]);
    let shown = journey.answer.text();
    assert!(!shown.contains("type=\"password\""), "a password is no second factor: {shown}");
    let code = app_on_a_phone::shown(&secret, app.now());
    let form = html::form(&shown, "/user/prove").filled("code", &code);
    let journey = ada.post("/user/prove").form(&form.fields()).follow().await;
    journey.went(&[(303, "/admin/accounts?q=eve")]);
    // A password proves nothing there.
    app.pass(STALE);
    let proof = ada.post("/user/prove").wants_json().form(&[("password", PASSWORD)]).send().await;
    assert_eq!(proof.status, 200);
    ada.get("/admin/accounts").wants_json().send().await.problem(403);
    // Nor does a proof lead out of the administration.
    for then in
        ["/admin/../user/logout", "/admin/%2e%2e/user", "/admin//x", "/admin/\\x", "/admin/api_account/x"]
    {
        let proof = ada.post("/user/prove").form(&[("password", PASSWORD), ("then", then)]).send().await;
        assert_eq!((proof.status, proof.header("location")), (303, Some("/user/security")), "{then}");
    }
    app.pass(STALE);
    let code = app_on_a_phone::shown(&secret, app.now());
    ada.post("/user/prove").wants_json().form(&[("code", &code)]).send().await;
    // An order that was interrupted goes on after the proof.
    let path = format!("/admin/accounts/{eve}/disable");
    let form = html::form(&page(&ada, &path).await, &path).filled("reason", "spam");
    app.pass(STALE);
    let asked = ada.post(&path).form(&form.fields()).send().await.refusal_page(403);
    let code = app_on_a_phone::shown(&secret, app.now());
    let form = html::form(&asked, "/user/prove").filled("code", &code);
    let journey = ada.post("/user/prove").form(&form.fields()).follow().await;
    let account = format!("/admin/accounts/{eve}");
    journey.went(&[(308, &path), (303, &account)]);
    assert_eq!(html::notice(&journey.answer.text()), Some("Done."));
    assert_eq!(
        app.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'locked' AND reason = 'spam'").await,
        1
    );
}

async fn an_operator_may_do_without_the_pages(engine: Engine) {
    let app = TestApp::with(engine, "admin = { pages = false }").await;
    let ada = administrator(&app, "ada").await;
    assert_eq!(ada.get("/admin/accounts").send().await.status, 404);
    assert!(!page(&ada, "/user/profil").await.contains("/admin/"));
}
