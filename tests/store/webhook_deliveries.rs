//! Messages to sites, as rows.

use std::sync::Arc;
use std::time::Duration;

use domain::{AccountId, Delivery, DeliveryId, Millis, OsRandom, WebhookEvent, WebhookSubscription};
use store::webhook_deliveries::{self, ListedDelivery};
use store::{Engine, Store, Subscriptions, Tx};

use crate::engines::both_engines;
use crate::fixture::{Fixture, NOW, committed, dropped_half_way, given_up, open};

both_engines!(
    a_delivery_is_written_with_its_cause_or_not_at_all,
    only_those_who_subscribed_are_told_and_all_by_one_name,
    a_leased_delivery_is_nobody_elses_until_the_lease_ends,
    whoever_lost_the_lease_can_say_nothing_about_the_delivery,
    a_delivery_that_failed_waits_and_one_set_aside_waits_for_the_operator,
    what_has_waited_too_long_is_set_aside_but_not_what_is_being_sent,
    what_was_set_aside_goes_with_its_account_but_that_it_went_stays,
    the_list_comes_in_pages,
);

const MINUTE: Duration = Duration::from_secs(60);

async fn fixture(engine: Engine) -> Fixture {
    let fixture = Fixture::new(engine).await;
    tell(
        &fixture.store,
        &[
            ("shop", &[WebhookEvent::AccountCreated, WebhookEvent::AccountChanged]),
            ("list", &[WebhookEvent::AccountChanged]),
        ],
    );
    fixture
}

fn tell(store: &Store, webhooks: &[(&str, &[WebhookEvent])]) {
    let told = webhooks
        .iter()
        .map(|(name, events)| WebhookSubscription { name: (*name).into(), events: (*events).into() })
        .collect();
    store.tell(Subscriptions::new(told, Arc::new(OsRandom)));
}

async fn write(tx: &mut Tx, event: WebhookEvent) {
    webhook_deliveries::insert(tx, event, AccountId(7), "{}", NOW).await.unwrap();
}

async fn written(fixture: &Fixture, event: WebhookEvent) {
    committed(&fixture.store, async |tx| write(tx, event).await).await;
}

async fn lease(store: &Store, webhook: &str, now: Millis) -> Vec<Delivery> {
    committed(store, async |tx| {
        webhook_deliveries::lease(tx, webhook, 10, now, now.after(MINUTE)).await.unwrap()
    })
    .await
}

async fn listed(fixture: &Fixture) -> Vec<ListedDelivery> {
    let mut db = fixture.store.read().await.unwrap();
    webhook_deliveries::list(&mut db, false, DeliveryId(0), 100).await.unwrap().deliveries
}

async fn a_delivery_is_written_with_its_cause_or_not_at_all(engine: Engine) {
    let fixture = fixture(engine).await;
    given_up(&fixture.store, async |tx| write(tx, WebhookEvent::AccountCreated).await).await;
    dropped_half_way(&fixture.store, async |tx| write(tx, WebhookEvent::AccountCreated).await).await;
    assert!(listed(&fixture).await.is_empty());
    written(&fixture, WebhookEvent::AccountCreated).await;
    assert_eq!(listed(&fixture).await.len(), 1);
}

async fn only_those_who_subscribed_are_told_and_all_by_one_name(engine: Engine) {
    let fixture = fixture(engine).await;
    let is_told = async |store: &Store, event| {
        committed(store, async |tx| webhook_deliveries::is_told(tx, event)).await
    };
    assert!(is_told(&fixture.store, WebhookEvent::AccountCreated).await);
    assert!(!is_told(&fixture.store, WebhookEvent::AccountErased).await);
    written(&fixture, WebhookEvent::AccountErased).await;
    assert!(listed(&fixture).await.is_empty());
    written(&fixture, WebhookEvent::AccountChanged).await;
    written(&fixture, WebhookEvent::AccountCreated).await;
    let all = listed(&fixture).await;
    let told: Vec<_> = all.iter().map(|one| (one.webhook.as_str(), one.event.as_str())).collect();
    let expected = [("shop", "account.changed"), ("list", "account.changed"), ("shop", "account.created")];
    assert_eq!(told, expected);
    assert!(all[0].message == all[1].message && all[1].message != all[2].message);
    // A store that nobody said anything to tells nobody.
    let other = open(&fixture.scratch).await;
    assert!(!is_told(&other, WebhookEvent::AccountCreated).await);
}

