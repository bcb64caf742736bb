use super::steps::LoggedIn;
use super::{Grant, LoginAttempt, SignIn, SignInOutcome, TicketLogin};
use crate::flows::fixture::{Fixture, PASSWORD, client};
use domain::{AccountError, Role, Step, TicketPurpose, TypedPassword, Verification};
use store::{accounts, sessions};

async fn by_password(
    sign_in: &SignIn,
    identifier: &str,
    password: &str,
) -> Result<SignInOutcome<LoggedIn>, AccountError> {
    let password = TypedPassword(password);
    let attempt = LoginAttempt { identifier, password, browser: None, replaces: None };
    sign_in.by_password(&attempt, &client()).await
}

#[tokio::test]
async fn a_right_password_gives_a_session_and_a_wrong_one_nothing() {
    let fixture = Fixture::new(Verification::Optional).await;
    let ada = fixture.account("ada", Role::MEMBER).await;
    let sign_in = fixture.sign_in();
    let entered = by_password(&sign_in, "Ada@example.org", PASSWORD).await.unwrap().granted().unwrap();
    assert_eq!(entered.account.id, ada);
    let mut db = fixture.store.read().await.unwrap();
    assert!(sessions::find(&mut db, &entered.session.digest()).await.unwrap().is_some());
    for (identifier, password) in [("ada@example.org", "wrong"), ("eve@example.org", PASSWORD)] {
        let refused = by_password(&sign_in, identifier, password).await;
        assert!(matches!(refused, Err(AccountError::InvalidCredentials)), "{identifier}: {refused:?}");
    }
}

#[tokio::test]
async fn an_unproven_address_is_a_step_after_which_the_sign_in_goes_on() {
    let fixture = Fixture::new(Verification::Required).await;
    let ada = fixture.account("ada", Role::MEMBER).await;
    let sign_in = fixture.sign_in();
    let outcome = by_password(&sign_in, "ada@example.org", PASSWORD).await.unwrap();
    let SignInOutcome::Wanted(Step::Verify, pending) = outcome else { panic!("{outcome:?}") };
    // No grant is written before the step is taken.
    let outcome = sign_in.advance(*pending, &client()).await.unwrap();
    let SignInOutcome::Wanted(Step::Verify, pending) = outcome else { panic!("{outcome:?}") };
    let listed = sessions::list(&mut fixture.store.read().await.unwrap(), ada, 10).await.unwrap();
    assert!(listed.is_empty());
    fixture.prove_address(ada).await;
    let (account, session) = sign_in.advance(*pending, &client()).await.unwrap().granted().unwrap();
    assert_eq!(account.id, ada);
    let mut db = fixture.store.read().await.unwrap();
    assert!(sessions::find(&mut db, &session.digest()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_door_that_cannot_ask_names_the_step() {
    let fixture = Fixture::new(Verification::Required).await;
    fixture.account("ada", Role::MEMBER).await;
    let password = TypedPassword(PASSWORD);
    let outcome =
        fixture.sign_in().by_password_for("ada@example.org", password, "", Grant::Autologin, &client()).await;
    let refused = outcome.unwrap().granted();
    assert!(matches!(refused, Err(AccountError::StepWanted(Step::Verify))), "{refused:?}");
}

#[tokio::test]
async fn a_password_that_was_changed_meanwhile_opens_nothing() {
    let fixture = Fixture::new(Verification::Required).await;
    let ada = fixture.account("ada", Role::MEMBER).await;
    let sign_in = fixture.sign_in();
    let outcome = by_password(&sign_in, "ada@example.org", PASSWORD).await.unwrap();
    let SignInOutcome::Wanted(_, pending) = outcome else { panic!("{outcome:?}") };
    fixture.prove_address(ada).await;
    fixture.clock.forward(std::time::Duration::from_secs(1));
    let now = domain::Clock::now(fixture.clock.as_ref());
    let changed = fixture.store.transact(async |tx| accounts::reset_password(tx, ada, "another", now).await);
    changed.await.unwrap();
    let refused = sign_in.advance(*pending, &client()).await;
    assert!(matches!(refused, Err(AccountError::InvalidCredentials)), "{refused:?}");
}

#[tokio::test]
async fn a_ticket_stays_good_while_a_step_is_wanted_and_is_used_once() {
    let fixture = Fixture::new(Verification::Required).await;
    let ada = fixture.account("ada", Role::MEMBER).await;
    let ticket = fixture.ticket(ada, TicketPurpose::Autologin).await;
    let sign_in = fixture.sign_in();
    let attempt =
        TicketLogin { email: "ada@example.org", token: ticket.reveal(), browser: None, replaces: None };
    let outcome = sign_in.by_ticket(&attempt, &client()).await.unwrap();
    assert!(matches!(outcome, SignInOutcome::Wanted(Step::Verify, _)), "{outcome:?}");
    fixture.prove_address(ada).await;
    assert!(
        sign_in
            .look_at_ticket(&attempt, &client())
            .await
            .unwrap()
            .granted()
            .is_ok_and(|found| found.id == ada)
    );
    assert_eq!(sign_in.by_ticket(&attempt, &client()).await.unwrap().granted().unwrap().account.id, ada);
    let again = sign_in.by_ticket(&attempt, &client()).await;
    assert!(matches!(again, Err(AccountError::NotFound)), "{again:?}");
}
