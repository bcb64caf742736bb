use super::NewRegistration;
use crate::domain::{
    AccountError, Field, FieldCode, FieldError, MailKind, Role, Step, TypedPassword, Verification,
};
use crate::flows::fixture::{Fixture, PASSWORD, client};
use crate::flows::sign_in::Grant;
use crate::store::{accounts, outbox, sessions};

fn new(email: &str) -> NewRegistration<'_> {
    NewRegistration { email, password: TypedPassword(PASSWORD), ..NewRegistration::default() }
}

#[tokio::test]
async fn an_account_is_made_with_what_was_to_be_given() {
    let fixture = Fixture::new(Verification::Optional).await;
    let made = fixture
        .registration()
        .register(&new("Ada@Example.org"), |_| None, Grant::Session, &client())
        .await
        .unwrap();
    let mut db = fixture.store.read().await.unwrap();
    let session = sessions::find(&mut db, &made.token.unwrap().digest()).await.unwrap().unwrap();
    assert_eq!(session.account_id, made.account.id);
    let mails = outbox::list(&mut db, false).await.unwrap();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].kind, MailKind::Verification.as_str());
}

#[tokio::test]
async fn where_a_first_sign_in_wants_more_the_account_is_made_and_nothing_given() {
    let fixture = Fixture::new(Verification::Required).await;
    let refused = fixture
        .registration()
        .register(&new("ada@example.org"), |_| None, Grant::UserSecret, &client())
        .await;
    assert!(matches!(refused, Err(AccountError::StepWanted(Step::Verify))), "{refused:?}");
    let mut db = fixture.store.read().await.unwrap();
    assert!(accounts::find_by_identifier(&mut db, "ada@example.org").await.unwrap().is_some());
}

#[tokio::test]
async fn a_taken_address_is_refused_and_its_owner_notified() {
    let fixture = Fixture::new(Verification::Off).await;
    fixture.account("ada", Role::MEMBER).await;
    let refused =
        fixture.registration().register(&new("ADA@example.org"), |_| None, Grant::Nothing, &client()).await;
    let taken = FieldError { field: Field::Email, code: FieldCode::EmailTaken };
    assert!(matches!(&refused, Err(AccountError::Invalid(errors)) if *errors == [taken]), "{refused:?}");
    let mails = outbox::list(&mut fixture.store.read().await.unwrap(), false).await.unwrap();
    assert_eq!(mails[0].kind, MailKind::AddressTaken.as_str());
}
