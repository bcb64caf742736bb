//! The language of pages, and notices after redirects.

use store::Engine;

use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, html};

both_engines!(
    a_page_and_its_messages_come_in_the_readers_language,
    the_language_that_somebody_chose_goes_before_the_browsers,
    the_site_has_a_language_for_everybody_else,
    a_message_is_shown_once,
    only_messages_of_ours_are_shown,
);

const WRONG: [(&str, &str); 2] = [("email", "nobody"), ("password", "wrong password")];

async fn a_page_and_its_messages_come_in_the_readers_language(engine: Engine) {
    let app = TestApp::new(engine).await;
    let mut seen: Vec<[String; 5]> = Vec::new();
    for (header, language) in
        [("en-GB,en;q=0.5", "en"), ("fr-CA, fr;q=0.9, en;q=0.8", "fr"), ("de, ru;q=0.5", "ru")]
    {
        let visitor = app.visitor();
        let speaking = |ask: crate::support::Ask| ask.header("accept-language", header);
        let form = speaking(visitor.get("/user/login")).send().await.text();
        let refused = speaking(visitor.post("/user/login").form(&WRONG)).send().await.refusal_page(401);
        let invalid =
            speaking(visitor.post("/user/create").form(&[("email", "x")])).send().await.refusal_page(422);
        let missing = speaking(visitor.get("/nowhere")).send().await.refusal_page(404);
        let stranger = speaking(visitor.post("/user/modify/pp")).send().await.refusal_page(401);
        for page in [&form, &refused, &invalid, &missing, &stranger] {
            assert_eq!(html::language(page), Some(language));
        }
        let problem =
            speaking(visitor.post("/user/create").form(&[("email", "x")]).wants_json()).send().await;
        let problem = problem.problem(422);
        assert_eq!(problem["errors"]["email"][0].as_str(), html::error(&invalid, "email"));
        seen.push([
            html::headline(&form).unwrap().to_owned(),
            html::alert(&refused).unwrap().to_owned(),
            html::error(&invalid, "email").unwrap().to_owned(),
            html::headline(&missing).unwrap().to_owned(),
            problem["title"].to_string(),
        ]);
    }
    for one in 0..3 {
        for (said, elsewhere) in seen[one].iter().zip(&seen[(one + 1) % 3]) {
            assert_ne!(said, elsewhere);
        }
    }
}

async fn the_language_that_somebody_chose_goes_before_the_browsers(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let language = async || {
        let page = ada.get("/user/profil").header("accept-language", "ru").send().await.text();
        html::language(&page).unwrap().to_owned()
    };
    assert_eq!(language().await, "ru");
    ada.post("/user/modify/profile").form(&[("locale", "fr")]).send().await;
    assert_eq!(language().await, "fr");
    let page = ada.get("/user/profil").send().await.text();
    assert!(page.contains("<option value=\"fr\" selected>Français</option>"), "{page}");
    let form = [("apassword", "wrong password"), ("npassword", "another horse entirely")];
    let page = ada.post("/user/modify/password").form(&form).send().await.refusal_page(422);
    assert_eq!(html::language(&page), Some("fr"));
    ada.post("/user/modify/profile").form(&[("locale", "")]).send().await;
    assert_eq!(language().await, "ru");
}

async fn the_site_has_a_language_for_everybody_else(engine: Engine) {
    let app = TestApp::with(engine, "locale = 'fr'\nsite.name = 'Chez <Ada> & fils'").await;
    for header in ["de", "", "*", "x;q=nonsense"] {
        let page = app.visitor().get("/user/login").header("accept-language", header).send().await.text();
        assert_eq!(html::language(&page), Some("fr"), "{header}");
        assert!(page.contains("Chez &lt;Ada&gt; &amp; fils"));
    }
}

async fn a_message_is_shown_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let form = [("name", "Ada")];
    let first = ada.post("/user/modify/profile").form(&form).send().await;
    let cookie = first.all("set-cookie").find(|cookie| cookie.starts_with("vestibule_notice=")).unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Max-Age=60"));
    // An answer without a page keeps the notice.
    ada.get("/user/profil").wants_json().send().await;
    ada.get("/favicon.ico").send().await;
    assert_eq!(html::notice(&ada.profile_page().await), Some("Profile saved."));
    assert_eq!(ada.cookie("vestibule_notice"), None);
    assert_eq!(html::notice(&ada.profile_page().await), None);
    // A refused form shows no notice.
    ada.set_cookie("vestibule_notice", "profile_changed");
    let refused = ada.post("/user/modify/profile").form(&[("name", "a\tb")]).send().await.refusal_page(422);
    assert_eq!(html::notice(&refused), None);
}

async fn only_messages_of_ours_are_shown(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for forged in [
        "<script>alert(1)</script>",
        "nonsense",
        "",
        "error-required",
        "password-changed",
        "welcome%20",
        "../x",
    ] {
        ada.set_cookie("vestibule_notice", forged);
        let page = ada.profile_page().await;
        assert_eq!(html::notice(&page), None, "{forged}");
        assert!(forged.is_empty() || forged == "nonsense" || !page.contains(forged));
        assert_eq!(ada.cookie("vestibule_notice"), None);
    }
    // Uses the notices of the catalogue, so that no list has to be kept here.
    let catalog = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/en.ftl")).unwrap();
    let notices = catalog.lines().filter_map(|line| line.strip_prefix("notice-")?.split_once(" = "));
    let mut seen = 0;
    for (key, sentence) in notices {
        ada.set_cookie("vestibule_notice", &key.replace('-', "_"));
        let page = ada.profile_page().await;
        assert!(html::notice(&page).is_some_and(|notice| !notice.is_empty()), "{key}");
        if !sentence.contains(['{', '’', '\'']) {
            assert_eq!(html::notice(&page), Some(sentence), "{key}");
        }
        seen += 1;
    }
    assert!(seen >= 9, "only {seen} messages were found");
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
}
