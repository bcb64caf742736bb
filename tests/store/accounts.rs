//! Accounts and roles.

use std::collections::BTreeMap;

use domain::{
    AccountId, EmailAddress, Field, Millis, PictureRef, ProfileChange, Role, TicketPurpose, Username,
};
use store::known_browsers::NewKnownBrowser;
use store::{Engine, StoreError, accounts, known_browsers, roles, sessions, tickets};

use crate::engines::both_engines;
use crate::fixture::{Fixture, NOW, committed, digest, given_up, new_account};

both_engines!(
    an_account_is_found_as_it_was_put,
    an_account_is_found_by_address_and_username_in_any_case,
    a_second_row_with_the_same_key_is_a_conflict,
    what_is_taken_is_told_by_field,
    a_profile_change_leaves_what_it_does_not_name,
    a_password_hash_is_replaced_only_where_it_is_still_the_old_one,
    a_picture_is_in_use_while_an_account_shows_it,
    the_roles_are_there_and_an_account_needs_one_that_is,
    what_belongs_to_an_account_goes_with_it,
    any_text_that_an_account_may_have_is_kept_as_it_is,
    every_account_is_on_one_page_of_a_search,
    two_who_count_the_administrators_do_it_one_after_the_other,
);

async fn an_account_is_found_as_it_was_put(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let mut new = new_account("ada");
    new.role = Role::EDITOR;
    new.profile = ProfileChange {
        name: Some("Ada".into()),
        firstname: Some("Augusta".into()),
        lastname: Some("King".into()),
        locale: Some(Some("fr".into())),
        fields: BTreeMap::from([("tea".into(), "\"Earl\" Grey \\ 'té'".into())]),
    };
    let id = committed(&fixture.store, async |tx| accounts::insert(tx, &new, NOW).await.unwrap()).await;
    let mut db = fixture.store.read().await.unwrap();
    let found = accounts::find(&mut db, id).await.unwrap().unwrap();
    let account = &found.account;
    assert_eq!((account.id, account.email.as_str(), account.role), (id, "ada@example.org", Role::EDITOR));
    assert_eq!(account.username.as_ref().unwrap().as_str(), "ada");
    assert_eq!([&account.name, &account.firstname, &account.lastname], ["Ada", "Augusta", "King"]);
    assert_eq!(account.locale.as_deref(), Some("fr"));
    assert_eq!(account.fields, new.profile.fields);
    assert_eq!((account.created_at, account.updated_at), (NOW, NOW));
    assert_eq!((&account.picture, account.verified_at, account.locked_at), (&None, None, None));
    assert_eq!(found.password_hash.as_deref(), Some("hash of ada"));
    assert_eq!(found.password_changed_at, Some(NOW));
    assert!(accounts::find(&mut db, AccountId(id.0 + 1)).await.unwrap().is_none());
}

async fn an_account_is_found_by_address_and_username_in_any_case(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let id = fixture.account("Жанна").await;
    let mut db = fixture.store.read().await.unwrap();
    for identifier in ["Жанна", "ЖАННА", " жанна ", "Жанна@example.org", "жанна@EXAMPLE.org"]
    {
        let found = accounts::find_by_identifier(&mut db, identifier).await.unwrap();
        assert_eq!(found.map(|found| found.account.id), Some(id), "{identifier}");
    }
    for identifier in ["", "@", "жанн", "жанна@example.com", "%", "_", "' OR 1=1 --", "a\0b", "жанна\0"]
    {
        let found = accounts::find_by_identifier(&mut db, identifier).await.unwrap();
        assert!(found.is_none(), "{identifier}");
    }
}

