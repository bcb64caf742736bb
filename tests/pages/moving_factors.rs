//! Second factors and secrets of other products' servers, as they come in with an import.

use std::fs;

use domain::{Millis, TotpSecret};
use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::moving::{Came, Site, sample};
use crate::support::{PASSWORD, Visitor, totp as app_on_a_phone};

both_engines!(
    people_of_a_django_site_bring_their_second_factor,
    people_of_better_auth_bring_theirs_with_the_apps_secret,
    people_of_an_aspnet_site_bring_the_factor_that_they_are_asked_for,
    nobody_signs_in_before_it_is_known_who_has_a_second_factor,
    accounts_alone_are_held_where_factors_stand_elsewhere,
    a_recovery_code_that_was_used_meanwhile_stays_used,
    a_factor_of_our_own_export_comes_in_again,
    hashes_with_a_secret_of_the_other_server_verify_with_it,
);

fn import(site: &Site, file: &std::path::Path, product: &str) -> Came {
    site.run(&["import", "--json", file.to_str().unwrap(), "--from", product])
}

/// Signs in with a password and then with a code; returns the codes of both answers.
async fn by_two(site: &Site, name: &str, password: &str, code: &str) -> (String, u16) {
    let browser = Visitor::new(site.running.address);
    let first = browser.log_in(name, password).await;
    let said = first.json()["code"].as_str().unwrap_or_default().to_owned();
    let second = browser.post("/user/login/second").wants_json().form(&[("code", code)]).send().await;
    (said, second.status)
}

const WANTED: &str = "second_factor_required";

fn now() -> Millis {
    domain::Clock::now(&domain::SystemClock)
}

fn shown(key: &[u8]) -> String {
    TotpSecret::from_slice(key).unwrap().shown_at(now()).unwrap().as_str().to_owned()
}

async fn people_of_a_django_site_bring_their_second_factor(engine: Engine) {
    let site = Site::open(engine, "").await;
    let done = import(&site, &sample("django-allauth.dumpdata.json"), "django");
    assert_eq!((done.code, &done.last()["made"]), (Some(0), &5.into()), "{} {}", done.out, done.said);
    let secret = app_on_a_phone::secret_of("N3PXQICYAROLREIR2OWW7ZTHUBEGESYR");
    let tom = "two factor pass";
    assert_eq!(by_two(&site, "tom", tom, &shown(secret.as_bytes())).await, (WANTED.to_owned(), 200));
    // The first of his recovery codes was used there; each of the others is good for once.
    for (code, status) in [("04318037", 422), ("56951917", 200), ("5695-1917", 422), ("49258041", 200)] {
        assert_eq!(by_two(&site, "tom", tom, code).await, (WANTED.to_owned(), status), "{code}");
    }
    // Whoever has none there needs none here.
    assert!(site.signs_in("ann@example.org", "correct horse battery").await);
    // With another app the codes of before are void.
    let again = import(&site, &sample("django-allauth.dumpdata.json"), "django");
    assert_eq!((&again.last()["made"], &again.last()["known"]), (&0.into(), &5.into()));
    assert_eq!(site.run(&["account", "remove-factors", "tom"]).code, Some(0));
    assert!(site.signs_in("tom", tom).await);
    assert_eq!(site.export(&[])[2]["second_factor_at"], Value::Null);
}

async fn people_of_better_auth_bring_theirs_with_the_apps_secret(engine: Engine) {
    let file = sample("better-auth.rows.json");
    let settings = "[default.foreign_secrets]\nbetter-auth = '0123456789abcdef0123456789abcdef'\n";
    let site = Site::open(engine, settings).await;
    let done = import(&site, &file, "better-auth");
    assert_eq!((done.code, &done.last()["made"]), (Some(0), &3.into()), "{} {}", done.out, done.said);
    // The key is the text, of 32 bytes.
    let code = shown(b"q08ZRsNb7ct7tcu2LMMqnFAvQO9Olmu_");
    assert_eq!(by_two(&site, "tom", TOM, &code).await, (WANTED.to_owned(), 200));
    // Theirs are case-sensitive.
    for (code, status) in [("m4jt2-zmaq0", 422), ("M4jt2-ZmAQ0", 200), ("M4jt2ZmAQ0", 422)] {
        assert_eq!(by_two(&site, "tom", TOM, code).await, (WANTED.to_owned(), status), "{code}");
    }
    assert!(site.signs_in("ann.example", "correct horse battery").await);
    // Without the secret, or with another, nobody knows whether a code is right: the account stays closed.
    for settings in ["", "[default.foreign_secrets]\nbetter-auth = 'another'\n"] {
        let site = Site::open(engine, settings).await;
        let done = import(&site, &file, "better-auth");
        assert_eq!((done.code, done.codes()), (Some(1), vec!["factor_lost".to_owned()]), "{}", done.out);
        assert_eq!(by_two(&site, "tom", TOM, &code).await, (WANTED.to_owned(), 422));
        assert!(site.signs_in("ann.example", "correct horse battery").await);
        assert_eq!(site.run(&["account", "remove-factors", "tom"]).code, Some(0));
        assert!(site.signs_in("tom", TOM).await);
    }
}

