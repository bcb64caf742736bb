//! What is in the file, and what never is.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use image::ImageFormat;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use store::{DbPool, Engine};

use super::{fetched, unpacked};
use crate::engines::both_engines;
use crate::passkeys;
use crate::support::pictures::plain;
use crate::support::{Body, PASSWORD, TestApp, html};
use crate::totp;

both_engines!(
    what_somebody_has_is_in_it_and_nothing_that_proves_who_they_are,
    what_staff_did_is_told_without_who_and_why,
    no_table_with_somebodys_rows_is_forgotten,
);

const FIELDS: &str = "
    fields.phone = { label = { en = 'Phone', fr = 'Téléphone' } }
    fields.news = { label = { en = 'News' }, type = 'boolean' }
";

fn parse(file: &[u8]) -> Value {
    serde_json::from_slice(file).unwrap()
}

async fn texts(app: &TestApp, query: &str) -> Vec<String> {
    let query = AssertSqlSafe(query.to_owned());
    match app.database().await {
        DbPool::Sqlite(pool) => sqlx::query_scalar(query).fetch_all(&pool).await.unwrap(),
        DbPool::Postgres(pool) => sqlx::query_scalar(query).fetch_all(&pool).await.unwrap(),
    }
}

async fn what_somebody_has_is_in_it_and_nothing_that_proves_who_they_are(engine: Engine) {
    let app = TestApp::with(engine, &format!("{}{FIELDS}", passkeys::SETTINGS)).await;
    let grace = app.signed_up("grace").await;
    grace.post("/user/modify/profile").wants_json().form(&[("name", "Grace Hopper")]).send().await;
    let ada = app.signed_up("ada").await;
    let profile = [("name", "Ada <b>Lovelace</b>"), ("phone", "+44 20 7946"), ("news", "true")];
    assert_eq!(ada.post("/user/modify/profile").wants_json().form(&profile).send().await.status, 200);
    assert_eq!(
        ada.post("/user/modify/username").wants_json().form(&[("username", "countess")]).send().await.status,
        200
    );
    let picture = Body::upload(&plain([9, 90, 190], ImageFormat::Png), &[]);
    assert_eq!(ada.post("/user/modify/pp").wants_json().body(picture).send().await.status, 200);
    let (secret, page) = totp::set_up(&app, &ada).await;
    let codes = totp::codes(&page);
    assert_eq!(codes.len(), 10);
    passkeys::added(&ada).await;
    let made = ada.post("/user/security/app-passwords").wants_json();
    let made = made.form(&[("name", "Radio in the kitchen"), ("dialect", "mirror")]).send().await.json();
    let id = texts(&app, "SELECT CAST(id AS TEXT) FROM accounts WHERE username = 'countess'").await.remove(0);
    app.sql(
        "INSERT INTO oidc_clients (name, identifier, redirect_uris, first_party, without_pkce, algorithm, \
         created_at) VALUES ('The Shop', 'shop-client', 'https://shop.example.org/callback', false, false, \
         'ES256', 1)",
    )
    .await;
    app.sql(&format!(
        "INSERT INTO oidc_grants (account_id, client_id, scopes, created_at, permitted_at, used_at) \
         VALUES ({id}, 1, 'openid email', 5, 5, 6)"
    ))
    .await;
    app.sql(&format!(
        "INSERT INTO identities (account_id, issuer, subject, handle, created_at) \
         VALUES ({id}, 'https://login.example.net', 'subject-77', 'ada@example.net', 7)"
    ))
    .await;
    let device = app.visitor().post("/auth/device").body(Body::json(&[("name", "Hall mirror")])).send().await;
    let code = device.json()["code"].as_str().unwrap().to_owned();
    let paired = ada.post("/user/devices/pair").wants_json().form(&[("code", &code)]).send().await;
    assert_eq!(paired.status, 200, "{}", paired.text());

    let zip = fetched(&ada).await.content;
    let files = unpacked(&zip);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let pictures = ["pictures/128.jpg", "pictures/256.jpg", "pictures/512.jpg", "pictures/64.jpg"];
    let documents = ["account.json", "applications.json", "devices.json", "factors.json"];
    let others = ["index.html", "log.json", "mails.json"];
    let expected: Vec<&str> =
        documents.into_iter().chain(others).chain(pictures).chain(["sessions.json"]).collect();
    assert_eq!(names, expected);

    let account = parse(&files["account.json"]);
    assert_eq!(account["email"], "ada@example.org");
    assert_eq!((&account["name"], &account["username"]), (&profile[0].1.into(), &"countess".into()));
    assert_eq!(account["former_usernames"][0]["username"], "ada", "{account}");
    assert_eq!(account["fields"], json!({ "phone": "+44 20 7946", "news": "true" }));
    assert_eq!(account["field_labels"], json!({ "phone": "Phone", "news": "News" }));
    assert_eq!((&account["created_at"], &account["has_password"]), (&app.now().into(), &true.into()));
    let sessions = parse(&files["sessions.json"]);
    assert_eq!(sessions.as_array().unwrap().len(), 1);
    assert!(sessions[0]["factors"].as_array().unwrap().contains(&"password".into()), "{sessions}");
    let devices = parse(&files["devices.json"]);
    assert_eq!(devices["known_browsers"].as_array().unwrap().len(), 1, "{devices}");
    assert_eq!(devices["paired_devices"][0]["name"], "Hall mirror", "{devices}");
    let factors = parse(&files["factors.json"]);
    assert_eq!((&factors["totp_since"], &factors["recovery_codes"]["left"]), (&app.now().into(), &10.into()));
    assert_eq!(factors["passkeys"].as_array().unwrap().len(), 1, "{factors}");
    assert_eq!(factors["app_passwords"][0]["name"], "Radio in the kitchen", "{factors}");
    let applications = parse(&files["applications.json"]);
    assert_eq!(applications["applications"][0]["name"], "The Shop", "{applications}");
    assert_eq!(applications["applications"][0]["scopes"], json!(["openid", "email"]));
    assert_eq!(applications["identities"][0]["subject"], "subject-77", "{applications}");
    let log = parse(&files["log.json"]);
    let kinds: BTreeSet<&str> =
        log.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    for kind in ["created", "signed_in", "totp_added", "passkey_added", "app_password_made", "data_asked"] {
        assert!(kinds.contains(kind), "{kind}: {kinds:?}");
    }
    let mails = parse(&files["mails.json"]);
    let mails: BTreeSet<&str> =
        mails.as_array().unwrap().iter().map(|mail| mail["kind"].as_str().unwrap()).collect();
    assert!(mails.contains("totp_added") && mails.contains("passkey_added"), "{mails:?}");
    for name in pictures {
        assert!(image::load_from_memory(&files[name]).is_ok(), "{name}");
    }

    // The page says the same, and loads nothing.
    let page = String::from_utf8(files["index.html"].clone()).unwrap();
    assert_eq!((html::language(&page), html::headline(&page)), (Some("en"), Some("Your data on Vestibule")));
    for said in [
        "Ada &lt;b&gt;Lovelace&lt;&#x2F;b&gt;",
        "Phone</th><td>+44 20 7946",
        "News</th><td>yes",
        "src=\"pictures&#x2F;256.jpg\"",
        "Hall mirror",
        "Radio in the kitchen",
        "10 left",
        "The Shop",
        "ada@example.net",
        "Authenticator app added",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("<script") && !page.contains("http:&#x2F;&#x2F;"), "{page}");

    // Nothing in it proves who somebody is, and nothing is about somebody else.
    let cookies = ["vestibule", "vestibule_browser"].map(|name| ada.cookie(name).unwrap_or_default());
    let hash = texts(&app, "SELECT password_hash FROM accounts").await;
    let names = texts(&app, "SELECT file FROM data_exports").await;
    let mut secrets: Vec<String> = vec![
        PASSWORD.into(),
        "argon2".into(),
        secret.to_base32().to_string(),
        made["password"].as_str().unwrap().to_owned(),
        "grace".into(),
        "Grace".into(),
    ];
    secrets.extend(codes.iter().cloned().chain(codes.iter().map(|code| code.replace('-', ""))));
    secrets.extend(cookies.into_iter().filter(|cookie| !cookie.is_empty()));
    secrets.extend(hash.into_iter().chain(names));
    for (table, column) in [
        ("sessions", "token"),
        ("devices", "token"),
        ("bearers", "token"),
        ("known_apps", "token"),
        ("recovery_codes", "digest"),
        ("app_passwords", "digest"),
        ("totp_secrets", "secret"),
        ("passkeys", "credential_id"),
    ] {
        let hex = match engine {
            Engine::Sqlite => format!("SELECT lower(hex({column})) FROM {table}"),
            Engine::Postgres => format!("SELECT encode({column}, 'hex') FROM {table}"),
        };
        let found = texts(&app, &hex).await;
        assert!(!found.is_empty() || table == "known_apps", "{table}");
        for hex in found {
            let bytes: Vec<u8> = (0..hex.len() / 2)
                .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
                .collect();
            let base = [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)];
            assert!(!files.values().any(|file| holds(file, &bytes)), "{table}.{column}");
            secrets.extend(base.into_iter().chain([hex]));
        }
    }
    for secret in secrets {
        for (name, file) in &files {
            assert!(!holds(file, secret.as_bytes()), "{name} has {secret}");
        }
    }
}

