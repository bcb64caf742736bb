//! The way back, `next`, is kept between signing in, signing up, recovery and signing out.

use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, html, mail, until};

both_engines!(
    the_pages_before_signing_in_lead_to_each_other_with_it,
    whoever_signs_up_ends_where_they_wanted_to_go,
    it_may_stand_in_the_address_that_a_form_is_sent_to,
    recovery_keeps_it_until_the_mail_is_on_its_way,
    the_browser_that_asked_for_a_mailed_link_goes_on_with_it,
    verification_leads_on_with_it,
    whoever_is_signed_in_already_goes_on_at_once,
    signing_out_keeps_it,
    a_session_that_ended_leads_back_to_the_page_of_the_form,
    only_a_path_of_this_site_is_kept,
    a_theme_of_before_keeps_it_too,
);

const NEXT: &str = "/user/devices?a=b&c=d";
const QUERY: &str = "?next=%2Fuser%2Fdevices%3Fa%3Db%26c%3Dd";

async fn the_pages_before_signing_in_lead_to_each_other_with_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    for (page, to) in [
        ("/user/login", &["/user/create", "/user/forgot"][..]),
        ("/user/create", &["/user/login"]),
        ("/user/forgot", &["/user/login"]),
    ] {
        let with = visitor.get(&format!("{page}{QUERY}")).send().await.text();
        assert_eq!(html::form(&with, page).fields.iter().filter(|field| field.0 == "next").count(), 1);
        assert!(html::form(&with, page).fields().contains(&("next", NEXT)), "{with}");
        let without = visitor.get(page).send().await.text();
        assert!(!without.contains("next"), "{without}");
        for to in to {
            assert!(with.contains(&format!("href=\"{to}{QUERY}\"")), "{page} to {to}: {with}");
            assert!(without.contains(&format!("href=\"{to}\"")), "{page} to {to}: {without}");
        }
    }
}

async fn whoever_signs_up_ends_where_they_wanted_to_go(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    let page = visitor.get(&format!("/user/create{QUERY}")).send().await.text();
    let fill = |page: &str, password: &str| {
        let form = html::form(page, "/user/create");
        form.filled("email", "ada@example.org").filled("password", password)
    };
    // A refused form keeps it.
    let refused = visitor.post("/user/create").form(&fill(&page, "short").fields()).send().await;
    let page = refused.refusal_page(422);
    assert!(page.contains(&format!("href=\"/user/login{QUERY}\"")), "{page}");
    let journey = visitor.post("/user/create").form(&fill(&page, PASSWORD).fields()).follow().await;
    journey.went(&[(308, "/user/login"), (303, NEXT)]);
    assert!(visitor.is_signed_in().await);
}

async fn it_may_stand_in_the_address_that_a_form_is_sent_to(engine: Engine) {
    let app = TestApp::new(engine).await;
    let form = [("email", "ada@example.org"), ("password", PASSWORD)];
    let journey = app.visitor().post("/user/create?next=/user/devices").form(&form).follow().await;
    journey.went(&[(308, "/user/login?next=/user/devices"), (303, "/user/devices")]);
    let journey = app.visitor().post("/user/login?next=/user/devices").form(&form).follow().await;
    journey.went(&[(303, "/user/devices")]);
}

async fn recovery_keeps_it_until_the_mail_is_on_its_way(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    let page = visitor.get(&format!("/user/forgot{QUERY}")).send().await.text();
    let form = html::form(&page, "/user/forgot");
    let empty = visitor.post("/user/forgot").form(&form.fields()).send().await.refusal_page(422);
    assert!(empty.contains(&format!("href=\"/user/login{QUERY}\"")), "{empty}");
    let form = form.filled("email", "ada");
    let journey = visitor.post("/user/forgot").form(&form.fields()).follow().await;
    let page = journey.answer.text();
    assert!(html::notice(&page).is_some_and(|said| said.contains("we’ve emailed you a link")), "{page}");
    assert!(page.contains(&format!("href=\"/user/login{QUERY}\"")), "{page}");
}

