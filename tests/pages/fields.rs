//! The operator's own fields, at sign-up and on the profile page.

use serde_json::json;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, TestApp, html};

both_engines!(
    fields_asked_at_sign_up_are_checked_and_kept,
    a_required_field_is_missed_at_sign_up,
    every_kind_of_field_is_checked_and_kept_on_the_profile,
    a_box_that_is_not_ticked_means_no_on_a_page_and_nothing_to_a_program,
    a_number_is_typed_and_shown_with_the_decimal_mark_of_the_reader,
    a_program_sends_numbers_and_booleans_as_such,
    labels_come_in_the_readers_language_and_are_text,
);

const SETTINGS: &str = "
    fields.phone = { label = { en = 'Phone', fr = 'Téléphone <fixe>' }, sign_up = true, required = true, max_length = 12 }
    fields.news = { label = { en = 'News' }, type = 'boolean', sign_up = true }
    fields.tea = { label = { en = 'Tea' } }
    fields.site = { label = { en = 'Site' }, type = 'url' }
    fields.age = { label = { en = 'Age' }, type = 'number' }
    fields.born = { label = { en = 'Born' }, type = 'date' }
    fields.work_email = { label = { en = 'At work' }, type = 'email' }
";

const PHONE: &str = "+33 1 23 45";

fn sign_up<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("email", "ada@example.org"), ("username", "ada"), ("password", PASSWORD)][..], more].concat()
}

async fn fields_asked_at_sign_up_are_checked_and_kept(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let page = app.visitor().get("/user/create").send().await.text();
    assert!(html::input(&page, "phone").contains(" required"));
    assert!(html::input(&page, "news").contains("type=\"checkbox\""));
    assert!(!page.contains("name=\"tea\""), "tea is not asked at sign-up");
    let ada = app.visitor();
    let journey =
        ada.post("/user/create").form(&sign_up(&[("phone", PHONE), ("news", "true")])).follow().await;
    assert_eq!(journey.answer.status, 200);
    let page = journey.answer.text();
    assert_eq!(html::value(&page, "phone"), PHONE);
    assert!(html::input(&page, "news").contains(" checked"));
    assert_eq!(html::value(&page, "tea"), "");
    let fields = &ada.account().await["fields"];
    assert_eq!((&fields["phone"], &fields["news"]), (&json!(PHONE), &json!("true")));
}

async fn a_required_field_is_missed_at_sign_up(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    for phone in
        [&[][..], &[("phone", "")], &[("phone", "  ")], &[("phone", "1234567890123")], &[("phone", "1\n2")]]
    {
        for body in Body::kinds(&sign_up(phone)) {
            let answer = app.visitor().post("/user/create").wants_json().body(body.clone()).send().await;
            answer.refused_fields(422, &["phone"]);
            let page = app.visitor().post("/user/create").body(body).send().await.refusal_page(422);
            assert!(html::error(&page, "phone").is_some());
            assert_eq!(html::value(&page, "email"), "ada@example.org");
        }
    }
    let form = sign_up(&[("phone", "1234567890123"), ("news", "true")]);
    let page = app.visitor().post("/user/create").form(&form).send().await.refusal_page(422);
    assert_eq!(html::value(&page, "phone"), "1234567890123");
    assert!(html::input(&page, "news").contains(" checked"), "a tick was lost");
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 0);
}

async fn every_kind_of_field_is_checked_and_kept_on_the_profile(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.visitor();
    ada.post("/user/create").form(&sign_up(&[("phone", PHONE)])).follow().await;
    for (name, good, bad) in [
        ("phone", "+7 495 1", ""),
        ("tea", "<b>&\"Earl\" Grey", "a\tb"),
        ("site", "https://example.org/~ada", "javascript:alert(1)"),
        ("age", "36.5", "old"),
        ("born", "1815-12-10", "1815-02-30"),
        ("work_email", "ada@example.org", "ada"),
        ("news", "true", "perhaps"),
    ] {
        let change = |value| ada.post("/user/modify/profile").form(&[("name", "Ada"), (name, value)]);
        change(good).follow().await.went(&[(303, "/user/profil")]);
        let before = ada.account().await;
        assert_eq!(before["fields"][name], good);
        let page = ada.profile_page().await;
        if name != "news" {
            let shown = html::value(&page, name);
            let decoded = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
            assert_eq!(decoded.replace("&#x2F;", "/").replace("&amp;", "&"), good);
            assert!(!shown.contains('<'));
        }
        let page = change(bad).send().await.refusal_page(422);
        assert!(html::error(&page, name).is_some(), "{name}");
        if name != "news" && name != "tea" {
            assert_eq!(html::value(&page, name), bad);
        }
        change(bad).wants_json().send().await.refused_fields(422, &[name]);
        assert_eq!(ada.account().await, before);
    }
}

