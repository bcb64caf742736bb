//! The outbox.

use std::time::Duration;

use domain::{AccountId, Mail, MailId, MailKind, Millis, Ticket, TicketPurpose};
use rocket::tokio::task::JoinSet;
use store::outbox::{self, NewMail};
use store::{Engine, StoreError, Tx, tickets};

use crate::engines::both_engines;
use crate::fixture::{Fixture, NOW, committed, digest, dropped_half_way, given_up, open};

both_engines!(
    a_message_is_written_with_its_cause_or_not_at_all,
    a_leased_message_is_nobody_elses_until_the_lease_ends,
    of_many_who_lease_at_once_each_message_has_one,
    whoever_lost_the_lease_can_say_nothing_about_the_message,
    a_lease_is_renewed_until_it_is_ended,
    a_message_waits_until_it_is_due_and_one_set_aside_for_ever,
    of_an_accounts_messages_of_a_kind_only_the_newest_wait,
    messages_with_links_can_be_taken_back,
    messages_set_aside_long_ago_are_cleared_away,
    what_another_version_wrote_keeps_nobody_waiting,
    only_the_newest_tickets_stay_good,
);

const MINUTE: Duration = Duration::from_secs(60);

async fn write(fixture: &Fixture, kind: MailKind, account: Option<AccountId>, now: Millis) -> MailId {
    committed(&fixture.store, async |tx| {
        let mail = NewMail {
            kind,
            account_id: account,
            recipient: "ada@example.org",
            locale: Some("fr"),
            detail: "Firefox",
        };
        outbox::insert(tx, &mail, 3, now).await.unwrap()
    })
    .await
}

async fn lease(fixture: &Fixture, most: i64, now: Millis) -> Vec<Mail> {
    committed(&fixture.store, async |tx| outbox::lease(tx, most, now, now.after(MINUTE)).await.unwrap()).await
}

fn ids(mails: &[Mail]) -> Vec<MailId> {
    mails.iter().map(|mail| mail.id).collect()
}

async fn a_message_is_written_with_its_cause_or_not_at_all(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let mail = NewMail {
        kind: MailKind::Recovery,
        account_id: Some(ada),
        recipient: "ada@example.org",
        locale: Some("fr"),
        detail: "Firefox",
    };
    for dropped in [true, false] {
        let work = async |tx: &mut Tx| {
            outbox::insert(tx, &mail, 3, NOW).await.unwrap();
        };
        if dropped {
            dropped_half_way(&fixture.store, work).await
        } else {
            given_up(&fixture.store, work).await
        }
    }
    assert!(lease(&fixture, 10, NOW).await.is_empty());
    let id = write(&fixture, MailKind::Recovery, Some(ada), NOW).await;
    let leased = lease(&fixture, 10, NOW).await;
    assert_eq!(ids(&leased), [id]);
    assert_eq!((leased[0].kind, leased[0].account_id), (MailKind::Recovery, Some(ada)));
    assert_eq!((leased[0].recipient.as_str(), leased[0].locale.as_deref()), ("ada@example.org", Some("fr")));
    assert_eq!((leased[0].attempts, leased[0].created_at, leased[0].detail.as_str()), (1, NOW, "Firefox"));
}

async fn a_leased_message_is_nobody_elses_until_the_lease_ends(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let id = write(&fixture, MailKind::Blank, None, NOW).await;
    let first = lease(&fixture, 10, NOW).await;
    assert_eq!(ids(&first), [id]);
    assert!(lease(&fixture, 10, NOW.after(MINUTE - Duration::from_millis(1))).await.is_empty());
    // The lease of a killed worker has expired.
    let second = lease(&fixture, 10, NOW.after(MINUTE)).await;
    assert_eq!((ids(&second), second[0].attempts), (vec![id], 2));
}

