//! Pairings and paired devices.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{AccountId, Audience, BearerId, Lifetime, Millis, OsRandom, PairingCode, TokenDigest};
use rocket::tokio::task::JoinSet;
use store::bearers::{self, NewBearer};
use store::paired_devices::{self, NewPairing};
use store::{Change, ChangeListener, Engine, StoreError};

use crate::engines::both_engines;
use crate::fixture::{Fixture, NOW, committed, digest, given_up};

both_engines!(
    a_code_is_used_once_and_in_time,
    a_code_that_is_shown_is_nobody_elses,
    of_fifty_who_claim_a_code_at_once_one_has_it,
    a_bearer_is_delivered_once_and_in_time,
    a_code_is_renewed_once_and_never_after_the_pairing,
    an_ended_bearer_takes_its_delivery_along,
    what_nobody_fetched_is_pruned_with_its_bearer_and_the_rest_stays,
    a_pairing_is_told_when_it_is_committed,
    only_paired_devices_are_listed_and_ended_as_such,
);

const MINUTE: Duration = Duration::from_secs(60);

fn end() -> Millis {
    NOW.after(10 * MINUTE)
}

/// Starts a pairing.
async fn waiting(fixture: &Fixture, code: &PairingCode) -> TokenDigest {
    let device = digest();
    committed(&fixture.store, async |tx| {
        let new = NewPairing { name: "mirror", device, code, expires_at: end() };
        paired_devices::insert(tx, &new, NOW).await.unwrap();
    })
    .await;
    device
}

fn new_bearer(account_id: AccountId, paired: bool) -> NewBearer {
    let audience = Audience::MIRROR;
    NewBearer {
        account_id,
        audience,
        token: digest(),
        holder: "m".into(),
        place: String::new(),
        paired,
        family: None,
        lifetime: Lifetime::PAIRED_DEVICE,
    }
}

/// Claims the code for `account` and creates its bearer.
async fn paired(fixture: &Fixture, account: AccountId, code: &PairingCode) -> BearerId {
    committed(&fixture.store, async |tx| {
        let claimed = paired_devices::claim(tx, code, NOW).await.unwrap().unwrap();
        let id = bearers::insert(tx, &new_bearer(account, true), NOW).await.unwrap();
        paired_devices::assign(tx, &claimed.device, id, end()).await.unwrap();
        id
    })
    .await
}

async fn a_code_is_used_once_and_in_time(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let code = PairingCode::draw(&OsRandom);
    let device = waiting(&fixture, &code).await;
    let found =
        paired_devices::find(&mut fixture.store.read().await.unwrap(), &device).await.unwrap().unwrap();
    assert_eq!((found.code.as_ref(), found.expires_at), (Some(&code), end()));
    assert!(
        paired_devices::find(&mut fixture.store.read().await.unwrap(), &digest()).await.unwrap().is_none()
    );
    assert_eq!(
        paired_devices::shown_until(&mut fixture.store.read().await.unwrap(), &code).await.unwrap(),
        Some(end())
    );
    given_up(&fixture.store, async |tx| {
        assert!(paired_devices::claim(tx, &code, end()).await.unwrap().is_none());
        let claimed = paired_devices::claim(tx, &code, NOW).await.unwrap().unwrap();
        assert_eq!((claimed.name.as_str(), claimed.device), ("mirror", device));
        assert!(paired_devices::claim(tx, &code, NOW).await.unwrap().is_none());
    })
    .await;
    let until = paired_devices::shown_until(&mut fixture.store.read().await.unwrap(), &code).await.unwrap();
    assert_eq!(until, Some(end()), "it was given up");
}

