//! What people type and paste, and what clients say of the bytes that they send.

use store::Engine;

use crate::addresses;
use crate::engines::both_engines;
use crate::support::smtp::{Habits, MailServer};
use crate::support::{Body, PASSWORD, TestApp, html};

both_engines!(
    an_address_can_be_written_in_other_capitals,
    what_nobody_sees_is_dropped_around_an_address_and_named_inside_it,
    a_code_is_read_with_blanks_and_dashes,
    what_cannot_be_a_code_is_no_guess,
    utf_8_is_known_by_its_other_names,
    the_browser_refuses_no_address_that_the_server_takes,
    an_address_that_no_mail_would_reach_is_refused_at_its_field,
    a_mail_server_that_is_away_refuses_nobody,
    what_was_wrong_is_heard_at_the_field_that_has_the_focus,
    password_managers_learn_the_address_with_the_password,
);

async fn an_address_can_be_written_in_other_capitals(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let token = addresses::link(&app, &ada, "Ada@example.org").await;
    let page = ada.get(&format!("/user/email?token={token}")).send().await.text();
    assert!(page.contains("Ada@example.org"), "{page}");
    ada.post("/user/email").form(&[("token", &*token)]).follow().await.went(&[(303, "/user/profil")]);
    assert_eq!(ada.account().await["email"], "Ada@example.org");
    assert_eq!(app.visitor().log_in("ada@example.org", PASSWORD).await.status, 200);
    // Nobody is told that somebody wanted the address: it was its owner.
    assert!(!app.mails("").iter().any(|mail| mail.contains("already have an account")));
    addresses::ask(&ada, "Ada@EXAMPLE.org", PASSWORD).await.refused_fields(422, &["email"]);
}

async fn what_nobody_sees_is_dropped_around_an_address_and_named_inside_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    let pasted = "\u{200B}ada@example.org\u{FEFF}";
    let form = [("email", pasted), ("password", PASSWORD)];
    let made = app.visitor().post("/user/create").wants_json().form(&form).send().await;
    assert_eq!((made.status, &made.json()["email"]), (201, &"ada@example.org".into()));
    for typed in [pasted, "\u{2060}ada@example.org", "ada@example.org\u{A0}", "ada@example.org"] {
        assert_eq!(app.visitor().log_in(typed, PASSWORD).await.status, 200, "{typed:?}");
    }
    let form = [("email", "ad\u{200B}a@example.org"), ("password", PASSWORD)];
    let page = app.visitor().post("/user/create").form(&form).send().await.refusal_page(422);
    assert_eq!(
        html::error(&page, "email"),
        Some("This address contains an invisible character. Type it instead of pasting it.")
    );
    let named = app.visitor().post("/user/create").wants_json().form(&form).send().await.problem(422);
    assert_eq!(named["codes"]["email"][0], "email_invisible");
}

async fn code(app: &TestApp) -> String {
    let started = app.visitor().post("/auth/device").form(&[("name", "mirror")]).send().await;
    started.json()["code"].as_str().unwrap().to_owned()
}

async fn a_code_is_read_with_blanks_and_dashes(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let form = [("email", "ada@example.org"), ("password", PASSWORD)];
    let bearer = app.visitor().post("/auth/login").form(&form).send().await;
    let bearer = format!("Bearer {}", bearer.json()["bearer"].as_str().unwrap());
    for between in [" ", "-", " - ", "\u{2013}", "\u{A0}"] {
        let written = |code: String| format!("{}{between}{}", &code[..3], &code[3..].to_lowercase());
        let typed = written(code(&app).await);
        let asked = ada.post("/user/devices/pair").form(&[("code", &*typed)]).send().await;
        assert_eq!(asked.status, 200, "{typed:?}");
        let form =
            html::forms(&asked.text()).into_iter().find(|form| form.fields().contains(&("confirm", "yes")));
        let paired = ada.post("/user/devices/pair").form(&form.unwrap().fields()).follow().await;
        paired.went(&[(303, "/user/devices")]);
        let typed = written(code(&app).await);
        let api = app.visitor().post("/auth/pair").header("authorization", &bearer);
        assert_eq!(api.form(&[("code", &*typed)]).send().await.status, 200, "{typed:?}");
    }
}

async fn what_cannot_be_a_code_is_no_guess(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    let ada = app.signed_up("ada").await;
    let type_in = async |typed: &str| ada.post("/user/devices/pair").form(&[("code", typed)]).send().await;
    for typed in ["GHT2Q", "GHT2QAB", "what is this", "ada@example.org", "!!!!!!", "GHT2Q", "ÀÀÀÀÀÀ"] {
        let page = type_in(typed).await.refusal_page(404);
        assert!(html::error(&page, "code").is_some());
    }
    let shown = code(&app).await;
    assert_eq!(type_in(&shown).await.status, 200);
    for _ in 0..5 {
        type_in("222-222").await.refusal_page(404);
    }
    type_in(&shown).await.refusal_page(429);
}

async fn utf_8_is_known_by_its_other_names(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for (charset, status) in [
        ("utf-8", 200),
        ("utf8", 200),
        ("UTF8", 200),
        ("us-ascii", 200),
        ("iso-8859-1", 415),
        ("utf-16", 415),
    ] {
        for body in Body::kinds(&[("name", "Ada")]) {
            let body = Body::new(&format!("{}; charset={charset}", body.content_type), body.content);
            let answer = ada.post("/user/modify/profile").wants_json().body(body).send().await;
            assert_eq!(answer.status, status, "{charset}");
        }
    }
}

