//! Sessions and known browsers.

use std::time::Duration;

use domain::{SessionId, TokenDigest};
use store::known_browsers::NewKnownBrowser;
use store::{Engine, known_browsers, sessions};

use crate::engines::both_engines;
use crate::fixture::{Fixture, NOW, committed, digest};

both_engines!(
    a_session_is_found_by_its_token_alone,
    an_ended_session_is_gone_and_only_its_owner_ends_it,
    all_others_end_and_one_is_kept,
    sessions_are_listed_last_used_first_and_not_without_end,
    a_use_is_noted_and_never_taken_back,
    a_session_that_gets_another_secret_has_only_that_one,
    of_too_many_sessions_the_idle_go_before_the_used,
    all_browsers_but_one_are_forgotten,
    what_is_old_or_unused_is_cleared_away,
    the_twenty_browsers_seen_last_are_known,
    a_browser_is_known_to_its_account_only,
);

const HOUR: Duration = Duration::from_secs(3_600);

fn browser(token: &TokenDigest) -> NewKnownBrowser<'_> {
    NewKnownBrowser { token, label: "Firefox · Linux", place: "127.0.0.0/24" }
}

async fn a_session_is_found_by_its_token_alone(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let (id, token) = fixture.session(ada, NOW).await;
    let mut db = fixture.store.read().await.unwrap();
    let found = sessions::find(&mut db, &token).await.unwrap().unwrap();
    assert_eq!((found.id, found.account_id, found.token), (id, ada, token));
    assert_eq!((found.browser_label.as_str(), found.place.as_str()), ("Firefox · Linux", "127.0.0.0/24"));
    assert_eq!((found.created_at, found.seen_at), (NOW, NOW));
    assert!(sessions::find(&mut db, &digest()).await.unwrap().is_none());
}

async fn an_ended_session_is_gone_and_only_its_owner_ends_it(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
    let (id, token) = fixture.session(ada, NOW).await;
    committed(&fixture.store, async |tx| {
        assert!(!sessions::end(tx, bob, id).await.unwrap());
        assert!(!sessions::end(tx, ada, SessionId(id.0 + 1)).await.unwrap());
        assert!(sessions::find(tx, &token).await.unwrap().is_some());
        assert!(sessions::end(tx, ada, id).await.unwrap());
        assert!(!sessions::end(tx, ada, id).await.unwrap());
        assert!(sessions::find(tx, &token).await.unwrap().is_none());
    })
    .await;
    let (next, _) = fixture.session(ada, NOW).await;
    assert!(next.0 > id.0, "a session got the number of an ended one");
}

async fn all_others_end_and_one_is_kept(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
    let (kept, token) = fixture.session(ada, NOW).await;
    for _ in 0..3 {
        fixture.session(ada, NOW).await;
    }
    let (_, of_bob) = fixture.session(bob, NOW).await;
    committed(&fixture.store, async |tx| {
        assert_eq!(sessions::end_all(tx, ada, Some(kept)).await.unwrap(), 3);
        assert_eq!(sessions::end_all(tx, ada, Some(kept)).await.unwrap(), 0);
        assert!(sessions::find(tx, &token).await.unwrap().is_some());
        assert_eq!(sessions::end_all(tx, ada, None).await.unwrap(), 1);
        assert!(sessions::find(tx, &of_bob).await.unwrap().is_some());
    })
    .await;
}

