//! OpenID Connect in real browsers: over sign-in and consent to the client's site, which is another origin.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::accessibility::{checker, violations};
use crate::support::{Brand, Browser, EMAIL, Engine, PASSWORD, Stage, Taste, USERNAME, eventually, sentence};

/// RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The client's site: it remembers what browsers ask of it.
struct Shop {
    callback: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Shop {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let callback = format!("http://{}/callback", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = asked.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let kept = kept.clone();
                tokio::spawn(async move {
                    let mut request = vec![0; 16 * 1024];
                    let mut read = 0;
                    // The body of a form comes with its head or right after it.
                    while let Ok(more @ 1..) = stream.read(&mut request[read..]).await {
                        read += more;
                        let text = String::from_utf8_lossy(&request[..read]).into_owned();
                        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                        if head.starts_with("GET ") || body.contains("code=") {
                            let line = head.lines().next().unwrap_or_default();
                            kept.lock().unwrap().push(format!("{line} {body}"));
                            break;
                        }
                    }
                    let page = "<!doctype html><html lang=\"en\"><title>Shop</title><h1>Arrived</h1>";
                    let head =
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: ";
                    let _ = stream.write_all(format!("{head}{}\r\n\r\n{page}", page.len()).as_bytes()).await;
                });
            }
        });
        Self { callback, asked }
    }

    /// The last request that a browser brought an answer with.
    async fn answered(&self, browser: &Browser) -> String {
        let arrived = async || {
            let title = browser.driver.execute("return document.title", Vec::new()).await;
            title.is_ok_and(|title| title.json() == "Shop")
        };
        eventually("the browser is at the client's site", arrived).await;
        let asked = self.asked.lock().unwrap();
        asked.iter().rev().find(|line| line.contains(" /callback")).cloned().unwrap()
    }
}

async fn walk(brand: Brand, script: bool) {
    let Some(stage) = Stage::of(brand, Engine::Sqlite, "").await else { return };
    let shop = Shop::open().await;
    let id = stage.server.registered("Shop", &shop.callback);
    let browser = stage.browser(Taste { script, ..Taste::default() }).await;
    browser.sign_up(EMAIL, USERNAME, PASSWORD).await;
    browser.sign_out().await;
    let request = format!(
        "/user/authorize?client_id={id}&redirect_uri={}&response_type=code&scope=openid+email&state=xyz&\
         code_challenge={CHALLENGE}&code_challenge_method=S256",
        shop.callback
    );
    browser.go(&request).await;
    assert!(browser.path().await.starts_with("/user/login?next="));
    browser.fill("email", EMAIL).await;
    browser.fill("password", PASSWORD).await;
    browser.send("/user/login").await;
    assert!(browser.path().await.starts_with("/user/authorize?client_id="));
    let heading = sentence("en", "consent-heading", &[("name", "Shop")]);
    assert_eq!(browser.read("h1").await.replace(['\u{2068}', '\u{2069}'], ""), heading);
    if let Some(checker) = checker().filter(|_| brand == Brand::Chromium && script) {
        let found = violations(&browser, &checker).await;
        assert!(found.is_empty(), "{found:#?}");
    }
    browser.press("button[value=allow]").await;
    let answer = shop.answered(&browser).await;
    assert!(answer.starts_with("GET /callback?code=") && answer.contains("&state=xyz&iss="), "{answer}");

    // Permitted once, it goes back at once; by a form where the client wants one.
    let form = format!("{}{request}&response_mode=form_post", stage.server.origin);
    browser.driver.goto(&form).await.unwrap();
    if !script {
        browser
            .driver
            .execute("document.querySelector('form[data-onward] button').click()", Vec::new())
            .await
            .unwrap();
    }
    let posted = async || shop.asked.lock().unwrap().iter().any(|line| line.starts_with("POST /callback"));
    eventually("the form arrives", posted).await;
    let answer = shop.answered(&browser).await;
    assert!(
        answer.contains("code=") && answer.contains("state=xyz") && !answer.contains("form-account"),
        "{answer}"
    );

    // The client has the browser sign out here too, and it comes back.
    let leave = format!(
        "/user/logout/application?client_id={id}&post_logout_redirect_uri={}&state=bye",
        shop.callback
    );
    browser.go(&leave).await;
    assert_eq!(browser.read("h1").await, sentence("en", "client-sign-out-title", &[]));
    if let Some(checker) = checker().filter(|_| brand == Brand::Chromium && script) {
        let found = violations(&browser, &checker).await;
        assert!(found.is_empty(), "{found:#?}");
    }
    browser.press("main form button").await;
    let answer = shop.answered(&browser).await;
    assert!(answer.starts_with("GET /callback?state=bye "), "{answer}");
    browser.go("/user/security").await;
    assert!(browser.path().await.starts_with("/user/login?next="));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_signs_somebody_in_in_chromium() {
    walk(Brand::Chromium, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_signs_somebody_in_in_chromium_without_script() {
    walk(Brand::Chromium, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_signs_somebody_in_in_firefox() {
    walk(Brand::Firefox, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_signs_somebody_in_in_webkit() {
    walk(Brand::WebKit, true).await;
}
