//! Tokens for a code or for a refresh token, and what becomes of them.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::lifetimes::{OIDC_ACCESS_TOKEN, OIDC_CODE, OIDC_ID_TOKEN, OIDC_REFRESH_TOKEN};
use domain::{
    Account, AccountError, AccountId, InternalError, Millis, OidcClient, OidcScope, OidcScopes, Token,
    TokenDigest,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::oidc_codes::{self, OidcCode};
use store::oidc_tokens::{self, OidcToken};
use store::{Tx, accounts, oidc_clients, oidc_grants, oidc_sign_ins, roles};

use limiter::{Action, Key};

use super::claims::{claims_by_name, context, methods, within};
use super::{Oidc, Refused};
use crate::flows::refusals::refuse_throttled;

/// How exactly the last use of a grant is known, and of a client: each would otherwise be a write a token.
const TOUCH_EVERY: Duration = Duration::from_secs(3600);

/// What a client gets.
#[derive(Debug)]
pub struct Issued {
    pub access: Token,
    /// Seconds that the access token lasts.
    pub expires_in: u64,
    /// `None` without the scope `offline_access`.
    pub refresh: Option<Token>,
    /// The ID token.
    pub id_token: String,
    pub scopes: OidcScopes,
}

/// What came of the one write that decides.
pub(super) enum Decided<T> {
    Issued(T),
    /// It was used before: whoever comes second, one of the two has stolen it. Its tokens have ended.
    Replayed,
}

/// What an ID token is about.
pub(super) struct Subject<'a> {
    pub(super) account: &'a Account,
    pub(super) role: &'a str,
    pub(super) nonce: Option<&'a str>,
    /// The session's name for the client.
    pub(super) sid: Option<String>,
    pub(super) token: &'a OidcToken,
}

impl Oidc {
    /// Exchanges a code. It is used up by the write itself; whoever brings it again ends its tokens (RFC
    /// 6749, section 4.1.2). `verifier` answers the challenge that the code was asked for with (RFC 7636).
    ///
    /// # Errors
    /// `Grant`; `Account`.
    pub async fn exchange_code(
        &self,
        client: &OidcClient,
        (code, redirect_uri): (&str, &str),
        verifier: Option<&str>,
        address: impl Fn(&str) -> String,
    ) -> Result<Issued, Refused> {
        let now = self.clock.now();
        let digest = Token::parse(code).ok_or(Refused::Grant)?.digest();
        let found = oidc_codes::find(&self.store, &digest).await?;
        let code = found.filter(|code| code.client == client.id).ok_or(Refused::Grant)?;
        if code.redirect_uri != redirect_uri || !answers(code.challenge.as_deref(), verifier) {
            return Err(Refused::Grant);
        }
        // Before the code is used up, which ends with the session: nobody gets a token without the name.
        let sid = oidc_sign_ins::sid(&self.store, code.session, client.id).await?;
        let decided = self.store.transact_on(code.account, async |tx| {
            let account = active(tx, code.account).await?;
            if !oidc_codes::consume(tx, &digest, now).await? {
                oidc_tokens::end_family(tx, &digest).await?;
                return Ok(Decided::Replayed);
            }
            // Nobody is told that it was too late before it is used up.
            if now.since(code.created_at) >= OIDC_CODE {
                return Ok(Decided::Replayed);
            }
            let token = first(&code, &digest, now);
            let made = self.insert(tx, &token, code.scopes.contains(OidcScope::OfflineAccess), now).await?;
            self.touch(tx, client, &token, now).await?;
            Ok::<_, Refused>(Decided::Issued((made, token, account)))
        });
        let ((access, refresh), token, account) = issued(decided.await?)?;
        let role = roles::name(&self.store, account.role).await?;
        let nonce = code.nonce.as_deref();
        let subject = Subject { account: &account, role: &role, nonce, sid, token: &token };
        let id_token = self.id_token(client, &subject, now, address).await?;
        Ok(self.answer((access, refresh), id_token, token.scopes))
    }

