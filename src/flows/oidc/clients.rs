//! The operator's side of clients: making, listing and revoking them.

use crate::flows::security_log::{Noted, note_thing};
use domain::{
    AccountError, Actor, Clock, EventKind, NAME_MAX_CHARS, OidcClient, Random, RedirectUri, Token, clean_text,
};
use signing::SignatureAlgorithm;
use store::oidc_clients::{self, NewOidcClient};
use store::{Store, StoreError};
use url::Url;

/// The operator's choices for a new client.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// What people are shown.
    pub name: String,
    /// Where answers may go.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where a browser may go after it was signed out for the client.
    pub post_logout_uris: Vec<RedirectUri>,
    /// Where it is told that a session has ended.
    pub logout_uri: Option<Url>,
    /// Whether it may sign in devices without a browser.
    pub device: bool,
    /// Whether it gets no secret.
    pub public: bool,
    /// Whether nobody is asked for consent.
    pub first_party: bool,
    /// Whether it may ask for a code without a challenge.
    pub without_pkce: bool,
    /// How its ID tokens are signed.
    pub algorithm: SignatureAlgorithm,
}

/// Why a client was not made.
#[derive(Debug)]
pub enum NewClientError {
    /// The name is empty, too long, or has characters that no name has.
    NameWrong,
    /// A client that is not revoked has this name.
    NameTaken,
    /// It names no address that answers may go to, and is not for devices.
    NoRedirectUri,
    /// It cannot be told anything there: the address is neither https nor on this machine.
    LogoutUriWrong,
    /// A public client has nothing but the challenge that says whose code it is.
    PublicWithoutPkce,
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for NewClientError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(_) => Self::NameTaken,
            other => Self::Store(other),
        }
    }
}

/// Characters of a `client_id`, which is no secret: 132 random bits.
const IDENTIFIER_CHARS: usize = 22;

/// A client that was just made. The secret is shown once.
#[derive(Debug)]
pub struct MadeClient {
    /// The `client_id`.
    pub identifier: String,
    /// `None` for a public client.
    pub secret: Option<Token>,
}

/// Makes a client. Only a digest of its secret is stored.
///
/// # Errors
/// See [`NewClientError`].
pub async fn create(
    store: &Store,
    clock: &dyn Clock,
    random: &dyn Random,
    actor: Actor<'_>,
    new: &NewClient,
) -> Result<MadeClient, NewClientError> {
    let name = clean_text(&new.name, NAME_MAX_CHARS).map_err(|_| NewClientError::NameWrong)?;
    if name.is_empty() {
        return Err(NewClientError::NameWrong);
    }
    if new.redirect_uris.is_empty() && !new.device {
        return Err(NewClientError::NoRedirectUri);
    }
    if new.logout_uri.as_ref().is_some_and(|uri| !outbound::is_callable(uri) || uri.fragment().is_some()) {
        return Err(NewClientError::LogoutUriWrong);
    }
    if new.public && new.without_pkce {
        return Err(NewClientError::PublicWithoutPkce);
    }
    let identifier = Token::generate(random).reveal().chars().take(IDENTIFIER_CHARS).collect::<String>();
    let secret = (!new.public).then(|| Token::generate(random));
    let texts = |uris: &[RedirectUri]| uris.iter().map(|uri| uri.as_str().to_owned()).collect::<Vec<_>>();
    let (redirect_uris, post_logout_uris) = (texts(&new.redirect_uris), texts(&new.post_logout_uris));
    let now = clock.now();
    let row = NewOidcClient {
        name: &name,
        identifier: &identifier,
        secret: secret.as_ref().map(Token::digest),
        redirect_uris: &redirect_uris,
        post_logout_uris: &post_logout_uris,
        logout_uri: new.logout_uri.as_ref().map(Url::as_str),
        device: new.device,
        first_party: new.first_party,
        without_pkce: new.without_pkce,
        algorithm: new.algorithm.as_str(),
    };
    let made = store.transact(async |tx| {
        oidc_clients::insert(tx, &row, now).await?;
        let noted = Noted::by(actor, EventKind::ClientMade, "");
        Ok::<_, NewClientError>(note_thing(tx, &name, &noted, None, now).await?)
    });
    made.await?;
    Ok(MadeClient { identifier, secret })
}

/// All clients, oldest first.
pub async fn list(store: &Store) -> Result<Vec<OidcClient>, AccountError> {
    Ok(oidc_clients::list(&mut store.read().await?).await?)
}

/// Gives a client another secret. The one of before is dead by the next request; tokens go on.
///
/// # Errors
/// `NotFound` when no live client with a secret has this name.
pub async fn rotate_secret(
    store: &Store,
    clock: &dyn Clock,
    random: &dyn Random,
    actor: Actor<'_>,
    name: &str,
) -> Result<Token, AccountError> {
    let secret = Token::generate(random);
    let digest = secret.digest();
    let now = clock.now();
    let rotated = store.transact(async |tx| {
        if !oidc_clients::set_secret(tx, name, &digest).await? {
            return Err(AccountError::NotFound);
        }
        let noted = Noted::by(actor, EventKind::ClientSecretRotated, "");
        Ok(note_thing(tx, name, &noted, None, now).await?)
    });
    rotated.await?;
    Ok(secret)
}

/// Revokes a client, with everything that accounts permit to it.
///
/// # Errors
/// `NotFound` when no live client has this name.
pub async fn revoke(
    store: &Store,
    clock: &dyn Clock,
    actor: Actor<'_>,
    name: &str,
) -> Result<(), AccountError> {
    let now = clock.now();
    let revoked = store.transact(async |tx| {
        if !oidc_clients::revoke(tx, name, now).await? {
            return Err(AccountError::NotFound);
        }
        let noted = Noted::by(actor, EventKind::ClientRevoked, "");
        Ok(note_thing(tx, name, &noted, None, now).await?)
    });
    revoked.await
}
