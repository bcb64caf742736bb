//! Look-ups on the caller's thread cache nothing, so they see the writes of other processes.

use domain::{ApiKeyName, Audience, EmailAddress, Lifetime, OsRandom, PairingCode, Role, Scope};
use store::api_keys::{self, NewApiKey};
use store::bearers::{self, NewBearer};
use store::paired_devices::{self, NewPairing};
use store::{Engine, accounts};

use crate::engines::both_engines;
use crate::fixture::{Fixture, NOW, committed, digest, new_account, open};

both_engines!(
    a_key_and_an_account_that_others_write_are_seen,
    a_bearer_and_a_code_that_others_write_are_seen,
);

async fn a_key_and_an_account_that_others_write_are_seen(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    // A separate store does not notify the other, like another process.
    let other = open(&fixture.scratch).await;
    let name: ApiKeyName = "shop".parse().unwrap();
    let ada = EmailAddress::parse("ada@example.org").unwrap();
    for _ in 0..20 {
        let token = digest();
        let new = NewApiKey {
            name: name.clone(),
            token,
            scopes: vec![Scope::AccountsRead],
            max_role: Role::EDITOR,
            expires_at: None,
        };
        let find = async || api_keys::find_with_account(&fixture.store, &token, &ada).await.unwrap();
        committed(&other, async |tx| {
            api_keys::insert(tx, &new, NOW).await.unwrap();
            assert!(find().await.is_none());
        })
        .await;
        let (key, account) = find().await.unwrap();
        assert_eq!(
            (key.name.as_str(), key.scopes.as_slice(), account),
            ("shop", new.scopes.as_slice(), None)
        );

        let id = committed(&other, async |tx| {
            let id = accounts::insert(tx, &new_account("ada"), NOW).await.unwrap();
            assert!(api_keys::revoke(tx, &name, NOW).await.unwrap());
            id
        })
        .await;
        let (key, account) = find().await.unwrap();
        assert_eq!((key.revoked_at, account), (Some(NOW), Some(id)));
        let alone = api_keys::find(&fixture.store, &token).await.unwrap().unwrap();
        assert_eq!((alone.id, alone.revoked_at), (key.id, key.revoked_at));
        assert!(api_keys::find(&fixture.store, &digest()).await.unwrap().is_none());
        fixture.sql("DELETE FROM accounts").await;
        fixture.sql("DELETE FROM api_keys").await;
    }
}

async fn a_bearer_and_a_code_that_others_write_are_seen(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let other = open(&fixture.scratch).await;
    let account_id = fixture.account("ada").await;
    let code = PairingCode::draw(&OsRandom);
    let token = digest();
    let find = async |audience| bearers::find(&fixture.store, audience, &token).await.unwrap();
    assert!(find(Audience::MIRROR).await.is_none());
    let new = NewBearer {
        account_id,
        audience: Audience::MIRROR,
        token,
        holder: "hall".into(),
        place: "127.0.0.0/24".into(),
        paired: true,
        family: None,
        lifetime: Lifetime::PAIRED_DEVICE,
    };
    let id = committed(&other, async |tx| bearers::insert(tx, &new, NOW).await.unwrap()).await;
    assert_eq!(find(Audience::MIRROR).await.unwrap().id, id);
    assert!(find(Audience("fastsite")).await.is_none());

    let find_with_code =
        async || bearers::find_with_code(&fixture.store, Audience::MIRROR, &token, &code).await.unwrap();
    assert_eq!(find_with_code().await.map(|(bearer, until)| (bearer.id, until)), Some((id, None)));
    let end = NOW.after(std::time::Duration::from_secs(60));
    let waiting = NewPairing { name: "hall", device: digest(), code: &code, expires_at: end };
    committed(&other, async |tx| {
        paired_devices::insert(tx, &waiting, NOW).await.unwrap();
    })
    .await;
    assert_eq!(find_with_code().await.map(|(bearer, until)| (bearer.id, until)), Some((id, Some(end))));

    fixture.sql("UPDATE accounts SET locked_at = 1").await;
    assert!(find(Audience::MIRROR).await.is_none() && find_with_code().await.is_none());
}