const TOM: &str = "two factor pass";

async fn people_of_an_aspnet_site_bring_the_factor_that_they_are_asked_for(engine: Engine) {
    let site = Site::open(engine, "").await;
    let key = "N3PXQICYAROLREIR2OWW7ZTHUBEGESYR";
    let hash = "AQAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg8VptKHmFwPNK/cFfTBpr9t+eVMT4bYuZIXdHG44IDK+w==";
    let user = |id: &str, asks: bool| {
        json!({ "Id": id, "UserName": id, "Email": format!("{id}@example.org"), "EmailConfirmed": true,
                "PasswordHash": hash, "TwoFactorEnabled": asks })
    };
    let store = "[AspNetUserStore]";
    let token =
        |id: &str| json!({ "UserId": id, "LoginProvider": store, "Name": "AuthenticatorKey", "Value": key });
    // Of three: an app, an app that was switched off, and codes by mail.
    let tables = json!({
        "AspNetUserTokens": [token("ann"), token("bob")],
        "AspNetUsers": [user("ann", true), user("bob", false), user("cid", true)],
    });
    let done = import(&site, &site.write("aspnet.json", &tables.to_string()), "aspnet");
    assert_eq!(
        (done.code, &done.last()["made"], &done.last()["left_out"]),
        (Some(0), &3.into(), &json!({ "factor": 1 })),
        "{} {}",
        done.out,
        done.said
    );
    let code = shown(app_on_a_phone::secret_of(key).as_bytes());
    let password = "correct horse \u{e9}";
    assert_eq!(by_two(&site, "ann", password, &code).await, (WANTED.to_owned(), 200));
    assert!(site.signs_in("bob", password).await);
    assert_eq!(by_two(&site, "cid", password, &code).await, (WANTED.to_owned(), 422));
}

