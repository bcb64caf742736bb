//! Codes and tokens of clients: what others write is seen, and nothing is exchanged for a client that is
//! revoked.

use domain::{
    AccountId, Factor, Factors, Millis, OidcClientId, OidcGrantId, OidcScopes, OsRandom, PairingCode,
    RequestedClaims, SessionId, TokenDigest,
};
use store::oidc_clients::{self, NewOidcClient};
use store::oidc_codes::{self, OidcCode};
use store::oidc_devices::{self, DevicePermission, ShownDevice};
use store::oidc_tokens::{self, OidcToken};
use store::{Engine, oidc_grants, oidc_sign_ins};

use crate::engines::both_engines;
use crate::fixture::{Fixture, NOW, committed, digest, given_up, open};

both_engines!(what_others_write_is_seen, nothing_is_exchanged_for_a_revoked_client);

const CLIENT: NewOidcClient<'static> = NewOidcClient {
    name: "Shop",
    identifier: "shop",
    secret: None,
    redirect_uris: &[],
    post_logout_uris: &[],
    logout_uri: None,
    device: true,
    first_party: false,
    without_pkce: false,
    algorithm: "ES256",
};

/// What an account permits to a client.
struct Permitted {
    account: AccountId,
    client: OidcClientId,
    grant: OidcGrantId,
    session: SessionId,
}

impl Permitted {
    async fn new(fixture: &Fixture) -> Self {
        let account = fixture.account("ada").await;
        let (session, _) = fixture.session(account, NOW).await;
        let (client, grant) = committed(&fixture.store, async |tx| {
            let client = oidc_clients::insert(tx, &CLIENT, NOW).await.unwrap();
            let scopes = OidcScopes::parse("openid");
            (client, oidc_grants::permit(tx, account, client, scopes, NOW).await.unwrap())
        })
        .await;
        Self { account, client, grant, session }
    }

    fn code(&self) -> OidcCode {
        OidcCode {
            grant: self.grant,
            account: self.account,
            client: self.client,
            session: self.session,
            redirect_uri: "https://shop.example.org/callback".to_owned(),
            scopes: OidcScopes::parse("openid"),
            claims: RequestedClaims::default(),
            nonce: Some("n".to_owned()),
            challenge: None,
            proven_at: NOW,
            factors: Factors::only(Factor::Password),
            created_at: NOW,
            used_at: None,
        }
    }

    fn refresh_token(&self) -> OidcToken {
        OidcToken {
            refreshes: true,
            grant: self.grant,
            account: self.account,
            client: self.client,
            session: Some(self.session),
            family: digest(),
            scopes: OidcScopes::parse("openid"),
            claims: RequestedClaims::default(),
            proven_at: NOW,
            factors: Factors::only(Factor::Password),
            created_at: NOW,
            expires_at: Millis(NOW.0 + 1),
            spent_at: None,
            grant_used_at: NOW,
        }
    }
}

async fn what_others_write_is_seen(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let permitted = Permitted::new(&fixture).await;
    // A separate store does not notify the other, like another process.
    let other = open(&fixture.scratch).await;
    let (code, token) = (digest(), digest());
    let found = async |what: &TokenDigest| {
        let code = oidc_codes::find(&fixture.store, what).await.unwrap();
        (code, oidc_tokens::find(&fixture.store, what).await.unwrap())
    };
    let sid = async || oidc_sign_ins::sid(&fixture.store, permitted.session, permitted.client).await.unwrap();
    committed(&other, async |tx| {
        oidc_codes::insert(tx, &code, &permitted.code()).await.unwrap();
        oidc_tokens::insert(tx, &token, &permitted.refresh_token()).await.unwrap();
        let whose = (permitted.grant, permitted.client, permitted.account);
        oidc_sign_ins::note(tx, permitted.session, whose, "sid").await.unwrap();
        assert!(found(&code).await.0.is_none() && found(&token).await.1.is_none() && sid().await.is_none());
    })
    .await;
    assert_eq!(sid().await.as_deref(), Some("sid"));
    let (Some(seen), None) = found(&code).await else { panic!("no code") };
    assert_eq!(
        (seen.grant, seen.account, seen.session),
        (permitted.grant, permitted.account, permitted.session)
    );
    assert_eq!((seen.nonce.as_deref(), seen.used_at), (Some("n"), None));
    committed(&other, async |tx| {
        assert!(oidc_codes::consume(tx, &code, NOW).await.unwrap());
        assert!(oidc_tokens::spend(tx, &token, NOW).await.unwrap());
        oidc_grants::touch(tx, permitted.grant, Millis(NOW.0 + 1), Millis(NOW.0 + 9)).await.unwrap();
    })
    .await;
    assert_eq!(found(&code).await.0.unwrap().used_at, Some(NOW));
    let spent = found(&token).await.1.unwrap();
    assert_eq!((spent.client, spent.spent_at), (permitted.client, Some(NOW)));
    assert_eq!(spent.grant_used_at, Millis(NOW.0 + 9));
    committed(&other, async |tx| assert!(oidc_clients::revoke(tx, "Shop", NOW).await.unwrap())).await;
    assert!(oidc_clients::find(&fixture.store, "shop").await.unwrap().is_none());
    assert!(found(&code).await.0.is_none() && found(&token).await.1.is_none() && sid().await.is_none());
}

/// The client may be revoked while its call is under way, and somebody may permit something to it at the same
/// moment: a grant is left then.
async fn nothing_is_exchanged_for_a_revoked_client(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let permitted = Permitted::new(&fixture).await;
    let (code, token, device) = (digest(), digest(), digest());
    committed(&fixture.store, async |tx| {
        oidc_codes::insert(tx, &code, &permitted.code()).await.unwrap();
        oidc_tokens::insert(tx, &token, &permitted.refresh_token()).await.unwrap();
        let typed = PairingCode::draw(&OsRandom);
        let shown = ShownDevice { client: permitted.client, scopes: OidcScopes::parse("openid") };
        oidc_devices::insert(tx, &device, &typed, &shown, 5_000, NOW).await.unwrap();
        let by = DevicePermission {
            grant: permitted.grant,
            account: permitted.account,
            proven_at: NOW,
            factors: Factors::only(Factor::Password),
        };
        assert!(oidc_devices::permit(tx, &typed, &by, Millis(NOW.0 - 1)).await.unwrap());
    })
    .await;
    let exchanged = async || {
        given_up(&fixture.store, async |tx| {
            [
                oidc_codes::consume(tx, &code, NOW).await.unwrap(),
                oidc_tokens::spend(tx, &token, NOW).await.unwrap(),
                oidc_devices::consume(tx, &device, NOW).await.unwrap(),
            ]
        })
        .await
    };
    assert_eq!(exchanged().await, [true; 3]);
    fixture.sql("UPDATE oidc_clients SET revoked_at = 1").await;
    assert_eq!(exchanged().await, [false; 3]);
}