async fn whoever_is_signed_in_already_goes_on_at_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for page in ["/user/login", "/user/create"] {
        ada.get(&format!("{page}{QUERY}")).follow().await.went(&[(303, NEXT)]);
        ada.get(page).follow().await.went(&[(303, "/user/profil")]);
        ada.get(&format!("{page}?next=//evil.example")).follow().await.went(&[(303, "/user/profil")]);
    }
    ada.post("/user/login").form(&[("next", NEXT)]).follow().await.went(&[(303, NEXT)]);
}

async fn signing_out_keeps_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    for json in [false, true] {
        let ada = app.visitor();
        let form = [("email", "ada@example.org"), ("password", PASSWORD)];
        ada.post("/user/create").form(&form).follow().await;
        let leave = ada.post("/user/logout").form(&[("next", "/user/devices")]);
        if json {
            assert_eq!(leave.wants_json().send().await.status, 200);
            continue;
        }
        let journey = leave.follow().await;
        journey.went(&[(303, "/user/login?next=/user/devices")]);
        let page = journey.answer.text();
        assert!(html::notice(&page).is_some(), "{page}");
        let form = html::form(&page, "/user/login").filled("email", "ada@example.org");
        let form = form.filled("password", PASSWORD);
        ada.post("/user/login").form(&form.fields()).follow().await.went(&[(303, "/user/devices")]);
        let leave = ada.post("/user/logout?next=/user/devices").follow().await;
        leave.went(&[(303, "/user/login?next=/user/devices")]);
        ada.post("/user/logout")
            .form(&[("next", "//evil.example")])
            .follow()
            .await
            .went(&[(303, "/user/login")]);
    }
}

async fn a_session_that_ended_leads_back_to_the_page_of_the_form(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    for (form, next) in [
        ("/user/modify/profile", "/user/profil"),
        ("/user/modify/password", "/user/security"),
        ("/user/modify/pp", "/user/profil"),
        ("/user/devices/pair", "/user/devices"),
        ("/user/devices/end-others", "/user/devices"),
    ] {
        let page = app.visitor().post(form).send().await.refusal_page(401);
        let sign_in = html::form(&page, "/user/login");
        assert!(sign_in.fields().contains(&("next", next)), "{form}: {page}");
        // The address comes first, and nothing was typed there yet.
        assert!(html::input(&page, "email").contains(" autofocus"), "{page}");
        assert!(!html::input(&page, "password").contains(" autofocus"), "{page}");
        let sign_in = sign_in.filled("email", "ada").filled("password", PASSWORD);
        let journey = app.visitor().post("/user/login").form(&sign_in.fields()).follow().await;
        assert_eq!(journey.answer.status, 200);
        assert!(journey.answer.text().contains("<span>ada</span>"));
    }
}

async fn only_a_path_of_this_site_is_kept(engine: Engine) {
    let app = TestApp::new(engine).await;
    for other in ["//evil.example", "/%5Cevil.example", "https://evil.example", "%2F%2Fevil.example", "evil"]
    {
        for page in ["/user/login", "/user/create", "/user/forgot"] {
            let html = app.visitor().get(&format!("{page}?next={other}")).send().await.text();
            assert!(!html.contains("evil"), "{page}: {html}");
        }
        let leave = app.visitor().post(&format!("/user/logout?next={other}")).send().await;
        assert_eq!(leave.header("location"), Some("/user/login"));
    }
    let hostile = "/%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
    let html = app.visitor().get(&format!("/user/create?next={hostile}")).send().await.text();
    assert!(!html.contains("<script>alert"), "{html}");
}

