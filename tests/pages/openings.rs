//! The list of what opens an account, on `/user/devices`, and the end of each.

use std::time::Duration;

use serde_json::Value;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor, html, mail, until};

both_engines!(
    everything_that_opens_an_account_is_in_one_list,
    each_is_ended_by_its_row_and_nothing_else,
    all_others_are_ended_at_once_and_this_browser_stays,
    a_new_password_ends_all_of_them_whichever_door_it_came_in_by,
    nobody_ends_what_opens_the_account_of_somebody_else,
    ending_the_present_session_signs_out,
    a_link_that_waits_to_be_mailed_ends_with_the_others,
    the_place_is_the_network_of_the_last_use,
);

pub const PAGE: &str = "/user/devices";
const ADA: &str = "ada@example.org";
const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const DAY: Duration = Duration::from_secs(86_400);

/// One credential of each kind that opens ada's account, beside her browser.
pub struct Everything {
    pub app: TestApp,
    pub ada: Visitor,
    phone: Visitor,
    id: String,
    hash: String,
    bearer: String,
    secret: String,
    amadis: String,
    autologin: String,
    reset: String,
}

async fn answer(app: &TestApp, path: &str, form: &[(&str, &str)]) -> Value {
    let answer = app.visitor().post(path).header("user-agent", FIREFOX).form(form).send().await;
    assert!(answer.status < 300, "{path}: {}", answer.text());
    answer.json()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

impl Everything {
    pub async fn new(engine: Engine) -> Self {
        let app = TestApp::new(engine).await;
        let ada = app.signed_up("ada").await;
        let phone = app.visitor();
        let form = [("email", "ada"), ("password", PASSWORD)];
        phone.post("/user/login").header("user-agent", FIREFOX).form(&form).send().await;
        let data = answer(&app, "/api/v1/personal/auth", &[("login", "ada"), ("password", PASSWORD)]).await;
        let (id, hash) = (data["data"]["user_id"].to_string(), text(&data["data"]["user_hash"]));
        let bearer =
            text(&answer(&app, "/auth/login", &[("email", ADA), ("password", PASSWORD)]).await["bearer"]);
        let made = answer(&app, "/api/user/v1/secret", &[("email", ADA), ("password", PASSWORD)]).await;
        let secret = text(&made["data"]["user_secret"]);
        let fields = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", &*secret)];
        let amadis = text(&answer(&app, "/oauth/token", &fields).await["access_token"]);
        let waiting = answer(&app, "/auth/device", &[("name", "hall")]).await;
        let pair = app.visitor().post("/auth/pair").form(&[("code", waiting["code"].as_str().unwrap())]);
        assert_eq!(pair.header("authorization", &format!("Bearer {bearer}")).send().await.status, 200);
        let key = app.key("shop").await;
        let ask = app
            .visitor()
            .post("/admin/api_account/authenticate")
            .form(&[("email", ADA), ("password", PASSWORD)]);
        let autologin =
            text(&ask.header("api-auth-bearer", &format!("Bearer {key}")).send().await.json()["token"]);
        app.visitor().post("/user/forgot").form(&[("email", "ada")]).send().await;
        until(Duration::from_secs(10), async || !links(&app).is_empty()).await;
        let reset = links(&app).remove(0);
        Self { app, ada, phone, id, hash, bearer, secret, amadis, autologin, reset }
    }

    /// Exchanges the user secret for another bearer.
    pub async fn exchange(&self) {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", &*self.id),
            ("client_secret", &*self.secret),
        ];
        assert_eq!(self.app.visitor().post("/oauth/token").form(&fields).send().await.status, 200);
    }

    /// The kinds of credentials that still open something, by using each in a way that changes nothing.
    pub async fn alive(&self) -> Vec<&'static str> {
        let app = &self.app;
        let mut alive = Vec::new();
        if self.phone.is_signed_in().await {
            alive.push("session");
        }
        let head = app.visitor().ask("HEAD", "/api/v1/personal/auth_refresh/");
        let head = head.header("user-id", &self.id).header("user-hash", &self.hash).send().await;
        if head.status == 200 {
            alive.push("fastsite");
        }
        let pair = app.visitor().post("/auth/pair").form(&[("code", "222222")]);
        if pair.header("authorization", &format!("Bearer {}", self.bearer)).send().await.status == 404 {
            alive.push("mirror");
        }
        if app.count("SELECT COUNT(*) FROM bearers WHERE paired_at IS NOT NULL").await > 0 {
            alive.push("device");
        }
        // Both are refused for the password, in a way that tells whether the bearer was taken.
        let change = [("oldpassword", "wrong horse"), ("newpassword", "another horse entirely")];
        let change = app.visitor().ask("PATCH", "/api/user/v1/changepassword").form(&change);
        if change.header("authorization", &format!("Bearer {}", self.amadis)).send().await.status == 422 {
            alive.push("amadis");
        }
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", &*self.id),
            ("client_secret", &*self.secret),
        ];
        if app.visitor().post("/oauth/token").form(&fields).send().await.status == 200 {
            alive.push("secret");
        }
        let path = format!("/admin/api_account/autologin?email={ADA}&token={}", self.autologin);
        if app.visitor().ask("HEAD", &path).send().await.status == 303 {
            alive.push("redirection");
        }
        if app.visitor().get(&format!("/user/reset?token={}", self.reset)).send().await.status == 200 {
            alive.push("link");
        }
        alive
    }
}

