//! Siberian, as shops and WordPress plug-ins use it: every row of the contract, and every refusal.

mod autologin;
mod contract;
mod credentials;
mod hostile;
mod mail;

use serde_json::{Value, json};

use crate::support::{Answer, Ask, TestApp};

const BASE: &str = "/admin/api_account";
const CALLS: [&str; 5] = ["create", "update", "exist", "authenticate", "forgotpassword"];
const NO_KEY: &str = "Authentication failed. Please, check the username and/or the password";
const EMAIL_TAKEN: &str = "This email address is already used";
const PASSWORD_SHORT: &str = "The password must be at least 6 characters";
const ROLE_NOT_GIVEN: &str = "This role can't be given with this key";

/// A trusted server with its key.
struct Shop<'a> {
    app: &'a TestApp,
    key: String,
}

impl<'a> Shop<'a> {
    async fn new(app: &'a TestApp) -> Self {
        Self { app, key: app.key("shop").await }
    }

    fn call(&self, name: &str) -> Ask {
        let ask = self.app.visitor().post(&format!("{BASE}/{name}"));
        ask.header("api-auth-bearer", &format!("Bearer {}", self.key))
    }

    async fn ask(&self, name: &str, fields: &[(&str, &str)]) -> Answer {
        self.call(name).form(fields).send().await
    }

    #[track_caller]
    fn refused(&self, answer: &Answer, message: &str) {
        assert_eq!(failed(answer), message);
    }

    /// Creates an account and returns its number.
    async fn created(&self, email: &str) -> i64 {
        let fields = [("email", email), ("password", crate::support::PASSWORD)];
        succeeded(&self.ask("create", &fields).await)["user_id"].as_i64().unwrap()
    }
}

/// The body of a success.
#[track_caller]
fn succeeded(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    assert_eq!(body["success"], json!(1), "{body}");
    assert!(body.get("error").is_none(), "{body}");
    body
}

/// The message of an error. Checks the shape, which is the same for all errors.
#[track_caller]
fn failed(answer: &Answer) -> String {
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    let message = body["message"].as_str().unwrap().to_owned();
    assert!(!message.is_empty());
    assert_eq!(body, json!({ "error": 1, "message": message }));
    message
}

/// The path and query of a URL.
#[track_caller]
fn below_origin(address: &Value) -> String {
    let address = url::Url::parse(address.as_str().unwrap()).unwrap();
    format!("{}?{}", address.path(), address.query().unwrap())
}
