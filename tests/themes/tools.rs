//! `vestibule theme …`, as authors of themes use it.

use std::path::Path;

use serde_json::Value;

use crate::support::{Theme, checked_in_chromium, name, text, vestibule};

#[test]
fn a_new_theme_passes_its_check() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("blue-hour");
    assert!(vestibule(&["new", name(&folder)]).status.success());
    let checked = vestibule(&["check", name(&folder), "--strict"]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stdout));
    assert!(std::fs::read_to_string(folder.join("theme.toml")).unwrap().contains("blue-hour"));
    let again = vestibule(&["new", name(&folder)]);
    assert_eq!(again.status.code(), Some(2), "nothing is written over");
}

#[test]
fn the_themes_of_the_project_pass_without_a_warning() {
    for theme in ["paper", "terminal"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes").join(theme);
        let Some(checked) = checked_in_chromium(&folder) else { return };
        assert_eq!(checked.status.code(), Some(0), "{theme}: {}", text(&checked.stdout));
    }
}

#[test]
fn what_a_theme_hides_is_measured_where_it_is_shown() {
    let hidden = Theme::new().with(
        "static/theme.css",
        ".door .secret { opacity: 0 }\n@media (max-width: 40rem) { .door .button { position: absolute; left: -99rem } }\n",
    );
    let Some(checked) = checked_in_chromium(&hidden.path()) else { return };
    assert_eq!(checked.status.code(), Some(1));
    let said = text(&checked.stdout);
    let is_said = |width: u16, what: &str| {
        let place = format!("when pages/sign_in.html opens at {width} pixels, nobody sees or can press: ");
        let what = format!("the {what} of the form to /user/login");
        said.lines()
            .any(|line| line.starts_with("error[unseen]") && line.contains(&place) && line.contains(&what))
    };
    assert!(is_said(390, "field password") && is_said(1280, "field password"), "{said}");
    assert!(is_said(390, "button") && !is_said(1280, "button"), "{said}");
    assert!(!is_said(390, "field email"), "{said}");
}

#[test]
fn a_check_ends_with_a_status_and_points_at_the_line() {
    let theme = Theme::new().with(
        "templates/pages/sign_in.html",
        "{% extends \"builtin/pages/sign_in.html\" %}\n{% block heading %}<h1>{{ pgae.next }}</h1>{% endblock heading %}\n",
    );
    let checked = vestibule(&["check", name(&theme.path())]);
    assert_eq!(checked.status.code(), Some(1));
    let said = text(&checked.stdout);
    for line in [
        "  --> templates/pages/sign_in.html:2:27",
        " 2 | {% block heading %}<h1>{{ pgae.next }}</h1>{% endblock heading %}",
        "   |                           ^^^^^^^^^",
        "1 error, 0 warnings",
    ] {
        assert!(said.lines().any(|known| known == line), "{line}: {said}");
    }
    let json: Value =
        serde_json::from_slice(&vestibule(&["check", name(&theme.path()), "--format", "json"]).stdout)
            .unwrap();
    let finding = &json["findings"][0];
    assert_eq!((&json["errors"], &finding["line"], &finding["column"]), (&1.into(), &2.into(), &27.into()));
    assert_eq!((&finding["code"], &finding["severity"]), (&"unknown-variable".into(), &"error".into()));
    assert_eq!(vestibule(&["check", "/nowhere"]).status.code(), Some(2));
    let warned = Theme::new().with("templates/pieces/hat.html", "<p>\n");
    assert_eq!(vestibule(&["check", name(&warned.path())]).status.code(), Some(0));
    assert_eq!(vestibule(&["check", name(&warned.path()), "--strict"]).status.code(), Some(1));
}

#[test]
fn a_diff_shows_what_the_theme_changed() {
    let theme = Theme::new()
        .with(
            "templates/pieces/notice.html",
            "{% if notice -%}\n<p role=\"status\">{{ notice.message }}</p>\n{%- endif %}\n",
        )
        .with("static/own.css", "p {}");
    let diff = text(&vestibule(&["diff", name(&theme.path())]).stdout);
    for line in [
        "--- builtin/templates/pieces/notice.html",
        "+++ templates/pieces/notice.html",
        "-<p class=\"notice\"{% if notice.place %} tabindex=\"-1\" autofocus{% endif %} role=\"status\">{{ notice.message }}</p>",
        "+<p role=\"status\">{{ notice.message }}</p>",
        "static/own.css is the theme's own",
    ] {
        assert!(diff.lines().any(|known| known == line), "{line}: {diff}");
    }
}

