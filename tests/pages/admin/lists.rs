//! Invitations, the outbox, API keys, the audit log and the status.

use std::time::Duration;

use store::Engine;

use super::{act, administrator, number_of, page, values};
use crate::engines::both_engines;
use crate::support::{TestApp, html, until};

both_engines!(
    people_are_invited_once,
    failed_mail_is_found_and_tried_again,
    messages_to_sites_are_listed_and_tried_again,
    keys_are_made_shown_once_and_revoked,
    the_log_is_narrowed_and_read_to_its_end,
    the_status_shows_no_secret,
);

async fn people_are_invited_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    let path = "/admin/invitations";
    let asked = "eve@example.org, bob@example.org\n\nada@example.org";
    assert!(page(&ada, path).await.contains("<textarea"));
    let form = [("addresses", asked), ("role_id", "2")];
    let journey = ada.post(path).form(&form).follow().await;
    journey.went(&[(303, path)]);
    assert!(html::notice(&journey.answer.text()).unwrap().contains("Some of these addresses have accounts"));
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE role_id = 2").await, 2);
    app.mailed("eve@example.org", 1).await;
    let journey = ada.post(path).form(&form).follow().await;
    assert!(html::notice(&journey.answer.text()).unwrap().contains("have accounts already"));
    let before = app.count("SELECT COUNT(*) FROM accounts").await;
    let wrong = [("addresses", "zoe@example.org nonsense"), ("role_id", "1")];
    let refused = ada.post(path).form(&wrong).send().await.refusal_page(422);
    assert!(html::error(&refused, "addresses").is_some(), "{refused}");
    assert!(refused.contains("zoe@example.org nonsense</textarea>"), "{refused}");
    ada.post(path)
        .wants_json()
        .form(&[("addresses", ""), ("role_id", "1")])
        .send()
        .await
        .refused_fields(422, &["email"]);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, before, "one that is wrong invites nobody");
}

async fn failed_mail_is_found_and_tried_again(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    app.signed_up("eve").await;
    let id = number_of(&app, "eve").await;
    app.sql(&format!(
        "INSERT INTO outbox (kind, account_id, recipient, created_at, due_at, failed_at, failure, attempts) \
         VALUES ('verification', {id}, 'eve@example.org', 1, 1, 2, '550 no such user', 3)"
    ))
    .await;
    let listed = page(&ada, "/admin/mail?failed=yes").await;
    assert!(listed.contains("550 no such user") && listed.contains("set aside"), "{listed}");
    let account = page(&ada, &format!("/admin/accounts/{id}")).await;
    assert!(account.contains("550 no such user"), "{account}");
    let one = html::forms(&listed).into_iter().filter(|form| form.fields().contains(&("id", "all"))).count();
    assert_eq!(one, 1, "{listed}");
    let number = values(&ada, "/admin/mail?failed=yes").await["mails"][0]["id"].to_string();
    let journey = ada.post("/admin/mail/retry").form(&[("id", &number)]).follow().await;
    journey.went(&[(303, "/admin/mail")]);
    app.mailed("eve@example.org", 1).await;
    assert_eq!(
        app.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'mail_retried' AND actor = 'staff'").await,
        1
    );
    ada.post("/admin/mail/retry").wants_json().form(&[("id", &number)]).send().await.problem(404);
    assert_eq!(ada.get("/admin/mail/retry").send().await.header("location"), Some("/admin/mail"));
}

async fn messages_to_sites_are_listed_and_tried_again(engine: Engine) {
    // Nothing listens there.
    let settings = "[webhooks.shop]\nurl = \"http://127.0.0.1:9/hook?key=hush-hush\"\nevents = [\"account.*\"]\n\
                    secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"";
    let app = TestApp::with(engine, settings).await;
    let ada = administrator(&app, "ada").await;
    app.signed_up("eve").await;
    until(Duration::from_secs(10), || async {
        app.count("SELECT COUNT(*) FROM webhook_deliveries WHERE failure <> ''").await > 0
    })
    .await;
    let listed = page(&ada, "/admin/webhooks").await;
    assert!(listed.contains("account.created") && listed.contains("shop"), "{listed}");
    for secret in ["hush-hush", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
        assert!(!listed.contains(secret) && !page(&ada, "/admin/status").await.contains(secret), "{secret}");
    }
    app.sql("UPDATE webhook_deliveries SET failed_at = 1").await;
    let failed = values(&ada, "/admin/webhooks?failed=yes").await;
    let number = failed["deliveries"][0]["id"].to_string();
    assert_eq!(failed["deliveries"][0]["state"], "failed", "{failed}");
    let journey = ada.post("/admin/webhooks/retry").form(&[("id", &number)]).follow().await;
    journey.went(&[(303, "/admin/webhooks")]);
    assert!(html::notice(&journey.answer.text()).is_some());
    let waiting =
        format!("SELECT COUNT(*) FROM webhook_deliveries WHERE id = {number} AND failed_at IS NULL");
    assert_eq!(app.count(&waiting).await, 1);
    assert_eq!(
        app.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'webhook_retried' AND actor = 'staff'")
            .await,
        1
    );
    ada.post("/admin/webhooks/retry").wants_json().form(&[("id", "0")]).send().await.problem(404);
}

