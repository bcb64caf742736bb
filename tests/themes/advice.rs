//! What the check says about mistakes that a theme's author makes: the cause, once, and what to do.

use look::theme::{Finding, Severity};

use crate::support::{MANIFEST, Theme};

/// The findings about a theme with these files, in the order in which they are printed.
fn findings(files: &[(&str, &str)]) -> Vec<Finding> {
    let theme = files.iter().fold(Theme::new(), |theme, (name, text)| theme.with(name, text));
    theme.check().report.findings
}

fn said(files: &[(&str, &str)]) -> Vec<String> {
    findings(files).iter().map(Finding::in_a_line).collect()
}

#[track_caller]
fn assert_said(files: &[(&str, &str)], file: &str, words: &str) {
    let found = findings(files);
    let fits = |finding: &Finding| finding.file == file && finding.message.contains(words);
    assert!(found.iter().any(fits), "{words}: {found:#?}");
}

#[test]
fn a_manifest_that_cannot_be_read_is_all_that_is_reported() {
    let page = ("templates/pieces/mark.html", "<b>{{ theme.accent }}</b>");
    for manifest in
        ["name = \"A\nversion = \"1\"\n", "\u{feff}name", &format!("{MANIFEST}{}", "a = []\n".repeat(1_001))]
    {
        let found =
            said(&[("theme.toml", manifest), page, ("static/theme.css", "p { color: var(--theme-accent")]);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].starts_with("theme.toml:"), "{found:#?}");
    }
    // What names a setting with a wrong value is right.
    let manifest = format!("{MANIFEST}[settings]\naccent = \"#12345\"\n");
    let found = said(&[("theme.toml", &manifest), page]);
    assert_eq!(found.len(), 1, "{found:#?}");
}

#[test]
fn names_that_resemble_others_are_asked_about() {
    let sign_in = "templates/pages/sign_in.html";
    let heading = |inside: &str| {
        format!(
            "{{% extends \"builtin/pages/sign_in.html\" %}}{{% block heading %}}{inside}{{% endblock heading %}}"
        )
    };
    for (file, text, said) in [
        ("static/style.css", "p { color: red }", "did you mean `theme.css`"),
        ("static/vestible.css", "p { color: red }", "did you mean `vestibule.css`"),
        ("static/theme.css", ":root { --acent: red }", "did you mean `--accent`"),
        ("static/theme.css", "p { color: var(--theme-see) }", "nothing sets `--theme-see`"),
        ("static/theme.css", "p { color: var(--mutted) }", "did you mean `--muted`"),
        ("locales/en.ftl", "sign-in-title = Hello\n\nsign-in-title = Hi", "stands here twice"),
        ("locales/en.ftl", "sign-in-titel = Hello", "did you mean `sign-in-title`"),
        (sign_in, &heading("{{ t(key=\"sign-in-titel\") }}"), "did you mean `sign-in-title`"),
        (sign_in, &heading("{{ asset(path=\"favicon.png\") }}"), "did you mean `favicon.svg`"),
        (sign_in, &heading("{{ lang | uper }}"), "did you mean `upper`"),
        ("templates/pages/signin.html", "<p>", "did you mean `pages/sign_in.html`"),
    ] {
        assert_said(&[(file, text)], file, said);
    }
}

#[test]
fn a_language_has_a_code_and_a_name() {
    let german = "sign-in-title = Anmelden\n";
    let named = said(&[("locales/german.ftl", german)]);
    assert_eq!(named.len(), 1, "the cause alone: {named:#?}");
    assert!(named[0].contains("call this file de.ftl"), "{named:#?}");
    let nameless = said(&[("locales/de.ftl", german)]);
    assert!(nameless[0].contains("locale-name = Deutsch"), "first: {nameless:#?}");
    assert!(nameless[1].contains("`vestibule theme missing de`"), "{nameless:#?}");
}

#[test]
fn a_picture_in_a_mail_has_no_address() {
    let layout = "{% extends \"builtin/mail/recovery.html\" %}{% block content %}\
                  <img src=\"{{ asset(path='mark.svg') }}\" alt=\"\">{{ super() }}{% endblock content %}";
    assert_said(
        &[("static/mark.svg", "<svg/>"), ("templates/mail/recovery.html", layout)],
        "templates/mail/recovery.html",
        "names no host",
    );
}

#[test]
fn colours_that_cannot_be_read_are_measured_light_and_dark() {
    let css =
        ":root { --accent: #ffffee }\n@media (prefers-color-scheme: dark) { :root { --accent: #f2bd5c } }";
    let found = said(&[("static/theme.css", css)]);
    assert!(
        found.iter().any(|said| said.contains("`--accent` on `--surface` is 1.0 : 1 where it is light")),
        "{found:#?}"
    );
    assert!(!found.iter().any(|said| said.contains("where it is dark")), "{found:#?}");
    let dark = ":root { --text: var(--ink, red); --ink: #16252a }";
    let found = said(&[("static/theme.css", dark)]);
    assert!(
        found.iter().any(|said| said.contains("`--text` on `--back`") && said.contains("dark")),
        "{found:#?}"
    );
    // The operator's setting counts, through the property that it becomes.
    let manifest = format!("{MANIFEST}[settings]\nsee = \"#eeeeee\"\n");
    let through =
        said(&[("theme.toml", &manifest), ("static/theme.css", ":root { --accent: var(--theme-see) }")]);
    assert!(through.iter().any(|said| said.contains("`--accent` on `--back`")), "{through:#?}");
}

#[test]
fn what_is_hidden_and_shown_again_is_left_alone() {
    for css in [
        "body { opacity: 0; animation: in .3s forwards } @keyframes in { to { opacity: 1 } }",
        "form { display: none } form:target { display: grid }",
        ".tabs form { display: none }",
        "@media print { form { display: none } }",
        "form[hidden], .gone form { display: none }",
        "form p { display: none }",
    ] {
        let found = findings(&[("static/theme.css", css)]);
        assert!(found.iter().all(|finding| finding.severity == Severity::Warning), "{css}: {found:#?}");
    }
}

#[test]
fn files_that_something_loads_are_left_alone() {
    let found = said(&[
        ("static/theme.css", "@import \"more.css\"; p { background: url(fonts/wave.svg) }"),
        ("static/more.css", "p { color: red }"),
        ("static/fonts/wave.svg", "<svg/>"),
        ("static/fonts/OFL.txt", "licence"),
        ("static/vestibule.js", "import('./tabs.js')"),
        ("static/tabs.js", "x()"),
        ("static/logo.png", "x"),
        ("templates/pieces/mark.html", "<img src=\"{{ asset(path='logo.png') }}\" alt=\"\">"),
    ]);
    assert!(found.is_empty(), "{found:#?}");
}