async fn a_code_that_is_shown_is_nobody_elses(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (code, other) = (PairingCode::draw(&OsRandom), PairingCode::draw(&OsRandom));
    waiting(&fixture, &code).await;
    let device = waiting(&fixture, &other).await;
    given_up(&fixture.store, async |tx| {
        let new = NewPairing { name: "another", device: digest(), code: &code, expires_at: end() };
        assert!(matches!(paired_devices::insert(tx, &new, NOW).await, Err(StoreError::Conflict(_))));
    })
    .await;
    given_up(&fixture.store, async |tx| {
        let renewed = paired_devices::renew(tx, &device, end(), &code, end()).await;
        assert!(matches!(renewed, Err(StoreError::Conflict(_))));
    })
    .await;
}

async fn of_fifty_who_claim_a_code_at_once_one_has_it(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let code = PairingCode::draw(&OsRandom);
    waiting(&fixture, &code).await;
    let mut crowd = JoinSet::new();
    for _ in 0..50 {
        let (store, code) = (fixture.store.clone(), code.clone());
        crowd.spawn(async move {
            let claimed =
                committed(&store, async |tx| paired_devices::claim(tx, &code, NOW).await.unwrap()).await;
            claimed.is_some()
        });
    }
    assert_eq!(crowd.join_all().await.into_iter().filter(|claimed| *claimed).count(), 1);
}

async fn a_bearer_is_delivered_once_and_in_time(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let code = PairingCode::draw(&OsRandom);
    let device = waiting(&fixture, &code).await;
    given_up(&fixture.store, async |tx| {
        assert_eq!(paired_devices::deliver(tx, &device, NOW).await.unwrap(), None, "it is not paired yet");
    })
    .await;
    let id = paired(&fixture, ada, &code).await;
    assert!(
        paired_devices::find(&mut fixture.store.read().await.unwrap(), &device)
            .await
            .unwrap()
            .unwrap()
            .code
            .is_none()
    );
    let secret = committed(&fixture.store, async |tx| {
        assert_eq!(paired_devices::deliver(tx, &device, end()).await.unwrap(), None, "too late");
        assert_eq!(paired_devices::deliver(tx, &device, NOW).await.unwrap(), Some((id, ada)));
        assert_eq!(paired_devices::deliver(tx, &device, NOW).await.unwrap(), None);
        let secret = digest();
        paired_devices::set_token(tx, id, &secret, "127.0.0.0/24", NOW).await.unwrap();
        secret
    })
    .await;
    assert!(paired_devices::find(&mut fixture.store.read().await.unwrap(), &device).await.unwrap().is_none());
    let bearer = bearers::find(&fixture.store, Audience::MIRROR, &secret).await.unwrap().unwrap();
    assert_eq!((bearer.id, bearer.account_id, bearer.paired_at), (id, ada, Some(NOW)));
}

async fn a_code_is_renewed_once_and_never_after_the_pairing(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let codes = [(); 4].map(|()| PairingCode::draw(&OsRandom));
    let device = waiting(&fixture, &codes[0]).await;
    let later = end().after(10 * MINUTE);
    committed(&fixture.store, async |tx| {
        assert!(paired_devices::renew(tx, &device, end(), &codes[1], later).await.unwrap());
        assert!(
            !paired_devices::renew(tx, &device, end(), &codes[2], later).await.unwrap(),
            "somebody was faster"
        );
    })
    .await;
    assert_eq!(
        paired_devices::shown_until(&mut fixture.store.read().await.unwrap(), &codes[0]).await.unwrap(),
        None
    );
    assert_eq!(
        paired_devices::shown_until(&mut fixture.store.read().await.unwrap(), &codes[1]).await.unwrap(),
        Some(later)
    );
    paired(&fixture, ada, &codes[1]).await;
    committed(&fixture.store, async |tx| {
        assert!(!paired_devices::renew(tx, &device, end(), &codes[3], later).await.unwrap());
    })
    .await;
}