async fn keys_are_made_shown_once_and_revoked(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    let path = "/admin/keys";
    let form = html::form(&page(&ada, path).await, path).filled("name", "shop").filled("days", "30");
    let made = ada.post(path).form(&form.fields()).send().await.text();
    let key = html::between(&made, "translate=\"no\">", "</p>").unwrap().to_owned();
    assert!(key.len() > 20, "{made}");
    assert!(!page(&ada, path).await.contains(&key));
    let exists = async || {
        let asked = app.visitor().post("/admin/api_account/exist").form(&[("email", "ada@example.org")]);
        asked.header("authorization", &format!("Bearer {key}")).send().await.status
    };
    assert_eq!(exists().await, 200);
    for (fields, field) in [
        (&[("name", "shop 2"), ("scope.accounts:read", "1")][..], "name"),
        (&[("name", ""), ("scope.accounts:read", "1")], "name"),
        (&[("name", "a")], "scope"),
        (&[("name", "a"), ("scope.accounts:read", "1"), ("days", "0")], "days"),
        (&[("name", "a"), ("scope.accounts:read", "1"), ("days", "x")], "days"),
    ] {
        ada.post(path).wants_json().form(fields).send().await.refused_fields(422, &[field]);
    }
    for strange in ["role.9", "scope.everything"] {
        let fields = [("name", "a"), ("scope.accounts:read", "1"), (strange, "1")];
        ada.post(path).wants_json().form(&fields).send().await.problem(400);
    }
    let again = ada.post(path).form(&form.fields()).send().await.refusal_page(409);
    assert!(html::alert(&again).unwrap().contains("another key"), "{again}");
    let journey = ada.post("/admin/keys/revoke").form(&[("name", "shop")]).follow().await;
    journey.went(&[(303, path)]);
    assert!(html::notice(&journey.answer.text()).unwrap().contains("revoked"));
    assert_eq!(exists().await, 400);
    ada.post("/admin/keys/revoke").form(&[("name", "shop")]).follow().await.went(&[(303, path)]);
}

async fn the_log_is_narrowed_and_read_to_its_end(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    app.signed_up("eve").await;
    let id = number_of(&app, "eve").await;
    act(&ada, id, "disable", &[("reason", "spam")]).await;
    let events = async |query: &str| {
        let found = values(&ada, &format!("/admin/audit{query}")).await;
        let events = found["events"].as_array().unwrap().clone();
        let kinds: Vec<String> =
            events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect();
        (kinds, found["next"].as_str().unwrap().to_owned())
    };
    assert_eq!(events("?account=eve%40example.org").await.0, ["locked", "signed_in", "created"]);
    assert_eq!(events(&format!("?account={id}&kind=locked")).await.0, ["locked"]);
    assert_eq!(events("?actor=staff").await.0, ["locked"]);
    assert_eq!(events("?actor=staff&kind=signed_in").await.0, Vec::<String>::new());
    let shown = page(&ada, "/admin/audit?actor=staff").await;
    assert!(shown.contains("Reason: spam") && shown.contains("Account locked"), "{shown}");
    let unknown = ada.get("/admin/audit?account=zoe%40example.org").send().await.refusal_page(422);
    assert!(html::error(&unknown, "account").is_some(), "{unknown}");
    ada.get("/admin/audit?account=zoe%40example.org").wants_json().send().await.problem(404);
    // What the form does not offer is as nothing chosen.
    for query in ["?kind=%00", "?actor=%00x", "?kind=nonsense"] {
        assert!(!events(query).await.0.is_empty(), "{query}");
    }
    // Far back in the log.
    for part in 0..3 {
        let rows: Vec<String> =
            (0..60).map(|n| format!("({}, 'signed_in', 'owner', 1)", part * 60 + n)).collect();
        app.sql(&format!(
            "INSERT INTO audit_events (at, kind, actor, account_id) VALUES {}",
            rows.join(", ")
        ))
        .await;
    }
    let (mut query, mut seen) = (String::new(), 0);
    loop {
        let (kinds, next) = events(&query).await;
        seen += kinds.len();
        if next.is_empty() {
            break;
        }
        query = next;
    }
    assert_eq!(seen as i64, app.count("SELECT COUNT(*) FROM audit_events").await);
}

async fn the_status_shows_no_secret(engine: Engine) {
    let settings = "[smtp]\nurl = \"smtp://user:hush-hush@127.0.0.1:1\"";
    let app = TestApp::with(engine, settings).await;
    let ada = administrator(&app, "ada").await;
    let shown = page(&ada, "/admin/status").await;
    for expected in ["127.0.0.1:1", "MiB", "session.idle_days", env!("CARGO_PKG_VERSION")] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    let values = values(&ada, "/admin/status").await.to_string();
    for text in [&shown, &values] {
        assert!(!text.contains("hush-hush"), "{text}");
    }
}