async fn a_box_that_is_not_ticked_means_no_on_a_page_and_nothing_to_a_program(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.visitor();
    ada.post("/user/create").form(&sign_up(&[("phone", PHONE), ("news", "true")])).follow().await;
    let news = async || ada.account().await["fields"]["news"].clone();
    let change = |form| ada.post("/user/modify/profile").form(form);
    assert_eq!(change(&[("name", "Ada")]).wants_json().send().await.status, 200);
    assert_eq!(news().await, "true");
    assert_eq!(change(&[("name", "Ada")]).send().await.status, 303);
    assert_eq!(news().await, "false");
    assert!(!html::input(&ada.profile_page().await, "news").contains(" checked"));
    assert_eq!(change(&[("name", "Ada"), ("news", "on")]).send().await.status, 303);
    assert_eq!(news().await, "true");
    // In a form with some of the fields a missing checkbox means nothing.
    assert_eq!(change(&[("tea", "Earl Grey")]).send().await.status, 303);
    assert_eq!(news().await, "true");
}

async fn a_number_is_typed_and_shown_with_the_decimal_mark_of_the_reader(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.visitor();
    ada.post("/user/create").form(&sign_up(&[("phone", PHONE)])).follow().await;
    for (language, typed, stored, shown) in [
        ("fr", "3,5", "3.5", "3,5"),
        ("ru", "1,234", "1.234", "1,234"),
        ("fr", "-36.25", "-36.25", "-36,25"),
        ("en", "3,5", "3.5", "3.5"),
    ] {
        let form = [("name", "Ada"), ("age", typed)];
        let change = ada.post("/user/modify/profile").header("accept-language", language).form(&form);
        change.follow().await.went(&[(303, "/user/profil")]);
        assert_eq!(ada.account().await["fields"]["age"], stored);
        let page = ada.get("/user/profil").header("accept-language", language).send().await.text();
        assert_eq!(html::value(&page, "age"), shown, "{language}");
        // What a page shows can be sent as it is.
        let form = [("name", "Ada"), ("age", shown)];
        let again = ada.post("/user/modify/profile").header("accept-language", language).form(&form);
        again.follow().await.went(&[(303, "/user/profil")]);
        assert_eq!(ada.account().await["fields"]["age"], stored);
    }
    // A thousand in English, a little more than one elsewhere.
    let form = [("name", "Ada"), ("age", "1,234")];
    let page = ada.post("/user/modify/profile").header("accept-language", "en").form(&form).send().await;
    let page = page.refusal_page(422);
    assert_eq!(html::value(&page, "age"), "1,234");
    assert!(html::error(&page, "age").is_some());
}

async fn a_program_sends_numbers_and_booleans_as_such(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.visitor();
    ada.post("/user/create").form(&sign_up(&[("phone", PHONE)])).follow().await;
    let change = async |fields: serde_json::Value| {
        let body = Body::new("application/json", fields.to_string());
        ada.post("/user/modify/profile").wants_json().body(body).send().await
    };
    let answer = change(json!({ "news": true, "age": 36 })).await;
    assert_eq!(answer.status, 200);
    let fields = &answer.json()["fields"];
    assert_eq!((&fields["news"], &fields["age"]), (&json!("true"), &json!("36")));
    assert_eq!(change(json!({ "news": false, "age": -1 })).await.json()["fields"]["news"], "false");
    for wrong in [json!({ "age": [36] }), json!({ "age": {} }), json!({ "tea": ["a", "b"] })] {
        change(wrong).await.problem(400);
    }
    assert_eq!(ada.account().await["fields"]["age"], "-1");
}

async fn labels_come_in_the_readers_language_and_are_text(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let page = async |language| {
        app.visitor().get("/user/create").header("accept-language", language).send().await.text()
    };
    assert!(page("fr").await.contains("Téléphone &lt;fixe&gt;"));
    assert!(page("ru").await.contains(">Phone<"));
    assert!(page("en").await.contains(">Phone<"));
}