async fn sessions_are_listed_last_used_first_and_not_without_end(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
    let mut ids = Vec::new();
    for hour in [3, 1, 2] {
        ids.push(fixture.session(ada, NOW.after(hour * HOUR)).await.0);
    }
    fixture.session(bob, NOW).await;
    let mut db = fixture.store.read().await.unwrap();
    let listed = async |db: &mut _, most| {
        let sessions = sessions::list(db, ada, most).await.unwrap();
        sessions.into_iter().map(|session| session.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(&mut db, 50).await, [ids[0], ids[2], ids[1]]);
    assert_eq!(listed(&mut db, 2).await, [ids[0], ids[2]]);
}

async fn a_use_is_noted_and_never_taken_back(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let (id, token) = fixture.session(ada, NOW).await;
    committed(&fixture.store, async |tx| {
        for (hours, expected) in [(2, 2), (1, 2), (3, 3)] {
            sessions::touch(tx, id, &format!("10.0.{hours}.0/24"), NOW.after(hours * HOUR)).await.unwrap();
            let found = sessions::find(tx, &token).await.unwrap().unwrap();
            assert_eq!((found.created_at, found.seen_at), (NOW, NOW.after(expected * HOUR)));
            assert_eq!(found.place, format!("10.0.{expected}.0/24"));
        }
    })
    .await;
}

async fn a_session_that_gets_another_secret_has_only_that_one(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let (id, old) = fixture.session(ada, NOW).await;
    let new = digest();
    committed(&fixture.store, async |tx| {
        let session = sessions::find(tx, &old).await.unwrap().unwrap();
        assert!(sessions::renew(tx, &session, &new, NOW).await.unwrap());
        assert!(!sessions::renew(tx, &session, &digest(), NOW).await.unwrap(), "it has another already");
        assert!(sessions::find(tx, &old).await.unwrap().is_none());
        let found = sessions::find(tx, &new).await.unwrap().unwrap();
        assert_eq!((found.id, found.created_at, found.seen_at), (id, NOW, NOW));
        // For some seconds it is known by the secret of before, also when it is renewed again.
        let soon = NOW.after(Duration::from_secs(9));
        let known = sessions::find_renewed(tx, &old, soon).await.unwrap().unwrap();
        assert_eq!((known.id, known.token), (id, new));
        assert!(sessions::find_renewed(tx, &new, soon).await.unwrap().is_none());
        let newest = digest();
        assert!(sessions::renew_again(tx, &found, &newest).await.unwrap());
        let found = sessions::find(tx, &newest).await.unwrap().unwrap();
        assert_eq!(sessions::find_renewed(tx, &old, soon).await.unwrap().unwrap().token, newest);
        let late = NOW.after(Duration::from_secs(11));
        assert!(sessions::find_renewed(tx, &old, late).await.unwrap().is_none());
        assert!(sessions::end(tx, ada, id).await.unwrap());
        assert!(!sessions::renew(tx, &found, &digest(), NOW).await.unwrap(), "it has ended");
    })
    .await;
}

async fn of_too_many_sessions_the_idle_go_before_the_used(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let mut tokens = Vec::new();
    for hours in 1..=4 {
        tokens.push(fixture.session(ada, NOW.after(hours * HOUR)).await);
    }
    committed(&fixture.store, async |tx| {
        // The oldest is the last used.
        sessions::touch(tx, tokens[0].0, "", NOW.after(5 * HOUR)).await.unwrap();
        sessions::keep_used(tx, ada, 2).await.unwrap();
        for ((_, token), there) in tokens.iter().zip([true, false, false, true]) {
            assert_eq!(sessions::find(tx, token).await.unwrap().is_some(), there);
        }
    })
    .await;
}

async fn all_browsers_but_one_are_forgotten(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let tokens = [digest(), digest(), digest()];
    committed(&fixture.store, async |tx| {
        for token in &tokens {
            known_browsers::remember(tx, ada, &browser(token), 20, NOW).await.unwrap();
        }
        let listed = known_browsers::list(tx, ada, 2).await.unwrap();
        assert_eq!(listed.len(), 2);
        assert_eq!((listed[0].label.as_str(), listed[0].place.as_str()), ("Firefox · Linux", "127.0.0.0/24"));
        assert_eq!(known_browsers::forget_all(tx, ada, Some(&tokens[1])).await.unwrap(), 2);
        let left = known_browsers::list(tx, ada, 10).await.unwrap();
        assert!(left.len() == 1 && left[0].token == tokens[1]);
        assert!(known_browsers::forget(tx, ada, left[0].number).await.unwrap());
        assert!(!known_browsers::forget(tx, ada, left[0].number).await.unwrap());
    })
    .await;
}

async fn what_is_old_or_unused_is_cleared_away(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let (old, old_token) = fixture.session(ada, NOW).await;
    let (_, unused_token) = fixture.session(ada, NOW.after(5 * HOUR)).await;
    let (_, fresh_token) = fixture.session(ada, NOW.after(9 * HOUR)).await;
    committed(&fixture.store, async |tx| {
        sessions::touch(tx, old, "", NOW.after(9 * HOUR)).await.unwrap();
        let gone = sessions::prune(tx, NOW.after(6 * HOUR), NOW.after(HOUR)).await.unwrap();
        assert_eq!(gone, 2);
        for (token, there) in [(old_token, false), (unused_token, false), (fresh_token, true)] {
            assert_eq!(sessions::find(tx, &token).await.unwrap().is_some(), there);
        }
    })
    .await;
}

async fn the_twenty_browsers_seen_last_are_known(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let tokens: Vec<_> = (0..25).map(|_| digest()).collect();
    committed(&fixture.store, async |tx| {
        let mut now = NOW;
        let mut seen = async |tx: &mut _, token| {
            now = now.after(HOUR);
            known_browsers::remember(tx, ada, &browser(token), 20, now).await.unwrap();
        };
        for token in &tokens[..20] {
            seen(tx, token).await;
        }
        let first = known_browsers::find(tx, &tokens[0]).await.unwrap();
        // The first browser is used again, so it is not the next to be removed.
        seen(tx, &tokens[0]).await;
        assert_eq!(known_browsers::find(tx, &tokens[0]).await.unwrap(), first);
        for token in &tokens[20..] {
            seen(tx, token).await;
        }
        let mut known = Vec::new();
        for token in &tokens {
            known.push(!known_browsers::find(tx, token).await.unwrap().is_empty());
        }
        let expected: Vec<bool> = (0..25).map(|number| number == 0 || number > 5).collect();
        assert_eq!(known, expected);
    })
    .await;
}

async fn a_browser_is_known_to_its_account_only(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
    let shared = digest();
    committed(&fixture.store, async |tx| {
        known_browsers::remember(tx, ada, &browser(&shared), 20, NOW).await.unwrap();
        let known = known_browsers::find(tx, &shared).await.unwrap();
        assert_eq!(known.iter().map(|(account, _)| *account).collect::<Vec<_>>(), [ada]);
        // Two accounts share a browser.
        known_browsers::remember(tx, bob, &browser(&shared), 20, NOW).await.unwrap();
        let mut known = known_browsers::find(tx, &shared).await.unwrap();
        known.sort_unstable();
        assert_eq!(known.iter().map(|(account, _)| *account).collect::<Vec<_>>(), [ada, bob]);
        assert_ne!(known[0].1, known[1].1);
        known_browsers::forget_all(tx, ada, None).await.unwrap();
        let left = known_browsers::find(tx, &shared).await.unwrap();
        assert_eq!(left.iter().map(|(account, _)| *account).collect::<Vec<_>>(), [bob]);
    })
    .await;
}