async fn nobody_signs_in_before_it_is_known_who_has_a_second_factor(engine: Engine) {
    let site = Site::open(engine, "").await;
    let whole = fs::read_to_string(sample("django-allauth.dumpdata.json")).unwrap();
    let mut rows: Value = serde_json::from_str(&whole).unwrap();
    let factor = rows.as_array().unwrap().iter().position(|row| row["model"] == "mfa.authenticator").unwrap();
    let sound = rows[factor].clone();
    // Whose factor it is cannot be read.
    rows[factor]["fields"].as_object_mut().unwrap().remove("user");
    let broken = site.write("broken.json", &rows.to_string());
    let held = import(&site, &broken, "django");
    assert_eq!((held.code, &held.last()["held"]), (Some(1), &5.into()), "{} {}", held.out, held.said);
    for (name, password) in [("tom", TOM), ("ann@example.org", "correct horse battery")] {
        assert_eq!(by_two(&site, name, password, "123456").await.0, WANTED, "{name}");
    }
    // The file that was mended opens them, with what each has.
    rows[factor] = sound;
    let mended = site.write("mended.json", &rows.to_string());
    let done = import(&site, &mended, "django");
    assert_eq!((done.code, &done.last()["known"]), (Some(0), &5.into()), "{} {}", done.out, done.said);
    assert!(site.signs_in("ann@example.org", "correct horse battery").await);
    assert_eq!(by_two(&site, "tom", TOM, "56951917").await, (WANTED.to_owned(), 200));

    // Whatever may say that somebody has a second factor, and is not read, holds all of them.
    let user = rows[0].clone();
    assert_eq!(user["model"], "auth.user");
    for (odd, why) in [
        (json!([user, { "model": "mfa.authenticator", "pk": 1 }]), "may be of a second factor"),
        (
            json!([user, { "model": ["mfa.authenticator"], "pk": 1, "fields": {} }]),
            "may be of a second factor",
        ),
        (
            json!([user, [{ "model": "mfa.authenticator", "pk": 1, "fields": {} }]]),
            "may be of a second factor",
        ),
        (
            json!([user, { "model": "trench.mfamethod", "pk": 1, "fields": { "user": 1 } }]),
            "`trench.mfamethod`",
        ),
        (json!([user]), "no table of second factors"),
        (json!({ "auth_user": [], "mfa_authenticator": null }), "`mfa_authenticator`"),
    ] {
        let other = Site::open(engine, "").await;
        let file = other.write("odd.json", &odd.to_string());
        let done = import(&other, &file, "django");
        let made = done.last()["made"].as_i64().unwrap();
        assert_eq!(
            (done.last()["held"].as_i64(), done.code),
            (Some(made), Some(i32::from(made > 0))),
            "{}",
            done.out
        );
        assert!(made == 0 || done.last()["why_held"].as_str().unwrap().contains(why), "{why}: {}", done.out);
        assert!(!other.signs_in("ann@example.org", "correct horse battery").await, "{odd}");
        // A poorer file says nothing of them either.
        let bare = other.write("bare.json", &json!([user]).to_string());
        assert_eq!(import(&other, &bare, "django").code, Some(1));
        assert!(!other.signs_in("ann@example.org", "correct horse battery").await, "{odd}");
    }
    // A factor whose account is not in the file holds them, and one whose account was refused does not.
    let stranger = json!({ "model": "mfa.authenticator", "pk": 9, "fields": { "user": 99, "type": "totp", "data": { "secret": "N3PXQICYAROLREIR2OWW7ZTHUBEGESYR" } } });
    let mut refused = user.clone();
    (refused["pk"], refused["fields"]["email"]) = (99.into(), "none".into());
    for (rows, code, held) in [(json!([user, stranger]), 1, 1), (json!([user, refused, stranger]), 1, 0)] {
        let other = Site::open(engine, "").await;
        let file = other.write("stranger.json", &rows.to_string());
        let done = import(&other, &file, "django");
        assert_eq!((done.code, &done.last()["held"]), (Some(code), &held.into()), "{}", done.out);
    }
    // What belongs to the other site's name, or what nobody reads here, keeps its account closed.
    rows[factor]["fields"]["type"] = "webauthn".into();
    let device = json!({ "model": "otp_totp.totpdevice", "pk": 1, "fields": { "user": 1, "name": "x", "confirmed": true, "key": "00" } });
    rows.as_array_mut().unwrap().push(device);
    let other = Site::open(engine, "").await;
    let odd = other.write("odd.json", &rows.to_string());
    let done = import(&other, &odd, "django");
    assert_eq!(done.codes(), ["factor_lost", "factor_lost"], "{}", done.out);
    assert_eq!(by_two(&other, "tom", TOM, "56951917").await, (WANTED.to_owned(), 422));
    assert_eq!(by_two(&other, "ann@example.org", "correct horse battery", "1").await.0, WANTED);
    assert!(other.signs_in("bob", "cafe\u{301}-Stra\u{df}e \u{fb01}n").await);
    // An operator who gives leave lets all of them in.
    let leave = Site::open(engine, "").await;
    let odd = leave.write("odd.json", &rows.to_string());
    assert_eq!(leave.import(&odd, "django", &[]).code, Some(0));
    assert!(leave.signs_in("tom", TOM).await);
}

async fn accounts_alone_are_held_where_factors_stand_elsewhere(engine: Engine) {
    let csv = "id,email,encrypted_password\n1,ann@example.org,\n";
    let lines = "{\"id\":1,\"email\":\"ann@example.org\",\"encrypted_password\":\"\"}\n";
    for (name, text) in [("users.csv", csv), ("users.jsonl", lines)] {
        let site = Site::open(engine, "").await;
        let file = site.write(name, text);
        let done = import(&site, &file, "supabase");
        assert_eq!(
            (done.code, &done.last()["held"]),
            (Some(1), &1.into()),
            "{name}: {} {}",
            done.out,
            done.said
        );
        assert!(done.last()["why_held"].as_str().unwrap().contains("no table of second factors"));
        assert!(site.export(&[])[0]["second_factor_at"].is_i64(), "{name}");
        let leave = site.import(&file, "supabase", &[]);
        assert_eq!(leave.code, Some(0), "{name}: {} {}", leave.out, leave.said);
        assert!(site.export(&[])[0]["second_factor_at"].is_null(), "{name}");
    }
}