fn holds(file: &[u8], part: &[u8]) -> bool {
    file.windows(part.len()).any(|window| window == part)
}

async fn what_staff_did_is_told_without_who_and_why(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.sql(&format!(
        "INSERT INTO audit_events (account_id, kind, outcome, actor, actor_id, actor_name, detail, reason, origin, at) \
         VALUES (1, 'role_changed', 'done', 'staff', 4711, '', '1 to 2', 'a delicate reason', '198.51.100.0/24', {})",
        app.now()
    ))
    .await;
    // What a stranger was refused is the operator's to know.
    app.sql(&format!(
        "INSERT INTO audit_events (account_id, kind, outcome, actor, detail, origin, at) \
         VALUES (1, 'created', 'refused', 'visitor', 'pages', '198.51.100.0/24', {})",
        app.now()
    ))
    .await;
    app.sql(&format!(
        "INSERT INTO mail_log (id, account_id, kind, recipient, attempts, created_at, outcome, failure, at) \
         VALUES (9, 1, 'new_device', 'ada@example.org', 3, {0}, 'withdrawn', 'a blunt mail server', {0})",
        app.now()
    ))
    .await;
    let files = unpacked(&fetched(&ada).await.content);
    let log = parse(&files["log.json"]);
    let changed = log.as_array().unwrap().iter().find(|event| event["kind"] == "role_changed").unwrap();
    assert_eq!((&changed["actor"], &changed["key"]), (&"operator".into(), &Value::Null), "{changed}");
    for (name, file) in &files {
        for not_theirs in ["delicate", "4711", "198.51.100", "visitor", "blunt"] {
            assert!(!holds(file, not_theirs.as_bytes()), "{name} has {not_theirs}");
        }
    }
    let page = String::from_utf8(files["index.html"].clone()).unwrap();
    assert!(page.contains("Role changed") && page.contains("set aside, then withdrawn"), "{page}");
}

