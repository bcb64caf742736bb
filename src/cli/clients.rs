//! `vestibule client …`: making, listing and revoking the clients that sign people in here by OpenID Connect.
//! The server may be running.

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::{AccountError, Actor, OidcClient, OsRandom, RedirectUri, SystemClock, Token};
use look::pages::iso;
use serde_json::{Value, json};
use signing::SignatureAlgorithm;
use store::Store;
use url::Url;

use super::output::{Output, print, value_line};
use super::table::utc;
use super::{beside_server, fault, finish};
use crate::compose::log_to_stderr;
use crate::flows::oidc::clients::{self, NewClient, NewClientError};

#[derive(Subcommand)]
pub enum ClientCommand {
    /// Make a client. Its number and, once, its secret are printed on standard output.
    Create(CreateClient),
    /// List all clients, without their secrets.
    List,
    /// Give a client another secret, which is printed once. The one of before is dead by the next request.
    RotateSecret {
        /// The client's name.
        name: String,
    },
    /// Take everything back that a client has: it is dead by the next request.
    Revoke {
        /// The client's name.
        name: String,
    },
}

#[derive(Args)]
pub struct CreateClient {
    /// What people are shown.
    name: String,
    /// Where answers may go, such as https://shop.example.org/callback. May be repeated.
    #[arg(long = "redirect", value_name = "URI", required_unless_present = "device")]
    redirect: Vec<RedirectUri>,
    /// Where a browser may go after the client has had it signed out, such as https://shop.example.org/. May
    /// be repeated.
    #[arg(long = "post-logout", value_name = "URI")]
    post_logout: Vec<RedirectUri>,
    /// Where the client is told that somebody has signed out (back-channel logout).
    #[arg(long, value_name = "URL")]
    logout_uri: Option<Url>,
    /// It may sign in devices and programs that have no browser, by a code that a person types here.
    #[arg(long)]
    device: bool,
    /// It gets no secret: for an app or a page whose users could read it.
    #[arg(long)]
    public: bool,
    /// It is yours: nobody is asked whether it may know who they are.
    #[arg(long)]
    first_party: bool,
    /// How its ID tokens are signed: ES256, or RS256 for a client that knows no other.
    #[arg(long, value_name = "NAME", default_value = "ES256", value_parser = algorithm)]
    algorithm: SignatureAlgorithm,
    /// It may ask without a challenge (PKCE): for a client with a secret that knows none.
    #[arg(long, conflicts_with = "public")]
    without_pkce: bool,
}

fn algorithm(word: &str) -> Result<SignatureAlgorithm, String> {
    SignatureAlgorithm::parse(word).ok_or_else(|| "should be ES256 or RS256".to_owned())
}

/// Runs `command`; prints an error on standard error.
pub fn run(command: ClientCommand, output: Output) -> ExitCode {
    log_to_stderr();
    finish(obey(command, output))
}

fn obey(command: ClientCommand, output: Output) -> Result<(), Box<dyn Error>> {
    beside_server(async |_, store| match command {
        ClientCommand::Create(new) => create(store, new, output).await,
        ClientCommand::List => list(store, output).await,
        ClientCommand::RotateSecret { name } => rotate(store, &name, output).await,
        ClientCommand::Revoke { name } => revoke(store, &name, output).await,
    })
}

async fn create(store: &Store, new: CreateClient, output: Output) -> Result<(), Box<dyn Error>> {
    let wanted = NewClient {
        name: new.name,
        redirect_uris: new.redirect,
        post_logout_uris: new.post_logout,
        logout_uri: new.logout_uri,
        device: new.device,
        public: new.public,
        first_party: new.first_party,
        without_pkce: new.without_pkce,
        algorithm: new.algorithm,
    };
    let made =
        clients::create(store, &SystemClock, &OsRandom, Actor::Operator, &wanted).await.map_err(refused)?;
    let secret = made.secret.as_ref().map(Token::reveal);
    if let Err(error) = tell_secret(Some(&made.identifier), secret, output) {
        // Nobody has seen the secret, and it cannot be shown again.
        clients::revoke(store, &SystemClock, Actor::Operator, wanted.name.trim()).await.map_err(fault)?;
        return Err(format!("the client could not be printed and is revoked: {error}").into());
    }
    if !output.is_json() {
        let once = if secret.is_some() { " The secret is not shown again." } else { "" };
        eprintln!("The client `{}` may sign people in.{once}", wanted.name.trim());
    }
    Ok(())
}

