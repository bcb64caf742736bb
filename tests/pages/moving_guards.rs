//! What a file may not do, though people wrote parts of it: open an account to somebody else, take a second
//! factor off, or keep everybody out.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use store::{DbPool, Engine};

use crate::engines::both_engines;
use crate::moving::{Came, Site, environment};
use crate::program::{PROGRAM, Running};
use crate::support::{PASSWORD, Visitor, until};

both_engines!(
    an_account_that_joins_is_closed_and_guarded_as_it_is_there,
    an_address_alone_names_nobody,
    an_app_that_was_replaced_there_is_replaced_here,
    a_held_account_that_is_deleted_keeps_its_factor,
    a_refused_account_keeps_nobody_out,
    wrong_guesses_there_lock_nobody_here,
    names_that_nobody_chooses_are_left_out,
    an_erased_account_leaves_no_address_and_stays_away,
);

/// Of the words `old password` and `new password`.
const HASHES: [&str; 2] = [
    "$2b$04$abcdefghijklmnopqrstuuFkqCYl1sZhFcdBXBznR1I2LdekaY3XO",
    "$2b$04$abcdefghijklmnopqrstuuWguXQMav/U6A0G4BMx.6VdU6lg4b.5G",
];
const UPDATE: [&str; 2] = ["--on-conflict", "update"];
const SECRETS: [&str; 2] = ["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"];

fn of(site: &Site, name: &str) -> Value {
    let accounts = site.export(&["--with-hashes", "--with-factors"]);
    accounts.into_iter().find(|account| account["email"] == format!("{name}@example.org")).unwrap()
}

fn written(site: &Site, document: &Value) -> PathBuf {
    site.write("file.json", &document.to_string())
}

/// Imports with second factors.
fn import(site: &Site, document: &Value, product: &str, more: &[&str]) -> Came {
    let file = written(site, document);
    site.run(&[&["import", "--json", file.to_str().unwrap(), "--from", product], more].concat())
}

fn realm(users: &[Value]) -> Value {
    json!({ "realm": "shop", "users": users })
}

fn user(name: &str, more: &Value) -> Value {
    let mut user = json!({
        "id": format!("id-{name}"), "username": name, "email": format!("{name}@example.org"), "emailVerified": true,
        "enabled": true, "credentials": [],
    });
    for (key, value) in more.as_object().unwrap() {
        user[key] = value.clone();
    }
    user
}

fn otp(secret: &str) -> Value {
    json!([{
        "type": "otp", "secretData": json!({ "value": secret }).to_string(),
        "credentialData": json!({
            "subType": "totp", "digits": 6, "counter": 0, "period": 30, "algorithm": "HmacSHA1", "secretEncoding": "BASE32",
        }).to_string(),
    }])
}

async fn an_account_that_joins_is_closed_and_guarded_as_it_is_there(engine: Engine) {
    let provider = "[default.providers.google]\nissuer = 'https://id.example.org'\nclient_id = 'id'\nclient_secret = 'secret'\n";
    let site = Site::open(engine, provider).await;
    for name in ["closed", "guarded", "linked"] {
        let email = format!("{name}@example.org");
        let form = [("email", email.as_str()), ("password", PASSWORD)];
        let visitor = Visitor::new(site.running.address);
        assert_eq!(visitor.post("/user/create").wants_json().form(&form).send().await.status, 201);
        assert_eq!(site.run(&["account", "verify", &email]).code, Some(0));
    }
    let roles = json!(["ed"]);
    let federated = json!([{ "identityProvider": "google", "userId": "somebody", "userName": "somebody" }]);
    let file = realm(&[
        user("closed", &json!({ "enabled": false, "realmRoles": roles })),
        user("guarded", &json!({ "realmRoles": roles, "credentials": otp(SECRETS[0]) })),
        user("linked", &json!({ "federatedIdentities": federated })),
    ]);
    let more = ["--role", "ed=editor", "--provider", "google=google"];
    let done = import(&site, &file, "keycloak", &[&more[..], &UPDATE].concat());
    let last = done.last();
    assert_eq!((done.code, &last["updated"]), (Some(0), &3.into()), "{} {}", done.out, done.said);
    assert_eq!(last["left_out"], json!({ "identities": 1, "role_wants_factor": 1 }));
    assert!(of(&site, "closed")["disabled_at"].is_i64());
    assert!(!site.signs_in("closed@example.org", PASSWORD).await);
    let guarded = of(&site, "guarded");
    assert_eq!((&guarded["role"], &guarded["totp"]), (&"member".into(), &Value::Null));
    assert_eq!(of(&site, "linked")["identities"], json!([]));
    // It is a matter of once.
    let again = import(&site, &file, "keycloak", &[&more[..], &UPDATE].concat());
    assert_eq!(again.last()["updated"], 0, "{}", again.out);
}

