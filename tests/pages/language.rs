//! The choice of a language below each page, for readers who have chosen none in an account.

use store::Engine;

use crate::engines::both_engines;
use crate::support::{TestApp, html};

both_engines!(
    a_link_chooses_the_language_and_a_cookie_keeps_it,
    the_page_and_the_way_back_stay,
    the_accounts_language_comes_first,
    only_languages_of_the_site_are_offered,
    programs_and_looks_ahead_change_nothing,
);

async fn a_link_chooses_the_language_and_a_cookie_keeps_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    let page = visitor.get("/user/login").header("accept-language", "ru").send().await.text();
    assert_eq!(html::language(&page), Some("ru"));
    assert!(page.contains("<b lang=\"ru\" aria-current=\"true\">Русский</b>"), "{page}");
    assert!(page.contains("<a href=\"?lang=fr\" hreflang=\"fr\" lang=\"fr\">Français</a>"), "{page}");

    let answer = visitor.get("/user/login?lang=fr").header("accept-language", "ru").send().await;
    let cookie = answer.header("set-cookie").unwrap();
    assert_eq!(cookie, "vestibule_lang=fr; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
    assert!(answer.header("vary").unwrap().contains("Cookie"));
    assert_eq!(html::language(&answer.text()), Some("fr"));
    // From then on, whatever the browser accepts, on error pages and in refused forms too.
    for ask in [
        visitor.get("/user/create"),
        visitor.get("/nowhere"),
        visitor.post("/user/login").form(&[("email", "ada"), ("password", "wrong password")]),
    ] {
        let page = ask.header("accept-language", "ru").send().await.text();
        assert_eq!(html::language(&page), Some("fr"), "{page}");
    }
    let secure = TestApp::with(engine, "public_url = 'https://accounts.example.org'").await;
    let answer = secure.visitor().get("/nowhere?lang=ru").send().await;
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-vestibule_lang=ru; ") && cookie.ends_with("; Secure"), "{cookie}");
}

async fn the_page_and_the_way_back_stay(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    let page = visitor.get("/user/forgot?requested=yes&next=/shop&lang=ru").send().await.text();
    assert!(page.contains("href=\"?requested=yes&amp;next=&#x2F;shop&amp;lang=fr\""), "{page}");
    // In a form that was refused, the way back stands in the body.
    let form = [("email", "ada"), ("password", "wrong password"), ("next", "/shop?a=b")];
    let page = visitor.post("/user/login").form(&form).send().await.text();
    assert!(page.contains("href=\"?next=&#x2F;shop%3Fa%3Db&amp;lang=fr\""), "{page}");
    // A page with the secret of a link in its form would lose it.
    let page = visitor.post("/user/reset").form(&[("token", "x"), ("npassword", "y")]).send().await.text();
    assert!(!page.contains("hreflang"), "{page}");
}

async fn the_accounts_language_comes_first(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let page = ada.get("/user/devices?lang=fr").send().await.text();
    assert_eq!(html::language(&page), Some("fr"));
    ada.post("/user/modify/profile").form(&[("locale", "ru")]).send().await;
    let page = ada.get("/user/devices?lang=fr").send().await.text();
    assert_eq!(html::language(&page), Some("ru"));
    assert!(!page.contains("hreflang"), "{page}");
}

async fn only_languages_of_the_site_are_offered(engine: Engine) {
    let app = TestApp::with(engine, "locales = ['fr', 'ru']").await;
    let answer = app.visitor().get("/user/login?lang=en").send().await;
    assert_eq!(answer.header("set-cookie"), None);
    let page = answer.text();
    assert_eq!(html::language(&page), Some("fr"));
    assert!(page.contains("hreflang=\"ru\"") && !page.contains("hreflang=\"en\""), "{page}");
    let app = TestApp::with(engine, "locales = ['fr']").await;
    let visitor = app.visitor();
    visitor.set_cookie("vestibule_lang", "ru");
    let page = visitor.get("/user/login").send().await.text();
    assert_eq!(html::language(&page), Some("fr"));
    assert!(!page.contains("hreflang"), "{page}");
}

async fn programs_and_looks_ahead_change_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    let head = visitor.ask("HEAD", "/user/login?lang=fr").send().await;
    let json = visitor.get("/user/profil?lang=fr").wants_json().send().await;
    assert_eq!((head.header("set-cookie"), json.header("set-cookie")), (None, None));
    // The words of a refusal are those of the pages.
    visitor.set_cookie("vestibule_lang", "fr");
    let refused = visitor.get("/user/profil").wants_json().send().await.problem(401);
    assert_eq!(refused["title"], "Veuillez vous connecter");
}