const ALL: [&str; 8] = ["session", "fastsite", "mirror", "device", "amadis", "secret", "redirection", "link"];

/// The secrets of the recovery links that were mailed to ada.
fn links(app: &TestApp) -> Vec<String> {
    let mails = app.mails(ADA);
    let read = mails.iter().map(|mail| mail::read(mail)).filter(|mail| mail.contains("/user/reset?token="));
    read.map(|mail| mail::token_in(&mail, "/user/reset")).collect()
}

pub async fn list(visitor: &Visitor) -> Vec<Value> {
    let answer = visitor.get(PAGE).wants_json().send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["openings"].as_array().unwrap().clone()
}

/// Kind and door of each, and whether it is of the browser that asks.
fn kinds(listed: &[Value]) -> Vec<(&str, &str, bool)> {
    listed
        .iter()
        .map(|opening| {
            let current = opening["current"].as_bool().unwrap();
            (opening["kind"].as_str().unwrap(), opening["door"].as_str().unwrap(), current)
        })
        .collect()
}

async fn everything_that_opens_an_account_is_in_one_list(engine: Engine) {
    let all = Everything::new(engine).await;
    assert_eq!(all.alive().await, ALL);
    let listed = list(&all.ada).await;
    let expected = [
        ("session", "pages", true),
        ("known_browser", "pages", true),
        ("session", "pages", false),
        ("known_browser", "pages", false),
        ("bearer", "amadis", false),
        ("bearer", "amadis", false),
        ("bearer", "mirror", false),
        ("bearer", "fastsite", false),
        ("device", "mirror", false),
        ("user_secret", "amadis", false),
        ("link", "pages", false),
        ("redirection", "siberian", false),
    ];
    assert_eq!(kinds(&listed), expected);
    for opening in &listed {
        let name = opening["name"].as_str().unwrap();
        match opening["kind"].as_str().unwrap() {
            "device" => {
                assert_eq!((name, &opening["place"]), ("hall", &"".into()), "it has not come for its bearer")
            }
            "link" => assert_eq!((name, &opening["permits"]), ("", &"recovery".into())),
            "redirection" => assert_eq!((name, &opening["permits"]), ("", &"autologin".into())),
            _ if opening["current"] == true || opening["door"] == "amadis" => {
                assert_eq!(opening["place"], "127.0.0.0/24", "{opening}");
            }
            _ => assert_eq!(
                (name, &opening["place"]),
                ("Firefox · Windows", &"127.0.0.0/24".into()),
                "{opening}"
            ),
        }
        let now = Value::from("2026-01-01T00:00:00Z");
        let unused = ["link", "redirection"].contains(&opening["kind"].as_str().unwrap());
        let seen = if unused { Value::Null } else { now.clone() };
        assert_eq!((&opening["created_at"], &opening["seen_at"]), (&now, &seen), "{opening}");
    }
    // What has ended by itself is not listed.
    all.app.pass(2 * DAY);
    let late = list(&all.ada).await;
    assert!(
        kinds(&late)
            .iter()
            .all(|(kind, door, _)| *kind != "link" && *kind != "redirection" && *door != "fastsite"),
        "{late:?}"
    );
    assert!(
        kinds(&late).iter().all(|(kind, door, _)| *door != "amadis" || *kind == "user_secret"),
        "{late:?}"
    );
}

