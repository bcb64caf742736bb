//! Accounts at other providers, as they come in with an import.

use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::moving::Site;

both_engines!(accounts_at_other_providers_come_along);

const SETTINGS: &str =
    "[default.providers.corp]\nissuer = 'https://id.example.org'\nclient_id = 'x'\nclient_secret = 'y'\n";

fn user(number: u32) -> Value {
    let fields = json!({
        "username": format!("user-{number}"), "email": format!("user{number}@example.org"), "password": "!",
        "is_active": true, "date_joined": "2024-01-01T00:00:00Z",
    });
    json!({ "model": "auth.user", "pk": number, "fields": fields })
}

fn social(number: u32, user: u32, provider: &str, uid: &str) -> Value {
    let fields = json!({ "user": user, "provider": provider, "uid": uid, "extra_data": {} });
    json!({ "model": "socialaccount.socialaccount", "pk": number, "fields": fields })
}

async fn accounts_at_other_providers_come_along(engine: Engine) {
    let site = Site::open(engine, SETTINGS).await;
    let rows = json!([
        social(1, 1, "okta", "abc"),
        user(1),
        user(2),
        social(2, 2, "okta", "abc"),
        social(3, 2, "myspace", "7"),
        social(4, 2, "okta", "def"),
    ]);
    let file = site.write("django.json", &rows.to_string());
    let unknown = site.import(&file, "django", &["--provider", "okta=okta"]);
    assert!(unknown.code == Some(1) && unknown.said.contains("`providers.okta`"), "{}", unknown.said);
    let bare = Site::open(engine, "").await;
    let done = bare.import(&file, "django", &[]);
    assert_eq!((done.code, &done.last()["left_out"]), (Some(0), &json!({ "identities": 2 })), "{}", done.out);

    let done = site.import(&file, "django", &["--provider", "okta=corp"]);
    // What another account has stays with it.
    assert_eq!(done.last()["left_out"], json!({ "identities": 1, "identity_taken": 1 }), "{}", done.out);
    let accounts = site.export(&[]);
    let of = |subject: &str| json!([{ "provider": "https://id.example.org", "subject": subject }]);
    assert_eq!((&accounts[0]["identities"], &accounts[1]["identities"]), (&of("abc"), &of("def")));
    // Our own export names the issuer.
    let own = site.scratch.folder().join("own.jsonl");
    assert_eq!(site.run(&["export", own.to_str().unwrap()]).code, Some(0));
    let elsewhere = Site::open(engine, "").await;
    assert_eq!(elsewhere.import(&own, "vestibule", &[]).last()["left_out"], json!({}));
    let came = elsewhere.export(&[]);
    assert_eq!((&came[0]["identities"], &came[1]["identities"]), (&of("abc"), &of("def")));
}
