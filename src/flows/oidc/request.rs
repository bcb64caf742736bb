//! What a client asks for, as a browser brings it or the client pushes it: the parameters of an authorization
//! request (OpenID Connect Core 1.0, section 3.1.2.1), checked against the client.

use domain::{AccountError, AccountId, Millis, OidcClient, OidcScope, OidcScopes, RequestedClaims};
use url::Url;

use super::claims_parameter::{self, AskedClaims};
use super::parameters::Parameters;
use super::pushed_requests::named;
use super::refused::Told;
use super::{CodeRequest, Oidc, PushedName};

/// The longest query of a request, in bytes. It is kept in the way back, which has no more room.
pub const LONGEST: usize = 1900;

/// The longest query that a client may push, in bytes: nothing else bounds what is kept of one.
const LONGEST_PUSHED: usize = 4096;

/// The longest value that is kept with the code, in bytes.
const LONGEST_VALUE: usize = 512;

/// Where an answer goes, and how.
#[derive(Clone, Debug)]
pub struct Target {
    pub redirect_uri: String,
    /// Sent back as it came.
    pub state: Option<String>,
    /// Whether a form brings the answer; else it stands in the query.
    pub form_post: bool,
}

/// A request that can be granted.
#[derive(Debug)]
pub struct Authorization {
    pub client: OidcClient,
    pub target: Target,
    pub code: CodeRequest,
    pub prompt: Prompt,
    /// The most seconds since the person last proved who they are.
    pub max_age: Option<u64>,
    /// Whether a second factor is wanted, of whoever has one.
    pub second_factor: bool,
    /// Whether nothing is granted to whoever has none.
    pub second_factor_essential: bool,
    /// An ID token of the person that is meant.
    pub hint: Option<String>,
    /// The account that is meant, by its number.
    pub subject: Option<AccountId>,
    /// When the client pushed the request.
    pub pushed_at: Option<Millis>,
    /// What the person may sign in with, as the client knows it.
    pub login_hint: Option<String>,
    /// The languages that the client wants, the best first.
    pub locales: Vec<String>,
}

/// What the person is asked, whatever is known already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Nothing: an answer, or an error, at once.
    pub none: bool,
    /// Who they are, once more.
    pub login: bool,
    /// Whether they permit it, once more.
    pub consent: bool,
    /// To sign up (Initiating User Registration via OpenID Connect 1.0).
    pub create: bool,
}

/// Why a request cannot be granted.
#[derive(Debug)]
pub enum Unsound {
    /// The client or its address is not known, so nobody but the person can be told.
    NoTarget,
    /// The request that the client pushed is not there any more, and with it where an answer would go.
    NoRequest,
    /// The client is told.
    Told(Told, Target),
    /// It is longer than what is kept of one.
    TooLong,
    /// It has nothing to do with the request.
    Account(AccountError),
}

const fn told(error: &'static str, description: &'static str) -> Told {
    Told { error, description }
}

impl Oidc {
    /// Reads and checks the request in the `query` of a browser. It may name one that the client pushed.
    ///
    /// # Errors
    /// See [`Unsound`].
    pub async fn read_request(&self, query: &str) -> Result<Authorization, Unsound> {
        if query.len() > LONGEST {
            return Err(Unsound::NoTarget);
        }
        let sent = Parameters::of(query);
        let identifier = sent.one("client_id").ok_or(Unsound::NoTarget)?;
        let client = self.client(identifier).await.map_err(Unsound::Account)?.ok_or(Unsound::NoTarget)?;
        let Some(name) = sent.one("request_uri").filter(|name| named(name).is_some()) else {
            return self.read_sent(client, &sent);
        };
        let found = self.pushed_request(&client, name).await.map_err(Unsound::Account)?;
        let pushed = found.ok_or(Unsound::NoRequest)?;
        let mut asked = self.read_sent(client, &Parameters::of(&pushed.query))?;
        asked.code.pushed = Some(PushedName(name.to_owned()));
        asked.pushed_at = Some(pushed.created_at);
        Ok(asked)
    }

    /// Checks what `client` pushes.
    ///
    /// # Errors
    /// As [`read_request`](Self::read_request).
    pub fn check_pushed(&self, client: OidcClient, query: &str) -> Result<(), Unsound> {
        if query.len() > LONGEST_PUSHED {
            return Err(Unsound::TooLong);
        }
        self.read_sent(client, &Parameters::of(query)).map(drop)
    }