async fn each_is_ended_by_its_row_and_nothing_else(engine: Engine) {
    let all = Everything::new(engine).await;
    // The user secret takes the bearers along that it was exchanged for.
    let rows = [
        ("session", "pages", &["session"][..]),
        ("known_browser", "pages", &[]),
        ("bearer", "fastsite", &["fastsite"]),
        ("bearer", "mirror", &["mirror"]),
        ("device", "mirror", &["device"]),
        ("user_secret", "amadis", &["amadis", "secret"]),
        ("link", "pages", &["link"]),
        ("redirection", "siberian", &["redirection"]),
    ];
    let mut left = ALL.to_vec();
    for (kind, door, ends) in rows {
        let listed = list(&all.ada).await;
        let row =
            listed.iter().find(|row| row["kind"] == kind && row["door"] == door && row["current"] == false);
        let id = row.unwrap_or_else(|| panic!("no {kind} of {door}: {listed:?}"))["id"].to_string();
        let form = [("kind", kind), ("id", &*id)];
        let journey = all.ada.post("/user/devices/end").form(&form).follow().await;
        journey.went(&[(303, PAGE)]);
        assert_eq!(html::notice(&journey.answer.text()), Some("Access removed."));
        left.retain(|name| !ends.contains(name));
        assert_eq!(all.alive().await, left, "after the end of {kind} of {door}");
        all.ada.post("/user/devices/end").wants_json().form(&form).send().await.problem(404);
        all.ada.post("/user/devices/end").form(&form).follow().await.went(&[(303, PAGE)]);
    }
    assert_eq!(kinds(&list(&all.ada).await), [("session", "pages", true), ("known_browser", "pages", true)]);
    assert!(all.ada.is_signed_in().await);
}

async fn all_others_are_ended_at_once_and_this_browser_stays(engine: Engine) {
    let all = Everything::new(engine).await;
    let bob = all.app.signed_up("bob").await;
    let others = list(&all.ada).await.iter().filter(|row| row["current"] == false).count();
    let answer = all.ada.post("/user/devices/end-others").wants_json().send().await;
    assert_eq!((answer.status, &answer.json()["ended"]), (200, &others.into()));
    assert_eq!(all.alive().await, [""; 0]);
    assert_eq!(kinds(&list(&all.ada).await), [("session", "pages", true), ("known_browser", "pages", true)]);
    assert!(bob.is_signed_in().await);
    let journey = all.ada.post("/user/devices/end-others").follow().await;
    journey.went(&[(303, PAGE)]);
    let notice = "All other access removed. Only this browser is still signed in.";
    assert_eq!(html::notice(&journey.answer.text()), Some(notice));
    // The password is the same as before.
    assert_eq!(all.app.visitor().log_in("ada", PASSWORD).await.status, 200);
}