/// Prints what a client gets, as lines `name=value` or as JSON.
fn tell_secret(identifier: Option<&str>, secret: Option<&str>, output: Output) -> Result<(), Box<dyn Error>> {
    let values = [("client_id", identifier), ("client_secret", secret)];
    let values = values.into_iter().filter_map(|(name, value)| Some((name, value?)));
    if output.is_json() {
        let values = values.map(|(name, value)| (name.to_owned(), Value::from(value)));
        return value_line(&Value::Object(values.collect()));
    }
    print(&values.map(|(name, value)| format!("{name}={value}\n")).collect::<String>())
}

/// Says why a client was not made.
fn refused(error: NewClientError) -> Box<dyn Error> {
    match error {
        NewClientError::NameWrong => "the name should be 1 to 100 characters on one line".into(),
        NewClientError::NameTaken => {
            "there is a client of this name already: revoke it first, or take another name".into()
        }
        NewClientError::NoRedirectUri => "--redirect is missing: where answers may go".into(),
        NewClientError::LogoutUriWrong => {
            "--logout-uri should be https, or http on this machine, without a user's name and a fragment"
                .into()
        }
        NewClientError::PublicWithoutPkce => "a client without a secret needs the challenge (PKCE)".into(),
        NewClientError::Store(error) => fault(error.into()),
    }
}

async fn list(store: &Store, output: Output) -> Result<(), Box<dyn Error>> {
    let clients = clients::list(store).await.map_err(fault)?;
    let head = [
        "NAME",
        "CLIENT_ID",
        "KIND",
        "SIGNED",
        "REDIRECT",
        "POST LOGOUT",
        "LOGOUT URI",
        "CREATED",
        "LAST USED",
        "STATE",
    ];
    output.table(head, clients.iter().map(|client| (row(client), value(client))))
}

fn value(client: &OidcClient) -> Value {
    json!({
        "name": client.name,
        "client_id": client.identifier,
        "public": client.public,
        "first_party": client.first_party,
        "without_pkce": client.without_pkce,
        "device": client.device,
        "algorithm": client.algorithm,
        "redirect_uris": client.redirect_uris,
        "post_logout_uris": client.post_logout_uris,
        "logout_uri": client.logout_uri,
        "created_at": iso(client.created_at),
        "used_at": client.used_at.map(iso),
        "revoked_at": client.revoked_at.map(iso),
    })
}

fn row(client: &OidcClient) -> [String; 10] {
    let mut kind = vec![if client.public { "public" } else { "secret" }];
    kind.extend(client.first_party.then_some("first-party"));
    kind.extend(client.without_pkce.then_some("without-pkce"));
    kind.extend(client.device.then_some("device"));
    [
        client.name.clone(),
        client.identifier.clone(),
        kind.join(","),
        client.algorithm.clone(),
        client.redirect_uris.join(" "),
        client.post_logout_uris.join(" "),
        client.logout_uri.clone().unwrap_or_default(),
        utc(client.created_at),
        client.used_at.map_or("never".to_owned(), utc),
        client.revoked_at.map_or("live".to_owned(), |at| format!("revoked {}", utc(at))),
    ]
}

async fn rotate(store: &Store, name: &str, output: Output) -> Result<(), Box<dyn Error>> {
    let secret: Token =
        match clients::rotate_secret(store, &SystemClock, &OsRandom, Actor::Operator, name).await {
            Ok(secret) => secret,
            Err(AccountError::NotFound) => {
                return Err(
                    "no client of this name is alive and has a secret; see `vestibule client list`".into()
                );
            }
            Err(error) => return Err(fault(error)),
        };
    tell_secret(None, Some(secret.reveal()), output)
        .map_err(|error| format!("the secret could not be printed; ask for another: {error}"))?;
    if !output.is_json() {
        eprintln!("The client `{name}` has another secret, which is not shown again.");
    }
    Ok(())
}

async fn revoke(store: &Store, name: &str, output: Output) -> Result<(), Box<dyn Error>> {
    match clients::revoke(store, &SystemClock, Actor::Operator, name).await {
        Ok(()) => {
            let said = format!("The client `{name}` is revoked.");
            output.done(&said, &json!({ "name": name, "revoked": true }))
        }
        Err(AccountError::NotFound) => {
            Err("no client of this name is alive; see `vestibule client list`".into())
        }
        Err(error) => Err(fault(error)),
    }
}