async fn a_theme_of_before_keeps_it_too(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("templates/pages")).unwrap();
    let manifest = "name = \"Old\"\nversion = \"1\"\nauthor = \"Ada\"\ncontract = 1\n";
    std::fs::write(folder.path().join("theme.toml"), manifest).unwrap();
    let page = "{% extends \"layout.html\" %}{% block title %}Up{% endblock title %}{% block main %}\
        {% include \"pieces/notice.html\" %}{% include \"pieces/alert.html\" %}<form class='own' method=post action='/user/create'>\
        <label for=\"f-email\">Email</label>{% for e in page.form.email.errors %}<p>{{ e.message }}</p>{% endfor %}<input id=\"f-email\" name=\"email\" required>\
        <label for=\"f-username\">Name</label>{% for e in page.form.username.errors %}<p>{{ e.message }}</p>{% endfor %}<input id=\"f-username\" name=\"username\">\
        <label for=\"f-password\">Password</label>{% for e in page.form.password.errors %}<p>{{ e.message }}</p>{% endfor %}<input id=\"f-password\" type=\"password\" name=\"password\" required>\
        {% for field in page.form.fields %}{% include \"pieces/custom_field.html\" %}{% endfor %}\
        <button>ok</button></form><a href='/user/login'>In</a>{% endblock main %}";
    std::fs::write(folder.path().join("templates/pages/sign_up.html"), page).unwrap();
    let app = TestApp::with(engine, &format!("theme = {:?}", folder.path())).await;
    let html = app.visitor().get(&format!("/user/create{QUERY}")).send().await.text();
    assert!(html.contains("class='own'"), "the theme is not served: {html}");
    assert!(html.contains(&format!("<a href='/user/login{QUERY}'>")), "{html}");
    assert_eq!(html::value(&html, "next"), "/user/devices?a=b&amp;c=d");
}

async fn the_browser_that_asked_for_a_mailed_link_goes_on_with_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    for (browser, location) in
        [(true, format!("/user/login{}", QUERY.replace("%2F", "/"))), (false, "/user/login".into())]
    {
        let visitor = app.visitor();
        visitor.post("/user/forgot").form(&[("email", "ada"), ("next", NEXT)]).send().await;
        let visitor = if browser { visitor } else { app.visitor() };
        let token = mailed(&app, "/user/reset").await;
        let choose = visitor.post("/user/reset").form(&[("token", &token), ("npassword", PASSWORD)]);
        let answer = choose.send().await;
        assert_eq!((answer.status, answer.header("location")), (303, Some(location.as_str())));
        // It is used up.
        assert_eq!(visitor.cookie("vestibule_next"), None);
        app.pass(Duration::from_secs(3_600));
    }
    // What a stranger put into the cookie leads nowhere else.
    for planted in
        ["//evil.example", "%2F%2Fevil.example", "https://evil.example", "%5C", "/\\evil.example", "="]
    {
        let visitor = app.visitor();
        visitor.post("/user/forgot").form(&[("email", "ada"), ("next", NEXT)]).send().await;
        visitor.set_cookie("vestibule_next", planted);
        let token = mailed(&app, "/user/reset").await;
        let choose = visitor.post("/user/reset").form(&[("token", &token), ("npassword", PASSWORD)]);
        assert_eq!(choose.send().await.header("location"), Some("/user/login"), "{planted}");
        app.pass(Duration::from_secs(3_600));
    }
}

async fn verification_leads_on_with_it(engine: Engine) {
    let app = TestApp::with(engine, "registration.verify = 'required'").await;
    let visitor = app.visitor();
    let form = [("email", "ada@example.org"), ("password", PASSWORD), ("next", NEXT)];
    let journey = visitor.post("/user/create").form(&form).follow().await;
    assert_eq!(html::headline(&journey.answer.text()), Some("Check your email"));
    let token = mailed(&app, "/user/verify").await;
    let prove = visitor.post("/user/verify").form(&[("token", &token), ("password", PASSWORD)]);
    let journey = prove.follow().await;
    journey.went(&[(303, &format!("/user/login{}", QUERY.replace("%2F", "/")))]);
    let page = journey.answer.text();
    assert!(html::form(&page, "/user/login").fields().contains(&("next", NEXT)), "{page}");
}

/// The secret of the newest link to `path` that was mailed.
async fn mailed(app: &TestApp, path: &str) -> String {
    until(Duration::from_secs(10), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    let mails = app.mails("ada@example.org");
    let mut read = mails.iter().rev().map(|mail| mail::read(mail));
    mail::token_in(&read.find(|mail| mail.contains(&format!("{path}?token="))).unwrap(), path)
}