async fn a_new_password_ends_all_of_them_whichever_door_it_came_in_by(engine: Engine) {
    const NEW: &str = "another horse entirely";
    for door in ["pages", "siberian", "amadis", "amadis with the secret", "a link"] {
        let all = Everything::new(engine).await;
        assert_eq!(all.alive().await, ALL);
        let visitor = all.app.visitor();
        let (patch, bearer) =
            (|call: &str| visitor.ask("PATCH", &format!("/api/user/v1/{call}")), "authorization");
        let ask = match door {
            "pages" => {
                let form = [("apassword", PASSWORD), ("npassword", NEW)];
                all.ada.post("/user/modify/password").wants_json().form(&form)
            }
            "siberian" => {
                let key = all.app.key("another-shop").await;
                let ask = visitor
                    .post("/admin/api_account/update")
                    .form(&[("user_id", &*all.id), ("password", NEW)]);
                ask.header(bearer, &format!("Bearer {key}"))
            }
            "amadis" => patch("changepassword").form(&[
                ("email", ADA),
                ("oldpassword", PASSWORD),
                ("newpassword", NEW),
            ]),
            "a link" => {
                let form = [("token", &*all.reset), ("npassword", NEW)];
                visitor.post("/user/reset").wants_json().form(&form)
            }
            _ => patch("resetpassword")
                .form(&[("email", ADA)])
                .header(bearer, &format!("Bearer {}", all.secret)),
        };
        let answer = ask.send().await;
        assert_eq!(answer.status, 200, "{door}: {}", answer.text());
        assert_eq!(all.alive().await, [""; 0], "after a change by {door}");
        assert_eq!(all.ada.is_signed_in().await, door == "pages", "{door}");
        for table in ["devices", "known_places", "user_secrets", "bearers"] {
            assert_eq!(all.app.count(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{door}: {table}");
        }
    }
}

async fn nobody_ends_what_opens_the_account_of_somebody_else(engine: Engine) {
    let all = Everything::new(engine).await;
    let mallory = all.app.signed_up("mallory").await;
    for row in list(&all.ada).await {
        let (kind, id) = (row["kind"].as_str().unwrap(), row["id"].to_string());
        for id in [&*id, "-1", "9223372036854775807", "99999999999999999999", "x", "", "1 OR 1=1"] {
            let ask = mallory.post("/user/devices/end").wants_json().form(&[("kind", kind), ("id", id)]);
            ask.send().await.problem(404);
        }
    }
    for kind in ["", "Session", "account", "session'"] {
        let ask = mallory.post("/user/devices/end").wants_json().form(&[("kind", kind), ("id", "1")]);
        ask.send().await.problem(404);
    }
    for path in ["/user/devices/end", "/user/devices/end-others"] {
        let form = [("kind", "user_secret"), ("id", "0")];
        let ask = all.ada.post(path).form(&form).header("sec-fetch-site", "cross-site");
        ask.send().await.refusal_page(403);
        all.app.visitor().post(path).wants_json().form(&form).send().await.problem(401);
    }
    assert_eq!(all.alive().await, ALL);
}

async fn ending_the_present_session_signs_out(engine: Engine) {
    let app = TestApp::new(engine).await;
    for json in [false, true] {
        let ada = if json { app.signed_in("ada").await } else { app.signed_up("ada").await };
        let listed = list(&ada).await;
        let id = listed[0]["id"].to_string();
        let ask = ada.post("/user/devices/end").form(&[("kind", "session"), ("id", &id)]);
        if json {
            assert_eq!(ask.wants_json().send().await.status, 200);
        } else {
            ask.follow().await.went(&[(303, "/user/login")]);
        }
        assert_eq!(ada.cookie("vestibule"), None);
    }
}

async fn a_link_that_waits_to_be_mailed_ends_with_the_others(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let id = "INSERT INTO outbox (kind, account_id, recipient, created_at, due_at) \
              SELECT 'recovery', id, email, 0, 9999999999999 FROM accounts";
    app.sql(id).await;
    assert_eq!(ada.post("/user/devices/end-others").wants_json().send().await.status, 200);
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 0);
}

async fn the_place_is_the_network_of_the_last_use(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.sql("UPDATE sessions SET address = '203.0.113.0/24'").await;
    assert_eq!(list(&ada).await[0]["place"], "203.0.113.0/24");
    app.pass(Duration::from_secs(601));
    ada.is_signed_in().await;
    let noted = "SELECT COUNT(*) FROM sessions WHERE address = '127.0.0.0/24'";
    until(Duration::from_secs(10), async || app.count(noted).await == 1).await;
    let row = &list(&ada).await[0];
    assert_eq!((&row["place"], &row["seen_at"]), (&"127.0.0.0/24".into(), &"2026-01-01T00:10:01Z".into()));
}
