//! One-time tickets.

use std::time::Duration;

use domain::{AccountId, Ticket, TicketPurpose, TokenDigest};
use rocket::tokio::task::JoinSet;
use store::{Engine, Tx, tickets};

use crate::engines::both_engines;
use crate::fixture::{Fixture, NOW, committed, digest, dropped_half_way, given_up};

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
    committed(&fixture.store, async |tx| {
        let expires_at = NOW.after(HOUR);
        let ticket = Ticket { account_id, purpose, address: None, token, created_at: NOW, expires_at };
        tickets::insert(tx, &ticket).await.unwrap();
    })
    .await;
    token
}

async fn a_ticket_works_once_for_its_purpose_until_it_expires(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let purposes = [TicketPurpose::Recovery, TicketPurpose::Verification, TicketPurpose::Autologin];
    for purpose in purposes {
        let token = ticket(&fixture, ada, purpose).await;
        let late = ticket(&fixture, ada, purpose).await;
        committed(&fixture.store, async |tx| {
            for other in purposes.into_iter().filter(|other| *other != purpose) {
                assert_eq!(tickets::consume(tx, &token, other, NOW).await.unwrap(), None);
            }
            assert_eq!(tickets::consume(tx, &digest(), purpose, NOW).await.unwrap(), None);
            assert_eq!(tickets::consume(tx, &late, purpose, NOW.after(HOUR)).await.unwrap(), None);
            assert_eq!(tickets::consume(tx, &token, purpose, NOW).await.unwrap(), Some(ada));
            assert_eq!(tickets::consume(tx, &token, purpose, NOW).await.unwrap(), None);
        })
        .await;
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
            committed(&store, async |tx| {
                tickets::consume(tx, &token, TicketPurpose::Recovery, NOW).await.unwrap()
            })
            .await
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
        let work = async |tx: &mut Tx| {
            let used = tickets::consume(tx, &token, TicketPurpose::Recovery, NOW).await.unwrap();
            assert_eq!(used, Some(ada));
        };
        if dropped {
            dropped_half_way(&fixture.store, work).await
        } else {
            given_up(&fixture.store, work).await
        }
    }
    committed(&fixture.store, async |tx| {
        assert_eq!(tickets::consume(tx, &token, TicketPurpose::Recovery, NOW).await.unwrap(), Some(ada));
    })
    .await;
}

async fn all_outstanding_tickets_of_an_account_can_be_made_worthless(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
    let hers = [
        ticket(&fixture, ada, TicketPurpose::Recovery).await,
        ticket(&fixture, ada, TicketPurpose::Recovery).await,
    ];
    let his = ticket(&fixture, bob, TicketPurpose::Recovery).await;
    committed(&fixture.store, async |tx| {
        tickets::void_all(tx, ada, NOW).await.unwrap();
        for token in hers {
            assert_eq!(tickets::consume(tx, &token, TicketPurpose::Recovery, NOW).await.unwrap(), None);
        }
        assert_eq!(tickets::consume(tx, &his, TicketPurpose::Recovery, NOW).await.unwrap(), Some(bob));
    })
    .await;
}

async fn tickets_that_expired_long_ago_are_cleared_away(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    ticket(&fixture, ada, TicketPurpose::Recovery).await;
    for _ in 0..501 {
        ticket(&fixture, ada, TicketPurpose::Autologin).await;
    }
    committed(&fixture.store, async |tx| {
        assert_eq!(tickets::prune(tx, NOW.after(HOUR), NOW).await.unwrap(), 0);
        let now = NOW.after(2 * HOUR);
        // In pieces, since nobody else writes meanwhile; what was mailed stays for a while.
        assert_eq!(tickets::prune(tx, now, NOW.after(HOUR)).await.unwrap(), 500);
        assert_eq!(tickets::prune(tx, now, NOW.after(HOUR)).await.unwrap(), 1);
        assert_eq!(tickets::prune(tx, now, NOW.after(HOUR)).await.unwrap(), 0);
        assert_eq!(tickets::prune(tx, now, now).await.unwrap(), 1);
    })
    .await;
}
