//! The server with the plug-in, over a scratch database.

use std::net::SocketAddr;

use reqwest::{Client, redirect};
use rocket::figment::Figment;
use rocket::figment::providers::{Format as _, Serialized, Toml};
use rocket::tokio::sync::oneshot;
use sqlx::AssertSqlSafe;
use vestibule::plugin::{
    Actor, ClockAndRandom, Config, DbPool, Engine, Role, Scope, Server, StartError, Store,
    api_keys::{self, NewKey},
};

use crate::engines::Scratch;

pub const PASSWORD: &str = "correct horse battery";
pub const NOTES: &str = "/plugin/notes";

pub struct App {
    pub scratch: Scratch,
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

/// The configuration with these settings (TOML) over the defaults.
pub fn config(scratch: &Scratch, settings: &str) -> Config {
    let figment = Figment::from(rocket::Config::default())
        .merge(Serialized::default("log_level", "off"))
        .merge(Serialized::default("ip_header", false))
        .merge(Serialized::default("port", 0))
        .merge(Serialized::default("data_dir", scratch.folder().join("data")))
        .merge(Serialized::default("database_url", &scratch.url))
        .merge(Serialized::default("database.connections", 4))
        .merge(Serialized::default("rate_limits", "off"))
        .merge(Toml::string(settings))
        .select("default");
    Config::from_figment(figment).unwrap()
}

/// Runs the migrations on the database of `scratch`, the plug-in's included.
pub async fn prepare(scratch: &Scratch) -> Result<(), StartError> {
    let config = config(scratch, "");
    vestibule::plugin::prepare_with(&config, &[vestibule_notes::plugin(&config)?]).await
}

impl App {
    pub async fn new(engine: Engine) -> Self {
        Self::with(engine, "").await
    }

    pub async fn with(engine: Engine, settings: &str) -> Self {
        let scratch = Scratch::migrated(engine).await;
        let config = config(&scratch, settings);
        let plugins = vec![vestibule_notes::plugin(&config).unwrap()];
        vestibule::plugin::prepare_with(&config, &plugins).await.unwrap();
        let rocket = vestibule::plugin::rocket_with(&config, ClockAndRandom::default(), plugins).unwrap();
        let mut listening = vestibule::plugin::server_settings(&config).unwrap();
        listening.max_connections = Some(64);
        let server = Server::bind(rocket, listening).await.unwrap();
        let address = server.local_addr();
        let (stop, stopped) = oneshot::channel::<()>();
        rocket::tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self { scratch, address, _stop: stop }
    }

    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.address)
    }

    /// A browser in which a person has just registered and signed in.
    pub async fn signed_up(&self, name: &str) -> Visitor {
        let visitor = self.visitor();
        let email = format!("{name}@example.org");
        let form = [("email", email.as_str()), ("username", name), ("password", PASSWORD)];
        assert_eq!(visitor.post("/user/create", &form, &[]).await.status, 308);
        assert_eq!(visitor.post("/user/login", &form, &[]).await.status, 308);
        visitor
    }

    pub async fn key(&self, name: &str, scopes: &[Scope]) -> String {
        let store = Store::open(self.database().await).await.unwrap();
        let (name, scopes) = (name.parse().unwrap(), scopes.to_vec());
        let new = NewKey { name, scopes, roles: vec![Role::MEMBER], expires_in: None };
        let system = ClockAndRandom::default();
        let made =
            api_keys::create(&store, &*system.clock, &*system.random, Actor::Operator, &new).await.unwrap();
        made.reveal().to_owned()
    }

    async fn database(&self) -> DbPool {
        DbPool::connect(&self.scratch.url, 1, std::time::Duration::from_secs(2)).await.unwrap()
    }

    pub async fn count(&self, query: &str) -> i64 {
        let query = AssertSqlSafe(query.to_owned());
        match self.database().await {
            DbPool::Sqlite(pool) => sqlx::query_scalar(query).fetch_one(&pool).await.unwrap(),
            DbPool::Postgres(pool) => sqlx::query_scalar(query).fetch_one(&pool).await.unwrap(),
        }
    }
}

/// The HTTP part of a browser. It keeps cookies and follows no redirects.
pub struct Visitor {
    http: Client,
    address: SocketAddr,
}

impl Visitor {
    pub fn new(address: SocketAddr) -> Self {
        let http = Client::builder().cookie_store(true).redirect(redirect::Policy::none()).no_proxy();
        Self { http: http.build().unwrap(), address }
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        Answer::of(self.http.get(self.url(path)), headers).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.http.post(self.url(path)).body(body);
        Answer::of(request.header("content-type", "application/x-www-form-urlencoded"), headers).await
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

pub struct Answer {
    pub status: u16,
    pub location: String,
    pub content_type: String,
    pub text: String,
}

impl Answer {
    async fn of(mut request: reqwest::RequestBuilder, headers: &[(&str, &str)]) -> Self {
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        let header = |name| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        Self {
            status: answer.status().as_u16(),
            location: header("location").unwrap_or_default(),
            content_type: header("content-type").unwrap_or_default(),
            text: answer.text().await.unwrap(),
        }
    }
}