#[test]
fn the_contract_is_for_programs_too() {
    let json: Value = serde_json::from_slice(&vestibule(&["contract", "--format", "json"]).stdout).unwrap();
    assert_eq!(json["contract"], 2);
    let templates = json["templates"].as_array().unwrap();
    let find = |name: &str| templates.iter().find(|template| template["name"] == name).unwrap();
    let sign_in = find("pages/sign_in.html");
    let form = &sign_in["forms"][0];
    assert_eq!((&form["method"], &form["action"]), (&"post".into(), &"/user/login".into()));
    let field =
        |name: &str| form["fields"].as_array().unwrap().iter().find(|field| field["name"] == name).unwrap();
    assert_eq!(field("password")["required"], true);
    assert_eq!(field("next")["type"], "hidden");
    let variables = sign_in["variables"].as_array().unwrap();
    assert!(variables.iter().any(|line| line["name"] == "page.form.email.value" && line["type"] == "text"));
    assert!(sign_in["blocks"].as_array().unwrap().contains(&"heading".into()));
    for template in templates {
        for line in template["variables"].as_array().unwrap() {
            assert_ne!(line["about"], "", "{line} of {}", template["name"]);
            assert_ne!(line["type"], "anything", "{line} of {}", template["name"]);
        }
    }
    let picture = find("pages/profile.html")["forms"].as_array().unwrap();
    assert!(picture.iter().any(|form| form["enctype"] == "multipart/form-data"));
}

#[test]
fn originals_can_be_read_and_copied() {
    let profile = text(&vestibule(&["show", "pages/profile.html"]).stdout);
    assert!(profile.contains("{% extends"), "{profile}");
    assert_eq!(text(&vestibule(&["show", "templates/pages/profile.html"]).stdout), profile);
    assert!(text(&vestibule(&["show", "en.ftl"]).stdout).contains("\nsign-in-title = "));
    let all = text(&vestibule(&["show"]).stdout);
    assert!(all.lines().any(|line| line == "static/vestibule.css") && !all.contains("builtin/"), "{all}");
    let missing = vestibule(&["show", "pages/profil.html"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("did you mean pages/profile.html?"), "{}", text(&missing.stderr));

    let theme = Theme::new();
    let eject = |into: &Path| vestibule(&["eject", "pages/profile.html", "--into", name(into)]);
    assert!(eject(&theme.path()).status.success());
    let copy = std::fs::read_to_string(theme.path().join("templates/pages/profile.html")).unwrap();
    assert!(copy.ends_with(&profile), "{copy}");
    let checked = vestibule(&["check", name(&theme.path()), "--strict"]);
    assert_eq!(checked.status.code(), Some(0), "a copy is no mistake: {}", text(&checked.stdout));
    assert_eq!(eject(&theme.path()).status.code(), Some(2), "nothing is written over");
    assert_eq!(eject(theme.path().parent().unwrap()).status.code(), Some(2), "no theme is there");
}

#[test]
fn what_a_language_lacks_can_be_translated() {
    let theme = Theme::new().with("locales/de.ftl", "locale-name = Deutsch\nsign-in-title = Anmelden\n");
    let strict = |more: &[&str]| {
        let path = theme.path();
        vestibule(&[&["check", name(&path), "--strict"], more].concat()).status.code()
    };
    assert_eq!(strict(&[]), Some(1));
    assert_eq!(strict(&["--allow", "missing-sentence"]), Some(0), "while somebody translates");
    let english = text(&vestibule(&["missing", "de"]).stdout);
    let nearly =
        english.lines().filter(|line| !line.starts_with("sign-in-title")).collect::<Vec<_>>().join("\n");
    let nearly = Theme::new().with("locales/de.ftl", format!("{nearly}\nlocale-name = Deutsch\n"));
    let said = text(&vestibule(&["check", name(&nearly.path())]).stdout);
    let wanted = "pages/sign_in.html is in another language as long as these are missing: sign-in-title";
    assert!(said.contains(wanted), "{said}");
    assert_eq!(strict(&["--allow", "contrast"]), Some(1));
    let lacking = text(&vestibule(&["missing", "de", "--theme", name(&theme.path())]).stdout);
    assert!(lacking.contains("sign-up-title = ") && !lacking.contains("sign-in-title = "), "{lacking}");
    let whole =
        theme.with("locales/de.ftl", format!("locale-name = Deutsch\nsign-in-title = Anmelden\n{lacking}"));
    assert_eq!(text(&vestibule(&["missing", "de", "--theme", name(&whole.path())]).stdout), "");
    let checked = vestibule(&["check", name(&whole.path()), "--strict"]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stdout));
    assert_eq!(text(&vestibule(&["missing", "fr"]).stdout), "");
    assert!(text(&vestibule(&["missing", "german"]).stderr).contains("de.ftl"));
}
