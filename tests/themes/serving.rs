//! A server with a theme.

use std::path::Path;

use rocket::http::{ContentType, Header};
use rocket::tokio;

use crate::support::{MANIFEST, Theme, page, served, text, vestibule};

fn coloured() -> Theme {
    Theme::new()
        .with(
            "theme.toml",
            format!("{MANIFEST}[settings]\naccent = \"#123456\"\nwords = \"Come <in>\"\nwide = false\n"),
        )
        .with("static/theme.css", ":root { --accent: var(--theme-accent) }")
        .with("static/vestibule.css", "p { color: red }")
        .with(
            "templates/pages/sign_in.html",
            "{% extends \"builtin/pages/sign_in.html\" %}{% block heading %}<h1>{{ theme.words }}{% if theme.wide %} wide\
             {% endif %}{% if theme.words is defined %}!{% endif %}</h1>{% endblock heading %}",
        )
}

fn settings(theme: &Theme, more: &str) -> String {
    format!("theme = {:?}\n{more}", theme.path())
}

/// The URLs of the style sheets of a page.
fn sheets(html: &str) -> Vec<String> {
    let links = html.split("rel=\"stylesheet\" href=\"").skip(1);
    links.filter_map(|link| link.split_once('"')).map(|(address, _)| address.to_owned()).collect()
}

#[tokio::test]
async fn a_theme_is_served_with_its_settings_and_the_operators() {
    let theme = coloured();
    assert_eq!(theme.check().report.counts(), (0, 0), "{}", theme.check().report);
    let (client, _data) = served(&settings(&theme, "")).await;
    let html = page(&client, "/user/login").await;
    assert!(html.contains("<h1>Come &lt;in&gt;!</h1>"), "{html}");
    let sheet = page(&client, sheets(&html).last().unwrap()).await;
    assert_eq!(sheet, ":root {\n  --theme-accent: #123456;\n}\n:root { --accent: var(--theme-accent) }");

    let changed = "[theme_settings]\naccent = \"#abc\"\nwide = true\nwords = 3\nnonsense = 1";
    let (client, _data) = served(&settings(&theme, changed)).await;
    let html = page(&client, "/user/login").await;
    assert!(
        html.contains("<h1>Come &lt;in&gt; wide!</h1>"),
        "a number is no text, and the default stays: {html}"
    );
    assert!(page(&client, sheets(&html).last().unwrap()).await.contains("--theme-accent: #abc;"));
}

#[tokio::test]
async fn a_page_that_a_theme_does_not_have_is_ours_inside_its_layout() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/terminal");
    assert!(!folder.join("templates/pages/forgot.html").exists(), "terminal has this page by now");
    let (client, _data) = served(&format!("theme = {folder:?}")).await;
    let html = page(&client, "/user/forgot").await;
    assert!(html.contains("<header class=\"bar\">") && html.contains("<span class=\"prompt\""), "{html}");
    assert!(html.contains("<form method=\"post\" action=\"/user/forgot\">"), "{html}");
    let sheets = sheets(&html);
    let [own] = sheets.as_slice() else { panic!("{sheets:?}") };
    assert!(own.ends_with("/theme.css"), "{own}");
}

#[tokio::test]
async fn the_built_in_look_can_be_asked_for_and_lasts_for_the_answer_to_its_form() {
    let theme = coloured();
    let (client, _data) = served(&settings(&theme, "")).await;
    let html = page(&client, "/user/login?theme=builtin").await;
    assert!(html.contains("<h1>Sign in</h1>"), "{html}");
    let sheets = sheets(&html);
    let [ours] = sheets.as_slice() else { panic!("{sheets:?}") };
    assert!(page(&client, ours).await.contains("--accent-strong"), "its style sheet is ours too");

    let refused = client
        .post("/user/login")
        .header(ContentType::Form)
        .header(Header::new("referer", "https://accounts.example.org/user/login?theme=builtin"))
        .body("email=ada&password=wrong+wrong+wrong")
        .dispatch()
        .await;
    assert_eq!(refused.status().code, 401);
    assert!(refused.into_string().await.unwrap().contains("<h1>Sign in</h1>"));

    let missing = client.get("/nowhere?theme=builtin").dispatch().await;
    assert_eq!(missing.status().code, 404);
    assert!(!missing.into_string().await.unwrap().contains("theme.css"));
    assert!(page(&client, "/user/login?theme=other").await.contains("Come"));
}