async fn an_address_alone_names_nobody(engine: Engine) {
    let site = Site::open(engine, "").await;
    let row = |name: &str, proven: bool, hash: &str| {
        let row =
            json!({ "email": "ann@example.org", "email_verified": proven, "name": name, "password": hash });
        site.write("rows.jsonl", &format!("{row}\n"))
    };
    let options = |more: &[&'static str]| [&["--recipe", "bcrypt"], more].concat();
    let first = site.import(&row("Ann", true, HASHES[0]), "declared", &options(&[]));
    assert_eq!(first.last()["made"], 1, "{}", first.said);
    // There, Ann has another address meanwhile, and somebody has signed up with the one that she had.
    let before = of(&site, "ann");
    let second = site.import(&row("Mallory", false, HASHES[1]), "declared", &options(&UPDATE));
    assert_eq!((&second.last()["conflicts"], second.codes()), (&1.into(), vec!["email_taken".to_owned()]));
    assert_eq!(of(&site, "ann"), before);
    let third = site.import(&row("Ann", true, HASHES[1]), "declared", &options(&UPDATE));
    assert_eq!(third.last()["updated"], 1, "{}", third.out);
    assert!(site.signs_in("ann@example.org", "new password").await);
}

async fn an_app_that_was_replaced_there_is_replaced_here(engine: Engine) {
    let site = Site::open(engine, "").await;
    let file = |secret: &str| realm(&[user("ann", &json!({ "credentials": otp(secret) }))]);
    let secret = |site: &Site| of(site, "ann")["totp"]["secret"].clone();
    // Without a password it has no hash of theirs, and what it has is left as it is.
    let hashed = |secret: &str| {
        let mut file = file(secret);
        let password = json!({
            "type": "password", "secretData": json!({ "value": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "salt": "AAAAAAAAAAAAAAAAAAAAAA==" }).to_string(),
            "credentialData": json!({ "hashIterations": 27500, "algorithm": "pbkdf2-sha256" }).to_string(),
        });
        file["users"][0]["credentials"].as_array_mut().unwrap().push(password);
        file
    };
    let done = import(&site, &hashed(SECRETS[0]), "keycloak", &[]);
    assert_eq!((done.code, &done.last()["made"]), (Some(0), &1.into()), "{} {}", done.out, done.said);
    let first = secret(&site);
    assert!(first.is_string(), "{first}");
    assert_eq!(import(&site, &hashed(SECRETS[0]), "keycloak", &UPDATE).last()["updated"], 0);
    assert_eq!(import(&site, &hashed(SECRETS[1]), "keycloak", &UPDATE).last()["updated"], 1);
    let second = secret(&site);
    assert!(second.is_string() && second != first, "{second}");
    assert_eq!(import(&site, &hashed(SECRETS[1]), "keycloak", &UPDATE).last()["updated"], 0);
}

fn supabase(users: &[(&str, Value)], factors: Option<&[&str]>) -> Value {
    let users = users.iter().map(|(id, meta)| {
        json!({
            "id": id, "email": format!("{id}@example.org"), "encrypted_password": HASHES[0], "raw_user_meta_data": meta,
            "email_confirmed_at": "2026-01-01T00:00:00Z", "created_at": "2026-01-01T00:00:00Z",
        })
    });
    let mut document = json!({ "users": users.collect::<Vec<_>>() });
    if let Some(owners) = factors {
        let factor = |owner: &&str| json!({ "id": format!("f-{owner}"), "user_id": owner, "factor_type": "totp", "status": "verified", "secret": SECRETS[0] });
        document["mfa_factors"] = owners.iter().map(factor).collect::<Vec<_>>().into();
    }
    document
}

async fn a_held_account_that_is_deleted_keeps_its_factor(engine: Engine) {
    let site = Site::open(engine, "").await;
    let users = [("ann", json!({})), ("bob", json!({}))];
    let held = import(&site, &supabase(&users, None), "supabase", &[]);
    assert_eq!(held.last()["held"], 2, "{} {}", held.out, held.said);
    assert_eq!(site.run(&["account", "delete", "ann@example.org"]).code, Some(0));
    let mended = supabase(&users, Some(&["ann", "bob"]));
    assert_eq!(import(&site, &mended, "supabase", &[]).code, Some(0));
    assert_eq!(site.run(&["account", "restore", "ann@example.org"]).code, Some(0));
    // Of the one that was away nothing is known yet.
    assert!(of(&site, "bob")["totp"].is_object());
    let ann = of(&site, "ann");
    assert!(ann["totp"].is_null() && ann["second_factor_at"].is_i64(), "{ann}");
    assert_eq!(import(&site, &mended, "supabase", &[]).code, Some(0));
    assert!(of(&site, "ann")["totp"].is_object());
}

async fn a_refused_account_keeps_nobody_out(engine: Engine) {
    let site = Site::open(engine, "").await;
    let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
    let users = [("ann", json!({})), ("eve", deep)];
    let done = import(&site, &supabase(&users, Some(&["ann", "eve"])), "supabase", &[]);
    let last = done.last();
    assert_eq!(
        (&last["made"], &last["refused"], &last["held"]),
        (&1.into(), &1.into(), &0.into()),
        "{}",
        done.out
    );
    assert!(of(&site, "ann")["totp"].is_object());
    // A factor of nobody does keep them out.
    let site = Site::open(engine, "").await;
    let done = import(&site, &supabase(&users[..1], Some(&["ann", "eve"])), "supabase", &[]);
    assert_eq!(done.last()["held"], 1, "{}", done.out);
}

async fn wrong_guesses_there_lock_nobody_here(engine: Engine) {
    let site = Site::open(engine, "").await;
    let until = |seconds: i64| {
        let at = time::OffsetDateTime::now_utc() + time::Duration::seconds(seconds);
        let (date, hour, minute) = (at.date(), at.hour(), at.minute());
        format!("{date}T{hour:02}:{minute:02}:00Z")
    };
    let row = |id: &str, end: String| {
        json!({
            "Id": id, "Email": format!("{id}@example.org"), "UserName": id, "EmailConfirmed": true, "LockoutEnabled": true,
            "LockoutEnd": end, "TwoFactorEnabled": false, "PasswordHash": null,
        })
    };
    let rows = [row("guessed", until(3_600)), row("banned", until(400 * 86_400))];
    let file = json!({ "AspNetUsers": rows, "AspNetUserTokens": [], "AspNetUserLogins": [] });
    let done = import(&site, &file, "aspnet", &[]);
    assert_eq!((done.code, &done.last()["made"]), (Some(0), &2.into()), "{} {}", done.out, done.said);
    assert!(of(&site, "guessed")["disabled_at"].is_null() && of(&site, "banned")["disabled_at"].is_i64());
}

async fn names_that_nobody_chooses_are_left_out(engine: Engine) {
    let site = Site::open(engine, "[default.registration]\nreserved_names = ['boss']\n").await;
    let row = |id: u32, name: &str| {
        format!("{}\n", json!({ "id": id, "email": format!("{id}@example.org"), "username": name }))
    };
    let file = site.write("rows.jsonl", &[row(1, "admin"), row(2, "B0SS"), row(3, "ann")].concat());
    let done = site.import(&file, "declared", &[]);
    let last = done.last();
    assert_eq!(
        (&last["made"], &last["left_out"]),
        (&3.into(), &json!({ "username_reserved": 2 })),
        "{}",
        done.out
    );
    // In our own export they stand because the operator gave them.
    let own = site.import(&site.write("own.jsonl", &row(4, "admin")), "vestibule", &[]);
    assert_eq!((&own.last()["made"], &own.last()["left_out"]), (&1.into(), &json!({})), "{}", own.out);
}

async fn an_erased_account_leaves_no_address_and_stays_away(engine: Engine) {
    let mut site = Site::open(engine, "").await;
    let rows = ["ann", "bob"].map(|name| format!("{}\n", json!({ "email": format!("{name}@example.org") })));
    let file = site.write("rows.jsonl", &rows.concat());
    assert_eq!(site.import(&file, "declared", &[]).last()["made"], 2);
    assert_eq!(site.run(&["account", "delete", "ann@example.org"]).code, Some(0));
    let database = DbPool::connect(&site.scratch.url, 1, Duration::from_secs(20)).await.unwrap();
    let count = async |condition: &str| -> i64 {
        let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM imported_accounts WHERE {condition}"));
        match &database {
            DbPool::Sqlite(pool) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
            DbPool::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
        }
    };
    let long_ago = "UPDATE accounts SET deleted_at = 1 WHERE deleted_at IS NOT NULL";
    match &database {
        DbPool::Sqlite(pool) => drop(sqlx::query(long_ago).execute(pool).await.unwrap()),
        DbPool::Postgres(pool) => drop(sqlx::query(long_ago).execute(pool).await.unwrap()),
    }
    // Each server looks at its start.
    site.running.stop();
    let environment = environment(&site.scratch);
    site.running = Running::start(Path::new(PROGRAM), site.scratch.folder(), &environment);
    until(Duration::from_secs(20), || async { count("account_id IS NULL").await == 1 }).await;
    assert_eq!(count("source_id LIKE '%ann%'").await, 0);
    assert_eq!(count("source_id = 'bob@example.org'").await, 1);
    let again = site.import(&file, "declared", &[]);
    assert_eq!((&again.last()["made"], &again.last()["known"]), (&0.into(), &2.into()), "{}", again.out);
}
