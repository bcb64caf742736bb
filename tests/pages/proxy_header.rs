//! The header in which a proxy names the client: what is understood, and what the operator is told of the
//! rest.

use std::path::Path;

use rocket::tokio;

use crate::program::{PROGRAM, Running, complaint, folder};
use crate::support::{PASSWORD, Visitor, html};

const HEADER: &str = "[default]\nip_header = 'X-Forwarded-For'";
const PROXIES: &str =
    "[default]\nip_header = 'X-Forwarded-For'\ntrusted_proxies = ['127.0.0.1', '10.0.0.0/8']";
const STRANGERS: &str = "[default]\nip_header = 'X-Forwarded-For'\ntrusted_proxies = ['192.0.2.1']";

/// Signs up with these headers, and returns the places on the page of devices.
async fn places(settings: &str, lines: &[&str]) -> (String, String) {
    let folder = folder(settings);
    let mut running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
    let visitor = Visitor::new(running.address);
    let form = [("email", "ada@example.org"), ("password", PASSWORD)];
    let mut ask = visitor.post("/user/create").form(&form);
    for (number, line) in lines.iter().enumerate() {
        // A second header of one name would replace the first, if they were spelt alike.
        ask = ask.header(if number == 0 { "x-forwarded-for" } else { "X-Forwarded-For" }, line);
    }
    ask.follow().await;
    let page = visitor.get("/user/devices").header("x-forwarded-for", "203.0.113.7").send().await.text();
    (page, running.stop())
}

#[tokio::test]
async fn the_client_is_the_one_that_a_trusted_proxy_names() {
    for (settings, lines, place) in [
        ("", &["203.0.113.7"][..], "127.0.0.0"),
        (STRANGERS, &["203.0.113.7"], "127.0.0.0"),
        (HEADER, &["203.0.113.7"], "203.0.113.0"),
        (HEADER, &["203.0.113.7:4000"], "203.0.113.0"),
        (HEADER, &["[2001:db8:7::7]:443"], "2001:db8:7::"),
        (PROXIES, &["198.51.100.1, 203.0.113.7, 10.1.2.3"], "203.0.113.0"),
        (PROXIES, &["198.51.100.1, 203.0.113.7", "10.1.2.3"], "203.0.113.0"),
    ] {
        let (page, _) = places(settings, lines).await;
        assert!(page.contains(place), "{settings} {lines:?}");
    }
}

#[tokio::test]
async fn a_header_that_does_not_say_who_the_client_is_is_refused_and_told_once() {
    for (settings, value, told) in [
        (HEADER, "unknown", "holds no address"),
        (HEADER, "203.0.113.7, 10.0.0.1", "`trusted_proxies`"),
        (PROXIES, "203.0.113.7, nonsense", "holds no address"),
    ] {
        let folder = folder(settings);
        let mut running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
        let visitor = Visitor::new(running.address);
        for path in ["/user/login", "/api/v1/users", "/user/create"] {
            let answer = visitor.get(path).header("x-forwarded-for", value).send().await;
            assert_eq!(answer.status, 400, "{value}");
        }
        let page = visitor.get("/user/login").header("x-forwarded-for", value).send().await.text();
        assert!(html::headline(&page).is_some(), "{page}");
        let written = running.stop();
        assert!(written.contains("`ip_header`") && written.contains(told), "{written}");
        assert_eq!(written.matches("setting `ip_header`").count(), 1, "{written}");
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_listed_is_told_once() {
    let (_, written) = places(STRANGERS, &["203.0.113.7"]).await;
    assert_eq!(written.matches("setting `trusted_proxies`").count(), 1, "{written}");
    for (settings, name) in [
        ("[default]\ntrusted_proxies = ['10.0.0.7']", "`ip_header`"),
        ("[default]\nip_header = 'X-Real-IP'\ntrusted_proxies = ['10.0.0.7', '0.0.0.0/0']", "entry 2"),
    ] {
        let said = complaint(settings, &[]);
        assert!(said.contains("`trusted_proxies`") && said.contains(name), "{said}");
    }
}

#[tokio::test]
async fn a_request_without_the_header_is_answered_and_told() {
    for (settings, header, told) in [
        (HEADER, None, "requests come without the header x-forwarded-for"),
        ("", Some("203.0.113.7"), "set `ip_header`"),
    ] {
        let folder = folder(settings);
        let mut running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
        for _ in 0..3 {
            let ask = Visitor::new(running.address).get("/user/login");
            let ask = match header {
                Some(value) => ask.header("x-forwarded-for", value),
                None => ask,
            };
            assert_eq!(ask.send().await.status, 200);
        }
        let written = running.stop();
        assert_eq!(written.matches(told).count(), 1, "{written}");
    }
}

#[tokio::test]
async fn whoever_watches_the_server_need_not_be_the_proxy() {
    let folder = folder(HEADER);
    let mut running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
    for path in ["/health", "/health/ready"] {
        assert_eq!(Visitor::new(running.address).get(path).send().await.status, 200);
    }
    let written = running.stop();
    assert!(!written.contains("`ip_header`: requests come without"), "{written}");
}