/// A whole language, of which two sentences are translated.
fn in_german() -> String {
    let english = text(&vestibule(&["missing", "de"]).stdout);
    let english = english.replace("sign-in-title = Sign in", "sign-in-title = Anmelden");
    format!("{english}\nlocale-name = Deutsch\n")
}

#[tokio::test]
async fn a_language_of_the_theme_is_served_and_its_absence_stops_nothing() {
    let theme = Theme::new().with("locales/de.ftl", in_german());
    let (client, _data) = served(&settings(&theme, "locale = \"de\"")).await;
    let html = page(&client, "/user/login").await;
    assert!(html.contains("lang=\"de\"") && html.contains("<h1>Anmelden</h1>"), "{html}");

    let broken = theme.with("templates/layout.html", "{% if %}");
    let (client, _data) = served(&settings(&broken, "locale = \"de\"")).await;
    assert!(page(&client, "/user/login").await.contains("<h1>Sign in</h1>"));
}

#[tokio::test]
async fn a_slip_in_a_language_takes_its_sentence_and_not_the_language() {
    let sentences = "locale-name = Deutsch\n\nsign-in-title Anmelden\n\nforgot-title = Passwort vergessen\n";
    let theme = Theme::new().with("locales/de.ftl", sentences);
    let report = theme.check().report;
    let error = report.errors().next().unwrap();
    assert_eq!((error.code, error.place.line, report.counts().0), ("syntax", 3, 1), "{report}");
    // Nothing is told of the theme but that sentence, and the site starts with its one language.
    let (client, _data) = served(&settings(&theme, "locales = [\"de\"]")).await;
    let html = page(&client, "/user/login").await;
    assert!(html.contains("<h1>Sign in</h1>") && html.contains("lang=\"en\""), "{html}");
}

#[tokio::test]
async fn a_page_is_in_one_language_and_says_which() {
    let german = in_german();
    let without = german.lines().filter(|line| !line.starts_with("sign-up-title")).collect::<Vec<_>>();
    assert_eq!(without.len() + 1, german.lines().count());
    let theme = Theme::new().with("locales/de.ftl", without.join("\n"));
    let (client, _data) = served(&settings(&theme, "locale = \"fr\"")).await;
    let read = async |path: &'static str| {
        let request = client.get(path).header(Header::new("accept-language", "de"));
        request.dispatch().await.into_string().await.unwrap()
    };
    let sign_in = read("/user/login").await;
    assert!(sign_in.contains("lang=\"de\"") && sign_in.contains("<h1>Anmelden</h1>"), "{sign_in}");
    let sign_up = read("/user/create").await;
    assert!(sign_up.contains("<html lang=\"fr\">") && sign_up.contains("Mot de passe"), "{sign_up}");
    let refused = client
        .post("/user/create")
        .header(ContentType::Form)
        .header(Header::new("accept-language", "de"))
        .body("email=x&password=y")
        .dispatch()
        .await;
    let refused = refused.into_string().await.unwrap();
    assert!(refused.contains("<html lang=\"fr\">") && refused.contains("champs"), "{refused}");
}