async fn a_leased_delivery_is_nobody_elses_until_the_lease_ends(engine: Engine) {
    let fixture = fixture(engine).await;
    written(&fixture, WebhookEvent::AccountChanged).await;
    let first = lease(&fixture.store, "shop", NOW).await;
    assert_eq!((first.len(), first[0].attempts, first[0].failures), (1, 1, 0));
    assert_eq!((&*first[0].webhook, &*first[0].body, first[0].tried_since), ("shop", "{}", NOW));
    let other = open(&fixture.scratch).await;
    assert!(lease(&other, "shop", NOW.after(MINUTE - Duration::from_millis(1))).await.is_empty());
    assert!(!webhook_deliveries::due(&mut other.read().await.unwrap(), "shop", NOW).await.unwrap());
    assert!(webhook_deliveries::due(&mut other.read().await.unwrap(), "list", NOW).await.unwrap());
    // The lease of a killed worker has expired.
    let second = lease(&other, "shop", NOW.after(MINUTE)).await;
    assert_eq!((second[0].id, second[0].attempts), (first[0].id, 2));
    committed(&fixture.store, async |tx| webhook_deliveries::end_leases(tx).await.unwrap()).await;
    assert_eq!(lease(&fixture.store, "shop", NOW.after(MINUTE)).await[0].attempts, 3);
}

async fn whoever_lost_the_lease_can_say_nothing_about_the_delivery(engine: Engine) {
    let fixture = fixture(engine).await;
    written(&fixture, WebhookEvent::AccountCreated).await;
    let lost = lease(&fixture.store, "shop", NOW).await.remove(0);
    let later = NOW.after(MINUTE);
    let held = lease(&fixture.store, "shop", later).await.remove(0);
    committed(&fixture.store, async |tx| {
        assert!(!webhook_deliveries::hold(tx, &lost, later.after(MINUTE)).await.unwrap());
        assert!(webhook_deliveries::hold(tx, &held, later.after(MINUTE)).await.unwrap());
        webhook_deliveries::not_taken(tx, &lost, "slow", None, later).await.unwrap();
        assert!(!webhook_deliveries::remove(tx, &lost).await.unwrap());
    })
    .await;
    let row = listed(&fixture).await.remove(0);
    assert_eq!((row.failed_at, &*row.failure), (None, ""));
    assert!(committed(&fixture.store, async |tx| webhook_deliveries::remove(tx, &held).await.unwrap()).await);
    assert!(listed(&fixture).await.is_empty());
}

async fn a_delivery_that_failed_waits_and_one_set_aside_waits_for_the_operator(engine: Engine) {
    let fixture = fixture(engine).await;
    written(&fixture, WebhookEvent::AccountCreated).await;
    let fails = async |again: Option<Millis>, now: Millis| {
        let held = lease(&fixture.store, "shop", now).await.remove(0);
        committed(&fixture.store, async |tx| {
            webhook_deliveries::not_taken(tx, &held, "it answers 500", again, now).await.unwrap();
        })
        .await;
        held.id
    };
    let later = NOW.after(MINUTE);
    let id = fails(Some(later), NOW).await;
    assert!(lease(&fixture.store, "shop", NOW).await.is_empty());
    assert_eq!(fails(None, later).await, id);
    assert!(lease(&fixture.store, "shop", later.after(MINUTE * 1_000)).await.is_empty());
    let retry = async |id: Option<DeliveryId>, now| {
        committed(&fixture.store, async |tx| webhook_deliveries::retry(tx, id, now).await.unwrap()).await
    };
    let now = later.after(MINUTE);
    assert_eq!(retry(Some(DeliveryId(id.0 + 1)), now).await, 0);
    assert_eq!(retry(Some(id), now).await, 1);
    let again = lease(&fixture.store, "shop", now).await.remove(0);
    assert_eq!((again.failures, again.tried_since, again.attempts), (0, now, 3));
    // It is being sent.
    assert_eq!((retry(Some(id), now).await, retry(None, now).await), (0, 0));
}

