//! The site below a path of another site's host: `public_url = "https://www.example.org/account"`.

use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor, html, mail, until};

both_engines!(
    a_person_signs_up_and_in_and_goes_back_to_the_site,
    every_address_of_every_page_is_below_it,
    what_leads_here_from_elsewhere_is_below_it,
    nothing_else_of_the_host_is_answered,
    cookies_are_sent_below_it_alone,
);

const ADA: &str = "ada@example.org";
const SETTINGS: &str = "public_url = 'http://localhost/account'\nregistration.verify = 'optional'";

async fn signed_up(app: &TestApp) -> Visitor {
    let ada = app.visitor();
    let form = [("email", ADA), ("username", "ada"), ("password", PASSWORD)];
    let journey = ada.post("/account/user/create").form(&form).follow().await;
    let [login, profile] = ["/account/user/login", "/account/user/profil"];
    journey.went(&[(308, login), (308, profile), (303, profile)]);
    ada
}

async fn a_person_signs_up_and_in_and_goes_back_to_the_site(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = signed_up(&app).await;
    let leave = ada.post("/account/user/logout").form(&[("next", "/shop")]).send().await;
    assert_eq!(leave.header("location"), Some("/account/user/login?next=/shop"));
    let page = ada.get("/account/user/login?next=/shop").send().await.text();
    let form = html::form(&page, "/account/user/login").filled("email", "ada").filled("password", PASSWORD);
    let entered = ada.post("/account/user/login").form(&form.fields()).send().await;
    assert_eq!((entered.status, entered.header("location")), (303, Some("/shop")));
    // The way to a page of ours.
    let stranger = app.visitor();
    let asked = stranger.get("/account/user/devices").follow().await;
    asked.went(&[(303, "/account/user/login?next=/account/user/devices")]);
    let form = html::form(&asked.answer.text(), "/account/user/login").filled("email", "ada");
    let form = form.filled("password", PASSWORD);
    let journey = stranger.post("/account/user/login").form(&form.fields()).follow().await;
    journey.went(&[(303, "/account/user/devices")]);
    // A session that ended while a form was open.
    let page = app.visitor().post("/account/user/modify/profile").send().await.refusal_page(401);
    let form = html::form(&page, "/account/user/login");
    assert!(form.fields().contains(&("next", "/account/user/profil")), "{page}");
}

/// The values of the attributes that are addresses.
fn addresses(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in ["href", "src", "action", "formaction", "data-path"] {
        for part in page.split(&format!(" {name}=\"")).skip(1) {
            found.push(part.split('"').next().unwrap().replace("&#x2F;", "/"));
        }
    }
    found
}

