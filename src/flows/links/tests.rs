use crate::flows::fixture::{Fixture, PASSWORD, client};
use crate::flows::links::LinkRequest;
use crate::flows::sign_in::LoginAttempt;
use domain::{AccountError, Clock as _, Field, MailKind, Role, TicketPurpose, TypedPassword, Verification};
use store::{outbox, sessions};

#[tokio::test]
async fn a_link_to_choose_a_password_works_once_and_ends_the_sessions() {
    let fixture = Fixture::new(Verification::Off).await;
    let ada = fixture.account("ada", Role::MEMBER).await;
    let attempt = LoginAttempt {
        identifier: "ada@example.org",
        password: TypedPassword(PASSWORD),
        browser: None,
        replaces: None,
    };
    let entered = fixture.sign_in().by_password(&attempt, &client()).await.unwrap().granted().unwrap();
    let (links, token) = (fixture.links(), fixture.ticket(ada, TicketPurpose::Recovery).await);
    assert!(links.reset_offer(token.reveal()).await.unwrap().has_password);

    let refused = links.reset_password(token.reveal(), TypedPassword("short"), &client()).await;
    assert!(
        matches!(&refused, Err(AccountError::Invalid(errors)) if errors[0].field == Field::NewPassword),
        "{refused:?}"
    );
    let new = TypedPassword("another horse battery");
    assert_eq!(links.reset_password(token.reveal(), new, &client()).await.unwrap().id, ada);
    let again = links.reset_password(token.reveal(), new, &client()).await;
    assert!(matches!(again, Err(AccountError::TicketSpent)), "{again:?}");

    let mut db = fixture.store.read().await.unwrap();
    assert!(sessions::find(&mut db, &entered.session.digest()).await.unwrap().is_none());
    let kinds: Vec<String> =
        outbox::list(&mut db, false).await.unwrap().into_iter().map(|mail| mail.kind).collect();
    assert_eq!(kinds, [MailKind::PasswordChanged.as_str()]);
}

#[tokio::test]
async fn a_link_is_mailed_to_who_is_there_and_a_blank_to_who_is_not() {
    let fixture = Fixture::new(Verification::Off).await;
    fixture.account("ada", Role::MEMBER).await;
    let links = fixture.links();
    for identifier in ["ada@example.org", "nobody@example.org"] {
        links.request_recovery(identifier, None, &client()).await.unwrap();
    }
    let now = fixture.clock.now();
    // Leased as the worker does it: `outbox::list` leaves blanks out.
    let leased = fixture.store.transact(async |tx| outbox::lease(tx, 10, now, now).await);
    let mut mails = leased.await.unwrap();
    mails.sort_unstable_by_key(|mail| mail.id);
    let kinds: Vec<MailKind> = mails.iter().map(|mail| mail.kind).collect();
    assert_eq!(kinds, [MailKind::Recovery, MailKind::Blank]);
}

/// Neither the time that a request takes nor what it leaves tells of a limit by account.
#[tokio::test]
async fn a_request_above_the_limit_of_its_account_costs_what_the_others_cost() {
    let fixture = Fixture::new(Verification::Optional).await;
    let ada = fixture.account("ada", Role::MEMBER).await;
    let links = fixture.links();
    let kinds = async || {
        let now = fixture.clock.now();
        let leased = fixture.store.transact(async |tx| outbox::lease(tx, 100, now, now).await);
        let mut mails = leased.await.unwrap();
        mails.sort_unstable_by_key(|mail| mail.id);
        mails.into_iter().map(|mail| mail.kind).collect::<Vec<MailKind>>()
    };
    for _ in 0..5 {
        links.request_recovery("ada@example.org", None, &client()).await.unwrap();
        links.request_verification(LinkRequest::Typed("ada@example.org"), &client()).await.unwrap();
    }
    let expected = [[MailKind::Recovery, MailKind::Verification]; 3].concat();
    assert_eq!(kinds().await, [expected, vec![MailKind::Blank; 4]].concat());
    // Once there is nothing to prove, requests of a link to prove it leave blanks, as for nobody's address.
    fixture.prove_address(ada).await;
    for identifier in ["ada@example.org", "nobody@example.org"] {
        for _ in 0..4 {
            links.request_verification(LinkRequest::Typed(identifier), &client()).await.unwrap();
        }
    }
    assert_eq!(kinds().await.iter().filter(|kind| **kind == MailKind::Blank).count(), 4 + 8);
}