    /// Exchanges a refresh token for the next. Whoever brings one that was exchanged ends all that descend
    /// from the same code (RFC 9700, section 4.14.2). `scopes` are fewer than were permitted, or `None`.
    ///
    /// # Errors
    /// `Grant`, `Scope`; `Account`.
    pub async fn refresh(
        &self,
        client: &OidcClient,
        presented: &str,
        scopes: Option<OidcScopes>,
        address: impl Fn(&str) -> String,
    ) -> Result<Issued, Refused> {
        let now = self.clock.now();
        let digest = Token::parse(presented).ok_or(Refused::Grant)?.digest();
        let found = oidc_tokens::find(&self.store, &digest).await?;
        let old = found.filter(|old| old.refreshes && old.client == client.id && old.expires_at > now);
        let old = old.ok_or(Refused::Grant)?;
        self.limiter
            .take(Action::TokenRefresh, Key::Account(old.account.0), now.0)
            .map_err(refuse_throttled)?;
        if old.spent_at.is_some() {
            return self.replayed(&old).await;
        }
        let wanted = scopes.unwrap_or(old.scopes);
        if !old.scopes.covers(wanted) || !wanted.contains(OidcScope::OpenId) {
            return Err(Refused::Scope);
        }
        let sid = match old.session {
            Some(session) => oidc_sign_ins::sid(&self.store, session, client.id).await?,
            None => None,
        };
        let decided = self.store.transact_on(old.account, async |tx| {
            let account = active(tx, old.account).await?;
            if self.admission.lacks_factor(&account) {
                return Err(Refused::Grant);
            }
            if !oidc_tokens::spend(tx, &digest, now).await? {
                oidc_tokens::end_family(tx, &old.family).await?;
                return Ok(Decided::Replayed);
            }
            let claims = match scopes {
                Some(_) => within(&old.claims, wanted, &self.fields),
                None => old.claims.clone(),
            };
            let token = OidcToken { scopes: wanted, claims, ..successor(&old, now) };
            let access = Token::generate(self.random.as_ref());
            // The next refresh token permits what the first did, whatever this access token was asked for.
            let next = Token::generate(self.random.as_ref());
            let (scopes, claims) = (old.scopes, old.claims.clone());
            let refresh = OidcToken { scopes, claims, ..refresh_token(&token, now) };
            oidc_tokens::insert(tx, &access.digest(), &token).await?;
            oidc_tokens::insert(tx, &next.digest(), &refresh).await?;
            self.touch(tx, client, &token, now).await?;
            Ok(Decided::Issued(((access, Some(next)), token, account)))
        });
        let ((access, refresh), token, account) = issued(decided.await?)?;
        let role = roles::name(&self.store, account.role).await?;
        let subject = Subject { account: &account, role: &role, nonce: None, sid, token: &token };
        let id_token = self.id_token(client, &subject, now, address).await?;
        Ok(self.answer((access, refresh), id_token, token.scopes))
    }

    /// Ends all that descends from the code of a refresh token that was exchanged before.
    async fn replayed<T>(&self, old: &OidcToken) -> Result<T, Refused> {
        let ended = self.store.transact_on(old.account, async |tx| {
            accounts::hold(tx, old.account).await?;
            Ok::<_, AccountError>(oidc_tokens::end_family(tx, &old.family).await?)
        });
        ended.await?;
        Err(Refused::Grant)
    }

    pub(super) fn answer(
        &self,
        (access, refresh): (Token, Option<Token>),
        id_token: String,
        scopes: OidcScopes,
    ) -> Issued {
        Issued { access, expires_in: OIDC_ACCESS_TOKEN.as_secs(), refresh, id_token, scopes }
    }

    pub(super) async fn insert(
        &self,
        tx: &mut Tx,
        token: &OidcToken,
        offline: bool,
        now: Millis,
    ) -> Result<(Token, Option<Token>), Refused> {
        let access = Token::generate(self.random.as_ref());
        oidc_tokens::insert(tx, &access.digest(), token).await?;
        if !offline {
            return Ok((access, None));
        }
        let refresh = Token::generate(self.random.as_ref());
        oidc_tokens::insert(tx, &refresh.digest(), &refresh_token(token, now)).await?;
        Ok((access, Some(refresh)))
    }

    /// Records that the client and the grant of `token` are used, where that was not recorded lately.
    pub(super) async fn touch(
        &self,
        tx: &mut Tx,
        client: &OidcClient,
        token: &OidcToken,
        now: Millis,
    ) -> Result<(), Refused> {
        let since = now.before(TOUCH_EVERY);
        if token.grant_used_at < since {
            oidc_grants::touch(tx, token.grant, since, now).await?;
        }
        if client.used_at.is_none_or(|at| at < since) {
            oidc_clients::touch(tx, client.id, since, now).await?;
        }
        Ok(())
    }

