//! Setting up an authenticator app and using codes, without HTTP.

use std::time::Duration;

use super::settle;
use crate::flows::fixture::{Fixture, client};
use crate::flows::sessions::signed_in::SignedIn;
use domain::lifetimes::{PENDING_TOTP, PROOF_LASTS};
use domain::{
    AccountError, AccountId, Clock as _, EventKind, Factor, FieldCode, Millis, OsRandom, RecoveryCode, Role,
    TotpSecret, Verification,
};
use secrets::{SecretKey, SecretKeys};
use store::{StoreError, accounts, audit_events, recovery_codes, totp_secrets};

use super::resealing::reseal_all;

/// The code that an app with `secret` shows at the fixture's time.
fn shown(secret: &TotpSecret, fixture: &Fixture) -> String {
    secret.shown_at(fixture.clock.now()).unwrap().as_str().to_owned()
}

/// A session of Ada's in the database, as the flows check it.
async fn ada(fixture: &Fixture) -> SignedIn {
    let id = fixture.account("ada", Role::MEMBER).await;
    fixture.signed_in(id).await
}

async fn use_code(fixture: &Fixture, account: AccountId, typed: &str) -> Option<Factor> {
    let (flow, now) = (fixture.second_factors(), fixture.clock.now());
    let used = fixture.store.transact_on(account, async |tx| {
        accounts::hold(tx, account).await?;
        flow.use_code(tx, account, typed, &client(), now).await
    });
    used.await.unwrap()
}

async fn set_up(fixture: &Fixture, who: &SignedIn) -> (TotpSecret, Vec<RecoveryCode>) {
    let flow = fixture.second_factors();
    let secret = flow.begin_totp(who, &client()).await.unwrap();
    let confirmed = flow.confirm_totp(who, &shown(&secret, fixture), &client()).await.unwrap();
    (secret, confirmed.codes.unwrap())
}

async fn events(fixture: &Fixture, account: AccountId) -> Vec<(EventKind, String)> {
    let mut db = fixture.store.read().await.unwrap();
    let listed = audit_events::list(&mut db, account, Millis(0), i64::MAX, 50).await.unwrap();
    listed.events.into_iter().rev().map(|event| (event.kind, event.detail)).collect()
}

#[tokio::test]
async fn an_app_counts_once_a_code_has_confirmed_it_and_that_code_is_used_with_it() {
    let fixture = Fixture::new(Verification::Off).await;
    let who = ada(&fixture).await;
    let id = who.account().id;
    let flow = fixture.second_factors();
    let secret = flow.begin_totp(&who, &client()).await.unwrap();
    let again = flow.begin_totp(&who, &client()).await.unwrap();
    assert_eq!(again.as_bytes(), secret.as_bytes(), "a page that is loaded again shows the same secret");
    let code = shown(&secret, &fixture);
    assert_eq!(use_code(&fixture, id, &code).await, None, "it is not confirmed yet");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for typed in [wrong, "12345", "poem"] {
        let refused = flow.confirm_totp(&who, typed, &client()).await.unwrap_err();
        let AccountError::Invalid(errors) = refused else { panic!("{refused:?}") };
        assert_eq!(errors[0].code, FieldCode::FactorCodeWrong, "{typed}");
    }
    assert!(fixture.find(id).await.second_factor_at.is_none());
    let confirmed = flow.confirm_totp(&who, &code, &client()).await.unwrap();
    assert_eq!(confirmed.codes.unwrap().len(), RecoveryCode::AT_ONCE);
    assert_eq!(fixture.find(id).await.second_factor_at, Some(fixture.clock.now()));
    assert_eq!(use_code(&fixture, id, &code).await, None, "it has confirmed the app");
    fixture.clock.forward(Duration::from_secs(30));
    assert_eq!(use_code(&fixture, id, &code).await, None, "the code of the step before");
    let spaced = shown(&secret, &fixture);
    let spaced = format!("{} {}", &spaced[..3], &spaced[3..]);
    assert_eq!(use_code(&fixture, id, &spaced).await, Some(Factor::Totp));
    assert_eq!(use_code(&fixture, id, &spaced).await, None, "each is used once");
    let kinds: Vec<_> = events(&fixture, id).await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [EventKind::TotpAdded, EventKind::RecoveryCodesMade]);
}

