//! All dialects of one server, called through one interface.

use store::Engine;

use self::Door::{Amadis, Fastsite, Mirror, Pages, Siberian};
use crate::support::{Answer, Ask, PASSWORD, TestApp};

/// The dialects, as ways to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Pages,
    Siberian,
    Amadis,
    Fastsite,
    Mirror,
}

pub const DOORS: [Door; 5] = [Pages, Siberian, Amadis, Fastsite, Mirror];

/// A server with a key for the door that wants one.
pub struct TestServer {
    pub app: TestApp,
    pub key: String,
}

impl TestServer {
    pub async fn new(engine: Engine, settings: &str) -> Self {
        let app = TestApp::with(engine, settings).await;
        let key = app.key("parity").await;
        Self { app, key }
    }

    pub fn trusted(&self, call: &str) -> Ask {
        let ask = self.app.visitor().post(&format!("/admin/api_account/{call}"));
        ask.header("api-auth-bearer", &format!("Bearer {}", self.key))
    }

    pub fn registration(&self, door: Door, email: &str, password: &str) -> Ask {
        let visitor = self.app.visitor();
        // In fastsite people also sign in with a username, which must be free.
        let login: String = email.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
        let plain = [("email", email), ("password", password)];
        match door {
            Pages => visitor.post("/user/create").wants_json().form(&plain),
            Siberian => self.trusted("create").form(&plain),
            Amadis => {
                let named = [("name", "Somebody"), ("email", email), ("password", password)];
                visitor.post("/api/user/v1/register").form(&named)
            }
            Fastsite => {
                let fields = [
                    ("login", &*login),
                    ("email", email),
                    ("password", password),
                    ("confirm_password", password),
                ];
                visitor.post("/api/v1/personal/register/").form(&fields)
            }
            Mirror => visitor.post("/auth/register").form(&plain),
        }
    }

    pub async fn register(&self, door: Door, email: &str, password: &str) {
        let answer = self.registration(door, email, password).send().await;
        assert!(succeeded(door, &answer), "{door:?}: {}", answer.text());
    }

    pub fn login(&self, door: Door, email: &str, password: &str) -> Ask {
        let visitor = self.app.visitor();
        let plain = [("email", email), ("password", password)];
        match door {
            Pages => visitor.post("/user/login").wants_json().form(&plain),
            Siberian => self.trusted("authenticate").form(&plain),
            // Amadis has no sign-in. A change of password proves the password; it sets the same one, so the
            // scenario can go on.
            Amadis => {
                let fields = [("email", email), ("oldpassword", password), ("newpassword", password)];
                visitor.ask("PATCH", "/api/user/v1/changepassword").form(&fields)
            }
            Fastsite => {
                visitor.post("/api/v1/personal/auth/").form(&[("login", email), ("password", password)])
            }
            Mirror => visitor.post("/auth/login").form(&plain),
        }
    }

    pub async fn signs_in(&self, door: Door, email: &str, password: &str) -> bool {
        succeeded(door, &self.login(door, email, password).send().await)
    }

    /// Number of the account, from siberian.
    pub async fn id(&self, email: &str) -> i64 {
        let answer = self.trusted("exist").form(&[("email", email)]).send().await;
        answer.json()["user_id"].as_i64().unwrap()
    }
}

pub fn succeeded(door: Door, answer: &Answer) -> bool {
    match door {
        Fastsite => answer.status == 200 && answer.json()["success"] == 1,
        _ => answer.status < 300,
    }
}

/// The credential that a dialect gave, and a call that uses it.
pub enum Given {
    Session(Ask),
    UserHash(Ask),
    Bearer(Ask),
}

impl Given {
    pub async fn by(server: &TestServer, door: Door, email: &str) -> Option<Self> {
        match door {
            Pages => {
                let visitor = server.app.signed_in(email).await;
                Some(Self::Session(visitor.get("/user/profil").wants_json()))
            }
            Fastsite => {
                let data = server.login(Fastsite, email, PASSWORD).send().await.json()["data"].clone();
                let ask = server.app.visitor().ask("HEAD", "/api/v1/personal/auth_refresh/");
                let ask = ask.header("user-id", &data["user_id"].to_string());
                Some(Self::UserHash(ask.header("user-hash", data["user_hash"].as_str().unwrap())))
            }
            Mirror => {
                let answer = server.login(Mirror, email, PASSWORD).send().await.json();
                let ask = server.app.visitor().post("/auth/pair").form(&[("code", "ZZZZZZ")]);
                let bearer = format!("Bearer {}", answer["bearer"].as_str().unwrap());
                Some(Self::Bearer(ask.header("authorization", &bearer)))
            }
            Siberian | Amadis => None,
        }
    }

    pub async fn is_alive(&self) -> bool {
        match self {
            Self::Session(ask) | Self::UserHash(ask) => ask.send().await.status == 200,
            // No device shows this code, which only an authenticated caller learns.
            Self::Bearer(ask) => ask.send().await.status == 404,
        }
    }
}
