//! The log of the program: what is in a line, whose request it is, and what is never in one.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use rocket::tokio;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Executor as _};
use store::{DbPool, Engine};

use crate::engines::{Scratch, both_engines};
use crate::program::{PROGRAM, Running, folder};
use crate::support::{Body, PASSWORD, Visitor};

both_engines!(
    a_line_about_an_error_has_the_id_that_the_answer_carries,
    an_event_has_a_line_with_the_id_of_its_request,
);

/// The settings of a log of requests in this format.
fn settings(format: &str) -> String {
    format!("[default.log]\naccess = 'on'\nformat = '{format}'\n")
}

/// Takes a table away, as nothing but a mistaken operator does.
async fn drop_table(scratch: &Scratch, table: &str) {
    let statement = format!("DROP TABLE {table}");
    match DbPool::connect(&scratch.url, 1, Duration::from_secs(10)).await.unwrap() {
        DbPool::Sqlite(pool) => drop(pool.execute(AssertSqlSafe(statement)).await.unwrap()),
        DbPool::Postgres(pool) => drop(pool.execute(AssertSqlSafe(statement)).await.unwrap()),
    }
}

/// The value of `name` in a line of either format.
fn value(line: &str, name: &str) -> Option<String> {
    match serde_json::from_str::<Value>(line) {
        Ok(object) => match object.get(name)? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        },
        Err(_) => {
            let (_, rest) = line.split_once(&format!(" {name}="))?;
            Some(rest.split(' ').next().unwrap().to_owned())
        }
    }
}

/// The lines that belong to the request `id`.
fn lines_of<'a>(written: &'a str, id: &str) -> Vec<&'a str> {
    written.lines().filter(|line| value(line, "request_id").as_deref() == Some(id)).collect()
}

async fn a_line_about_an_error_has_the_id_that_the_answer_carries(engine: Engine) {
    for format in ["text", "json"] {
        let scratch = Scratch::migrated(engine).await;
        std::fs::write(scratch.folder().join("Rocket.toml"), settings(format)).unwrap();
        let environment =
            [("VESTIBULE_DATABASE_URL", scratch.url.as_str()), ("VESTIBULE_DATABASE_CONNECTIONS", "4")];
        let mut running = Running::start(Path::new(PROGRAM), scratch.folder(), &environment);
        let visitor = Visitor::new(running.address);
        let form = [("email", "ada@example.org"), ("username", "ada"), ("password", PASSWORD)];
        assert_eq!(visitor.post("/user/create").wants_json().form(&form).send().await.status, 201);
        drop_table(&scratch, "known_places").await;
        let trace = "0af7651916cd43dd8448eb211c80319c";
        let answer = visitor
            .post("/auth/login")
            .body(Body::new("application/json", format!("{{\"email\":\"ada\",\"password\":\"{PASSWORD}\"}}")))
            .header("traceparent", &format!("00-{trace}-b7ad6b7169203331-01"))
            .send()
            .await;
        assert_eq!(answer.status, 500, "{}", answer.text());
        let id = answer.header("x-request-id").unwrap().to_owned();
        let written = running.stop();
        let lines = lines_of(&written, &id);
        let (incident, access) = (lines[0], lines[1]);
        assert!(lines.len() == 2 && incident.contains("incident "), "{written}");
        for line in [incident, access] {
            assert_eq!(value(line, "trace_id").as_deref(), Some(trace), "{line}");
        }
        let said = ["method", "route", "status", "door"].map(|name| value(access, name).unwrap());
        assert_eq!(said, ["POST", "/auth/login", "500", "mirror"]);
        assert!(value(access, "duration_ms").unwrap().parse::<f64>().unwrap() > 0.0, "{access}");
    }
}

#[tokio::test]
async fn every_line_of_json_is_an_object() {
    let folder =
        folder("[default.log]\naccess = 'on'\nformat = 'json'\n[default.smtp]\nfrom = 'a@b.example'");
    let mut running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
    let visitor = Visitor::new(running.address);
    visitor.get("/user/login").send().await;
    visitor.get("/nowhere?query").send().await;
    let written = running.stop();
    let all = running.greeting.lines().chain(written.lines());
    let lines: Vec<Value> = all.map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        let text = |name: &str| line[name].as_str().unwrap_or_else(|| panic!("{name}: {line}")).to_owned();
        assert!(text("time").ends_with('Z') && text("target").starts_with("vestibule"), "{line}");
        assert!(["INFO", "WARN"].contains(&text("level").as_str()), "{line}");
    }
    let warned = lines.iter().filter(|line| line["level"] == "WARN");
    assert!(warned.filter_map(|line| line["message"].as_str()).any(|said| said.contains("`smtp.from`")));
    let access: Vec<&Value> = lines.iter().filter(|line| line["target"] == "vestibule::access").collect();
    let said: Vec<_> = access.iter().map(|line| (line["route"].as_str(), line["status"].as_u64())).collect();
    assert_eq!(said, [(Some("/user/login"), Some(200)), (Some("none"), Some(404))], "{written}");
    assert!(access.iter().all(|line| line["duration_ms"].is_f64() && line["bytes"].as_u64() > Some(0)));
    assert!(access.iter().all(|line| line.get("trace_id").is_none() && line.get("message").is_none()));
}