#[tokio::test]
async fn a_session_that_was_not_proven_lately_changes_nothing() {
    let fixture = Fixture::new(Verification::Off).await;
    let who = ada(&fixture).await;
    let flow = fixture.second_factors();
    let (_, _) = set_up(&fixture, &who).await;
    fixture.clock.forward(PROOF_LASTS);
    let wanted = |error: AccountError| matches!(error, AccountError::ProofWanted);
    assert!(wanted(flow.begin_totp(&who, &client()).await.unwrap_err()));
    assert!(wanted(flow.confirm_totp(&who, "123456", &client()).await.unwrap_err()));
    assert!(wanted(flow.remove_totp(&who, &client()).await.unwrap_err()));
    assert!(wanted(flow.make_recovery_codes(&who, &client()).await.unwrap_err()));
}

#[tokio::test]
async fn a_secret_that_waited_too_long_is_not_confirmed_and_is_swept() {
    let fixture = Fixture::new(Verification::Off).await;
    let mut who = ada(&fixture).await;
    let flow = fixture.second_factors();
    let secret = flow.begin_totp(&who, &client()).await.unwrap();
    fixture.clock.forward(PENDING_TOTP + Duration::from_secs(1));
    let session = domain::Session { proven_at: fixture.clock.now(), ..(*who.session).clone() };
    who.session = std::sync::Arc::new(session);
    let late = flow.confirm_totp(&who, &shown(&secret, &fixture), &client()).await;
    assert!(matches!(late, Err(AccountError::NotFound)));
    let now = fixture.clock.now();
    let swept = fixture.store.transact(async |tx| totp_secrets::prune(tx, now.before(PENDING_TOTP)).await);
    assert_eq!(swept.await.unwrap(), 1);
    let other = flow.begin_totp(&who, &client()).await.unwrap();
    assert_ne!(other.as_bytes(), secret.as_bytes());
}

#[tokio::test]
async fn a_recovery_code_works_once_however_it_is_typed_and_is_written_down() {
    let fixture = Fixture::new(Verification::Off).await;
    let who = ada(&fixture).await;
    let id = who.account().id;
    let (_, codes) = set_up(&fixture, &who).await;
    let bob = fixture.account("bob", Role::MEMBER).await;
    let typed = codes[3].reveal().to_lowercase().replace('-', " ");
    assert_eq!(use_code(&fixture, bob, &typed).await, None, "it is Ada's");
    assert_eq!(use_code(&fixture, id, &typed).await, Some(Factor::RecoveryCode));
    assert_eq!(use_code(&fixture, id, &codes[3].reveal()).await, None);
    assert_eq!(use_code(&fixture, id, &codes[4].reveal()).await, Some(Factor::RecoveryCode));
    let used: Vec<_> = events(&fixture, id).await.into_iter().skip(2).collect();
    let left = |left: &str| (EventKind::RecoveryCodeUsed, left.to_owned());
    assert_eq!(used, [left("9"), left("8")]);
    let fresh = fixture.second_factors().make_recovery_codes(&who, &client()).await.unwrap();
    assert_eq!(use_code(&fixture, id, &codes[5].reveal()).await, None, "the earlier ones are gone");
    assert_eq!(use_code(&fixture, id, &fresh[0].reveal()).await, Some(Factor::RecoveryCode));
}

#[tokio::test]
async fn of_fifty_that_use_one_code_at_once_one_wins() {
    let fixture = std::sync::Arc::new(Fixture::new(Verification::Off).await);
    let who = ada(&fixture).await;
    let id = who.account().id;
    let (secret, codes) = set_up(&fixture, &who).await;
    fixture.clock.forward(Duration::from_secs(30));
    for typed in [shown(&secret, &fixture), codes[0].reveal().to_string()] {
        let all: Vec<_> = (0..50)
            .map(|_| {
                let (fixture, typed) = (fixture.clone(), typed.clone());
                tokio::spawn(async move { use_code(&fixture, id, &typed).await })
            })
            .collect();
        let mut won = 0;
        for one in all {
            won += usize::from(one.await.unwrap().is_some());
        }
        assert_eq!(won, 1, "{typed}");
    }
}

#[tokio::test]
async fn with_the_last_factor_everything_goes_that_came_with_it() {
    let fixture = Fixture::new(Verification::Off).await;
    let who = ada(&fixture).await;
    let id = who.account().id;
    let (secret, codes) = set_up(&fixture, &who).await;
    let flow = fixture.second_factors();
    assert!(flow.remove_totp(&who, &client()).await.is_ok());
    assert!(fixture.find(id).await.second_factor_at.is_none());
    fixture.clock.forward(Duration::from_secs(30));
    assert_eq!(use_code(&fixture, id, &shown(&secret, &fixture)).await, None);
    assert_eq!(use_code(&fixture, id, &codes[0].reveal()).await, None);
    assert!(matches!(flow.remove_totp(&who, &client()).await, Err(AccountError::NotFound)));
    assert!(matches!(flow.make_recovery_codes(&who, &client()).await, Err(AccountError::StepWanted(_))));
}