async fn a_second_row_with_the_same_key_is_a_conflict(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("paypal").await;
    let bob = fixture.account("bob").await;
    for (email, username) in [
        ("PAYPAL@example.org", None),
        ("other@example.org", Some("PayPal")),
        ("other@example.org", Some("paypa1")),
    ] {
        let mut new = new_account("other");
        new.email = EmailAddress::parse(email).unwrap();
        new.username = username.map(|name| Username::parse(name).unwrap());
        given_up(&fixture.store, async |tx| {
            let refused = accounts::insert(tx, &new, NOW).await;
            assert!(matches!(refused, Err(StoreError::Conflict(_))), "{email} {username:?}: {refused:?}");
        })
        .await;
    }
    given_up(&fixture.store, async |tx| {
        let refused = accounts::set_username(tx, bob, &Username::parse("paypa1").unwrap(), NOW).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))));
    })
    .await;
    committed(&fixture.store, async |tx| {
        accounts::set_username(tx, ada, &Username::parse("PayPa1").unwrap(), NOW).await.unwrap();
        // Several accounts may have no username.
        for email in ["a@example.org", "b@example.org"] {
            let mut new = new_account("nameless");
            (new.email, new.username) = (EmailAddress::parse(email).unwrap(), None);
            accounts::insert(tx, &new, NOW).await.unwrap();
        }
    })
    .await;
}

async fn what_is_taken_is_told_by_field(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("paypal").await;
    let mut db = fixture.store.read().await.unwrap();
    let email = |text| EmailAddress::parse(text).unwrap();
    let username = |text| Username::parse(text).unwrap();
    let (mine, free) = (email("PayPal@Example.org"), email("free@example.org"));
    for (email, name, except, expected) in [
        (Some(&mine), Some("free"), None, vec![Field::Email]),
        (Some(&free), Some("PAYPAL"), None, vec![Field::Username]),
        (Some(&free), Some("paypa1"), None, vec![Field::Username]),
        (Some(&mine), Some("paypal"), None, vec![Field::Email, Field::Username]),
        (Some(&mine), Some("paypal"), Some(ada), vec![]),
        (Some(&free), Some("free"), None, vec![]),
        (None, None, None, vec![]),
    ] {
        let name = name.map(username);
        let taken = accounts::taken(&mut db, email, name.as_ref(), except).await.unwrap();
        assert_eq!(taken, expected);
    }
}

async fn a_profile_change_leaves_what_it_does_not_name(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let id = fixture.account("ada").await;
    let change = async |change: ProfileChange| {
        committed(&fixture.store, async |tx| {
            let present = accounts::find(tx, id).await.unwrap().unwrap().account;
            accounts::update_profile(tx, &present, &change, NOW.after(std::time::Duration::from_secs(1)))
                .await
                .unwrap();
        })
        .await;
        let mut db = fixture.store.read().await.unwrap();
        accounts::find(&mut db, id).await.unwrap().unwrap().account
    };
    let field = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
    change(ProfileChange {
        name: Some("Ada".into()),
        locale: Some(Some("fr".into())),
        fields: field("tea", "Earl Grey"),
        ..ProfileChange::default()
    })
    .await;
    let account = change(ProfileChange {
        lastname: Some("King".into()),
        fields: field("cake", "no"),
        ..Default::default()
    })
    .await;
    assert_eq!([&account.name, &account.firstname, &account.lastname], ["Ada", "", "King"]);
    assert_eq!(account.locale.as_deref(), Some("fr"));
    assert_eq!((account.fields["tea"].as_str(), account.fields["cake"].as_str()), ("Earl Grey", "no"));
    assert!(account.updated_at > account.created_at);
    let account =
        change(ProfileChange { locale: Some(None), name: Some(String::new()), ..Default::default() }).await;
    assert_eq!((account.locale, account.name.as_str()), (None, ""));
}

