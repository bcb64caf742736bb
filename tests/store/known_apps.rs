//! Apps that an account knows by the bearers that they had.

use std::time::Duration;

use domain::{AccountId, Audience, Lifetime, Millis, TokenDigest};
use store::bearers::{self, NewBearer};
use store::{Engine, known_apps};

use crate::engines::both_engines;
use crate::fixture::{Fixture, NOW, committed, digest};

both_engines!(
    an_app_keeps_its_number_from_bearer_to_bearer,
    a_bearer_that_has_a_row_is_known_without_being_remembered,
    the_apps_that_signed_in_last_are_kept,
);

async fn remember(
    fixture: &Fixture,
    account: AccountId,
    token: &TokenDigest,
    presented: Option<&TokenDigest>,
    now: Millis,
) -> Option<i64> {
    let work = async |tx: &mut store::Tx| known_apps::remember(tx, account, token, presented, now).await;
    committed(&fixture.store, async |tx| work(tx).await.unwrap()).await
}

async fn find(fixture: &Fixture, token: &TokenDigest) -> Vec<(AccountId, i64)> {
    known_apps::find(&mut fixture.store.read().await.unwrap(), token).await.unwrap()
}

async fn an_app_keeps_its_number_from_bearer_to_bearer(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
    let [first, second, third, other] = std::array::from_fn(|_| digest());
    let id = remember(&fixture, ada, &first, None, NOW).await.unwrap();
    assert_eq!(find(&fixture, &first).await, [(ada, id)]);
    assert_eq!(remember(&fixture, ada, &second, Some(&first), NOW).await, None);
    assert_eq!(find(&fixture, &first).await, [(ada, id)], "the answer with the second may be lost");
    // Another one in place of the lost answer's: nobody has that.
    assert_eq!(remember(&fixture, ada, &third, Some(&first), NOW).await, None);
    for (token, known) in [(first, true), (second, false), (third, true)] {
        assert_eq!(find(&fixture, &token).await == [(ada, id)], known);
    }
    // A bearer of Ada's means nothing to Bob.
    let bobs = remember(&fixture, bob, &other, Some(&third), NOW).await.unwrap();
    assert_eq!(
        (find(&fixture, &third).await, find(&fixture, &other).await),
        (vec![(ada, id)], vec![(bob, bobs)])
    );
    committed(&fixture.store, async |tx| known_apps::forget_all(tx, ada).await.unwrap()).await;
    assert_eq!((find(&fixture, &third).await, find(&fixture, &other).await), (vec![], vec![(bob, bobs)]));
}

async fn a_bearer_that_has_a_row_is_known_without_being_remembered(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let account_id = fixture.account("ada").await;
    let token = digest();
    let new = NewBearer {
        account_id,
        audience: Audience::MIRROR,
        token,
        holder: "Hall".into(),
        place: "127.0.0.0/24".into(),
        paired: true,
        family: None,
        lifetime: Lifetime::PAIRED_DEVICE,
    };
    let bearer = committed(&fixture.store, async |tx| bearers::insert(tx, &new, NOW).await.unwrap()).await;
    assert_eq!(find(&fixture, &token).await, [(account_id, -bearer.0)]);
    // With a row of both kinds, an app comes first and has one number.
    let id = remember(&fixture, account_id, &token, None, NOW).await.unwrap();
    assert_eq!(find(&fixture, &token).await, [(account_id, id), (account_id, -bearer.0)]);
    // Its owner ended it: it is nobody's device any more.
    let ended = committed(&fixture.store, async |tx| bearers::end(tx, account_id, bearer).await.unwrap());
    assert!(ended.await);
    assert_eq!(find(&fixture, &token).await, []);
}

async fn the_apps_that_signed_in_last_are_kept(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let tokens: [TokenDigest; 4] = std::array::from_fn(|_| digest());
    for (token, minutes) in tokens.iter().zip([3, 1, 2, 4]) {
        remember(&fixture, ada, token, None, NOW.after(Duration::from_secs(minutes * 60))).await.unwrap();
    }
    committed(&fixture.store, async |tx| known_apps::keep_newest(tx, ada, 2).await.unwrap()).await;
    let mut kept = Vec::new();
    for token in &tokens {
        kept.push(find(&fixture, token).await.len());
    }
    assert_eq!(kept, [1, 0, 0, 1]);
}
