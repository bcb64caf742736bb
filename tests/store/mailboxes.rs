//! What went to each mailbox within the hour.

use std::sync::Arc;
use std::time::Duration;

use domain::{Mail, MailId, MailKind, MailboxTie, Millis};
use rocket::tokio::sync::Barrier;
use rocket::tokio::task::JoinSet;
use store::mailboxes::{self, MailboxUse};
use store::{Engine, StoreError};

use crate::engines::both_engines;
use crate::fixture::{Fixture, NOW, committed, open};

both_engines!(
    a_message_counts_once_at_its_latest_time,
    of_many_who_count_one_mailbox_at_once_no_more_go_than_there_is_room_for,
    what_is_older_than_the_hour_is_cleared_away,
);

const HOUR: Duration = Duration::from_secs(3_600);
const ADA: &str = "ada@example.org";

fn mail(id: i64) -> Mail {
    Mail {
        id: MailId(id),
        kind: MailKind::Recovery,
        account_id: None,
        recipient: ADA.to_owned(),
        locale: None,
        detail: String::new(),
        attempts: 1,
        created_at: NOW,
        tried_since: NOW,
    }
}

async fn note(fixture: &Fixture, mailbox: &str, id: i64, now: Millis) {
    committed(&fixture.store, async |tx| {
        mailboxes::note(tx, mailbox, &mail(id), MailboxTie::Named, now).await.unwrap();
    })
    .await;
}

async fn a_message_counts_once_at_its_latest_time(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let later = NOW.after(Duration::from_secs(60));
    note(&fixture, ADA, 1, NOW).await;
    note(&fixture, ADA, 2, later).await;
    note(&fixture, "bob@example.org", 3, NOW).await;
    note(&fixture, ADA, 1, later).await;
    let uses = async |except, since| {
        let mut db = fixture.store.read().await.unwrap();
        mailboxes::uses(&mut db, ADA, MailId(except), since).await.unwrap()
    };
    let use_at = |at| MailboxUse { kind: Some(MailKind::Recovery), tie: MailboxTie::Named, at };
    assert_eq!(uses(0, NOW.before(HOUR)).await, [use_at(later), use_at(later)]);
    assert_eq!(uses(2, NOW.before(HOUR)).await, [use_at(later)]);
    assert!(uses(0, later).await.is_empty());
}

async fn of_many_who_count_one_mailbox_at_once_no_more_go_than_there_is_room_for(engine: Engine) {
    const ROOM: usize = 6;
    let fixture = Fixture::new(engine).await;
    let other = open(&fixture.scratch).await;
    let (mut crowd, start) = (JoinSet::new(), Arc::new(Barrier::new(24)));
    for id in 1..=24 {
        // SQLite has one instance, whose own semaphore separates writers.
        let store =
            if engine == Engine::Postgres && id % 2 == 0 { other.clone() } else { fixture.store.clone() };
        let start = start.clone();
        crowd.spawn(async move {
            start.wait().await;
            loop {
                let went = store.transact(async |tx| {
                    mailboxes::hold(tx, ADA).await?;
                    let room = mailboxes::uses(tx, ADA, MailId(id), NOW.before(HOUR)).await?.len() < ROOM;
                    if room {
                        mailboxes::note(tx, ADA, &mail(id), MailboxTie::Other, NOW).await?;
                    }
                    Ok::<_, StoreError>(room)
                });
                match went.await {
                    Ok(went) => return went,
                    // The pool was busy; try again.
                    Err(StoreError::Unavailable(_)) => continue,
                    Err(error) => panic!("{error}"),
                }
            }
        });
    }
    assert_eq!(crowd.join_all().await.into_iter().filter(|went| *went).count(), ROOM);
}

async fn what_is_older_than_the_hour_is_cleared_away(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    note(&fixture, ADA, 1, NOW).await;
    note(&fixture, ADA, 2, NOW.after(HOUR)).await;
    let prune = async || {
        committed(&fixture.store, async |tx| mailboxes::prune(tx, NOW.after(HOUR)).await.unwrap()).await
    };
    assert_eq!((prune().await, prune().await), (1, 0));
}