async fn a_password_hash_is_replaced_only_where_it_is_still_the_old_one(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let id = fixture.account("ada").await;
    let set = async |old: Option<&str>, new: &str, chosen: bool, now: Millis| {
        let set = committed(&fixture.store, async |tx| {
            accounts::set_password_hash(tx, id, old, new, chosen, now).await.unwrap()
        })
        .await;
        let mut db = fixture.store.read().await.unwrap();
        let found = accounts::find(&mut db, id).await.unwrap().unwrap();
        (set, found.password_hash.unwrap(), found.password_changed_at.unwrap())
    };
    let later = NOW.after(std::time::Duration::from_secs(60));
    assert_eq!(set(Some("something else"), "new", true, later).await, (false, "hash of ada".into(), NOW));
    assert_eq!(set(None, "new", true, later).await, (false, "hash of ada".into(), NOW));
    // A rehash at a higher cost does not change the password.
    assert_eq!(set(Some("hash of ada"), "stronger", false, later).await, (true, "stronger".into(), NOW));
    assert_eq!(set(Some("hash of ada"), "new", true, later).await, (false, "stronger".into(), NOW));
    assert_eq!(set(Some("stronger"), "new", true, later).await, (true, "new".into(), later));

    let mut invited = new_account("bob");
    invited.password_hash = None;
    committed(&fixture.store, async |tx| {
        let bob = accounts::insert(tx, &invited, NOW).await.unwrap();
        assert_eq!(accounts::find(tx, bob).await.unwrap().unwrap().password_changed_at, None);
        assert!(accounts::set_password_hash(tx, bob, None, "first", true, later).await.unwrap());
    })
    .await;
}

async fn a_picture_is_in_use_while_an_account_shows_it(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
    let picture = PictureRef { id: "ab".repeat(32), extension: "jpg".into() };
    committed(&fixture.store, async |tx| {
        assert!(!accounts::picture_in_use(tx, &picture).await.unwrap());
        for id in [ada, bob] {
            accounts::set_picture(tx, id, Some(&picture), NOW).await.unwrap();
            assert_eq!(
                accounts::find(tx, id).await.unwrap().unwrap().account.picture.as_ref(),
                Some(&picture)
            );
        }
        accounts::set_picture(tx, ada, None, NOW).await.unwrap();
        assert!(accounts::picture_in_use(tx, &picture).await.unwrap());
        accounts::set_picture(tx, bob, None, NOW).await.unwrap();
        assert!(!accounts::picture_in_use(tx, &picture).await.unwrap());
    })
    .await;
}

async fn the_roles_are_there_and_an_account_needs_one_that_is(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let mut db = fixture.store.read().await.unwrap();
    for (role, there) in [
        (Role::MEMBER, true),
        (Role::EDITOR, true),
        (Role::ADMINISTRATOR, true),
        (Role(0), false),
        (Role(4), false),
        (Role(-1), false),
        (Role(i64::MAX), false),
    ] {
        assert_eq!(roles::exists(&mut db, role).await.unwrap(), there, "{role:?}");
    }
    drop(db);
    let mut new = new_account("ada");
    new.role = Role(4);
    given_up(&fixture.store, async |tx| {
        assert!(accounts::insert(tx, &new, NOW).await.is_err());
    })
    .await;
}

async fn what_belongs_to_an_account_goes_with_it(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let (_, session) = fixture.session(ada, NOW).await;
    let (device, ticket) = (digest(), digest());
    committed(&fixture.store, async |tx| {
        let browser = NewKnownBrowser { token: &device, label: "", place: "" };
        known_browsers::remember(tx, ada, &browser, 20, NOW).await.unwrap();
        let recovery = domain::Ticket {
            account_id: ada,
            purpose: TicketPurpose::Recovery,
            address: None,
            token: ticket,
            created_at: NOW,
            expires_at: Millis(i64::MAX),
        };
        tickets::insert(tx, &recovery).await.unwrap();
    })
    .await;
    let delete = "DELETE FROM accounts";
    match crate::fixture::pool(&fixture.scratch).await {
        store::DbPool::Sqlite(pool) => drop(sqlx::query(delete).execute(&pool).await.unwrap()),
        store::DbPool::Postgres(pool) => drop(sqlx::query(delete).execute(&pool).await.unwrap()),
    }
    committed(&fixture.store, async |tx| {
        assert!(sessions::find(tx, &session).await.unwrap().is_none());
        assert_eq!(known_browsers::find(tx, &device).await.unwrap(), []);
        assert_eq!(tickets::consume(tx, &ticket, TicketPurpose::Recovery, NOW).await.unwrap(), None);
        // A number is never reused.
        let next = accounts::insert(tx, &new_account("bob"), NOW).await.unwrap();
        assert!(next > ada);
    })
    .await;
}

