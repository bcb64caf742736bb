//! Every dialect treats an account alike: one list of scenarios, run through each.

mod foreign_hashes;
mod second_factor;
pub mod server;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{OsRandom, Random as _};
use hasher::{Hasher, HasherSettings};
use rocket::tokio::task::JoinSet;
use serde_json::Value;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, broken};

use server::Door::{Amadis, Fastsite, Mirror, Pages, Siberian};
use server::{DOORS, Given, TestServer, succeeded};

const NEW: &str = "another horse battery";

both_engines![
    an_account_of_any_door_signs_in_at_every_other_with_the_same_number,
    an_address_is_taken_at_every_door_however_it_is_spelt,
    twenty_registrations_of_one_address_over_all_doors_make_one_account,
    a_password_is_taken_as_it_is_at_every_door,
    a_password_of_more_than_256_characters_is_refused_with_the_reason_at_every_door,
    a_password_of_before_that_bound_still_signs_in,
    digests_of_common_passwords_and_the_sites_host_are_refused_at_every_open_door,
    a_new_password_ends_what_every_door_gave_whichever_door_it_came_in_by,
    a_barred_account_and_one_without_a_password_sign_in_nowhere,
    where_addresses_are_proven_first_no_door_lets_anybody_in_before,
    a_credential_is_worth_nothing_at_another_door,
    guesses_at_all_doors_come_out_of_one_budget,
    no_door_for_programs_ever_answers_with_a_page,
];

async fn an_account_of_any_door_signs_in_at_every_other_with_the_same_number(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let mut ids = BTreeSet::new();
    for made_at in DOORS {
        let email = format!("{made_at:?}@example.org").to_lowercase();
        server.register(made_at, &email, PASSWORD).await;
        let id = server.id(&email).await;
        assert!(ids.insert(id), "a number of its own");
        for door in DOORS {
            let answer = server.login(door, &format!(" {} ", email.to_uppercase()), PASSWORD).send().await;
            assert!(succeeded(door, &answer), "made at {made_at:?}, in at {door:?}: {}", answer.text());
            let told = match door {
                Pages => answer.json()["id"].clone(),
                Fastsite => answer.json()["data"]["user_id"].clone(),
                Siberian | Amadis | Mirror => Value::from(id),
            };
            assert_eq!(told, id, "made at {made_at:?}, in at {door:?}");
        }
        for door in DOORS {
            assert!(!server.signs_in(door, &email, "wrong horse battery").await, "{door:?}");
            assert!(!server.signs_in(door, "nobody@example.org", PASSWORD).await, "{door:?}");
        }
    }
}

async fn an_address_is_taken_at_every_door_however_it_is_spelt(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    server.register(Mirror, "ada@example.org", PASSWORD).await;
    for door in DOORS {
        for spelling in ["ada@example.org", " Ada@Example.ORG\t", "ADA@example.org"] {
            let answer = server.registration(door, spelling, PASSWORD).send().await;
            assert!(!succeeded(door, &answer), "{door:?} {spelling:?}: {}", answer.text());
        }
    }
    assert_eq!(server.app.count("SELECT COUNT(*) FROM accounts").await, 1);
}

async fn twenty_registrations_of_one_address_over_all_doors_make_one_account(engine: Engine) {
    let server = Arc::new(TestServer::new(engine, "").await);
    let mut racing = JoinSet::new();
    for number in 0..20 {
        let server = server.clone();
        let door = DOORS[number % DOORS.len()];
        racing.spawn(async move {
            let answer = server.registration(door, "ada@example.org", PASSWORD).send().await;
            assert!(answer.status < 500, "{door:?}: {}", answer.text());
            succeeded(door, &answer)
        });
    }
    let won = racing.join_all().await.into_iter().filter(|won| *won).count();
    assert_eq!(won, 1);
    assert_eq!(server.app.count("SELECT COUNT(*) FROM accounts").await, 1);
    for door in DOORS {
        assert!(server.signs_in(door, "ada@example.org", PASSWORD).await, "{door:?}");
    }
}

async fn a_password_is_taken_as_it_is_at_every_door(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let longest = "🦄".repeat(256);
    let odd = ["  spaces around  ", "пароль & плюс+процент%41", "emoji 🦄 \"quoted\"", longest.as_str()];
    for (door, password) in DOORS.into_iter().zip(odd.into_iter().cycle()) {
        let email = format!("{door:?}@example.org").to_lowercase();
        server.register(door, &email, password).await;
        for other in DOORS {
            assert!(server.signs_in(other, &email, password).await, "{door:?}, then {other:?}");
            let shorter = &password[..password.char_indices().next_back().unwrap().0];
            for near in [password.trim(), shorter] {
                let same = near == password;
                assert_eq!(server.signs_in(other, &email, near).await, same, "{door:?}, then {other:?}");
            }
        }
    }
}