    pub(super) async fn id_token(
        &self,
        client: &OidcClient,
        subject: &Subject<'_>,
        now: Millis,
        address: impl Fn(&str) -> String,
    ) -> Result<String, Refused> {
        let key = self.signing_keys.of_client(client).await?;
        let seconds = |at: Millis| at.0 / 1000;
        let Subject { account, role, nonce, sid, token } = subject;
        let wanted = (token.scopes, &*token.claims.id_token);
        let mut claims = claims_by_name(account, role, &self.fields, wanted, &address);
        let own = [
            ("iss", Value::from(address(""))),
            ("aud", client.identifier.as_str().into()),
            ("iat", seconds(now).into()),
            ("exp", seconds(now.after(OIDC_ID_TOKEN)).into()),
            ("auth_time", seconds(token.proven_at).into()),
            ("acr", context(token.factors).into()),
            ("amr", json!(methods(token.factors))),
        ];
        // After the fields of the operator's: none of theirs stands in the place of one of these.
        claims.extend(own.map(|(name, value)| (name.to_owned(), value)));
        for (name, value) in [("nonce", *nonce), ("sid", sid.as_deref())] {
            match value {
                Some(value) => drop(claims.insert(name.into(), value.into())),
                None => drop(claims.remove(name)),
            }
        }
        let signed = key.sign(&Value::Object(claims));
        Ok(signed.map_err(|error| AccountError::Internal(InternalError::new(error)))?)
    }
}

pub(super) fn issued<T>(decided: Decided<T>) -> Result<T, Refused> {
    match decided {
        Decided::Issued(made) => Ok(made),
        Decided::Replayed => Err(Refused::Grant),
    }
}

/// Locks the account that a code or a token is of, and makes sure that it may go on. Whether its client may
/// is asked by the write that uses the code or the token up.
pub(super) async fn active(tx: &mut Tx, account: AccountId) -> Result<Account, Refused> {
    let found = accounts::hold_and_find(tx, account).await?.filter(|found| found.account.active());
    Ok(found.ok_or(Refused::Grant)?.account)
}

/// The access token for a code.
fn first(code: &OidcCode, digest: &TokenDigest, now: Millis) -> OidcToken {
    let offline = code.scopes.contains(OidcScope::OfflineAccess);
    OidcToken {
        refreshes: false,
        grant: code.grant,
        account: code.account,
        client: code.client,
        session: (!offline).then_some(code.session),
        family: *digest,
        scopes: code.scopes,
        claims: code.claims.clone(),
        proven_at: code.proven_at,
        factors: code.factors,
        created_at: now,
        expires_at: now.after(OIDC_ACCESS_TOKEN),
        spent_at: None,
        // With the code, a minute ago at most.
        grant_used_at: now,
    }
}

/// The access token for a refresh token.
fn successor(old: &OidcToken, now: Millis) -> OidcToken {
    OidcToken {
        refreshes: false,
        created_at: now,
        expires_at: now.after(OIDC_ACCESS_TOKEN),
        spent_at: None,
        ..old.clone()
    }
}

/// The refresh token beside an access token.
fn refresh_token(access: &OidcToken, now: Millis) -> OidcToken {
    OidcToken { refreshes: true, expires_at: now.after(OIDC_REFRESH_TOKEN), ..access.clone() }
}

/// Whether `verifier` answers `challenge` (RFC 7636, section 4.6). A verifier without a challenge is refused
/// too: somebody may have taken the challenge out of the request (RFC 9700, section 2.1.1).
fn answers(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            let well_formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(plain);
            // A challenge is no secret.
            well_formed && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge
        }
        (Some(_), None) | (None, Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_answers_its_own_challenge_alone() {
        // RFC 7636, appendix B.
        let (verifier, challenge) =
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(answers(Some(challenge), Some(verifier)));
        assert!(answers(None, None));
        for (challenge, verifier) in [
            (Some(challenge), None),
            (None, Some(verifier)),
            (Some(challenge), Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK")),
            (Some(verifier), Some(verifier)),
            (Some(challenge), Some("short")),
        ] {
            assert!(!answers(challenge, verifier), "{challenge:?} {verifier:?}");
        }
    }
}
