//! Each type of message, caused as people and operators cause it; verified by the convention's own client
//! library, and held against the published schema (`webhook_client.py`).

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::WebhookEvent;
use image::ImageFormat;
use rocket::tokio::time::{Instant, sleep};
use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::factor_recovery;
use crate::oidc::registered;
use crate::passkeys::added;
use crate::providers::{StandIn, links, started, states};
use crate::security_log::number;
use crate::support::pictures::{RED, plain};
use crate::support::site::{Behaviour, Got, SECRET, Site};
use crate::support::{Body, PASSWORD, TestApp, Visitor, html, until};
use crate::totp::set_up;

both_engines!(everything_that_sites_are_told_of_is_told_by_the_convention, what_is_refused_is_not_told);

const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/standardwebhooks/bin/python");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/webhook_client.py");
const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/webhooks/events.schema.json");
const DAY: Duration = Duration::from_secs(86_400);
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether the client can run. Without its libraries the test fails, unless it may be left out.
fn is_there() -> bool {
    if Path::new(PYTHON).exists() {
        return true;
    }
    let why = "standardwebhooks is not there; `make test` fetches it";
    let waived = std::env::var_os("VESTIBULE_TEST_WITHOUT_STANDARD_WEBHOOKS").is_some_and(|set| set == "1");
    assert!(waived, "{why} (VESTIBULE_TEST_WITHOUT_STANDARD_WEBHOOKS=1 leaves such tests out)");
    // Written to standard error directly, because the test runner hides what passing tests print.
    let _ = writeln!(std::io::stderr(), "left out: {why}");
    false
}