#[tokio::test]
async fn an_app_on_another_telephone_takes_the_place_of_the_first_once_it_is_confirmed() {
    let fixture = Fixture::new(Verification::Off).await;
    let who = ada(&fixture).await;
    let id = who.account().id;
    let (old, codes) = set_up(&fixture, &who).await;
    let flow = fixture.second_factors();
    let new = flow.begin_totp(&who, &client()).await.unwrap();
    fixture.clock.forward(Duration::from_secs(30));
    assert_eq!(use_code(&fixture, id, &shown(&old, &fixture)).await, Some(Factor::Totp));
    let confirmed = flow.confirm_totp(&who, &shown(&new, &fixture), &client()).await.unwrap();
    assert!(confirmed.codes.is_none(), "the recovery codes stay");
    fixture.clock.forward(Duration::from_secs(30));
    assert_eq!(use_code(&fixture, id, &shown(&old, &fixture)).await, None);
    assert_eq!(use_code(&fixture, id, &shown(&new, &fixture)).await, Some(Factor::Totp));
    assert_eq!(use_code(&fixture, id, &codes[0].reveal()).await, Some(Factor::RecoveryCode));
}

#[tokio::test]
async fn a_form_that_was_sent_twice_shows_codes_that_work() {
    let fixture = Fixture::new(Verification::Off).await;
    let who = ada(&fixture).await;
    let id = who.account().id;
    let flow = fixture.second_factors();
    let secret = flow.begin_totp(&who, &client()).await.unwrap();
    let code = shown(&secret, &fixture);
    let first = flow.confirm_totp(&who, &code, &client()).await.unwrap().codes.unwrap();
    let second = flow.confirm_totp(&who, &code, &client()).await.unwrap().codes.unwrap();
    assert_eq!(use_code(&fixture, id, &first[0].reveal()).await, None);
    assert_eq!(use_code(&fixture, id, &second[0].reveal()).await, Some(Factor::RecoveryCode));
    fixture.clock.forward(Duration::from_secs(61));
    assert!(matches!(flow.confirm_totp(&who, &code, &client()).await, Err(AccountError::NotFound)));
}

#[tokio::test]
async fn a_rotation_leaves_nothing_under_the_old_key_and_a_running_server_uses_the_new_one() {
    let fixture = Fixture::new(Verification::Off).await;
    let who = ada(&fixture).await;
    let id = who.account().id;
    let (secret, _) = set_up(&fixture, &who).await;
    let old = fixture.secrets.keys();
    let new = old.led_by(SecretKey::generate(&OsRandom));
    let done = reseal_all(&fixture.store, fixture.clock.as_ref(), &OsRandom, &new).await.unwrap();
    assert_eq!(done, 1);
    assert_eq!(reseal_all(&fixture.store, fixture.clock.as_ref(), &OsRandom, &new).await.unwrap(), 0);
    let only_new = secrets::Keyring::fixed(new.keeping(|_| false));
    let stored =
        totp_secrets::confirmed(&mut fixture.store.read().await.unwrap(), id).await.unwrap().unwrap();
    assert_eq!(SecretKeys::sealed_under(&stored.sealed), Some(new.first().id()));
    let opened = only_new.open(&super::totp_context(id), &stored.sealed).unwrap();
    assert_eq!(opened.as_slice(), secret.as_bytes());
    assert!(only_new.open(&super::totp_context(AccountId(id.0 + 1)), &stored.sealed).is_err());
    // The fixture's ring has the old key alone, and no file to learn from: it writes nothing under that key.
    let refused = fixture.second_factors().begin_totp(&who, &client()).await;
    assert!(matches!(refused, Err(AccountError::Internal(_))), "{refused:?}");
}

#[tokio::test]
async fn what_is_left_is_told_in_one_statement() {
    let fixture = Fixture::new(Verification::Off).await;
    let who = ada(&fixture).await;
    let id = who.account().id;
    let flow = fixture.second_factors();
    assert_eq!(flow.facts(&fixture.find(id).await).await.unwrap(), recovery_codes::CodeFacts::default());
    let (_, codes) = set_up(&fixture, &who).await;
    use_code(&fixture, id, &codes[0].reveal()).await;
    let facts = flow.facts(&fixture.find(id).await).await.unwrap();
    let now = Some(fixture.clock.now());
    assert_eq!((facts.totp_since, facts.codes_left, facts.codes_made_at), (now, 9, now));
    let kept: Result<bool, StoreError> = fixture.store.transact(async |tx| settle(tx, id).await).await;
    assert!(kept.unwrap(), "the app is still there");
    assert_eq!(flow.facts(&fixture.find(id).await).await.unwrap().codes_left, 9);
}