/// A browser's rule for `type="email"` (the HTML standard) knows no letters beyond ASCII before the @ sign.
async fn the_browser_refuses_no_address_that_the_server_takes(engine: Engine) {
    let fields = "[fields.work]\nlabel = { en = 'Work' }\ntype = 'email'\nsign_up = true\n";
    let app = TestApp::with(engine, fields).await;
    let visitor = app.visitor();
    let form = [("email", "zoé@example.org"), ("password", PASSWORD), ("work", "anaïs@example.org")];
    let page = visitor.get("/user/create").send().await.text();
    assert!(!page.contains("type=\"email\"") && html::input(&page, "email").contains("inputmode=\"email\""));
    assert!(html::input(&page, "work").contains("inputmode=\"email\""), "{page}");
    visitor.post("/user/create").form(&form).follow().await;
    assert_eq!(visitor.account().await["email"], "zoé@example.org");
    assert!(!visitor.profile_page().await.contains("type=\"email\""));
}

const ZOE: [(&str, &str); 2] = [("email", "zoé@example.org"), ("password", PASSWORD)];

async fn an_address_that_no_mail_would_reach_is_refused_at_its_field(engine: Engine) {
    for (tls, ascii) in
        [("none", true), ("starttls", true), ("smtps", true), ("none", false), ("starttls", false)]
    {
        let Some(server) = MailServer::with(Habits { tls, ascii, ..Habits::default() }) else { return };
        let settings = match tls {
            "none" => server.settings(),
            _ => {
                let url = if tls == "smtps" {
                    "smtps://localhost:PORT"
                } else {
                    "smtp://localhost:PORT?tls=required"
                };
                let authority = format!("smtp.ca_file = {:?}", server.certificate());
                format!("{}{authority}", server.settings_at(url))
            }
        };
        let app = TestApp::with(engine, &settings).await;
        let ada = app.signed_up("ada").await;
        let answer = app.visitor().post("/user/create").form(&ZOE).send().await;
        let change = [("email", "adé@example.org"), ("apassword", PASSWORD)];
        let changed = ada.post("/user/modify/email").form(&change).send().await;
        if !ascii {
            assert_eq!((answer.status, changed.status), (308, 303), "{tls}");
            continue;
        }
        let said =
            "We can’t send email to addresses with such letters before the @ sign. Use another address.";
        assert_eq!(html::error(&answer.refusal_page(422), "email"), Some(said), "{tls}");
        assert_eq!(html::error(&changed.refusal_page(422), "email"), Some(said), "{tls}");
        let api = app.visitor().post("/user/create").wants_json().form(&ZOE).send().await.problem(422);
        assert_eq!(api["codes"]["email"][0], "email_not_ascii");
        // The server is asked once, and a domain in another script is written in ASCII.
        let asked = server.commands().iter().filter(|command| command.starts_with("EHLO")).count();
        let form = [("email", "zoe@bücher.example"), ("password", PASSWORD)];
        assert_eq!(app.visitor().post("/user/create").form(&form).send().await.status, 308);
        app.visitor().post("/user/create").form(&ZOE).send().await.refusal_page(422);
        let again = server.commands().iter().filter(|command| command.starts_with("EHLO")).count();
        assert_eq!(again, asked, "{tls}");
    }
}

async fn a_mail_server_that_is_away_refuses_nobody(engine: Engine) {
    let Some(server) = MailServer::down() else { return };
    let app = TestApp::with(engine, &server.settings()).await;
    let visitor = app.visitor();
    assert_eq!(visitor.post("/user/create").form(&ZOE).send().await.status, 308);
    assert_eq!(visitor.log_in("ZOÉ@example.org", PASSWORD).await.status, 200);
}

async fn what_was_wrong_is_heard_at_the_field_that_has_the_focus(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let form = [("email", "ada"), ("password", "not this one")];
    let page = app.visitor().post("/user/login").form(&form).send().await.refusal_page(401);
    let password = html::input(&page, "password");
    assert!(password.contains(" autofocus") && password.contains("aria-describedby=\"alert\""), "{password}");
    assert!(page.contains("id=\"alert\" role=\"alert\""), "{page}");
    assert!(!html::input(&page, "email").contains(" autofocus"));
    // Without an alert nothing is described by it, and nothing has the focus.
    let page = app.visitor().get("/user/login").send().await.text();
    assert!(!page.contains("autofocus") && !page.contains("aria-describedby=\"alert\""), "{page}");
    // A field with an error of its own is described by that.
    let page = app.visitor().post("/user/login").form(&[("email", "ada")]).send().await.refusal_page(422);
    let password = html::input(&page, "password");
    assert_eq!(password.matches("aria-describedby").count(), 1);
    assert!(password.contains(" autofocus") && html::alert(&page).is_none(), "{page}");
    assert!(page.contains("<title>Error: Sign in · Vestibule</title>"), "{page}");
    // Several are named by the alert, which has the focus.
    let page = app.visitor().post("/user/create").form(&[("email", "")]).send().await.refusal_page(422);
    assert!(html::alert(&page).is_some_and(|said| said.contains('2')), "{page}");
    assert!(
        page.contains("tabindex=\"-1\" autofocus id=\"alert\"") && page.matches(" autofocus").count() == 1
    );
}

async fn password_managers_learn_the_address_with_the_password(engine: Engine) {
    let app = TestApp::new(engine).await;
    let page = app.visitor().get("/user/create").send().await.text();
    assert!(html::input(&page, "email").contains("autocomplete=\"username\""), "{page}");
    assert_eq!(page.matches("autocomplete=\"username\"").count(), 1);
    let page = app.signed_up("ada").await.profile_page().await;
    let form = html::between(&page, "action=\"/user/modify/email\"", "</form>").unwrap();
    let known = form.split('<').find(|tag| tag.contains("autocomplete=\"username\"")).unwrap();
    assert!(known.contains("value=\"ada@example.org\"") && known.contains("class=\"unseen\""), "{known}");
}
