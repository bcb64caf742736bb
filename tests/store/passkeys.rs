//! Passkeys and their challenges.

use std::time::Duration;

use domain::{AccountId, AuthenticatorModel, PasskeyId};
use rocket::tokio::task::JoinSet;
use store::passkey_challenges::{self, ChallengePurpose, NewChallenge};
use store::passkeys::{self, NewPasskey};
use store::{Engine, StoreError};

use crate::engines::both_engines;
use crate::fixture::{Fixture, NOW, committed};

both_engines!(
    of_fifty_who_answer_a_challenge_at_once_one_does,
    a_challenge_is_found_for_its_purpose_until_it_expires_or_its_session_ends,
    a_counter_only_moves_on_unless_it_stands_at_zero,
    no_two_accounts_have_one_credential,
    what_was_added_since_can_be_removed,
    the_handle_of_an_account_stays,
);

const TEN_MINUTES: Duration = Duration::from_secs(600);

async fn passkey(fixture: &Fixture, account_id: AccountId, id: &[u8], sign_count: i64) -> PasskeyId {
    let model = AuthenticatorModel::default();
    let new =
        NewPasskey { account_id, credential_id: id, credential: "{}", sign_count, model, name: "A key" };
    committed(&fixture.store, async |tx| passkeys::insert(tx, &new, NOW).await.unwrap()).await
}

async fn of_fifty_who_answer_a_challenge_at_once_one_does(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let new = NewChallenge {
        challenge: &[7; 32],
        purpose: ChallengePurpose::SignIn,
        account_id: None,
        session: None,
        state: "{}",
        expires_at: NOW.after(TEN_MINUTES),
    };
    committed(&fixture.store, async |tx| passkey_challenges::insert(tx, &new).await.unwrap()).await;
    let mut crowd = JoinSet::new();
    for _ in 0..50 {
        let store = fixture.store.clone();
        crowd.spawn(async move {
            committed(&store, async |tx| passkey_challenges::consume(tx, &[7; 32], NOW).await.unwrap()).await
        });
    }
    assert_eq!(crowd.join_all().await.into_iter().filter(|used| *used).count(), 1);
}

async fn a_challenge_is_found_for_its_purpose_until_it_expires_or_its_session_ends(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let (session, _) = fixture.session(ada, NOW).await;
    let end = NOW.after(TEN_MINUTES);
    let purpose = ChallengePurpose::Registration;
    for (challenge, session) in [(&[1; 32], Some(session)), (&[2; 32], None)] {
        let new =
            NewChallenge { challenge, purpose, account_id: Some(ada), session, state: "{}", expires_at: end };
        committed(&fixture.store, async |tx| passkey_challenges::insert(tx, &new).await.unwrap()).await;
    }
    let found = async |challenge: &[u8], purpose, now| {
        let mut db = fixture.store.read().await.unwrap();
        passkey_challenges::find(&mut db, challenge, purpose, now).await.unwrap()
    };
    let before = end.before(Duration::from_millis(1));
    let bound = found(&[1; 32], purpose, before).await.unwrap();
    assert_eq!((bound.account_id, bound.session), (Some(ada), Some(session)));
    assert!(found(&[1; 32], purpose, end).await.is_none());
    for other in [ChallengePurpose::SignIn, ChallengePurpose::Proof] {
        assert!(found(&[1; 32], other, NOW).await.is_none());
    }
    fixture.sql("DELETE FROM sessions").await;
    assert!(found(&[1; 32], purpose, NOW).await.is_none());
    let gone = async |now| {
        committed(&fixture.store, async |tx| passkey_challenges::prune(tx, now).await.unwrap()).await
    };
    assert_eq!((gone(before).await, gone(end).await), (0, 1));
}

async fn a_counter_only_moves_on_unless_it_stands_at_zero(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
    let id = passkey(&fixture, ada, b"one", 0).await;
    let used = async |account, count| {
        committed(&fixture.store, async |tx| {
            let after = ("{\"used\":true}", count);
            passkeys::note_use(tx, account, id, after, "127.0.0.0/24", NOW).await.unwrap()
        })
        .await
    };
    for (count, right) in [(0, true), (0, true), (5, true), (5, false), (4, false), (0, false), (6, true)] {
        assert_eq!(used(ada, count).await, right, "{count}");
    }
    assert!(!used(bob, 7).await);
    let listed = passkeys::list(&mut fixture.store.read().await.unwrap(), ada).await.unwrap();
    assert_eq!(listed[0].credential, "{\"used\":true}");
    assert_eq!((listed[0].passkey.seen_at, listed[0].passkey.place.as_str()), (Some(NOW), "127.0.0.0/24"));
}

async fn no_two_accounts_have_one_credential(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
    passkey(&fixture, ada, b"one", 0).await;
    let model = AuthenticatorModel::default();
    let new = NewPasskey {
        account_id: bob,
        credential_id: b"one",
        credential: "{}",
        sign_count: 0,
        model,
        name: "A key",
    };
    let refused = fixture.store.transact(async |tx| passkeys::insert(tx, &new, NOW).await).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    let mut db = fixture.store.read().await.unwrap();
    assert!(!passkeys::any(&mut db, bob).await.unwrap());
    let found = passkeys::find_by_credential(&mut db, b"one").await.unwrap().unwrap();
    assert_eq!(found.passkey.account_id, ada);
}

async fn what_was_added_since_can_be_removed(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    passkey(&fixture, ada, b"one", 0).await;
    let removed = async |since| {
        committed(&fixture.store, async |tx| passkeys::remove_since(tx, ada, since).await.unwrap()).await
    };
    assert_eq!(removed(NOW.after(Duration::from_millis(1))).await, 0);
    assert_eq!(removed(NOW).await, 1);
    assert!(!passkeys::any(&mut fixture.store.read().await.unwrap(), ada).await.unwrap());
}

async fn the_handle_of_an_account_stays(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    for handle in [[1; 16], [2; 16]] {
        committed(&fixture.store, async |tx| passkeys::set_handle(tx, ada, &handle).await.unwrap()).await;
    }
    let kept = passkeys::handle(&mut fixture.store.read().await.unwrap(), ada).await.unwrap();
    assert_eq!(kept, Some(vec![1; 16]));
}
