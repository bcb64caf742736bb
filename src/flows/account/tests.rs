use std::sync::{Arc, Mutex};

use super::NewRegistration;
use crate::flows::fixture::{Fixture, PASSWORD, client};
use crate::flows::sign_in::Grant;
use domain::{
    AccountError, Field, FieldCode, FieldError, MailKind, Millis, PictureRef, Role, Step, TypedPassword,
    Verification,
};
use pictures::{Picture, PictureFormat, PictureId, PictureStorage, SIZES, Served, SetAside, StorageFuture};
use store::{Store, accounts, outbox, sessions};

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
    let ada = fixture.account("ada", Role::MEMBER).await;
    fixture.prove_address(ada).await;
    let refused =
        fixture.registration().register(&new("ADA@example.org"), |_| None, Grant::Nothing, &client()).await;
    let taken = FieldError { field: Field::Email, code: FieldCode::EmailTaken };
    assert!(matches!(&refused, Err(AccountError::Invalid(errors)) if *errors == [taken]), "{refused:?}");
    let mails = outbox::list(&mut fixture.store.read().await.unwrap(), false).await.unwrap();
    assert_eq!(mails[0].kind, MailKind::AddressTaken.as_str());
}

/// A storage that lets a concurrent change happen in the middle of a removal.
struct Interrupted {
    kept: Mutex<Option<Picture>>,
    aside: Mutex<Option<Picture>>,
    meanwhile: Mutex<Option<StorageFuture<'static, ()>>>,
}

impl PictureStorage for Interrupted {
    fn put(&self, picture: Arc<Picture>) -> StorageFuture<'_, ()> {
        Box::pin(async move {
            *self.kept.lock().unwrap() = Some(picture.as_ref().clone());
            Ok(())
        })
    }

    fn serve(&self, _: &PictureId, size: u32) -> StorageFuture<'_, Option<Served>> {
        Box::pin(async move {
            let kept = self.kept.lock().unwrap();
            let of_size = kept.iter().flat_map(|kept| &kept.renditions).find(|(known, _)| *known == size);
            Ok(of_size.map(|(_, bytes)| Served::Bytes(PictureFormat::Png, bytes.clone())))
        })
    }

    fn set_aside(&self, id: &PictureId) -> StorageFuture<'_, Option<SetAside>> {
        let id = *id;
        Box::pin(async move {
            *self.aside.lock().unwrap() = self.kept.lock().unwrap().take();
            let meanwhile = self.meanwhile.lock().unwrap().take();
            if let Some(meanwhile) = meanwhile {
                meanwhile.await?;
            }
            Ok(Some(SetAside { id, place: "aside".to_owned() }))
        })
    }

    fn restore(&self, _: SetAside) -> StorageFuture<'_, ()> {
        Box::pin(async move {
            *self.kept.lock().unwrap() = self.aside.lock().unwrap().take();
            Ok(())
        })
    }

    fn discard(&self, _: SetAside) -> StorageFuture<'_, ()> {
        Box::pin(async move {
            *self.aside.lock().unwrap() = None;
            Ok(())
        })
    }
}

/// Removes the picture of `ada` while `bob` names the same one: before the removal, in the middle of it, or
/// not at all. Returns whether the files are still there.
async fn files_stay(also_before: bool, also_meanwhile: bool) -> bool {
    let fixture = Fixture::new(Verification::Off).await;
    let (ada, bob) = (fixture.account("ada", Role::MEMBER).await, fixture.account("bob", Role::MEMBER).await);
    let id = "ab".repeat(32);
    let named = PictureRef { id: id.clone(), extension: "png".into() };
    let name = async |store: &Store, account| {
        let set =
            store.transact(async |tx| accounts::set_picture(tx, account, Some(&named), Millis(1)).await);
        set.await.unwrap();
    };
    name(&fixture.store, ada).await;
    if also_before {
        name(&fixture.store, bob).await;
    }
    let renditions = SIZES.map(|size| (size, vec![1]));
    let picture = Picture { id: id.parse().unwrap(), format: PictureFormat::Png, renditions };
    let (store, reference) = (fixture.store.clone(), named.clone());
    let meanwhile: StorageFuture<'static, ()> = Box::pin(async move {
        let set =
            store.transact(async |tx| accounts::set_picture(tx, bob, Some(&reference), Millis(2)).await);
        set.await.map_err(std::io::Error::other)
    });
    let storage = Arc::new(Interrupted {
        kept: Mutex::new(Some(picture)),
        aside: Mutex::new(None),
        meanwhile: Mutex::new(also_meanwhile.then_some(meanwhile)),
    });
    let pictures = fixture.pictures(storage.clone());
    pictures.remove(&fixture.signed_in(ada).await, &client()).await.unwrap();
    assert_eq!(fixture.find(ada).await.picture, None);
    assert!(storage.aside.lock().unwrap().is_none(), "neither restored nor discarded");
    storage.kept.lock().unwrap().is_some()
}

#[tokio::test]
async fn files_go_with_the_last_account_that_names_them() {
    assert!(!files_stay(false, false).await);
    assert!(files_stay(true, false).await);
    assert!(files_stay(false, true).await, "named in the middle of the removal");
}