async fn a_password_of_more_than_256_characters_is_refused_with_the_reason_at_every_door(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    for (door, sign) in DOORS.into_iter().zip(["x", "é", "漢", "x", "é"]) {
        let email = format!("{door:?}@example.org").to_lowercase();
        let answer = server.registration(door, &email, &sign.repeat(257)).header("accept-language", "en");
        let answer = answer.send().await;
        assert!(!succeeded(door, &answer), "{door:?}: {}", answer.text());
        let reason = match door {
            // The published API knows this sentence alone.
            Mirror => "Registration failed; Invalid email or password.",
            Pages | Siberian | Amadis | Fastsite => "Use at most 256 characters.",
        };
        assert!(answer.text().contains(reason), "{door:?}: {}", answer.text());
        server.register(door, &email, &sign.repeat(256)).await;
        assert!(!server.signs_in(door, &email, &sign.repeat(257)).await, "cut: {door:?}");
        assert!(!server.signs_in(door, &email, &sign.repeat(255)).await, "{door:?}");
        assert!(server.signs_in(door, &email, &sign.repeat(256)).await, "{door:?}");
    }
    server.register(Pages, "ada@example.org", PASSWORD).await;
    let fields = [("email", "ada@example.org"), ("oldpassword", PASSWORD), ("newpassword", &"x".repeat(257))];
    let change = server.app.visitor().ask("PATCH", "/api/user/v1/changepassword").form(&fields);
    let answer = change.send().await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.text().contains("newpassword: This password is too long. Use at most 256 characters"),
        "{}",
        answer.text()
    );
}

async fn a_password_of_before_that_bound_still_signs_in(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let (short, long) = ("x".repeat(256), "x".repeat(1_024));
    server.register(Pages, "ada@example.org", &short).await;
    // What an earlier version stored.
    let hasher = Hasher::start(&HasherSettings::default(), Arc::new(|bytes| OsRandom.fill(bytes))).unwrap();
    let hash = hasher.hash(long.clone().into_bytes().into(), 0).await.unwrap().into_string();
    server.app.sql(&format!("UPDATE accounts SET password_hash = '{hash}'")).await;
    for door in [Pages, Siberian, Fastsite, Mirror] {
        assert!(server.signs_in(door, "ada@example.org", &long).await, "{door:?}");
        assert!(!server.signs_in(door, "ada@example.org", &format!("{long}x")).await, "{door:?}");
    }
}

async fn a_new_password_ends_what_every_door_gave_whichever_door_it_came_in_by(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    for door in [Pages, Siberian, Amadis] {
        let email = format!("{door:?}@example.org").to_lowercase();
        server.register(Mirror, &email, PASSWORD).await;
        let mut given = Vec::new();
        for giver in DOORS {
            if let Some(credential) = Given::by(&server, giver, &email).await {
                assert!(credential.is_alive().await, "{giver:?}");
                given.push((giver, credential));
            }
        }
        assert_eq!(given.len(), 3);
        let changed = match door {
            Pages => {
                let visitor = server.app.signed_in(&email).await;
                let change = [("apassword", PASSWORD), ("npassword", NEW)];
                visitor.post("/user/modify/password").wants_json().form(&change).send().await
            }
            Siberian => {
                let id = server.id(&email).await.to_string();
                server.trusted("update").form(&[("user_id", &*id), ("password", NEW)]).send().await
            }
            _ => {
                let change = [("email", &*email), ("oldpassword", PASSWORD), ("newpassword", NEW)];
                server.app.visitor().ask("PATCH", "/api/user/v1/changepassword").form(&change).send().await
            }
        };
        assert_eq!(changed.status, 200, "{door:?}: {}", changed.text());
        for (giver, credential) in &given {
            assert!(!credential.is_alive().await, "{giver:?} after a change at {door:?}");
        }
        for other in DOORS {
            assert!(!server.signs_in(other, &email, PASSWORD).await, "{other:?}");
            assert!(server.signs_in(other, &email, NEW).await, "{other:?}");
        }
    }
}