async fn of_many_who_lease_at_once_each_message_has_one(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let mut written = Vec::new();
    for _ in 0..40 {
        written.push(write(&fixture, MailKind::Blank, None, NOW).await);
    }
    let mut crowd = JoinSet::new();
    let other = open(&fixture.scratch).await;
    for number in 0..12 {
        // SQLite has one instance, whose own semaphore separates writers.
        let store =
            if engine == Engine::Postgres && number % 2 == 0 { other.clone() } else { fixture.store.clone() };
        crowd.spawn(async move {
            let mut mine = Vec::new();
            loop {
                let leased = store.transact(async |tx| outbox::lease(tx, 3, NOW, NOW.after(MINUTE)).await);
                let leased = match leased.await {
                    Ok(leased) => leased,
                    // A lost race; try again.
                    Err(StoreError::Unavailable(_)) => continue,
                    Err(error) => panic!("{error}"),
                };
                if leased.is_empty() {
                    return mine;
                }
                mine.extend(ids(&leased));
            }
        });
    }
    let mut leased: Vec<MailId> = crowd.join_all().await.into_iter().flatten().collect();
    leased.sort_unstable();
    // A worker that waited for others' locks may lease nothing. The next one leases the rest.
    while let [first, ..] = lease(&fixture, 3, NOW).await.as_slice() {
        leased.push(first.id);
    }
    leased.sort_unstable();
    assert_eq!(leased, written);
}

async fn whoever_lost_the_lease_can_say_nothing_about_the_message(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let id = write(&fixture, MailKind::Blank, None, NOW).await;
    let late = lease(&fixture, 1, NOW).await.remove(0);
    let now = NOW.after(MINUTE);
    let present = lease(&fixture, 1, now).await.remove(0);
    committed(&fixture.store, async |tx| {
        assert!(!outbox::hold(tx, &late, now.after(MINUTE)).await.unwrap());
        assert!(!outbox::remove(tx, &late).await.unwrap());
        outbox::not_sent(tx, &late, "late", Some(now), NOW).await.unwrap();
        outbox::not_sent(tx, &late, "late", None, now).await.unwrap();
    })
    .await;
    assert!(lease(&fixture, 1, now).await.is_empty(), "the lease of another was ended");
    committed(&fixture.store, async |tx| {
        assert!(outbox::hold(tx, &present, now.after(MINUTE)).await.unwrap());
        assert!(outbox::remove(tx, &present).await.unwrap());
        assert!(!outbox::remove(tx, &present).await.unwrap());
    })
    .await;
    assert_eq!(present.id, id);
    assert!(lease(&fixture, 1, now.after(2 * MINUTE)).await.is_empty());
}

async fn a_lease_is_renewed_until_it_is_ended(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let id = write(&fixture, MailKind::Blank, None, NOW).await;
    let mail = lease(&fixture, 9, NOW).await.remove(0);
    let hold = async |mail: &Mail, until: Millis| {
        committed(&fixture.store, async |tx| outbox::hold(tx, mail, until).await.unwrap()).await
    };
    assert!(hold(&mail, NOW.after(3 * MINUTE)).await);
    assert!(lease(&fixture, 9, NOW.after(2 * MINUTE)).await.is_empty());
    committed(&fixture.store, async |tx| outbox::end_leases(tx).await.unwrap()).await;
    assert!(!hold(&mail, NOW.after(3 * MINUTE)).await, "nobody holds it any more");
    let again = lease(&fixture, 9, NOW.after(2 * MINUTE)).await.remove(0);
    assert_eq!((again.id, again.attempts), (id, 2));
    // What was put off is nobody's, and a late renewal does not put it off further.
    committed(&fixture.store, async |tx| {
        outbox::not_sent(tx, &again, "busy", Some(NOW.after(4 * MINUTE)), NOW).await.unwrap();
    })
    .await;
    assert!(!hold(&again, NOW.after(9 * MINUTE)).await);
    assert_eq!(ids(&lease(&fixture, 9, NOW.after(4 * MINUTE)).await), [id]);
}

async fn a_message_waits_until_it_is_due_and_one_set_aside_for_ever(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let id = write(&fixture, MailKind::Blank, None, NOW).await;
    let other = write(&fixture, MailKind::Blank, None, NOW).await;
    let leased = lease(&fixture, 2, NOW).await;
    committed(&fixture.store, async |tx| {
        outbox::not_sent(tx, &leased[0], "the server is busy", Some(NOW.after(MINUTE)), NOW).await.unwrap();
        outbox::not_sent(tx, &leased[1], "nobody has this address", None, NOW).await.unwrap();
    })
    .await;
    assert_eq!((leased[0].id, leased[1].id), (id, other));
    assert!(lease(&fixture, 2, NOW).await.is_empty());
    assert_eq!(ids(&lease(&fixture, 2, NOW.after(MINUTE)).await), [id]);
    assert_eq!(ids(&lease(&fixture, 2, NOW.after(1_000 * MINUTE)).await), [id]);
}

