//! How app passwords end, and what ends with them.

use rocket::tokio::task::JoinSet;
use serde_json::Value;
use store::Engine;

use super::{ADA, Ada, TAKE, exchanged, make};
use crate::engines::both_engines;
use crate::parity::server::Door::{Amadis, Fastsite, Mirror};
use crate::parity::server::succeeded;
use crate::support::{Answer, Ask, PASSWORD};

both_engines![
    a_revoked_app_password_is_refused_at_once_by_another_instance,
    what_was_given_for_an_app_password_ends_with_it_and_nothing_else_does,
    of_fifty_sign_ins_beside_a_revocation_none_outlives_it,
    it_is_one_of_the_openings_and_ends_by_its_row_and_with_all_others,
    a_new_password_ends_them_and_spares_a_secret_where_the_operator_wants_it_so,
    nobody_revokes_those_of_somebody_else,
];

fn revoke(ada: &Ada, id: &Value) -> Ask {
    let ask = ada.browser.post("/user/security/app-passwords/revoke").wants_json();
    ask.form(&[("id", &id.to_string())])
}

async fn made(ada: &Ada, dialect: &str) -> (Value, String) {
    let made = make(&ada.browser, "Telephone", dialect).send().await.json();
    (made["id"].clone(), made["password"].as_str().unwrap().to_owned())
}

/// Whether the bearer that mirror gave still works. No device shows the code.
async fn lives(ada: &Ada, entered: &Answer) -> bool {
    let bearer = format!("Bearer {}", entered.json()["bearer"].as_str().unwrap());
    let pair = ada.server.app.visitor().post("/auth/pair").header("authorization", &bearer);
    pair.form(&[("code", "ZZZZZZ")]).send().await.status == 404
}

async fn a_revoked_app_password_is_refused_at_once_by_another_instance(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    let another = ada.server.app.another().await;
    for (door, path, who) in [
        (Fastsite, "/api/v1/personal/auth", "login"),
        (Mirror, "/auth/login", "email"),
        (Amadis, "/api/user/v1/secret", "email"),
    ] {
        let (id, password) = made(&ada, super::dialect(door)).await;
        let there = another.visitor().post(path).form(&[(who, ADA), ("password", &password)]);
        assert!(succeeded(door, &there.send().await), "{door:?}");
        assert_eq!(revoke(&ada, &id).send().await.status, 200);
        assert!(!succeeded(door, &there.send().await), "{door:?}");
        assert!(!ada.enters(door, &password).await, "{door:?}");
        revoke(&ada, &id).send().await.problem(404);
    }
}

async fn what_was_given_for_an_app_password_ends_with_it_and_nothing_else_does(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    let ((first, one), (_, two)) = (made(&ada, "mirror").await, made(&ada, "mirror").await);
    let mut given = Vec::new();
    for password in [&one, &two, &one] {
        given.push(ada.sign_in(Mirror, password).send().await);
    }
    let (site, hash) = made(&ada, "fastsite").await;
    let data = ada.sign_in(Fastsite, &hash).send().await.json()["data"].clone();
    let refresh = |hash: &str| {
        let ask = ada.server.app.visitor().get("/api/v1/personal/auth_refresh");
        ask.header("user-id", &data["user_id"].to_string()).header("user-hash", hash)
    };
    // One that was exchanged is still of the same app password.
    let next = refresh(data["user_hash"].as_str().unwrap()).send().await.json();
    let next = next["data"]["user_hash"].as_str().unwrap().to_owned();
    assert_eq!(revoke(&ada, &first).send().await.status, 200);
    assert!(!lives(&ada, &given[0]).await && !lives(&ada, &given[2]).await);
    assert!(lives(&ada, &given[1]).await && ada.browser.is_signed_in().await);
    assert_eq!(refresh(&next).send().await.status, 200);
    assert_eq!(revoke(&ada, &site).send().await.status, 200);
    assert_eq!(refresh(&next).send().await.status, 401);
    // The secret of amadis, and the bearers that it was exchanged for.
    let (other, _) = made(&ada, "amadis").await;
    let (number, password) = made(&ada, "amadis").await;
    let answer = ada.sign_in(Amadis, &password).send().await.json()["data"].clone();
    let (id, secret) = (answer["user_id"].to_string(), answer["user_secret"].as_str().unwrap().to_owned());
    let bearer = exchanged(&ada.server.app, &id, &secret).await.unwrap();
    let change = || {
        let ask = super::change(&ada.server.app, ADA, PASSWORD, "short");
        ask.header("authorization", &format!("Bearer {bearer}"))
    };
    assert_eq!(revoke(&ada, &other).send().await.status, 200);
    assert_eq!(change().send().await.status, 422);
    assert_eq!(revoke(&ada, &number).send().await.status, 200);
    assert_eq!(exchanged(&ada.server.app, &id, &secret).await, None);
    assert_eq!(change().send().await.status, 401);
}