async fn any_text_that_an_account_may_have_is_kept_as_it_is(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let id = fixture.account("ada").await;
    for text in [
        "",
        "O'Hara",
        "\"\\",
        "%_",
        "$1",
        "😀 👩‍👩‍👧",
        "é e\u{301}",
        "李雷",
        &"x".repeat(4_000),
        "'; DROP TABLE accounts; --",
    ] {
        let change = ProfileChange {
            name: Some(text.to_owned()),
            fields: BTreeMap::from([("tea".to_owned(), text.to_owned())]),
            ..ProfileChange::default()
        };
        let after = committed(&fixture.store, async |tx| {
            let present = accounts::find(tx, id).await.unwrap().unwrap().account;
            accounts::update_profile(tx, &present, &change, NOW).await.unwrap();
            accounts::find(tx, id).await.unwrap().unwrap().account
        })
        .await;
        assert_eq!((after.name.as_str(), after.fields["tea"].as_str()), (text, text));
    }
}

async fn every_account_is_on_one_page_of_a_search(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    // The address, the username, the name and the last name of some begin with `an`, and two of one.
    let named = |email: &str, username: &str, first: &str, last: &str| {
        let mut new = new_account(username);
        new.email = EmailAddress::parse(email).unwrap();
        new.profile.firstname = Some(first.into());
        new.profile.lastname = Some(last.into());
        new
    };
    for new in [
        named("an1@example.org", "one", "", ""),
        named("AN2@example.org", "an2", "", "Anders"),
        named("x3@example.org", "An3", "", ""),
        named("x4@example.org", "an4", "Ann", ""),
        named("x5@example.org", "five", "Anna", "B"),
        named("x6@example.org", "six", "C", "Anderson"),
        named("x7@example.org", "seven", "C", "Anderson"),
        named("b8@example.org", "eight", "Ban", "Ban"),
    ] {
        committed(&fixture.store, async |tx| accounts::insert(tx, &new, NOW).await.unwrap()).await;
    }
    let mut db = fixture.store.read().await.unwrap();
    for (beginning, wanted) in
        [("an", vec![1, 2, 3, 4, 5, 6, 7]), ("", vec![8, 7, 6, 5, 4, 3, 2, 1]), ("zz", vec![])]
    {
        for size in 1..=9 {
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let page = accounts::list(&mut db, beginning, after, size).await.unwrap();
                assert!(page.accounts.len() <= size);
                found.extend(page.accounts.iter().map(|account| account.id.0));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(found, wanted, "{beginning:?} by {size}");
        }
    }
}

async fn two_who_count_the_administrators_do_it_one_after_the_other(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let mut ids = Vec::new();
    for name in ["ada", "bob"] {
        let mut new = new_account(name);
        new.role = Role::ADMINISTRATOR;
        ids.push(committed(&fixture.store, async |tx| accounts::insert(tx, &new, NOW).await.unwrap()).await);
    }
    let take = async |own: usize| {
        let left = fixture.store.transact(async |tx| {
            accounts::hold_administrators(tx).await?;
            let left = accounts::other_administrators(tx, ids[own]).await?;
            if left > 0 {
                let email = EmailAddress::parse(["ada@example.org", "bob@example.org"][own]).unwrap();
                accounts::set_identity(tx, ids[own], &email, Role::MEMBER, NOW).await?;
            }
            Ok::<_, StoreError>(left)
        });
        left.await.unwrap()
    };
    let mut left: [i64; 2] = rocket::tokio::join!(take(0), take(1)).into();
    left.sort_unstable();
    assert_eq!(left, [0, 1]);
}