async fn a_recovery_code_that_was_used_meanwhile_stays_used(engine: Engine) {
    let site = Site::open(engine, "").await;
    let whole = fs::read_to_string(sample("django-allauth.dumpdata.json")).unwrap();
    let mut rows: Value = serde_json::from_str(&whole).unwrap();
    let odd = json!({ "model": "trench.mfamethod", "pk": 1, "fields": { "user": 1 } });
    rows.as_array_mut().unwrap().push(odd);
    let held = import(&site, &site.write("held.json", &rows.to_string()), "django");
    assert_eq!((held.code, &held.last()["held"]), (Some(1), &5.into()), "{} {}", held.out, held.said);
    assert_eq!(by_two(&site, "tom", TOM, "56951917").await, (WANTED.to_owned(), 200));
    let done = import(&site, &sample("django-allauth.dumpdata.json"), "django");
    assert_eq!((done.code, &done.last()["known"]), (Some(0), &5.into()), "{} {}", done.out, done.said);
    for (code, status) in [("56951917", 422), ("49258041", 200)] {
        assert_eq!(by_two(&site, "tom", TOM, code).await, (WANTED.to_owned(), status), "{code}");
    }
}

async fn a_factor_of_our_own_export_comes_in_again(engine: Engine) {
    let site = Site::open(engine, "").await;
    let ada = Visitor::new(site.running.address);
    let form = [("email", "ada@example.org"), ("username", "ada"), ("password", PASSWORD)];
    assert_eq!(ada.post("/user/create").wants_json().form(&form).send().await.status, 201);
    assert_eq!(ada.log_in("ada", PASSWORD).await.status, 200);
    let begun = ada.get("/user/security/totp").wants_json().send().await.json();
    let secret = app_on_a_phone::secret_of(begun["secret"].as_str().unwrap());
    let code = shown(secret.as_bytes());
    let confirmed = ada.post("/user/security/totp").wants_json().form(&[("code", &code)]).send().await;
    assert!(confirmed.status < 300, "{}", confirmed.text());
    let file = site.scratch.folder().join("all.jsonl");
    let path = file.to_str().unwrap();
    assert_eq!(site.run(&["export", "--with-hashes", "--with-factors", path]).code, Some(0));
    let elsewhere = Site::open(engine, "").await;
    assert_eq!(import(&elsewhere, &file, "vestibule").code, Some(0));
    assert_eq!(
        by_two(&elsewhere, "ada", PASSWORD, &shown(secret.as_bytes())).await,
        (WANTED.to_owned(), 200)
    );
    // A file without factors still says who has one.
    let bare = site.scratch.folder().join("bare.jsonl");
    assert_eq!(site.run(&["export", "--with-hashes", bare.to_str().unwrap()]).code, Some(0));
    let third = Site::open(engine, "").await;
    let done = import(&third, &bare, "vestibule");
    assert_eq!(done.last()["left_out"], json!({ "factor": 1 }), "{}", done.out);
    assert_eq!(by_two(&third, "ada", PASSWORD, &shown(secret.as_bytes())).await, (WANTED.to_owned(), 422));
}

async fn hashes_with_a_secret_of_the_other_server_verify_with_it(engine: Engine) {
    let pepper = "0123456789abcdef".repeat(8);
    let devise = "$2a$12$03WDJFM2NFbWhP/JpteSceLJdysH7u3U55Ou3SPGvikvBrPvp/IIm";
    let flask =
        "$argon2id$v=19$m=65536,t=3,p=4$V2ptrZVSynmvdU7JuXfuPQ$13TabPg48n8lvwuMNknkgJxC4boraRG0fJWCLV9hF0A";
    let rows = |email: &str, column: &str, hash: &str| {
        format!("{{\"id\":1,\"email\":\"{email}\",\"{column}\":\"{hash}\"}}\n")
    };
    let settings = format!(
        "[default.foreign_secrets]\ndevise = '{pepper}'\nflask-security = '146585145368132386173505678016728509634'\n"
    );
    let site = Site::open(engine, &settings).await;
    let file = site.write("devise.jsonl", &rows("dora@example.org", "encrypted_password", devise));
    let done = site.import(&file, "devise", &["--recipe", "devise-peppered"]);
    assert_eq!(done.code, Some(0), "{} {}", done.out, done.said);
    let file = site.write("flask.jsonl", &rows("fay@example.org", "password", flask));
    let done = site.import(&file, "flask-security", &[]);
    assert_eq!(done.code, Some(0), "{} {}", done.out, done.said);
    for (name, password) in
        [("dora@example.org", "correct horse \u{e9}"), ("fay@example.org", "correct horse battery")]
    {
        assert!(!site.signs_in(name, "another horse battery").await, "{name}");
        for _ in 0..2 {
            assert!(site.signs_in(name, password).await, "{name}");
        }
    }
    // Without the secret nobody could ever sign in, so nothing is taken.
    let bare = Site::open(engine, "").await;
    let file = bare.write("flask.jsonl", &rows("fay@example.org", "password", flask));
    let refused = bare.import(&file, "flask-security", &[]);
    assert_eq!((refused.code, &refused.last()["made"]), (Some(1), &0.into()), "{}", refused.out);
}