    fn read_sent(&self, client: OidcClient, sent: &Parameters) -> Result<Authorization, Unsound> {
        let redirect_uri = sent.owned("redirect_uri").ok_or(Unsound::NoTarget)?;
        if !client.redirect_uris.iter().any(|registered| is_registered(registered, &redirect_uri)) {
            return Err(Unsound::NoTarget);
        }
        let form_post = sent.one("response_mode") == Some("form_post");
        let state = sent.owned("state");
        let target = Target { redirect_uri: redirect_uri.clone(), state, form_post };
        let claims = match claims_parameter::read(sent.one("claims")) {
            Ok(claims) => claims,
            Err(why) => return Err(Unsound::Told(why, target)),
        };
        match check(&client, sent, redirect_uri) {
            Ok((code, prompt, max_age)) => {
                Ok(self.asked(client, target, sent, (code, prompt, max_age), claims))
            }
            Err(why) => Err(Unsound::Told(why, target)),
        }
    }

    fn asked(
        &self,
        client: OidcClient,
        target: Target,
        sent: &Parameters,
        (code, prompt, max_age): (CodeRequest, Prompt, Option<u64>),
        claims: AskedClaims,
    ) -> Authorization {
        let wanted = sent.one("acr_values").and_then(|values| values.split(' ').next()) == Some("2");
        let words = sent.one("ui_locales").unwrap_or_default().split_ascii_whitespace();
        Authorization {
            code: CodeRequest { claims: self.known_claims(claims.names), ..code },
            prompt,
            max_age,
            second_factor: wanted || claims.second_factor,
            second_factor_essential: claims.second_factor_essential,
            hint: sent.owned("id_token_hint"),
            subject: claims.subject,
            pushed_at: None,
            login_hint: sent.owned("login_hint"),
            locales: words.map(str::to_owned).collect(),
            client,
            target,
        }
    }
}

/// Whether a request's address is one that the operator registered: by its characters, but for the port of a
/// program on the person's own machine, which takes what it gets (RFC 8252, section 7.3).
fn is_registered(registered: &str, asked: &str) -> bool {
    if registered == asked {
        return true;
    }
    let without_port = |text: &str| -> Option<String> {
        let mut url = Url::parse(text).ok().filter(|url| url.scheme() == "http" && url.as_str() == text)?;
        matches!(url.host_str(), Some("127.0.0.1" | "[::1]")).then_some(())?;
        url.set_port(None).ok()?;
        Some(url.into())
    };
    without_port(registered).is_some_and(|registered| without_port(asked) == Some(registered))
}

fn check(
    client: &OidcClient,
    sent: &Parameters,
    redirect_uri: String,
) -> Result<(CodeRequest, Prompt, Option<u64>), Told> {
    const REQUEST: &str = "invalid_request";
    if sent.repeated() {
        return Err(told(REQUEST, "A parameter came twice."));
    }
    // A value that is not UTF-8 could not be sent back as it came.
    if sent.0.iter().any(|(_, value)| value.contains('\u{FFFD}')) {
        return Err(told(REQUEST, "A parameter is not UTF-8."));
    }
    for (name, error) in [
        ("request", "request_not_supported"),
        ("request_uri", "request_uri_not_supported"),
        ("registration", "registration_not_supported"),
    ] {
        if sent.one(name).is_some() {
            return Err(told(error, "The parameters stand in the request itself."));
        }
    }
    match sent.one("response_type") {
        Some("code") => {}
        Some(_) => return Err(told("unsupported_response_type", "The only response_type is code.")),
        None => return Err(told(REQUEST, "The response_type is missing.")),
    }
    if !matches!(sent.one("response_mode"), None | Some("query" | "form_post")) {
        return Err(told(REQUEST, "The response_mode is query or form_post."));
    }
    let scopes = OidcScopes::parse(sent.one("scope").unwrap_or_default());
    if !scopes.contains(OidcScope::OpenId) {
        return Err(told("invalid_scope", "The scope has no openid."));
    }
    let challenge = challenge(client, sent)?;
    let long = |name| sent.one(name).is_some_and(|value| value.len() > LONGEST_VALUE);
    if long("nonce") || sent.one("nonce").is_some_and(|nonce| nonce.contains(char::is_control)) {
        return Err(told(REQUEST, "The nonce is longer than 512 bytes, or has control characters."));
    }
    let max_age = match sent.one("max_age").map(str::parse::<u32>) {
        None => None,
        Some(Ok(seconds)) => Some(seconds.into()),
        Some(Err(_)) => return Err(told(REQUEST, "The max_age is no number of seconds.")),
    };
    let nonce = sent.owned("nonce");
    let mut prompt = prompt(sent)?;
    // OpenID Connect Core 1.0, section 3.1.2.1: as if a proof were asked for.
    prompt.login |= max_age == Some(0);
    let claims = RequestedClaims::default();
    Ok((CodeRequest { redirect_uri, scopes, nonce, challenge, claims, pushed: None }, prompt, max_age))
}