/// Each table that has rows of an account, and where they go, or why they stay.
const TABLES: [(&str, &str); 31] = [
    ("app_passwords", "factors.json"),
    ("audit_events", "log.json"),
    ("bearers", "devices.json"),
    ("claimed_usernames", "what somebody else wants to be called"),
    ("claims", "what somebody else said who has the address"),
    ("data_exports", "the file itself"),
    ("devices", "devices.json"),
    ("exchanged_bearers", "a minute of a bearer, encrypted"),
    ("former_usernames", "account.json"),
    ("identities", "applications.json"),
    ("imported_accounts", "account.json"),
    ("known_apps", "devices.json"),
    ("known_places", "devices.json"),
    ("mail_log", "mails.json"),
    ("oidc_codes", "a minute of a grant"),
    ("oidc_devices", "ten minutes of a grant"),
    ("oidc_grants", "applications.json"),
    ("oidc_logouts", "what a client is about to be told"),
    ("oidc_sign_ins", "the name of a session for a client, a secret of both"),
    ("oidc_tokens", "what a grant gave, in digests"),
    ("outbox", "mails.json"),
    ("passkey_challenges", "ten minutes of a sign-in"),
    ("passkey_handles", "a name for authenticators, drawn at random"),
    ("passkeys", "factors.json"),
    ("pending_sign_ins", "ten minutes of a sign-in"),
    ("recovery_codes", "factors.json"),
    ("sessions", "sessions.json"),
    ("tickets", "devices.json"),
    ("totp_secrets", "factors.json"),
    ("user_secrets", "devices.json"),
    ("webhook_deliveries", "what a site is about to be told"),
];

async fn no_table_with_somebodys_rows_is_forgotten(engine: Engine) {
    let app = TestApp::new(engine).await;
    let query = match engine {
        Engine::Sqlite => {
            "SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND c.name = 'account_id' ORDER BY m.name"
        }
        Engine::Postgres => {
            "SELECT DISTINCT table_name::text FROM information_schema.columns \
             WHERE table_schema = 'public' AND column_name = 'account_id' ORDER BY 1"
        }
    };
    let there: BTreeSet<String> = texts(&app, query).await.into_iter().collect();
    let known: BTreeSet<String> = TABLES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let new: Vec<_> = there.difference(&known).collect();
    assert!(new.is_empty(), "is it its owner's to have? {new:?}");
}
