//! Moving in from real products: each is filled by its own forms and exported by its own means
//! (`tests/support/sources`), and its people sign in here with what they had there.

use std::path::{Path, PathBuf};
use std::process::Command;

use domain::{Clock as _, SystemClock};
use serde_json::Value;
use store::Engine;

use crate::engines::run;
use crate::moving::Site;
use crate::support::{Body, Visitor, totp as app_on_a_phone};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/sources");
const FETCHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/sources");

/// A product that was filled.
struct Source {
    folder: tempfile::TempDir,
    product: &'static str,
}

/// Fills the product, or says why not: `variable` leaves it out.
fn filled(product: &'static str, folder: &str, variable: &str) -> Option<Source> {
    if !Path::new(FETCHED).join(product).exists() {
        let waived = std::env::var_os(format!("VESTIBULE_TEST_WITHOUT_{variable}"));
        assert!(waived.is_some_and(|set| set == "1"), "{product} is not there; `make test` fetches it");
        eprintln!("left out: {product} is not there");
        return None;
    }
    let out = tempfile::tempdir().unwrap();
    let ran = Command::new(format!("{SOURCES}/{folder}/fill")).arg(out.path()).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{product}: {said}");
    Some(Source { folder: out, product })
}

impl Source {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn people(&self) -> Vec<Value> {
        serde_json::from_str(&std::fs::read_to_string(self.path("people.json")).unwrap()).unwrap()
    }

    /// A site here that has the product's accounts.
    async fn moved_in(&self, engine: Engine, settings: &str, more: &[&str]) -> Site {
        let site = Site::open(engine, settings).await;
        let file = self.path("export.json");
        let import = ["import", "--json", file.to_str().unwrap(), "--from", self.product];
        for made in [true, false] {
            let done = site.run(&[&import, more].concat());
            assert_eq!(done.code, Some(0), "{}: {} {}", self.product, done.out, done.said);
            assert_eq!(done.last()["made"] != 0, made, "{}", done.out);
        }
        site
    }
}

/// Ways in by a password.
const DOORS: [&str; 4] = ["/user/login", "/api/v1/personal/auth/", "/auth/login", "/api/user/v1/secret"];

async fn enters(site: &Site, path: &str, name: &str, password: &str) -> bool {
    // Fastsite calls it a login.
    let body = Body::json(&[("email", name), ("login", name), ("password", password)]);
    let answer = Visitor::new(site.running.address).post(path).wants_json().body(body).send().await;
    // One of them says everything with 200.
    answer.status < 300 && answer.json()["success"] != 0
}

/// Signs in by a password and a code, at the pages.
async fn enters_with(site: &Site, name: &str, password: &str, code: &str) -> bool {
    let browser = Visitor::new(site.running.address);
    let first = browser.log_in(name, password).await;
    assert_eq!(first.problem(401)["code"], "second_factor_required", "{name}");
    browser.post("/user/login/second").wants_json().form(&[("code", code)]).send().await.status == 200
}

/// Each person of the list as they are to be here.
async fn everybody_is_here(site: &Site, source: &Source) {
    let accounts = site.export(&[]);
    let mut tried = 0;
    for person in source.people() {
        let text = |key: &str| person[key].as_str().unwrap_or_default();
        let (email, password) = (text("email"), text("password"));
        let here = accounts
            .iter()
            .find(|account| account["email"].as_str().is_some_and(|here| here.eq_ignore_ascii_case(email)));
        let here = here.unwrap_or_else(|| panic!("{email} of {} is not here", source.product));
        assert_eq!(here["email_verified_at"].is_i64(), person["proven"] == true, "{email}");
        assert_eq!(here["disabled_at"].is_i64(), person["closed"] == true, "{email}");
        if password.is_empty() {
            continue;
        }
        let wrong = format!("{password}x");
        if person["closed"] == true {
            assert!(!enters(site, DOORS[0], email, password).await, "{email} is closed");
        } else if let Some(secret) = person["totp"].as_str() {
            let secret = secret_of(secret);
            let code = secret.shown_at(SystemClock.now()).unwrap();
            for path in DOORS {
                assert!(!enters(site, path, email, password).await, "{email} without a code at {path}");
            }
            assert!(enters_with(site, email, password, code.as_str()).await, "{email} by an app");
            for (codes, good) in [("recovery_codes", true), ("used_recovery_codes", false)] {
                for code in person[codes].as_array().unwrap().iter().take(2) {
                    let entered = enters_with(site, email, password, code.as_str().unwrap()).await;
                    assert_eq!(entered, good, "{email} by one of {codes}");
                }
            }
            let gone = &person["recovery_codes"][0];
            assert!(!enters_with(site, email, password, gone.as_str().unwrap()).await, "{email}, twice");
        } else {
            for path in DOORS {
                assert!(!enters(site, path, email, &wrong).await, "{email} at {path}");
                assert!(enters(site, path, email, password).await, "{email} at {path}");
            }
            if let Some(username) = here["username"].as_str() {
                assert!(enters(site, DOORS[0], username, password).await, "{username}");
            }
        }
        tried += 1;
    }
    assert!(tried > 4, "{tried} people of {}", source.product);
}

async fn people_move_in(source: &Source, engine: Engine, settings: &str, more: &[&str]) {
    everybody_is_here(&source.moved_in(engine, settings, more).await, source).await;
}

/// The secret as people have it: base32, or the address that an app reads.
fn secret_of(text: &str) -> domain::TotpSecret {
    let text = text.split_once("secret=").map_or(text, |(_, rest)| rest);
    let text = text.split('&').next().unwrap_or_default();
    app_on_a_phone::secret_of(&text.replace('=', ""))
}

#[test]
fn people_of_a_real_django_site_move_in() {
    let Some(source) = filled("django", "django", "DJANGO") else { return };
    for engine in [Engine::Sqlite, Engine::Postgres] {
        run(engine, |engine| people_move_in(&source, engine, "", &[]));
    }
}

#[test]
fn people_of_a_real_better_auth_move_in() {
    let Some(source) = filled("better-auth", "better_auth", "BETTER_AUTH") else { return };
    let secret = std::fs::read_to_string(source.path("secret")).unwrap();
    let settings = format!("[default.foreign_secrets]\nbetter-auth = '{}'\n", secret.trim_end());
    for engine in [Engine::Sqlite, Engine::Postgres] {
        run(engine, |engine| people_move_in(&source, engine, &settings, &[]));
    }
}

#[test]
fn people_of_a_real_wordpress_move_in() {
    let Some(source) = filled("wordpress", "wordpress", "WORDPRESS") else { return };
    for engine in [Engine::Sqlite, Engine::Postgres] {
        run(engine, |engine| people_move_in(&source, engine, "", &["--without-factors"]));
    }
}