/// A theme with a layout, a style sheet and a sign-up page of its own.
fn with_a_layout() -> Theme {
    coloured()
        .with(
            "templates/layout.html",
            "{% extends \"builtin/layout.html\" %}{% block footer %}<footer>Hand-made</footer>{% endblock footer %}",
        )
        .with(
            "templates/pages/sign_up.html",
            "{% extends \"builtin/pages/sign_up.html\" %}{% block heading %}<h1>Join us</h1>{% endblock heading %}",
        )
}

#[tokio::test]
async fn a_page_with_an_error_is_ours_in_the_themes_layout_and_the_others_stay() {
    let errors = [
        ("syntax", "templates/pages/sign_in.html", "{% block heading %}"),
        ("an unknown name", "templates/pages/sign_in.html", "{{ page.fomr.email }}"),
        (
            "a form that is missing",
            "templates/pages/sign_in.html",
            "{% extends \"builtin/pages/sign_in.html\" %}\
         {% block form %}<h1>Closed</h1>{% endblock form %}",
        ),
        ("not UTF-8", "templates/pages/sign_in.html", "\u{feff}x"),
        ("a macro that is missing", "templates/pieces/button.html", "{% macro btn() %}{% endmacro btn %}"),
        ("an error in a piece", "templates/pieces/mark.html", "{{ nonsense }}"),
    ];
    for (name, file, text) in errors {
        let theme = with_a_layout().with(file, text);
        assert!(theme.check().report.counts().0 > 0, "{name}");
        let (client, _data) = served(&settings(&theme, "")).await;
        let html = page(&client, "/user/login").await;
        assert!(html.contains("<footer>Hand-made</footer>"), "{name}: {html}");
        assert!(
            html.contains("action=\"/user/login\"") && html.contains("name=\"password\""),
            "{name}: {html}"
        );
        assert_eq!(html.contains("<h1>Sign in</h1>"), file.ends_with("sign_in.html"), "{name}: {html}");
        assert!(sheets(&html).iter().any(|sheet| sheet.ends_with("/theme.css")), "{name}: {html}");
        let other = page(&client, "/user/create").await;
        assert!(other.contains("<h1>Join us</h1>") && other.contains("Hand-made"), "{name}: {other}");
    }
}

#[tokio::test]
async fn an_error_in_the_manifest_or_the_layout_takes_the_theme_away_whole() {
    for (file, text) in [
        ("theme.toml", "name = "),
        ("templates/layout.html", "{% if %}"),
        ("templates/layout.html", "\u{feff}x"),
        (
            "templates/layout.html",
            "<html><head><title>x</title></head><body>{% block main %}{% endblock main %}",
        ),
    ] {
        let theme = with_a_layout().with(file, text);
        let (client, _data) = served(&settings(&theme, "")).await;
        let html = page(&client, "/user/login").await;
        assert!(html.contains("<h1>Sign in</h1>") && !html.contains("theme.css"), "{file} {text}: {html}");
    }
}

#[tokio::test]
async fn a_file_that_a_style_sheet_misses_takes_nothing_away() {
    let theme = with_a_layout().with("static/theme.css", "p { background: url(no.png) }");
    assert_eq!(theme.check().report.counts().0, 1);
    let (client, _data) = served(&settings(&theme, "")).await;
    let html = page(&client, "/user/login").await;
    assert!(html.contains("Come &lt;in&gt;") && html.contains("Hand-made"), "{html}");
}

#[tokio::test]
async fn only_the_languages_of_the_setting_are_served() {
    let (client, _data) = served("locales = [\"fr\"]").await;
    for accepted in ["en", "ru, en;q=0.5", "fr"] {
        let answer =
            client.get("/user/login").header(Header::new("accept-language", accepted)).dispatch().await;
        let html = answer.into_string().await.unwrap();
        assert!(html.contains("<html lang=\"fr\""), "{accepted}: {html}");
    }
    let two = "locale = \"ru\"\nlocales = [\"fr\", \"ru\"]";
    let (client, _data) = served(two).await;
    assert!(page(&client, "/user/login").await.contains("<html lang=\"ru\""));
}
