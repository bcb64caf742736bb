//! A client of OpenID Connect with codes and refresh tokens, written to the database before the server
//! starts.

use std::time::Duration;

use domain::{
    AccountId, Clock as _, Factor, Factors, OidcGrantId, OidcScope, OidcScopes, OsRandom, RequestedClaims,
    SessionId, SystemClock, Token,
};
use store::oidc_clients::{self, NewOidcClient};
use store::oidc_codes::{self, OidcCode};
use store::oidc_tokens::{self, OidcToken};
use store::{DbPool, Store, oidc_grants};

use crate::Outcome;

/// RFC 7636, appendix B: what answers the challenge of every code.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT_URI: &str = "https://www.example.net/callback";

/// A code is used within a minute. These are of a later time than it is, so that the last of them is.
const LATER: Duration = Duration::from_secs(6 * 3600);

/// What a client presents.
#[derive(Clone)]
pub struct Credentials {
    pub identifier: String,
    pub secret: String,
}

/// What a client was given.
pub struct Given {
    pub credentials: Credentials,
    pub codes: Vec<String>,
    /// The first refresh token of each family.
    pub refresh_tokens: Vec<String>,
}

/// Makes a client, with codes and refresh tokens of the first `accounts` accounts of the database in turn,
/// each of which has a session. Numbers begin at 1 in a fresh database.
pub async fn give(url: &str, accounts: usize, codes: usize, families: usize) -> Outcome<Given> {
    let (identifier, secret) = ("load".to_owned(), Token::generate(&OsRandom));
    let client = NewOidcClient {
        name: "Load",
        identifier: &identifier,
        secret: Some(secret.digest()),
        redirect_uris: &[REDIRECT_URI.to_owned()],
        post_logout_uris: &[],
        logout_uri: None,
        device: false,
        first_party: true,
        without_pkce: false,
        algorithm: "ES256",
    };
    let now = SystemClock.now();
    let scopes = OidcScope::ALL.into_iter().fold(OidcScopes::default(), OidcScopes::and);
    let online = OidcScopes::parse("openid profile email");
    let factors = Factors::only(Factor::Password);
    let store = Store::open(DbPool::connect(url, 1, Duration::from_secs(5)).await?).await?;
    let (codes, refresh_tokens) = store
        .transact(async |tx| {
            let client = oidc_clients::insert(tx, &client, now).await?;
            let mut permitted: Vec<(AccountId, OidcGrantId)> = Vec::with_capacity(accounts);
            for number in 0..accounts {
                let account = AccountId(i64::try_from(number)? + 1);
                permitted.push((account, oidc_grants::permit(tx, account, client, scopes, now).await?));
            }
            let mut made = Vec::with_capacity(codes);
            for (account, grant) in permitted.iter().copied().cycle().take(codes) {
                let code = OidcCode {
                    grant,
                    account,
                    client,
                    session: SessionId(account.0),
                    redirect_uri: REDIRECT_URI.to_owned(),
                    scopes: online,
                    nonce: Some("nonce".to_owned()),
                    challenge: Some(CHALLENGE.to_owned()),
                    claims: RequestedClaims::default(),
                    proven_at: now,
                    factors,
                    created_at: now.after(LATER),
                    used_at: None,
                };
                let secret = Token::generate(&OsRandom);
                oidc_codes::insert(tx, &secret.digest(), &code).await?;
                made.push(secret.reveal().to_owned());
            }
            let mut begun = Vec::with_capacity(families);
            for (account, grant) in permitted.iter().copied().cycle().take(families) {
                let token = OidcToken {
                    refreshes: true,
                    grant,
                    account,
                    client,
                    session: None,
                    family: Token::generate(&OsRandom).digest(),
                    scopes,
                    claims: RequestedClaims::default(),
                    proven_at: now,
                    factors,
                    created_at: now,
                    expires_at: now.after(Duration::from_secs(86_400)),
                    spent_at: None,
                    grant_used_at: now,
                };
                let secret = Token::generate(&OsRandom);
                oidc_tokens::insert(tx, &secret.digest(), &token).await?;
                begun.push(secret.reveal().to_owned());
            }
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>((made, begun))
        })
        .await?;
    store.close().await;
    let credentials = Credentials { identifier, secret: secret.reveal().to_owned() };
    Ok(Given { credentials, codes, refresh_tokens })
}
