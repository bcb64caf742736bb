//! Forms on other origins that target this server.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::pictures::Album;
use crate::support::{Browser, EMAIL, Engine, PASSWORD, Stage, Taste};

/// Serves `html` to every request, on another port.
async fn elsewhere(html: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                html.len()
            );
            let answer = [head.as_str(), &html].concat();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    port
}

/// A page that tries to sign its visitor in to another account, and to change a password and a picture.
fn attack(target: &str) -> String {
    format!(
        r#"<!doctype html><title>Kittens</title><meta name="referrer" content="unsafe-url">
<form id="login" method="post" action="{target}/user/login"><input name="email" value="mallory@example.org">
<input name="password" value="{PASSWORD}"><button>more kittens</button></form>
<form id="sign-up" method="post" action="{target}/user/create"><input name="email" value="eve@example.org">
<input name="password" value="{PASSWORD}"><input name="city" value="Oslo"><button>more kittens</button></form>
<form id="password" method="post" action="{target}/user/modify/password"><input name="apassword" value="{PASSWORD}">
<input name="npassword" value="owned by kittens now"><button>more kittens</button></form>
<form id="plain" method="post" enctype="text/plain" action="{target}/user/modify/username">
<input name="username" value="kittens"><button>more kittens</button></form>
<form id="settle" method="post" action="{target}/user/profil"><button>more kittens</button></form>
<form id="logout" method="post" action="{target}/user/logout"><button>more kittens</button></form>
<form id="upload" method="post" enctype="multipart/form-data" action="{target}/user/modify/pp">
<input type="file" name="file"><button>more kittens</button></form>"#
    )
}

async fn is_still_ada(browser: &Browser, letter: &str) {
    browser.go("/user/profil").await;
    assert_eq!(browser.path().await, "/user/profil");
    assert!(browser.read("#email").await.contains(EMAIL));
    assert_eq!(browser.value("username").await, "ada");
    assert_eq!(browser.picture().await, letter);
}

async fn attacked_from(host: &str) {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let album = Album::new();
    stage.browser(Taste::default()).await.sign_up("mallory@example.org", "mallory", PASSWORD).await;
    let browser = stage.member(Taste::default()).await;
    let letter = browser.picture().await;
    let port = elsewhere(attack(&stage.server.origin)).await;
    let page = format!("http://{host}:{port}/");
    for form in ["login", "sign-up", "password", "plain", "settle", "logout", "upload"] {
        browser.driver.goto(&page).await.unwrap();
        if form == "upload" {
            let path = album.two_halves();
            browser.find("#upload [name=file]").await.send_keys(path.to_str().unwrap()).await.unwrap();
        }
        browser.press(&format!("#{form} button")).await;
        assert_eq!(browser.status().await, 403, "{form} from {host}");
        assert!(browser.text_of("return location.href").await.starts_with(&stage.server.origin));
        assert!(browser.shows("main h1").await, "{form} is refused with a page");
        is_still_ada(&browser, &letter).await;
    }
    // A script cannot read the answers, so the test looks at their effects.
    browser.driver.goto(&page).await.unwrap();
    let sent =
        browser.driver.execute_async(SCRIPTED, vec![stage.server.origin.as_str().into()]).await.unwrap();
    assert_eq!(sent.json(), 3);
    is_still_ada(&browser, &letter).await;
    browser.sign_out().await;
    browser.sign_in(EMAIL, PASSWORD).await;
    browser.sign_out().await;
    browser.try_sign_in("eve@example.org", PASSWORD).await;
    assert_eq!(browser.status().await, 401, "nobody was signed up");
}

const SCRIPTED: &str = r#"
const [target, done] = arguments;
const send = (path, body) => fetch(target + path, { method: "POST", mode: "no-cors", credentials: "include", body })
  .catch(() => {});
const picture = new FormData();
picture.append("file", new Blob(["GIF89a"], { type: "image/gif" }), "a.gif");
Promise.all([
  send("/user/modify/username", new URLSearchParams({ username: "kittens" })),
  send("/user/logout", new URLSearchParams()),
  send("/user/modify/pp", picture),
]).then((all) => done(all.length));
"#;

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_another_site_are_refused_and_change_nothing() {
    attacked_from("localhost").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_another_port_of_the_same_host_are_refused_and_change_nothing() {
    attacked_from("127.0.0.1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_ours_is_shown_in_nobodys_frame() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.browser(Taste::default()).await;
    let frame = format!(r#"<!doctype html><iframe src="{}/user/login"></iframe>"#, stage.server.origin);
    let port = elsewhere(frame).await;
    browser.driver.goto(format!("http://127.0.0.1:{port}/")).await.unwrap();
    let complaints = browser.complaints().await;
    assert!(complaints.iter().any(|line| line.contains("frame-ancestors")), "{complaints:?}");
}
