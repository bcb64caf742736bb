//! OpenID Connect: clients sign people in here.

mod authorize;
mod bad_requests;
mod claims_parameter;
mod clients;
mod consent;
mod devices;
mod keys;
mod pushed_requests;
mod refresh_tokens;
mod sign_out;
mod tokens;

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::support::{Answer, Ask, TestApp, Visitor, html};

/// RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CALLBACK: &str = "https://shop.example.org/callback";
pub const SETTINGS: &str = "public_url = 'https://accounts.example.org'";
pub const ISSUER: &str = "https://accounts.example.org";

/// A client, with its secret if it has one.
pub struct Shop {
    pub id: String,
    pub secret: String,
}

/// Runs `vestibule client …` on the server's database. Returns what it printed.
#[track_caller]
pub fn client_command(app: &TestApp, arguments: &[&str]) -> String {
    let (printed, said, done) = command(app, &[&["client"], arguments].concat());
    assert!(done, "{said}");
    printed
}

/// Runs `vestibule …` on the server's database. Returns standard output and error, and whether it succeeded.
pub fn command(app: &TestApp, arguments: &[&str]) -> (String, String, bool) {
    let done = Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .current_dir(app.scratch().folder())
        .env_clear()
        .env("VESTIBULE_DATABASE_URL", &app.scratch().url)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(done.stdout), text(done.stderr), done.status.success())
}

/// Makes a client as the operator does.
pub fn registered(app: &TestApp, name: &str, options: &[&str]) -> Shop {
    let printed = client_command(app, &[&["create", name, "--redirect", CALLBACK], options].concat());
    let value = |key: &str| {
        let line = printed.lines().find_map(|line| line.strip_prefix(&format!("{key}=")));
        line.unwrap_or_default().to_owned()
    };
    Shop { id: value("client_id"), secret: value("client_secret") }
}

/// The query of an address with these parameters.
pub fn query(parameters: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

impl Shop {
    /// What the client asks for, by the parameters of its request.
    pub fn asks<'a>(&'a self, challenge: &'a str) -> Vec<(&'a str, &'a str)> {
        vec![
            ("client_id", &*self.id),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid profile email"),
            ("state", "a&b=c"),
            ("nonce", "n-0S6"),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ]
    }

    /// The request as a browser brings it from the client's site.
    pub fn sends(&self, visitor: &Visitor, parameters: &[(&str, &str)]) -> Ask {
        visitor.get(&format!("/user/authorize?{}", query(parameters))).header("sec-fetch-site", "cross-site")
    }

    /// A code for whoever is signed in, of a client that asks nobody for consent.
    pub async fn code(&self, visitor: &Visitor, scope: &str) -> String {
        let challenge = challenge();
        let mut asked = self.asks(&challenge);
        asked[3].1 = scope;
        let answer = self.sends(visitor, &asked).send().await;
        said(&answer, "code")
    }

    /// Exchanges a code.
    pub fn exchanges(&self, app: &TestApp, code: &str) -> Ask {
        let exchange = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.calls(app, "/oidc/token", &exchange)
    }

    /// Exchanges a refresh token.
    pub fn refreshes(&self, app: &TestApp, token: &str) -> Ask {
        self.calls(app, "/oidc/token", &[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    /// A call with the client's credentials.
    pub fn calls(&self, app: &TestApp, path: &str, form: &[(&str, &str)]) -> Ask {
        let mut form = form.to_vec();
        form.push(("client_id", &self.id));
        if !self.secret.is_empty() {
            form.push(("client_secret", &self.secret));
        }
        app.visitor().post(path).form(&form)
    }

    /// The tokens for a new code.
    pub async fn tokens(&self, app: &TestApp, visitor: &Visitor, scope: &str) -> Value {
        let code = self.code(visitor, scope).await;
        let answer = self.exchanges(app, &code).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }
}

/// The challenge of [`VERIFIER`].
pub fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

/// A parameter of the answer in the query of the address that the client gets.
#[track_caller]
pub fn said(answer: &Answer, name: &str) -> String {
    let Some(location) = answer.header("location") else {
        panic!("no answer: {} {}", answer.status, answer.text())
    };
    let (to, query) = location.split_once('?').unwrap();
    assert_eq!((answer.status, to), (303, CALLBACK), "{location}");
    let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let found: Vec<_> = pairs.iter().filter(|(sent, _)| sent == name).collect();
    assert!(found.len() < 2, "{location}");
    found.first().map(|(_, value)| value.clone()).unwrap_or_default()
}

/// The claims of an ID token. Its signature is another test's.
#[track_caller]
pub fn claims(token: &Value) -> Value {
    let part = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Asks who an access token is of.
pub async fn user_info(app: &TestApp, token: &Value) -> Answer {
    let token = format!("Bearer {}", token.as_str().unwrap());
    app.visitor().get("/oidc/userinfo").header("authorization", &token).send().await
}

/// The value of a hidden field.
#[track_caller]
pub fn hidden(page: &str, name: &str) -> String {
    let escapes =
        [("&#x2F;", "/"), ("&#x27;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    escapes.iter().fold(html::value(page, name), |text, (escape, plain)| text.replace(escape, plain))
}