/// The challenge (RFC 7636). Codes without one are for clients that the operator excepted.
fn challenge(client: &OidcClient, sent: &Parameters) -> Result<Option<String>, Told> {
    const REQUEST: &str = "invalid_request";
    let Some(challenge) = sent.one("code_challenge") else {
        return match sent.one("code_challenge_method") {
            None if client.without_pkce => Ok(None),
            _ => Err(told(REQUEST, "The code_challenge is missing.")),
        };
    };
    if sent.one("code_challenge_method") != Some("S256") {
        return Err(told(REQUEST, "The code_challenge_method is not S256."));
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if challenge.len() != 43 || !challenge.bytes().all(plain) {
        return Err(told(REQUEST, "The code_challenge is no SHA-256 in base64url."));
    }
    Ok(Some(challenge.to_owned()))
}

fn prompt(sent: &Parameters) -> Result<Prompt, Told> {
    let mut prompt = Prompt::default();
    let mut words = 0;
    for word in sent.one("prompt").unwrap_or_default().split_ascii_whitespace() {
        words += 1;
        match word {
            "none" => prompt.none = true,
            // An account is selected by signing in.
            "login" | "select_account" => prompt.login = true,
            "consent" => prompt.consent = true,
            "create" => prompt.create = true,
            _ => return Err(told("invalid_request", "The prompt is not known.")),
        }
    }
    if prompt.none && words > 1 {
        return Err(told("invalid_request", "The prompt none stands alone."));
    }
    Ok(prompt)
}

/// The same request after the person has proven who they are: without what asked for that, and otherwise as
/// it was written. `second` says whether they were asked for a second factor too.
pub fn once_proven(query: &str, second: bool) -> String {
    let kept = query.split('&').filter_map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match name {
            "max_age" => None,
            "acr_values" if second => None,
            "prompt" => value.contains("consent").then(|| "prompt=consent".to_owned()),
            _ => Some(pair.to_owned()),
        }
    });
    kept.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_compared_by_its_characters_and_a_program_takes_any_port() {
        let shop = "https://shop.example.org/cb";
        assert!(is_registered(shop, shop));
        for other in [
            "https://shop.example.org/cb/",
            "https://shop.example.org/CB",
            "https://Shop.example.org/cb",
            "https://shop.example.org:443/cb",
            "https://shop.example.org:8443/cb",
            "https://shop.example.org/cb?x=1",
            "https://shop.example.org/cb#x",
            "https://shop.example.org%2fcb",
            "https://shop.example.org/a/../cb",
            "https://ada@shop.example.org/cb",
            "http://shop.example.org/cb",
            "https://shop.example.org/",
        ] {
            assert!(!is_registered(shop, other), "{other}");
        }
        assert!(is_registered("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb"));
        assert!(is_registered("http://[::1]:1/cb", "http://[::1]:2/cb"));
        for other in ["http://127.0.0.1:5/cb/", "http://127.0.0.1@evil.example:5/cb", "http://localhost:5/cb"]
        {
            assert!(!is_registered("http://127.0.0.1/cb", other), "{other}");
        }
        assert!(!is_registered("http://localhost:1/cb", "http://localhost:2/cb"));
        assert!(!is_registered("org.example.app:/cb", "org.example.app:/other"));
    }

    #[test]
    fn a_proof_is_asked_for_once() {
        let asked = "client_id=a&prompt=login+consent&max_age=0&acr_values=2&state=x%26/y";
        assert_eq!(once_proven(asked, true), "client_id=a&prompt=consent&state=x%26/y");
        assert_eq!(once_proven("prompt=create&acr_values=2&a=b", false), "acr_values=2&a=b");
    }
}