async fn an_ended_bearer_takes_its_delivery_along(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let code = PairingCode::draw(&OsRandom);
    let device = waiting(&fixture, &code).await;
    paired(&fixture, ada, &code).await;
    committed(&fixture.store, async |tx| {
        assert_eq!(bearers::end_all(tx, ada).await.unwrap(), 1);
        assert_eq!(paired_devices::deliver(tx, &device, NOW).await.unwrap(), None);
    })
    .await;
    assert!(paired_devices::find(&mut fixture.store.read().await.unwrap(), &device).await.unwrap().is_none());
}

async fn what_nobody_fetched_is_pruned_with_its_bearer_and_the_rest_stays(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let codes = [(); 3].map(|()| PairingCode::draw(&OsRandom));
    let mut devices = Vec::new();
    for code in &codes {
        devices.push(waiting(&fixture, code).await);
    }
    let (fetched, forgotten) =
        (paired(&fixture, ada, &codes[0]).await, paired(&fixture, ada, &codes[1]).await);
    committed(&fixture.store, async |tx| {
        assert_eq!(paired_devices::deliver(tx, &devices[0], NOW).await.unwrap(), Some((fetched, ada)));
        assert_eq!(paired_devices::prune(tx, end()).await.unwrap(), 0, "it ends now, not before");
        // One of the rows goes by the cascade from its bearer.
        assert_eq!(paired_devices::prune(tx, end().after(MINUTE)).await.unwrap(), 3);
        assert_eq!(paired_devices::prune(tx, end().after(MINUTE)).await.unwrap(), 0);
        assert!(bearers::exists(tx, ada, fetched).await.unwrap());
        assert!(!bearers::exists(tx, ada, forgotten).await.unwrap());
    })
    .await;
}

#[derive(Default)]
struct Reader(Mutex<Vec<Change>>);

impl ChangeListener for Reader {
    fn changed(&self, change: &Change) {
        self.0.lock().unwrap().push(change.clone());
    }

    fn lost_track(&self) {}
}

async fn a_pairing_is_told_when_it_is_committed(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    // Every listener is notified, not only the last one.
    let readers: [Arc<Reader>; 2] = Default::default();
    for reader in &readers {
        fixture.store.subscribe(reader.clone());
    }
    let codes = [(); 2].map(|()| PairingCode::draw(&OsRandom));
    let device = waiting(&fixture, &codes[0]).await;
    committed(&fixture.store, async |tx| {
        assert!(paired_devices::renew(tx, &device, end(), &codes[1], end()).await.unwrap());
    })
    .await;
    paired(&fixture, ada, &codes[1]).await;
    for reader in readers {
        let heard = reader.0.lock().unwrap();
        assert!(heard.iter().filter(|change| **change == Change::Pairing(device)).count() >= 2, "{heard:?}");
    }
}

async fn only_paired_devices_are_listed_and_ended_as_such(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, eve) = (fixture.account("ada").await, fixture.account("eve").await);
    committed(&fixture.store, async |tx| {
        let app = bearers::insert(tx, &new_bearer(ada, false), NOW).await.unwrap();
        let mut devices = Vec::new();
        for _ in 0..4 {
            devices.push(bearers::insert(tx, &new_bearer(ada, true), NOW).await.unwrap());
        }
        let listed: Vec<BearerId> =
            paired_devices::list(tx, ada, 10).await.unwrap().iter().map(|device| device.id).collect();
        assert_eq!(listed, [devices[3], devices[2], devices[1], devices[0]]);
        assert!(!paired_devices::end(tx, ada, app).await.unwrap());
        assert!(!paired_devices::end(tx, eve, devices[3]).await.unwrap());
        assert!(paired_devices::end(tx, ada, devices[3]).await.unwrap());
        paired_devices::keep_newest(tx, ada, 1).await.unwrap();
        let left: Vec<BearerId> =
            paired_devices::list(tx, ada, 10).await.unwrap().iter().map(|device| device.id).collect();
        assert_eq!(left, [devices[2]]);
        assert!(bearers::exists(tx, ada, app).await.unwrap());
    })
    .await;
}
