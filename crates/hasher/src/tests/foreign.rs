//! Hashes of other products.

use std::collections::{BTreeMap, BTreeSet};

use recipes::{Columns, ForeignHash, NoPeppers, Pepper, Terms, recipe_of};

use super::*;

/// What better-auth stores for "correct horse battery"; `crates/recipes/tests/fixtures.json` has it.
const BETTER_AUTH: &str = "c39abbc4c721c845bafcccd5e84b74d1:\
    d7aa20bee664e6303c01a1486d8c579dd6b82cb210843fa2559ee11880aacd34f8f5b6e1c7293b2ef50384e32b87eac9d4f038094c89fc9633a925c299e19f76";

/// The text of our column for it.
fn better_auth() -> String {
    let recipe = recipe_of("better-auth").unwrap();
    ForeignHash::read(&recipe, &Columns::of(BETTER_AUTH), &Terms::default(), &NoPeppers).unwrap().to_text()
}

#[tokio::test]
async fn a_hash_of_another_product_matches_its_password_and_is_to_be_hashed_again() {
    let hasher = hasher(TINY);
    let stored = better_auth();
    let right = hasher.verify(password("correct horse battery"), &stored, ME).await;
    assert_eq!(right, Ok(Verified { matches: true, needs_rehash: true }));
    assert_eq!(hasher.verify(password("correct horse batterx"), &stored, ME).await, Ok(NO_MATCH));
    // The normal form is ours alone.
    let presented = Presented::new(b"correct horse battery", b"something else");
    assert_eq!(hasher.verify(presented, &stored, ME).await, Ok(NO_MATCH));
}

#[tokio::test]
async fn a_hash_that_cannot_be_verified_costs_one_of_ours() {
    let hasher = hasher(TINY);
    for stored in ["foreign/1|", "foreign/1|nonsense", "foreign/2|bcrypt"] {
        let before = hasher.computed();
        assert_eq!(hasher.verify(password("x"), stored, ME).await, Err(HashError::Unsupported), "{stored}");
        assert_eq!(hasher.computed(), before + 1);
    }
}

#[tokio::test]
async fn a_hash_with_a_secret_needs_that_secret() {
    let recipe = recipe_of("devise-peppered").unwrap();
    let given = BTreeMap::from([("devise".to_owned(), Pepper::from("pepper"))]);
    let columns = Columns::of("$2a$04$......................LRYXe/jg0q.Y3EmhEeOvQjGqkJHnMiO");
    let stored = ForeignHash::read(&recipe, &columns, &Terms::default(), &given).unwrap().to_text();
    let refused = hasher(TINY).verify(password("x"), &stored, ME).await;
    assert_eq!(refused, Err(HashError::SecretMissing));
    let hasher = hasher(TINY).with_secrets(given);
    assert_eq!(hasher.verify(password("x"), &stored, ME).await, Ok(NO_MATCH));
}

#[tokio::test]
async fn names_without_an_account_cost_what_accounts_do_and_each_the_same_every_time() {
    let hasher = hasher(TINY);
    let foreign = better_auth();
    let ours = hasher.hash(password("x"), ME).await.unwrap();
    let imitated = |like: u64| hasher.imitation.read().like(like).is_some();
    assert!(!(0..100).any(imitated), "without a sample all cost what ours do");
    hasher.imitate([ours.as_str(), &foreign, ours.as_str(), "nonsense"]);
    let expensive: BTreeSet<u64> = (0..100).filter(|like| imitated(*like)).collect();
    assert_eq!(expensive.len(), 25);
    assert_eq!(expensive, (0..100).filter(|like| imitated(*like)).collect());
    for like in [0, 1] {
        let unknown = hasher.verify_unknown(password("correct horse battery"), like, ME).await;
        assert_eq!(unknown, Ok(NO_MATCH), "{like}");
    }
    hasher.imitate([]);
    assert!(!(0..100).any(imitated));
}
