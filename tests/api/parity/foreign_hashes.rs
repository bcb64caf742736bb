//! Accounts whose hash another product made: the old password opens every door, and the hash is ours from
//! then on. The values are those of `crates/recipes/tests/fixtures.json`, which the products wrote.

use recipes::{Columns, ForeignHash, NoPeppers, Recipe, Terms, recipe_of};
use serde_json::Value;
use store::Engine;

use super::server::Door::{Amadis, Pages, Siberian};
use super::server::{DOORS, TestServer, succeeded};
use crate::engines::both_engines;

both_engines![
    an_imported_password_opens_every_door_and_is_hashed_anew,
    an_imported_password_is_compared_as_it_was_typed,
    an_imported_hash_that_cannot_be_verified_is_a_wrong_password,
];

/// What accounts of the tests had before.
const FORMER: &str = "another horse battery";

/// The fixtures of one product that fit, each as its password and the text of our column.
fn imported(product: &str, recipe: &str) -> Vec<(String, String)> {
    let fixtures: Vec<Value> =
        serde_json::from_str(include_str!("../../../crates/recipes/tests/fixtures.json")).unwrap();
    let recipe: Recipe = recipe_of(recipe).unwrap();
    let of = fixtures.iter().filter(|fixture| fixture["product"] == product);
    of.filter_map(|fixture| {
        let columns = match fixture["extra"]["salt"].as_str() {
            Some(salt) => Columns::of(fixture["stored"].as_str()?).with_salt(salt),
            None => Columns::of(fixture["stored"].as_str()?),
        };
        let hash = ForeignHash::read(&recipe, &columns, &Terms::default(), &NoPeppers).ok()?;
        Some((fixture["password"].as_str()?.to_owned(), hash.to_text()))
    })
    .collect()
}

impl TestServer {
    async fn import(&self, email: &str, hash: &str) {
        let quoted = hash.replace('\'', "''");
        let sql = format!("UPDATE accounts SET password_hash = '{quoted}' WHERE email_key = '{email}'");
        self.app.sql(&sql).await;
    }

    async fn is_ours(&self, email: &str) -> bool {
        let ours = "password_hash LIKE '$argon2id$%'";
        let sql = format!("SELECT COUNT(*) FROM accounts WHERE email_key = '{email}' AND {ours}");
        self.app.count(&sql).await == 1
    }
}

async fn an_imported_password_opens_every_door_and_is_hashed_anew(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let products = [
        ("better-auth", "better-auth"),
        ("Django", "django"),
        ("WordPress", "wordpress"),
        ("Payload CMS", "payload"),
        ("MediaWiki", "mediawiki"),
    ];
    for (door, (product, recipe)) in DOORS.into_iter().zip(products) {
        let fixtures = imported(product, recipe);
        assert!(fixtures.len() > 1, "{product}");
        for (number, (password, hash)) in fixtures.iter().enumerate() {
            let email = format!("{door:?}{number}@example.org").to_lowercase();
            server.register(Pages, &email, FORMER).await;
            server.import(&email, hash).await;
            for wrong in [FORMER.to_owned(), format!("{password}x")] {
                assert!(!server.signs_in(door, &email, &wrong).await, "{product} {number} at {door:?}");
            }
            assert!(!server.is_ours(&email).await);
            // Its change of a password holds the new one to our rules.
            let at = if door == Amadis { Siberian } else { door };
            let entered = server.login(at, &email, password).send().await;
            assert!(succeeded(at, &entered), "{product} {number} at {at:?}: {hash}: {}", entered.text());
            assert!(server.is_ours(&email).await, "{product} {number} at {at:?}");
            assert!(server.signs_in(Pages, &email, password).await, "{product} {number}");
            assert!(!server.signs_in(Pages, &email, &format!("{password}x")).await);
        }
    }
    // The old password proves who changes it.
    let (password, hash) = imported("Django", "django").remove(0);
    server.register(Pages, "ada@example.org", FORMER).await;
    server.import("ada@example.org", &hash).await;
    assert!(server.signs_in(Amadis, "ada@example.org", &password).await);
    assert!(server.is_ours("ada@example.org").await);
}

async fn an_imported_password_is_compared_as_it_was_typed(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    // Django hashes the bytes that it gets: here two characters for one letter.
    let decomposed = "correct horse e\u{301}";
    let (composed, hash) = imported("Django", "django").remove(0);
    assert_eq!(composed, "correct horse \u{e9}");
    server.register(Pages, "ada@example.org", FORMER).await;
    server.import("ada@example.org", &hash).await;
    assert!(!server.signs_in(Pages, "ada@example.org", decomposed).await);
    assert!(server.signs_in(Pages, "ada@example.org", &composed).await);
    // Of our own hash, both are the password.
    assert!(server.signs_in(Pages, "ada@example.org", decomposed).await);
}

async fn an_imported_hash_that_cannot_be_verified_is_a_wrong_password(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    server.register(Pages, "ada@example.org", FORMER).await;
    for hash in [
        "foreign/1|append(pepper=devise)|bcrypt($2a$04$......................LRYXe/jg0q.Y3EmhEeOvQjGqkJHnMiO)",
        "foreign/1|nonsense",
        "foreign/2|bcrypt",
        "foreign/",
    ] {
        server.import("ada@example.org", hash).await;
        for door in DOORS {
            assert!(!server.signs_in(door, "ada@example.org", FORMER).await, "{hash} at {door:?}");
        }
    }
}