/// Has the client verify messages; returns their types.
fn verified(messages: &[Got]) -> Vec<String> {
    let mut client = Command::new(PYTHON)
        .args([SCRIPT, SECRET, SCHEMA])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = client.stdin.take().unwrap();
    for message in messages {
        writeln!(to, "{}", json!({ "headers": message.headers, "body": message.body })).unwrap();
    }
    drop(to);
    let ran = client.wait_with_output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// A server with two providers and a site that is told everything, at the present time.
struct Told {
    app: TestApp,
    site: Site,
    settings: String,
    provider: StandIn,
}

impl Told {
    async fn new(engine: Engine) -> Self {
        let site = Site::new(Behaviour::Answers(204, "")).await;
        let settings = format!("public_url = 'http://localhost:8000'\n{}", site.settings("shop", "['*']"));
        let (app, provider) = started(engine, &settings).await;
        // The client refuses what is old.
        to_the_present(&app);
        Self { app, site, settings, provider }
    }

    /// Runs `vestibule account …` beside the server, with its settings.
    #[track_caller]
    fn account(&self, arguments: &[&str]) {
        let done = Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .current_dir(self.app.scratch().folder())
            .env_clear()
            .env("VESTIBULE_DATABASE_URL", &self.app.scratch().url)
            .envs(self.site.variables("shop", "*"))
            .arg("account")
            .args(arguments)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        // The command wrote what is due now by the machine's clock.
        to_the_present(&self.app);
    }

    /// Waits for a message of this type with these values in its data, and returns all of that.
    async fn says(&self, event: &str, wanted: &Value) -> Value {
        let fits = |got: &Got| {
            let data = &got.json()["data"];
            let same = |(name, value): (&String, &Value)| data[name] == *value;
            got.event() == event && wanted.as_object().unwrap().iter().all(same)
        };
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = self.site.got().into_iter().find(fits) {
                return found.json()["data"].clone();
            }
            let bodies = || self.site.got().into_iter().map(|got| got.body).collect::<Vec<_>>();
            assert!(Instant::now() < end, "no {event} with {wanted} in {:#?}", bodies());
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Whether nothing waits.
    async fn is_idle(&self) -> bool {
        self.app.count("SELECT COUNT(*) FROM webhook_deliveries").await == 0
    }
}

/// Moves the server's clock to the next second of the machine's.
fn to_the_present(app: &TestApp) {
    let present = std::time::UNIX_EPOCH.elapsed().unwrap() + Duration::from_secs(1);
    app.pass(present.saturating_sub(Duration::from_millis(u64::try_from(app.now()).unwrap())));
}

/// Sends a form as a program does.
async fn done(visitor: &Visitor, path: &str, form: &[(&str, &str)]) {
    let answer = visitor.post(path).wants_json().form(form).send().await;
    assert!(answer.status < 400, "{path}: {}", answer.text());
}

async fn everything_that_sites_are_told_of_is_told_by_the_convention(engine: Engine) {
    if !is_there() {
        return;
    }
    let told = Told::new(engine).await;
    let ada = told.app.signed_up("ada").await;
    let created = told.says("account.created", &json!({ "account_id": 1 })).await;
    assert_eq!(created["actor"], json!({ "kind": "owner" }));
    assert_eq!(
        created["account"],
        json!({
            "email": "ada@example.org", "email_verified": false, "username": "ada", "name": "ada",
            "locale": null, "role": 1, "disabled": false, "awaits_approval": false,
        })
    );
    let wanted = json!({ "door": "pages", "factors": ["password"], "account_id": 1 });
    told.says("sign_in.completed", &wanted).await;
    own_account(&told, &ada).await;
    what_opens_it(&told, &ada).await;
    by_the_operator(&told).await;
    denied(&told).await;
    erased(&told).await;

    let got = told.site.got();
    let names: BTreeSet<&str> = got.iter().map(Got::id).collect();
    assert_eq!(names.len(), got.len(), "each message came once");
    let types: BTreeSet<String> = verified(&got).into_iter().collect();
    let all: BTreeSet<String> =
        WebhookEvent::ALL.into_iter().map(|event| event.as_str().to_owned()).collect();
    assert_eq!(types, all);
    let bodies: String = got.iter().map(|got| got.body.as_str()).collect();
    for never in [PASSWORD, "another horse", "127.0.0", "whsec_", "password_hash"] {
        assert!(!bodies.contains(never), "{never}");
    }
}

/// What an owner changes of their account.
async fn own_account(told: &Told, ada: &Visitor) {
    done(ada, "/user/modify/profile", &[("name", "Ada L")]).await;
    let changed = told.says("account.changed", &json!({ "changed": "profile" })).await;
    assert_eq!(changed["account"]["name"], "Ada L");
    done(ada, "/user/modify/username", &[("username", "countess")]).await;
    let changed = told.says("account.changed", &json!({ "changed": "username" })).await;
    assert_eq!(
        (&changed["former_username"], &changed["account"]["username"]),
        (&"ada".into(), &"countess".into())
    );
    let picture = Body::upload(&plain(RED, ImageFormat::Jpeg), &[]);
    assert_eq!(ada.post("/user/modify/pp").wants_json().body(picture).send().await.status, 200);
    told.says("account.changed", &json!({ "changed": "picture" })).await;
    let change = [("apassword", PASSWORD), ("npassword", "another horse battery")];
    done(ada, "/user/modify/password", &change).await;
    told.says("password.changed", &json!({ "how": "changed" })).await;
    let back = [("apassword", "another horse battery"), ("npassword", PASSWORD)];
    done(ada, "/user/modify/password", &back).await;

    told.app.signed_in("countess").await;
    ada.post("/user/sessions/end-others").form(&[]).send().await;
    told.says("access.ended", &json!({ "what": "session", "all": true })).await;

    links(&told.app, &told.provider, ada, "17").await;
    told.says("identity.linked", &json!({ "provider": "First & Sons" })).await;
    let id = states(ada).await[0]["linked"]["id"].to_string();
    done(ada, "/user/security/providers/unlink", &[("id", &id)]).await;
    told.says("identity.unlinked", &json!({ "provider": "First & Sons" })).await;

    set_up(&told.app, ada).await;
    told.says("factor.changed", &json!({ "factor": "totp", "change": "added" })).await;
    told.says("factor.changed", &json!({ "factor": "recovery_codes", "change": "added" })).await;
    added(ada).await;
    told.says("factor.changed", &json!({ "factor": "passkey", "change": "added" })).await;
    let somebody = told.app.visitor();
    somebody.log_in("countess", PASSWORD).await;
    somebody.post("/user/login/second").form(&[("code", "000000")]).send().await;
    told.says("sign_in.refused", &json!({ "reason": "wrong_code" })).await;

    // A link that keeps the factors cancels it.
    let keep = factor_recovery::ask(&told.app).await;
    told.says("recovery.asked", &json!({ "account_id": 1 })).await;
    let path = "/user/recover-factors/cancel";
    let page = told.app.visitor().get(&format!("{path}?token={keep}")).send().await.text();
    told.app.visitor().post(path).form(&html::form(&page, path).fields()).send().await;
    told.says("recovery.cancelled", &json!({ "account_id": 1 })).await;
}

/// What opens the account beside the password.
async fn what_opens_it(told: &Told, ada: &Visitor) {
    let app = &told.app;
    done(ada, "/user/security/app-passwords", &[("name", "My radio"), ("dialect", "mirror")]).await;
    told.says("app_password.made", &json!({ "door": "mirror", "name": "My radio" })).await;
    let id = app.count("SELECT MAX(id) FROM app_passwords").await.to_string();
    done(ada, "/user/security/app-passwords/revoke", &[("id", &id)]).await;
    told.says("app_password.revoked", &json!({ "name": "My radio" })).await;

    let started = app.visitor().post("/auth/device").form(&[("name", "Hall")]).send().await.json();
    let code = started["code"].as_str().unwrap();
    ada.post("/user/devices/pair").form(&[("code", code), ("confirm", "yes")]).send().await;
    told.says("device.paired", &json!({ "name": "Hall" })).await;
    let id = app.count("SELECT MAX(id) FROM bearers").await.to_string();
    ada.post("/user/devices/end").form(&[("kind", "device"), ("id", &id)]).send().await;
    told.says("access.ended", &json!({ "what": "device", "all": false })).await;

    let shop = registered(app, "Shop", &["--first-party"]);
    shop.code(ada, "openid").await;
    told.says("application.permitted", &json!({ "name": "Shop" })).await;
    let listed = ada.get("/user/security/applications").wants_json().send().await.json();
    let id = listed["applications"][0]["id"].to_string();
    done(ada, "/user/security/applications/end", &[("id", &id)]).await;
    told.says("application.ended", &json!({ "name": "Shop" })).await;
}

/// What the command line does, beside the server.
async fn by_the_operator(told: &Told) {
    let operator = json!({ "kind": "operator" });
    told.account(&["create", "bob@example.org", "--username", "bob", "--verified"]);
    let created = told.says("account.created", &json!({ "actor": operator })).await;
    assert_eq!(created["account"]["email_verified"], true);
    let id = created["account_id"].clone();
    told.account(&["set-address", "bob", "rob@example.org"]);
    let moved = told.says("account.changed", &json!({ "changed": "email", "account_id": id })).await;
    assert_eq!(moved["former_email"], "bob@example.org");
    assert_eq!(
        (&moved["account"]["email"], &moved["account"]["email_verified"]),
        (&"rob@example.org".into(), &false.into())
    );
    told.account(&["verify", "bob"]);
    let proven = told.says("account.verified", &json!({ "account_id": id })).await;
    assert_eq!(proven["account"]["email_verified"], true);
    // The same address to our eyes.
    told.account(&["set-address", "bob", "Rob@example.org"]);
    let wanted = json!({ "changed": "email", "account_id": id, "former_email": null });
    let same = told.says("account.changed", &wanted).await;
    assert_eq!(same["account"]["email"], "Rob@example.org");
    told.account(&["set-role", "bob", "2"]);
    let role = told.says("account.changed", &json!({ "changed": "role" })).await;
    assert_eq!((&role["former_role"], &role["account"]["role"]), (&1.into(), &2.into()));
    told.account(&["disable", "bob"]);
    told.says("account.disabled", &json!({ "account_id": id, "actor": operator })).await;
    told.account(&["enable", "bob"]);
    told.says("account.enabled", &json!({ "account_id": id })).await;
    told.account(&["delete", "bob"]);
    told.says("account.deleted", &json!({ "account_id": id })).await;
    told.account(&["restore", "bob"]);
    told.says("account.restored", &json!({ "account_id": id })).await;
    told.account(&["remove-factors", "countess"]);
    told.says("factor.changed", &json!({ "factor": "all", "change": "removed" })).await;
}

async fn denied(told: &Told) {
    let ada = told.app.signed_in("countess").await;
    let event = number(&ada, "signed_in").await;
    let page = ada.get(&format!("/user/security/log/{event}")).send().await.text();
    ada.post("/user/security/log/deny")
        .form(&html::form(&page, "/user/security/log/deny").fields())
        .send()
        .await;
    told.says("account.denied", &json!({ "account_id": 1 })).await;
}

async fn erased(told: &Told) {
    let bob = told.app.count("SELECT id FROM accounts WHERE username = 'bob'").await;
    told.account(&["delete", "bob"]);
    until(PATIENCE, async || told.is_idle().await).await;
    // A message about the account was set aside.
    let now = told.app.now();
    told.app
        .sql(&format!(
            "INSERT INTO webhook_deliveries \
             (webhook, message, event, account_id, body, created_at, due_at, failed_at) \
             VALUES ('shop', 'msg_1', 'account.changed', {bob}, '{{}}', {now}, {now}, {now})"
        ))
        .await;
    // Past its time as the server sees it; the client takes what is sent in this moment, so its clock stays.
    let long_ago = now - i64::try_from((DAY * 15).as_millis()).unwrap();
    told.app.sql(&format!("UPDATE accounts SET deleted_at = {long_ago} WHERE deleted_at IS NOT NULL")).await;
    // Each server looks at its start.
    let _another = told.app.another_with(&told.settings).await;
    let erased = told.says("account.erased", &json!({ "actor": { "kind": "system" } })).await;
    assert_eq!(erased["account_id"], bob);
    until(PATIENCE, async || told.is_idle().await).await;
}

async fn what_is_refused_is_not_told(engine: Engine) {
    let site = Site::new(Behaviour::Answers(204, "")).await;
    let settings = format!("registration.verify = 'required'\n{}", site.settings("shop", "['*']"));
    let app = TestApp::with(engine, &settings).await;
    let sign_up = async |name: &str| {
        let form = [("email", "ada@example.org"), ("username", name), ("password", PASSWORD)];
        app.visitor().post("/user/create").wants_json().form(&form).send().await;
    };
    sign_up("ada").await;
    site.gets(1).await;
    // Somebody else has the address already.
    sign_up("eve").await;
    app.visitor().log_in("ada@example.org", "wrong horse battery").await;
    assert_eq!(app.count("SELECT COUNT(*) FROM audit_events").await, 2);
    until(PATIENCE, async || app.count("SELECT COUNT(*) FROM webhook_deliveries").await == 0).await;
    let types: Vec<String> = site.got().iter().map(Got::event).collect();
    assert_eq!(types, ["account.created"]);
}