async fn an_event_has_a_line_with_the_id_of_its_request(engine: Engine) {
    let scratch = Scratch::migrated(engine).await;
    let settings = "[default.log]\nevents = 'on'\nformat = 'json'\n";
    std::fs::write(scratch.folder().join("Rocket.toml"), settings).unwrap();
    let environment =
        [("VESTIBULE_DATABASE_URL", scratch.url.as_str()), ("VESTIBULE_DATABASE_CONNECTIONS", "4")];
    let mut running = Running::start(Path::new(PROGRAM), scratch.folder(), &environment);
    let visitor = Visitor::new(running.address);
    let form = [("email", "ada@example.org"), ("username", "ada"), ("password", PASSWORD)];
    assert_eq!(visitor.post("/user/create").wants_json().form(&form).send().await.status, 201);
    let answer = visitor.log_in("ada", PASSWORD).await;
    assert_eq!(visitor.log_in("ada", "not that one").await.status, 401);
    let written = running.stop();
    let id = answer.header("x-request-id").unwrap();
    let line: Value = serde_json::from_str(lines_of(&written, id)[0]).unwrap();
    assert_eq!(line["target"], "vestibule::event");
    let said = ["event", "outcome", "actor", "factors"].map(|name| line[name].as_str().unwrap());
    assert_eq!(said, ["signed_in", "done", "owner", "password"], "{line}");
    assert_eq!(line["account"], 1, "{line}");
    assert!(!written.contains("ada") && !written.contains("example"), "{written}");
}

#[test]
fn an_end_is_a_line_of_json_too() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let settings = "[default.log]\nformat = 'json'";
    let said = crate::program::complaint(settings, &[("ROCKET_PORT", &port)]);
    let last: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!((&last["level"], &last["target"]), (&"ERROR".into(), &"vestibule".into()), "{said}");
    assert!(last["message"].as_str().unwrap().contains(&port), "{said}");
}

#[tokio::test]
async fn the_id_of_the_proxy_is_taken_over_and_a_strangers_is_not() {
    for (settings, taken) in [
        ("", false),
        ("ip_header = 'X-Real-IP'\ntrusted_proxies = ['192.0.2.1']", false),
        ("ip_header = 'X-Real-IP'\ntrusted_proxies = ['127.0.0.1']", true),
    ] {
        let folder = folder(&format!("[default]\n{settings}\n[default.log]\naccess = 'on'"));
        let mut running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
        let visitor = Visitor::new(running.address);
        let ask = |id: &'static str| {
            visitor.get("/user/login").header("x-request-id", id).header("x-real-ip", "192.0.2.9")
        };
        let answer = ask("of-the-proxy-7").send().await;
        let id = answer.header("x-request-id").unwrap().to_owned();
        assert_eq!(id == "of-the-proxy-7", taken, "{settings}: {id}");
        let odd = ask("not plain\tat all").send().await;
        assert_eq!(odd.header("x-request-id").unwrap().len(), 16);
        let written = running.stop();
        assert_eq!(lines_of(&written, &id).len(), 1, "{written}");
        assert!(!written.contains("at all"), "{written}");
    }
}

#[tokio::test]
async fn nothing_that_is_written_down_holds_a_secret_or_a_query() {
    for format in ["text", "json"] {
        let folder = folder(&settings(format));
        // What libraries would say is loud, and none of it is wanted.
        let loud = [("ROCKET_LOG_LEVEL", "debug"), ("RUST_LOG", "trace")];
        let mut running = Running::start(Path::new(PROGRAM), folder.path(), &loud);
        let visitor = Visitor::new(running.address);
        let form = [("email", "ada@example.org"), ("username", "ada"), ("password", "a-secret-of-ada")];
        visitor.post("/user/create").form(&form).follow().await;
        let mut secrets: Vec<String> =
            ["vestibule", "vestibule_device"].iter().map(|name| visitor.cookie(name).unwrap()).collect();
        visitor.get("/user/login?next=/user/profil?a-secret-query=1").send().await;
        visitor
            .get("/user/reset?token=a-secret-token")
            .header("authorization", "Bearer a-secret-bearer")
            .send()
            .await;
        visitor.get("/user/%ff?token=a-secret-token").send().await;
        let wrong = [("email", "ada"), ("password", "a-secret-guess")];
        visitor.post("/user/login?password=a-secret-query").form(&wrong).send().await;
        let change = [("apassword", "a-secret-of-ada"), ("npassword", "a-secret-to-be")];
        visitor.post("/user/modify/password").form(&change).follow().await;
        visitor.post("/user/login").body(Body::new("application/json", "{\"a-secret-field\"")).send().await;
        visitor.post("/user/logout").send().await;
        let written = running.stop();
        secrets.extend(["a-secret", "query", "next=", "token", "?", "%ff"].map(str::to_owned));
        for secret in secrets {
            assert!(!written.contains(&secret), "{secret} is in {written}");
        }
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        // The start says that an IP address has no passkeys.
        for line in written.lines().filter(|line| !line.contains("passkeys are off at http://127.0.0.1")) {
            assert!(line.contains("vestibule::access"), "{line}");
            *seen.entry(value(line, "method").unwrap()).or_default() += 1;
        }
        let counted = [("GET".to_owned(), 5), ("POST".to_owned(), 8)];
        assert_eq!(seen, BTreeMap::from(counted), "{written}");
    }
}