async fn what_has_waited_too_long_is_set_aside_but_not_what_is_being_sent(engine: Engine) {
    let fixture = fixture(engine).await;
    let ada = fixture.account("ada").await;
    let written = async |event| {
        let insert = async |tx: &mut Tx| {
            webhook_deliveries::insert(tx, event, ada, "{}", NOW).await.unwrap();
        };
        committed(&fixture.store, insert).await;
    };
    written(WebhookEvent::AccountCreated).await;
    let held = lease(&fixture.store, "shop", NOW).await.remove(0);
    written(WebhookEvent::AccountChanged).await;
    let before = NOW.before(Duration::from_millis(1));
    let waited_for = async |since| {
        let mut db = fixture.store.read().await.unwrap();
        let mut found = webhook_deliveries::waited_for(&mut db, since).await.unwrap();
        found.sort();
        found
    };
    assert!(waited_for(before).await.is_empty());
    assert_eq!(waited_for(NOW).await, ["list", "shop"]);
    let aside = async |since| {
        committed(&fixture.store, async |tx| {
            webhook_deliveries::set_aside(tx, "shop", since, "it is dead", NOW).await.unwrap()
        })
        .await
    };
    assert_eq!((aside(before).await, aside(NOW).await, aside(NOW).await), (0, 1, 0));
    let all = listed(&fixture).await;
    let failed: Vec<_> = all.iter().map(|one| (one.id == held.id, one.failed_at.is_some())).collect();
    assert_eq!(failed, [(true, false), (false, true), (false, false)]);
    let prune = async |since| {
        committed(&fixture.store, async |tx| webhook_deliveries::prune(tx, since).await.unwrap()).await
    };
    let forget = async |account| {
        committed(&fixture.store, async |tx| webhook_deliveries::forget(tx, account).await.unwrap()).await;
        listed(&fixture).await.len()
    };
    assert_eq!((prune(NOW).await, forget(AccountId(ada.0 + 1)).await), (0, 3));
    assert_eq!((forget(ada).await, prune(NOW.after(MINUTE)).await), (2, 0));
    assert_eq!(aside(NOW).await, 0);
    assert_eq!(listed(&fixture).await.len(), 2);
}

async fn what_was_set_aside_goes_with_its_account_but_that_it_went_stays(engine: Engine) {
    // Nobody has the number that these deliveries are about.
    let fixture = Fixture::new(engine).await;
    tell(&fixture.store, &[("shop", &[WebhookEvent::AccountCreated, WebhookEvent::AccountErased])]);
    written(&fixture, WebhookEvent::AccountCreated).await;
    written(&fixture, WebhookEvent::AccountErased).await;
    let prune = async || {
        committed(&fixture.store, async |tx| webhook_deliveries::prune(tx, NOW).await.unwrap()).await
    };
    assert_eq!(prune().await, 0);
    let aside =
        async |tx: &mut Tx| webhook_deliveries::set_aside(tx, "shop", NOW, "it is dead", NOW).await.unwrap();
    assert_eq!(committed(&fixture.store, aside).await, 2);
    assert_eq!((prune().await, prune().await), (1, 0));
    let left = listed(&fixture).await;
    assert_eq!(left.iter().map(|one| one.event.as_str()).collect::<Vec<_>>(), ["account.erased"]);
}

async fn the_list_comes_in_pages(engine: Engine) {
    let fixture = fixture(engine).await;
    for _ in 0..5 {
        written(&fixture, WebhookEvent::AccountCreated).await;
    }
    let (mut seen, mut after) = (Vec::new(), Some(DeliveryId(0)));
    while let Some(last) = after {
        let mut db = fixture.store.read().await.unwrap();
        let page = webhook_deliveries::list(&mut db, false, last, 2).await.unwrap();
        seen.push(page.deliveries.len());
        after = page.next;
    }
    assert_eq!(seen, [2, 2, 1]);
    let mut db = fixture.store.read().await.unwrap();
    let failed = webhook_deliveries::list(&mut db, true, DeliveryId(0), 2).await.unwrap();
    assert!(failed.deliveries.is_empty() && failed.next.is_none());
}