async fn a_barred_account_and_one_without_a_password_sign_in_nowhere(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    server.register(Pages, "barred@example.org", PASSWORD).await;
    let hash = Given::by(&server, Fastsite, "barred@example.org").await.unwrap();
    let bearer = Given::by(&server, Mirror, "barred@example.org").await.unwrap();
    server.app.sql("UPDATE accounts SET locked_at = 1").await;
    let invited = server.trusted("create").form(&[("email", "invited@example.org")]).send().await;
    assert_eq!(invited.status, 200, "{}", invited.text());
    for door in DOORS {
        assert!(!server.signs_in(door, "barred@example.org", PASSWORD).await, "{door:?}");
        for password in ["", PASSWORD] {
            assert!(!server.signs_in(door, "invited@example.org", password).await, "{door:?}");
        }
    }
    assert!(!hash.is_alive().await && !bearer.is_alive().await);
}

async fn where_addresses_are_proven_first_no_door_lets_anybody_in_before(engine: Engine) {
    let server = TestServer::new(engine, "registration.verify = 'required'").await;
    for made_at in DOORS {
        let email = format!("{made_at:?}@example.org").to_lowercase();
        let made =
            server.registration(made_at, &email, PASSWORD).header("accept-language", "en").send().await;
        // What was made is told where that opens nothing; elsewhere it would be taken for a sign-in.
        assert_eq!(succeeded(made_at, &made), [Pages, Siberian].contains(&made_at), "{}", made.text());
        if ![Pages, Siberian].contains(&made_at) {
            assert!(made.text().contains("onfirm your email address"), "{made_at:?}: {}", made.text());
        }
        for table in ["sessions", "bearers", "user_secrets"] {
            assert_eq!(server.app.count(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{made_at:?}");
        }
        let id = server.id(&email).await;
        for door in DOORS {
            let right = server.login(door, &email, PASSWORD).header("accept-language", "en").send().await;
            assert!(!succeeded(door, &right), "made at {made_at:?}, in at {door:?}: {}", right.text());
            assert!(right.text().contains("onfirm your email address"), "{door:?}: {}", right.text());
            let status = match door {
                Siberian => 400,
                Fastsite => 200,
                Pages | Amadis | Mirror => 403,
            };
            assert_eq!(right.status, status, "{door:?}");
            // Nobody else is told.
            let wrong = server.login(door, &email, "wrong horse battery").header("accept-language", "en");
            let wrong = wrong.send().await.text();
            assert!(!wrong.contains("confirm"), "{door:?}: {wrong}");
        }
        server.app.sql(&format!("UPDATE accounts SET verified_at = 1 WHERE id = {id}")).await;
        for door in DOORS {
            assert!(server.signs_in(door, &email, PASSWORD).await, "made at {made_at:?}, in at {door:?}");
        }
        for table in ["sessions", "bearers"] {
            server.app.sql(&format!("DELETE FROM {table}")).await;
        }
    }
}

async fn a_credential_is_worth_nothing_at_another_door(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    server.register(Pages, "ada@example.org", PASSWORD).await;
    let id = server.id("ada@example.org").await.to_string();
    let browser = server.app.signed_in("ada@example.org").await;
    let cookie = browser.cookie("vestibule").unwrap();
    let hash =
        server.login(Fastsite, "ada@example.org", PASSWORD).send().await.json()["data"]["user_hash"].clone();
    let bearer = server.login(Mirror, "ada@example.org", PASSWORD).send().await.json()["bearer"].clone();
    let (hash, bearer) = (hash.as_str().unwrap(), bearer.as_str().unwrap());
    for (what, secret) in
        [("cookie", cookie.as_str()), ("hash", hash), ("bearer", bearer), ("key", &server.key)]
    {
        let authorization = format!("Bearer {secret}");
        let profile =
            server.app.visitor().get("/user/profil").wants_json().header("authorization", &authorization);
        assert_eq!(profile.send().await.status, 401, "{what} at the pages");
        if what != "bearer" {
            let pair = server.app.visitor().post("/auth/pair").header("authorization", &authorization);
            assert_eq!(pair.form(&[("code", "ZZZZZZ")]).send().await.status, 401, "{what} at mirror");
        }
        if what != "hash" {
            let refresh = server.app.visitor().get("/api/v1/personal/auth_refresh").header("user-id", &id);
            assert_eq!(refresh.header("user-hash", secret).send().await.status, 401, "{what} at fastsite");
        }
        if what != "key" {
            let exist =
                server.app.visitor().post("/admin/api_account/exist").header("authorization", &authorization);
            let answer = exist.form(&[("email", "ada@example.org")]).send().await;
            assert_eq!(
                (answer.status, &answer.json()["error"]),
                (400, &Value::from(1)),
                "{what} at siberian"
            );
            let reset = server.app.visitor().ask("PATCH", "/api/user/v1/resetpassword");
            let reset = reset.header("authorization", &authorization).form(&[("email", "ada@example.org")]);
            assert_eq!(reset.send().await.json()["data"].get("password"), None, "{what} at amadis");
        }
        let visitor = server.app.visitor();
        visitor.set_cookie("vestibule", secret);
        assert_eq!(visitor.is_signed_in().await, what == "cookie", "{what} as a cookie");
    }
    // A cookie does not authenticate an API.
    for (method, path) in [("POST", "/auth/pair"), ("GET", "/api/v1/personal/auth_refresh")] {
        assert_eq!(browser.ask(method, path).send().await.status, 401, "{path}");
    }
}

async fn digests_of_common_passwords_and_the_sites_host_are_refused_at_every_open_door(engine: Engine) {
    let server = TestServer::new(engine, "public_url = \"https://accounts.bookstore.example\"").await;
    for door in [Pages, Amadis, Fastsite, Mirror] {
        let email = format!("{door:?}@example.org").to_lowercase();
        for chosen in [
            "password",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "7C4A8D09CA3762AF61E59520943DC26494F8941B",
            "65e84be33532fb784c48129675f9eff3a682b27168c0ea744b2cf58ee02337c5",
            "accounts.bookstore.example",
            "Bookstore",
            "accounts",
            "bookstore.example",
        ] {
            let answer = server.registration(door, &email, chosen).send().await;
            assert!(!succeeded(door, &answer), "{door:?} takes {chosen}: {}", answer.text());
        }
        // The digest of a password that nobody else has is as good as any.
        let digest = "0f0c5a1c8b6f4f1d9c2e7a3b5d6e8f90";
        server.register(door, &email, digest).await;
        assert!(server.signs_in(door, &email, digest).await, "{door:?}");
    }
}

async fn guesses_at_all_doors_come_out_of_one_budget(engine: Engine) {
    let server = TestServer::new(engine, "rate_limits = \"on\"").await;
    server.register(Pages, "ada@example.org", PASSWORD).await;
    for door in [Pages, Amadis, Fastsite, Mirror, Pages] {
        let answer = server.login(door, "ada@example.org", "wrong horse battery").send().await;
        assert!(
            !succeeded(door, &answer) && answer.header("retry-after").is_none(),
            "{door:?}: {}",
            answer.text()
        );
    }
    // Five failures in a row of one address are free; its next has to wait, wherever it is made.
    for door in [Pages, Amadis, Fastsite, Mirror] {
        let answer = server.login(door, "ada@example.org", PASSWORD).send().await;
        assert!(answer.header("retry-after").is_some(), "{door:?}: {}", answer.text());
        assert_eq!(answer.status, if door == Fastsite { 200 } else { 429 }, "{door:?}");
    }
    // A trusted server has a budget of its own.
    assert!(server.signs_in(Siberian, "ada@example.org", PASSWORD).await);
}

async fn no_door_for_programs_ever_answers_with_a_page(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let key = format!("Bearer {}", server.key);
    let ask = |method: &str, path: &str| {
        let ask = server.app.visitor().ask(method, path).header("accept", "text/html,*/*;q=0.8");
        ask.header("api-auth-bearer", &key)
    };
    let calls = [
        "/admin/api_account/create",
        "/api/user/v1/register",
        "/api/v1/personal/auth",
        "/auth/login",
        "/oauth/token",
    ];
    for path in calls {
        let base = path.rsplit_once('/').unwrap().0;
        let mut answers = Vec::new();
        for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "POST"] {
            answers.push(ask(method, path).send().await);
            answers.push(ask(method, &format!("{base}/nothing/at/all")).send().await);
        }
        for (_, _, body) in broken() {
            answers.push(ask("POST", path).body(body).send().await);
        }
        answers.push(ask("POST", path).body(Body::new("application/json", "x".repeat(1 << 20))).send().await);
        answers.push(ask("POST", &format!("{path}?{}", "q".repeat(5_000))).send().await);
        for answer in answers {
            assert_eq!(answer.header("content-type"), Some("application/json"), "{path}: {}", answer.text());
            assert!(answer.json().is_object(), "{path}: {}", answer.text());
            assert!(
                (400..500).contains(&answer.status) || base.ends_with("personal"),
                "{path}: {}",
                answer.status
            );
        }
    }
}
