//! One-time tickets.

use std::time::Duration;

use domain::{AccountId, Ticket, TicketPurpose, TokenDigest};
use rocket::tokio::task::JoinSet;
use store::{Engine, tickets};

use crate::engines::both_engines;
use crate::fixture::{Fixture, NOW, digest};

both_engines!(
    a_ticket_works_once_for_its_purpose_until_it_expires,
    of_fifty_who_use_a_ticket_at_once_one_does,
    a_use_that_is_given_up_leaves_the_ticket_good,
    all_outstanding_tickets_of_an_account_can_be_made_worthless,
    tickets_that_expired_long_ago_are_cleared_away,
);

const HOUR: Duration = Duration::from_secs(3_600);

async fn ticket(fixture: &Fixture, account_id: AccountId, purpose: TicketPurpose) -> TokenDigest {
    let token = digest();
    let mut tx = fixture.store.write().await.unwrap();
    let expires_at = NOW.after(HOUR);
    let ticket = Ticket { account_id, purpose, address: None, token, created_at: NOW, expires_at };
    tickets::insert(&mut tx, &ticket).await.unwrap();
    tx.commit().await.unwrap();
    token
}

async fn a_ticket_works_once_for_its_purpose_until_it_expires(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let purposes = [TicketPurpose::Recovery, TicketPurpose::Verification, TicketPurpose::Autologin];
    for purpose in purposes {
        let token = ticket(&fixture, ada, purpose).await;
        let late = ticket(&fixture, ada, purpose).await;
        let mut tx = fixture.store.write().await.unwrap();
        for other in purposes.into_iter().filter(|other| *other != purpose) {
            assert_eq!(tickets::consume(&mut tx, &token, other, NOW).await.unwrap(), None);
        }
        assert_eq!(tickets::consume(&mut tx, &digest(), purpose, NOW).await.unwrap(), None);
        assert_eq!(tickets::consume(&mut tx, &late, purpose, NOW.after(HOUR)).await.unwrap(), None);
        assert_eq!(tickets::consume(&mut tx, &token, purpose, NOW).await.unwrap(), Some(ada));
        assert_eq!(tickets::consume(&mut tx, &token, purpose, NOW).await.unwrap(), None);
        tx.commit().await.unwrap();
    }
}

async fn of_fifty_who_use_a_ticket_at_once_one_does(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let token = ticket(&fixture, ada, TicketPurpose::Recovery).await;
    let mut crowd = JoinSet::new();
    for _ in 0..50 {
        let store = fixture.store.clone();
        crowd.spawn(async move {
            let mut tx = store.write().await.unwrap();
            let used = tickets::consume(&mut tx, &token, TicketPurpose::Recovery, NOW).await.unwrap();
            tx.commit().await.unwrap();
            used
        });
    }
    let used: Vec<_> = crowd.join_all().await.into_iter().flatten().collect();
    assert_eq!(used, [ada]);
}

async fn a_use_that_is_given_up_leaves_the_ticket_good(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let token = ticket(&fixture, ada, TicketPurpose::Recovery).await;
    for dropped in [true, false] {
        let mut tx = fixture.store.write().await.unwrap();
        let used = tickets::consume(&mut tx, &token, TicketPurpose::Recovery, NOW).await.unwrap();
        assert_eq!(used, Some(ada));
        if dropped { drop(tx) } else { tx.rollback().await }
    }
    let mut tx = fixture.store.write().await.unwrap();
    assert_eq!(tickets::consume(&mut tx, &token, TicketPurpose::Recovery, NOW).await.unwrap(), Some(ada));
    tx.commit().await.unwrap();
}

async fn all_outstanding_tickets_of_an_account_can_be_made_worthless(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
    let hers = [
        ticket(&fixture, ada, TicketPurpose::Recovery).await,
        ticket(&fixture, ada, TicketPurpose::Recovery).await,
    ];
    let his = ticket(&fixture, bob, TicketPurpose::Recovery).await;
    let mut tx = fixture.store.write().await.unwrap();
    tickets::void_all(&mut tx, ada, NOW).await.unwrap();
    for token in hers {
        assert_eq!(tickets::consume(&mut tx, &token, TicketPurpose::Recovery, NOW).await.unwrap(), None);
    }
    assert_eq!(tickets::consume(&mut tx, &his, TicketPurpose::Recovery, NOW).await.unwrap(), Some(bob));
    tx.commit().await.unwrap();
}

async fn tickets_that_expired_long_ago_are_cleared_away(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    ticket(&fixture, ada, TicketPurpose::Recovery).await;
    for _ in 0..501 {
        ticket(&fixture, ada, TicketPurpose::Autologin).await;
    }
    let mut tx = fixture.store.write().await.unwrap();
    assert_eq!(tickets::prune(&mut tx, NOW.after(HOUR), NOW).await.unwrap(), 0);
    let now = NOW.after(2 * HOUR);
    // In pieces, since nobody else writes meanwhile; what was mailed stays for a while.
    assert_eq!(tickets::prune(&mut tx, now, NOW.after(HOUR)).await.unwrap(), 500);
    assert_eq!(tickets::prune(&mut tx, now, NOW.after(HOUR)).await.unwrap(), 1);
    assert_eq!(tickets::prune(&mut tx, now, NOW.after(HOUR)).await.unwrap(), 0);
    assert_eq!(tickets::prune(&mut tx, now, now).await.unwrap(), 1);
    tx.commit().await.unwrap();
}