async fn every_address_of_every_page_is_below_it(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = signed_up(&app).await;
    let stranger = app.visitor();
    let mut seen = 0;
    for (visitor, path) in [
        (&stranger, "/user/login"),
        (&stranger, "/user/create"),
        (&stranger, "/user/forgot"),
        (&stranger, "/user/verify"),
        (&stranger, "/user/reset?token=x"),
        (&stranger, "/nowhere"),
        (&stranger, "/api/docs"),
        (&ada, "/user/profil"),
        (&ada, "/user/devices"),
    ] {
        let page = visitor.get(&format!("/account{path}")).send().await.text();
        // An address that is but a query leads to the page itself.
        for address in addresses(&page).iter().filter(|address| !address.starts_with(['#', '?'])) {
            assert!(address.starts_with("/account/"), "{path}: {address}");
            // Files and pictures are there.
            if address.contains("/static/") || address.contains("/picture/") {
                assert_eq!(visitor.get(address).send().await.status, 200, "{path}: {address}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

async fn what_leads_here_from_elsewhere_is_below_it(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = signed_up(&app).await;
    until(Duration::from_secs(10), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    let mails = app.mails(ADA);
    let read = mails.iter().map(|mail| mail::read(mail)).next().unwrap();
    assert!(read.contains("http://localhost/account/user/verify?token="), "{read}");
    let token = mail::token_in(&read, "/user/verify");
    let prove = ada.post("/account/user/verify").form(&[("token", &token)]).follow().await;
    prove.went(&[(303, "/account/user/profil")]);
    let account = ada.get("/account/user/profil").wants_json().send().await.json();
    let picture = account["avatar_url"].as_str().unwrap().strip_prefix("http://localhost").unwrap();
    assert!(picture.starts_with("/account/user/picture/"), "{picture}");
    assert_eq!(ada.get(picture).send().await.status, 200);
    let key = app.key("shop").await;
    let asked = app.visitor().post("/account/admin/api_account/authenticate");
    let asked = asked.header("authorization", &format!("Bearer {key}"));
    let answer = asked.form(&[("email", ADA), ("password", PASSWORD)]).send().await.json();
    let redirect = answer["redirect_url"].as_str().unwrap().strip_prefix("http://localhost").unwrap();
    let entered = app.visitor().get(redirect).send().await;
    assert_eq!((entered.status, entered.header("location")), (303, Some("/account/user/profil")));
    // In a browser of another account a program is told where to confirm.
    let bob = app.visitor();
    let form = [("email", "bob@example.org"), ("password", PASSWORD)];
    bob.post("/account/user/create").form(&form).follow().await;
    let asked = app.visitor().post("/account/admin/api_account/authenticate");
    let asked = asked.header("authorization", &format!("Bearer {key}"));
    let answer = asked.form(&[("email", ADA), ("password", PASSWORD)]).send().await.json();
    let redirect = answer["redirect_url"].as_str().unwrap().strip_prefix("http://localhost").unwrap();
    let question = bob.get(redirect).wants_json().send().await.json();
    assert_eq!(question["confirm"], "/account/user/switch");
    let document = app.visitor().get("/account/api/openapi.json").send().await.json();
    assert_eq!(document["servers"][0]["url"], "/account");
    let docs = app.visitor().get("/account/api/docs").send().await.text();
    let shown = "<code>&#x2F;account&#x2F;user&#x2F;login</code>";
    assert!(docs.contains(shown) && docs.contains("data-path=\"/account&#x2F;user&#x2F;login\""), "{docs}");
}

async fn nothing_else_of_the_host_is_answered(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let visitor = app.visitor();
    for (path, status) in [
        ("/account", 303),
        ("/account/", 303),
        ("/account?x=1", 303),
        ("/account/user/login", 200),
        ("/account/health", 200),
        ("/health", 200),
        ("/health/ready", 200),
        ("/", 404),
        ("/user/login", 404),
        ("/accounts/user/login", 404),
        ("/account/account/user/login", 404),
        ("//account/user/login", 404),
        ("/Account/user/login", 404),
    ] {
        assert_eq!(visitor.get(path).send().await.status, status, "{path}");
    }
    // In the shape of what was asked for.
    visitor.get("/user/login").wants_json().send().await.problem(404);
    assert_eq!(visitor.get("/account").send().await.header("location"), Some("/account/user/login"));
    assert_eq!(visitor.post("/user/login").send().await.status, 404);
}

async fn cookies_are_sent_below_it_alone(engine: Engine) {
    for (url, name) in
        [("http://localhost/account/", "vestibule"), ("https://localhost/account", "__Secure-vestibule")]
    {
        let app = TestApp::with(engine, &format!("public_url = '{url}'")).await;
        let form = [("email", ADA), ("password", PASSWORD)];
        app.visitor().post("/account/user/create").form(&form).send().await;
        let entered = app.visitor().post("/account/user/login").form(&form).send().await;
        let set: Vec<_> = entered.all("set-cookie").collect();
        assert!(set.len() == 2 && set[0].starts_with(&format!("{name}=")), "{set:?}");
        assert!(set.iter().all(|cookie| cookie.contains("; Path=/account;")), "{set:?}");
        assert!(set.iter().all(|cookie| cookie.contains("; Secure") == url.starts_with("https")), "{set:?}");
    }
}