async fn of_fifty_sign_ins_beside_a_revocation_none_outlives_it(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    let (id, password) = made(&ada, "mirror").await;
    let mut racing = JoinSet::new();
    for number in 0..50 {
        let ask = if number == 25 { revoke(&ada, &id) } else { ada.sign_in(Mirror, &password) };
        racing.spawn(async move { (number, ask.send().await) });
    }
    let mut entered = 0;
    for (number, answer) in racing.join_all().await {
        match (number, answer.status) {
            (25, status) => assert_eq!(status, 200, "{}", answer.text()),
            (_, 200) => {
                entered += 1;
                assert!(!lives(&ada, &answer).await);
            }
            (_, status) => assert!([401, 503].contains(&status), "{}", answer.text()),
        }
    }
    assert_eq!(ada.server.app.count("SELECT COUNT(*) FROM bearers").await, 0, "{entered} had entered");
    assert_eq!(ada.server.app.count("SELECT COUNT(*) FROM known_apps").await, 0);
}

async fn it_is_one_of_the_openings_and_ends_by_its_row_and_with_all_others(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    let (id, password) = made(&ada, "fastsite").await;
    let listed = ada.browser.get("/user/devices").wants_json().send().await.json();
    let rows = listed["openings"].as_array().unwrap().clone();
    let row = rows.iter().find(|row| row["kind"] == "app_password").unwrap();
    assert_eq!((&row["id"], &row["door"], &row["name"]), (&id, &"fastsite".into(), &"Telephone".into()));
    assert!(row["seen_at"].is_null(), "it was not used yet: {row}");
    let end = ada.browser.post("/user/devices/end").wants_json();
    let ended = end.form(&[("kind", "app_password"), ("id", &id.to_string())]);
    assert_eq!(ended.send().await.status, 200);
    assert!(!ada.enters(Fastsite, &password).await);
    ended.send().await.problem(404);
    let mut passwords = Vec::new();
    for door in TAKE {
        passwords.push((door, ada.made(door).await));
    }
    let answer = ada.browser.post("/user/devices/end-others").wants_json().send().await.json();
    assert!(answer["ended"].as_u64().unwrap() >= 3, "{answer}");
    for (door, password) in passwords {
        assert!(!ada.enters(door, &password).await, "{door:?}");
    }
}

async fn a_new_password_ends_them_and_spares_a_secret_where_the_operator_wants_it_so(engine: Engine) {
    for outlives in [false, true] {
        let ada = Ada::new(engine, &format!("amadis.secret_outlives_password = {outlives}")).await;
        let password = ada.made(Amadis).await;
        let answer = ada.sign_in(Amadis, &password).send().await.json()["data"].clone();
        let id = answer["user_id"].to_string();
        let secret = answer["user_secret"].as_str().unwrap().to_owned();
        let change = [("apassword", PASSWORD), ("npassword", "another horse battery")];
        let changed = ada.browser.post("/user/modify/password").wants_json().form(&change).send().await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        assert!(!ada.enters(Amadis, &password).await);
        assert_eq!(exchanged(&ada.server.app, &id, &secret).await.is_some(), outlives);
    }
}

async fn nobody_revokes_those_of_somebody_else(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    let (id, password) = made(&ada, "mirror").await;
    let eve = ada.server.app.signed_up("eve").await;
    super::want_more(&ada.server.app, &eve).await;
    let stranger = eve.post("/user/security/app-passwords/revoke").wants_json();
    stranger.form(&[("id", &id.to_string())]).send().await.problem(404);
    let stranger = eve.post("/user/devices/end").wants_json();
    stranger.form(&[("kind", "app_password"), ("id", &id.to_string())]).send().await.problem(404);
    assert!(ada.enters(Mirror, &password).await);
}
