//! An account of ours is the same elsewhere, once its export was imported there.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::moving::{Came, Site};
use crate::passkeys::{added, entered};
use crate::support::pictures::{RED, plain};
use crate::support::{Body, PASSWORD, Visitor};

both_engines!(
    everything_that_an_export_says_comes_in_again,
    at_another_host_passkeys_and_pictures_stay_behind,
    whoever_waits_or_has_a_password_for_once_does_so_elsewhere,
);

const SETTINGS: &str = "[default]\npublic_url = 'http://localhost:8000'\n\
                        [default.terms]\nurl = 'https://www.example.org/terms'\nversion = '1'\n";
const ALL: [&str; 2] = ["--with-hashes", "--with-factors"];

/// A site with one account that has a picture and a passkey.
async fn filled(site: &Site) -> crate::support::authenticator::Authenticator {
    let ada = Visitor::new(site.running.address);
    let form = [("email", "ada@example.org"), ("username", "ada"), ("password", PASSWORD), ("terms", "true")];
    let answer = ada.post("/user/create").wants_json().form(&form).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(ada.log_in("ada", PASSWORD).await.status, 200);
    let picture = Body::upload(&plain(RED, image::ImageFormat::Png), &[]);
    let answer = ada.post("/user/modify/pp").wants_json().body(picture).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    added(&ada).await
}

fn exported(site: &Site) -> std::path::PathBuf {
    let file = site.scratch.folder().join("accounts.jsonl");
    let path = file.to_str().unwrap();
    assert_eq!(site.run(&["export", "--with-hashes", "--with-factors", path]).code, Some(0));
    file
}

fn import(site: &Site, file: &Path) -> Came {
    site.run(&["import", "--json", file.to_str().unwrap(), "--from", "vestibule"])
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

async fn everything_that_an_export_says_comes_in_again(engine: Engine) {
    let site = Site::open(engine, SETTINGS).await;
    let mut key = filled(&site).await;
    let file = exported(&site);
    let went = site.export(&ALL);
    for key in ["picture", "terms", "password_changed_at", "second_factor_at"] {
        assert!(!went[0][key].is_null(), "{key}: {went:?}");
    }
    assert_eq!(went[0]["passkeys"].as_array().map(Vec::len), Some(1));

    let elsewhere = Site::open(engine, SETTINGS).await;
    let pictures = |site: &Site| site.scratch.folder().join("data/pictures");
    copy(&pictures(&site), &pictures(&elsewhere));
    let done = import(&elsewhere, &file);
    assert_eq!((done.code, &done.last()["left_out"]), (Some(0), &json!({})), "{} {}", done.out, done.said);
    assert_eq!(elsewhere.export(&ALL), went);
    // The passkey opens it, and the password alone does not.
    assert!(!elsewhere.signs_in("ada", PASSWORD).await);
    let visitor = Visitor::new(elsewhere.running.address);
    let answer = entered(&visitor, &mut key).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let account = visitor.get("/user/profil").wants_json().send().await.json();
    let picture = account["avatar_url"].as_str().unwrap();
    let served = visitor.get(picture.strip_prefix("http://localhost:8000").unwrap_or(picture)).send().await;
    assert_eq!((served.status, served.header("content-type")), (200, Some("image/jpeg")), "{picture}");
    // The same file twice is once.
    let again = import(&elsewhere, &file);
    assert_eq!((&again.last()["made"], &again.last()["known"]), (&0.into(), &1.into()), "{}", again.out);
}

async fn at_another_host_passkeys_and_pictures_stay_behind(engine: Engine) {
    let site = Site::open(engine, SETTINGS).await;
    filled(&site).await;
    let file = exported(&site);
    let elsewhere = Site::open(engine, "[default]\npublic_url = 'https://other.example.org'\n").await;
    let done = import(&elsewhere, &file);
    assert_eq!(done.last()["left_out"], json!({ "passkey": 1, "picture": 1 }), "{}", done.out);
    let account = &elsewhere.export(&ALL)[0];
    assert_eq!((&account["picture"], &account["passkeys"]), (&Value::Null, &json!([])));
    // Nobody loses a second factor by moving.
    assert!(account["second_factor_at"].is_i64(), "{account}");
    assert!(!elsewhere.signs_in("ada", PASSWORD).await);
    // A passkey that an account here has stays with it.
    let gone = site.run(&["account", "delete", "ada"]);
    assert_eq!(gone.code, Some(0), "{}", gone.said);
    let text = fs::read_to_string(&file).unwrap().replace("ada@example.org", "other@example.org");
    let other = site.write("other.jsonl", &text.replace("\"username\":\"ada\"", "\"username\":\"other\""));
    let done =
        site.run(&["import", "--json", other.to_str().unwrap(), "--from", "vestibule", "--source", "other"]);
    assert_eq!(
        (done.code, &done.last()["left_out"]),
        (Some(0), &json!({ "passkey": 1 })),
        "{} {}",
        done.out,
        done.said
    );
    let account = site.export(&ALL).pop().unwrap();
    assert_eq!((&account["email"], &account["passkeys"]), (&"other@example.org".into(), &json!([])));
    assert!(account["second_factor_at"].is_i64(), "{account}");
}

async fn whoever_waits_or_has_a_password_for_once_does_so_elsewhere(engine: Engine) {
    let site = Site::open(engine, "").await;
    let form = [("email", "ada@example.org"), ("username", "ada"), ("password", PASSWORD)];
    let visitor = Visitor::new(site.running.address);
    assert_eq!(visitor.post("/user/create").wants_json().form(&form).send().await.status, 201);
    let hash = &site.export(&["--with-hashes"])[0]["password_hash"];
    let row = |id: u32, name: &str, key: &str| {
        format!(
            "{{\"id\":{id},\"email\":\"{name}@example.org\",\"{key}\":1600000000000,\"password_hash\":{hash}}}\n"
        )
    };
    let rows = [row(1, "waits", "approval_wanted_at"), row(2, "once", "password_expires_at")].concat();
    let file = site.write("odd.jsonl", &rows);
    assert_eq!(import(&site, &file).last()["made"], 2);
    let accounts = site.export(&[]);
    assert_eq!(accounts[1]["approval_wanted_at"], 1_600_000_000_000_i64);
    assert_eq!(accounts[2]["password_expires_at"], 1_600_000_000_000_i64);
    for name in ["waits", "once"] {
        assert!(!site.signs_in(&format!("{name}@example.org"), PASSWORD).await, "{name}");
    }
    assert_eq!(site.run(&["account", "approve", "waits@example.org"]).code, Some(0));
    assert!(site.signs_in("waits@example.org", PASSWORD).await);
}