async fn of_an_accounts_messages_of_a_kind_only_the_newest_wait(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
    let his = write(&fixture, MailKind::Recovery, Some(bob), NOW).await;
    let invitation = write(&fixture, MailKind::Invitation, Some(ada), NOW).await;
    let blank = write(&fixture, MailKind::Blank, None, NOW).await;
    let mut hers = Vec::new();
    for _ in 0..5 {
        hers.push(write(&fixture, MailKind::Recovery, Some(ada), NOW).await);
    }
    let left = ids(&lease(&fixture, 100, NOW).await);
    assert_eq!(left, [his, invitation, blank, hers[2], hers[3], hers[4]]);
}

async fn messages_with_links_can_be_taken_back(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
    let his = write(&fixture, MailKind::Recovery, Some(bob), NOW).await;
    write(&fixture, MailKind::Invitation, Some(ada), NOW).await;
    write(&fixture, MailKind::Verification, Some(ada), NOW).await;
    write(&fixture, MailKind::AddressChange, Some(ada), NOW).await;
    let notice = write(&fixture, MailKind::PasswordChanged, Some(ada), NOW).await;
    write(&fixture, MailKind::Recovery, Some(ada), NOW).await;
    let leased = lease(&fixture, 2, NOW).await.remove(1);
    committed(&fixture.store, async |tx| {
        outbox::withdraw_links(tx, ada).await.unwrap();
        assert!(!outbox::hold(tx, &leased, NOW.after(MINUTE)).await.unwrap(), "one that is being sent too");
    })
    .await;
    assert_eq!(ids(&lease(&fixture, 100, NOW.after(MINUTE)).await), [his, notice]);
}

async fn messages_set_aside_long_ago_are_cleared_away(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    write(&fixture, MailKind::Blank, None, NOW).await;
    write(&fixture, MailKind::Blank, None, NOW).await;
    let leased = lease(&fixture, 1, NOW).await;
    committed(&fixture.store, async |tx| {
        outbox::not_sent(tx, &leased[0], "nobody has this address", None, NOW).await.unwrap();
        assert_eq!(outbox::prune(tx, NOW).await.unwrap(), 0);
        assert_eq!(outbox::prune(tx, NOW.after(MINUTE)).await.unwrap(), 1);
    })
    .await;
    assert_eq!(lease(&fixture, 10, NOW).await.len(), 1);
}

async fn what_another_version_wrote_keeps_nobody_waiting(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    fixture
        .sql(
            "INSERT INTO outbox (kind, recipient, created_at, due_at) VALUES ('poem', 'x@example.org', 0, 0)",
        )
        .await;
    let id = write(&fixture, MailKind::Blank, None, NOW).await;
    assert_eq!(ids(&lease(&fixture, 10, NOW).await), [id]);
}

async fn only_the_newest_tickets_stay_good(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    committed(&fixture.store, async |tx| {
        let mut tokens = Vec::new();
        for _ in 0..5 {
            let token = digest();
            let ticket = Ticket {
                account_id: ada,
                purpose: TicketPurpose::Recovery,
                address: None,
                token,
                created_at: NOW,
                expires_at: NOW.after(MINUTE),
            };
            tickets::insert(tx, &ticket).await.unwrap();
            tokens.push(token);
        }
        tickets::keep_newest(tx, ada, TicketPurpose::Invitation, 0, NOW).await.unwrap();
        tickets::keep_newest(tx, ada, TicketPurpose::Recovery, 3, NOW).await.unwrap();
        tickets::remove(tx, &tokens[4]).await.unwrap();
        let mut good = Vec::new();
        for token in &tokens {
            let found = tickets::find(tx, token, NOW).await.unwrap();
            good.push(found == Some((ada, TicketPurpose::Recovery)));
            assert_eq!(tickets::find(tx, token, NOW.after(MINUTE)).await.unwrap(), None);
        }
        assert_eq!(good, [false, false, true, true, false]);
    })
    .await;
}
