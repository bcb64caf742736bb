//! Mailed links, walked over plain http on a host name: no secure context, so the browser sends no
//! `Sec-Fetch-Site`, and `Origin` alone says where a form comes from.

use crate::support::{Browser, EMAIL, Engine, PASSWORD, Stage, Taste, USERNAME, sentence};

const HOST: &str = "accounts.test";
const NEW_PASSWORD: &str = "another lamp, another door";
const NEW_EMAIL: &str = "countess@example.org";

fn said(key: &str) -> String {
    sentence("en", key, &[])
}

/// A port that nobody listens on, so that `public_url` can name it.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn walk(settings: &str, port: Option<u16>) {
    let settings = format!("registration.verify = 'optional'\n{settings}");
    let Some(mut stage) = Stage::with(Engine::Sqlite, &settings).await else { return };
    let listening = stage.server.origin.rsplit_once(':').unwrap().1.to_owned();
    if let Some(port) = port {
        assert_eq!(listening, port.to_string());
    }
    stage.server.origin = format!("http://{HOST}:{listening}");
    let taste = Taste { script: false, ..Taste::default() };
    let browser = stage.member(taste).await;
    assert_eq!(browser.js("return isSecureContext").await, false, "a secure context hides the fault");

    let open = async |browser: &Browser, recipient: &str, path: &str| {
        let link = stage.server.mailed_link(recipient, path).await;
        browser.go(&link).await;
        assert_eq!(browser.status().await, 200);
        browser.send(path).await;
    };
    open(&browser, EMAIL, "/user/verify").await;
    assert_eq!(browser.read(".notice").await, said("notice-verified"));

    browser.fill("email", NEW_EMAIL).await;
    browser.fill("email-apassword", PASSWORD).await;
    browser.send("/user/modify/email").await;
    assert_eq!(browser.read(".notice").await, said("notice-address-requested"));
    open(&browser, NEW_EMAIL, "/user/email").await;
    assert_eq!(browser.read(".notice").await, said("notice-address-changed"));
    browser.sign_out().await;

    browser.press("a[href='/user/forgot']").await;
    browser.fill("email", USERNAME).await;
    browser.hops().await;
    browser.send("/user/forgot").await;
    let hops = ["POST /user/forgot 303", "GET /user/forgot?requested=yes 200"];
    assert_eq!(browser.hops().await, hops);
    // A reload sends nothing again, and asks nothing.
    browser.driver.refresh().await.unwrap();
    assert_eq!(browser.hops().await, ["GET /user/forgot?requested=yes 200"]);
    assert_eq!(browser.read("[role=status]").await, said("forgot-requested"));
    let link = stage.server.mailed_link(NEW_EMAIL, "/user/reset").await;
    browser.go(&link).await;
    browser.fill("npassword", NEW_PASSWORD).await;
    browser.hops().await;
    browser.send("/user/reset").await;
    assert_eq!(browser.hops().await, ["POST /user/reset 303", "GET /user/login 200"]);
    assert_eq!(browser.read(".notice").await, said("notice-password-reset"));
    browser.sign_in(NEW_EMAIL, NEW_PASSWORD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_work_over_plain_http_on_a_host_name() {
    walk("", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_work_over_plain_http_on_a_host_name_with_a_public_address() {
    let port = free_port();
    let public = format!("public_url = 'http://{HOST}:{port}'\nhttp.allow_plain = true\nport = {port}");
    walk(&public, Some(port)).await;
}
