//! The table of broken themes.

use std::path::Path;

use look::theme::{Finding, Position, Severity};
use rocket::tokio;

use crate::support::{MANIFEST, Theme, page, served_from};

/// A broken theme, and the first finding about it.
struct Case {
    name: &'static str,
    /// Writes the theme's folder, which already has a valid `theme.toml`.
    make: fn(&Path),
    file: &'static str,
    line: usize,
    column: usize,
    says: &'static str,
}

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

/// Writes a sign-in page with this text below its first line.
fn sign_in(folder: &Path, text: &str) {
    write(
        folder,
        "templates/pages/sign_in.html",
        format!("{{% extends \"builtin/pages/sign_in.html\" %}}\n{text}"),
    );
}

fn heading(folder: &Path, text: &str) {
    sign_in(folder, &format!("{{% block heading %}}\n{text}\n{{% endblock heading %}}"));
}

fn link(to: impl AsRef<Path>, folder: &Path, name: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(to, path).unwrap();
}

const SIGN_IN: &str = "templates/pages/sign_in.html";

const fn case(
    name: &'static str,
    make: fn(&Path),
    (file, line, column): (&'static str, usize, usize),
    says: &'static str,
) -> Case {
    Case { name, make, file, line, column, says }
}

#[rustfmt::skip]
const CASES: [Case; 69] = [
    case("syntax", |t| heading(t, "<h1>{{ page. }}</h1>"), (SIGN_IN, 3, 12), "cannot be understood"),
    case("a block that does not end", |t| sign_in(t, "{% block heading %}"), (SIGN_IN, 2, 1), "has no `{% endblock heading %}`"),
    case("two blocks of one name", |t| sign_in(t, "{% block heading %}{% endblock heading %}\n{% block heading %}{% endblock heading %}"), (SIGN_IN, 3, 10), "duplicated"),
    case("endless include", |t| write(t, "templates/pieces/notice.html", "<p>\n{% include \"pieces/notice.html\" %}"), ("templates/pieces/notice.html", 2, 13), "without end"),
    case("endless include by two", |t| { write(t, "templates/pieces/notice.html", "{% include \"pieces/alert.html\" %}"); write(t, "templates/pieces/alert.html", "{% include \"pieces/notice.html\" %}"); }, ("templates/pieces/alert.html", 1, 13), "without end"),
    case("endless macro", |t| { write(t, "templates/pieces/x.html", "{% macro x() %}\n{{ self::x() }}{% endmacro x %}"); heading(t, "{% import \"pieces/x.html\" as x %}"); write(t, SIGN_IN, "{% extends \"builtin/pages/sign_in.html\" %}\n{% import \"pieces/x.html\" as x %}\n{% block heading %}{{ x::x() }}{% endblock heading %}"); }, ("templates/pieces/x.html", 2, 10), "without end"),
    case("includes that multiply", |t| { for n in 0..20 { write(t, &format!("templates/pieces/n{n}.html"), format!("{{% include \"pieces/n{}.html\" %}}", n + 1).repeat(8)); } write(t, "templates/pieces/n20.html", "x"); heading(t, "{% include \"pieces/n0.html\" %}"); }, ("templates/pieces/n", 0, 0), "grows without end"),
    case("a page that extends itself", |t| write(t, SIGN_IN, "{% extends \"pages/sign_in.html\" %}"), (SIGN_IN, 1, 13), "builtin/pages/sign_in.html"),
    case("parents in a circle", |t| { write(t, "templates/a.html", "{% extends \"b.html\" %}"); write(t, "templates/b.html", "{% extends \"a.html\" %}"); }, ("templates/a.html", 1, 13), "extends itself"),
    case("missing parent", |t| write(t, SIGN_IN, "{% extends \"base.html\" %}"), (SIGN_IN, 1, 13), "no template `base.html`"),
    case("missing include", |t| heading(t, "{% include \"pieces/hat.html\" %}"), (SIGN_IN, 3, 13), "no template `pieces/hat.html`"),
    case("missing import", |t| write(t, SIGN_IN, "{% extends \"builtin/pages/sign_in.html\" %}\n{% import \"pieces/hat.html\" as hat %}"), (SIGN_IN, 2, 12), "no template `pieces/hat.html`"),
    case("unknown filter", |t| heading(t, "{{ site.name | shout }}"), (SIGN_IN, 3, 16), "no filter `shout`"),
    case("unknown function", |t| heading(t, "{{ shout(x=1) }}"), (SIGN_IN, 3, 4), "no function `shout`"),
    case("unknown test", |t| heading(t, "{% if page is loud %}x{% endif %}"), (SIGN_IN, 3, 15), "no test `loud`"),
    case("the environment", |t| heading(t, "{{ get_env(name=\"HOME\") }}"), (SIGN_IN, 3, 4), "no environment"),
    case("unknown macro", |t| write(t, SIGN_IN, "{% extends \"builtin/pages/sign_in.html\" %}\n{% import \"pieces/button.html\" as b %}\n{% block heading %}{{ b::knob(label=\"x\") }}{% endblock heading %}"), (SIGN_IN, 3, 26), "no macro `knob`"),
    case("a macro without its argument", |t| write(t, SIGN_IN, "{% extends \"builtin/pages/sign_in.html\" %}\n{% import \"pieces/button.html\" as b %}\n{% block heading %}{{ b::button() }}{% endblock heading %}"), (SIGN_IN, 3, 26), "needs `label`"),
    case("a macro that is not imported", |t| heading(t, "{{ text::field(name=\"x\") }}"), (SIGN_IN, 3, 4), "imported nowhere"),
    case("unknown variable", |t| heading(t, "<h1>\n  {{ page.fomr.email }}</h1>"), (SIGN_IN, 4, 6), "`page` has form, next"),
    case("unknown variable in a condition", |t| heading(t, "{% if page.wanted %}x{% endif %}"), (SIGN_IN, 3, 7), "never holds"),
    case("wrong type: a list as text", |t| heading(t, "{{ page.form.email.errors }}"), (SIGN_IN, 3, 4), "is a list"),
    case("wrong type: a loop over a number", |t| write(t, "templates/pages/error.html", "{% extends \"builtin/pages/error.html\" %}\n{% block heading %}{% for x in page.status %}{% endfor %}{% endblock heading %}"), ("templates/pages/error.html", 2, 23), "a number"),
    case("a range without end", |t| heading(t, "{% for x in range(end=1000000000) %}x{% endfor %}"), (SIGN_IN, 3, 13), "1000 numbers at most"),
    case("loops in loops in loops", |t| heading(t, &("{% for x in range(end=999) %}".repeat(3) + &"{% endfor %}".repeat(3))), (SIGN_IN, 3, 62), "takes too long"),
    case("unescaped output", |t| heading(t, "{{ page.form.email.value | safe }}"), (SIGN_IN, 3, 28), "escaping"),
    case("unescaped by a detour", |t| heading(t, "{% set x = \"<b>\" ~ page.next %}\n{{ x | upper | safe }}"), (SIGN_IN, 4, 16), "escaping"),
    case("a form without a field", |t| sign_in(t, "{% block form %}\n<form method=\"post\" action=\"/user/login\"><input id=\"f-email\" name=\"email\"><button>x</button></form>\n{% endblock form %}"), (SIGN_IN, 3, 29), "`password`"),
    case("a form by the wrong method", |t| sign_in(t, "{% block form %}\n<form action=\"/user/login\"><button>x</button></form>{% endblock form %}"), (SIGN_IN, 3, 15), "method=\"post\""),
    case("a form that goes elsewhere", |t| sign_in(t, "{% block form %}\n<form method=\"post\" action=\"/login\"></form>{% endblock form %}"), (SIGN_IN, 3, 1), "/user/login"),
    case("an inline script", |t| heading(t, "<h1>x</h1><script>alert(1)</script>"), (SIGN_IN, 3, 11), "content security policy"),
    case("an inline style", |t| heading(t, "<h1 style=\"color: red\">x</h1>"), (SIGN_IN, 3, 5), "content security policy"),
    case("a handler in a tag", |t| heading(t, "<h1 onclick=\"x()\">x</h1>"), (SIGN_IN, 3, 5), "content security policy"),
    case("no language", |t| write(t, "templates/layout.html", "{% extends \"builtin/layout.html\" %}".replace("{% extends \"builtin/layout.html\" %}", "<html><head><title>{% block title %}{% endblock title %}</title></head><body>{% block main %}{% endblock main %}</body></html>")), ("templates/layout.html", 1, 1), "lang"),
    case("a sentence that nobody wrote", |t| heading(t, "<h1>{{ t(key=\"hallo\") }}</h1>"), (SIGN_IN, 3, 15), "no sentence `hallo`"),
    case("style sheet missing", |t| heading(t, "{{ asset(path=\"paper.css\") }}"), (SIGN_IN, 3, 16), "no file `paper.css`"),
    case("a font that a style sheet misses", |t| write(t, "static/theme.css", "p {}\n@font-face { src: url(\"a.woff2\") }"), ("static/theme.css", 2, 24), "no file `a.woff2`"),
    case("a link out of the folder", |t| link("/etc/passwd", t, "static/passwd"), ("static/passwd", 1, 1), "leads out"),
    case("a folder that is a link out", |t| link("/etc", t, "templates"), ("templates", 1, 1), "leads out"),
    case("a link in a circle", |t| { link("b.html", t, "templates/a.html"); link("a.html", t, "templates/b.html"); }, ("templates/a.html", 1, 1), "leads nowhere"),
    case("a link to its own folder", |t| { write(t, "static/x.css", ""); link(".", t, "static/again"); }, ("static/again", 1, 1), "link to a folder"),
    case("a file of 50 MB", |t| write(t, "static/film.mp4", vec![0; 50 << 20]), ("static/film.mp4", 1, 1), "larger than 4 MiB"),
    case("not UTF-8", |t| write(t, SIGN_IN, b"<p>\nd\xe9j\xe0</p>"), (SIGN_IN, 2, 2), "not UTF-8"),
    case("a byte order mark", |t| write(t, SIGN_IN, "\u{feff}<p>"), (SIGN_IN, 1, 1), "byte order mark"),
    case("an empty page", |t| write(t, SIGN_IN, ""), (SIGN_IN, 1, 1), "empty"),
    case("a template by another name", |t| write(t, "templates/sign_in.tera", ""), ("templates/sign_in.tera", 1, 1), "*.html or *.txt"),
    case("sentences that do not parse", |t| write(t, "locales/fr.ftl", "sign-out = Sortir\nsign-in-title = {"), ("locales/fr.ftl", 2, 18), "Expected"),
    case("a sentence with another placeholder", |t| write(t, "locales/en.ftl", "password-hint = At least { $least }."), ("locales/en.ftl", 1, 28), "$least"),
    case("a language that is none", |t| write(t, "locales/the-french-one.ftl", "sign-out = x"), ("locales/the-french-one.ftl", 1, 1), "no language"),
    case("theme.toml that is none", |t| write(t, "theme.toml", "name = \"A\nversion = 1"), ("theme.toml", 1, 10), "not TOML"),
    case("brackets too deep to be read", |t| heading(t, &format!("{{{{ {}1{} }}}}", "f(x=".repeat(7), ")".repeat(7))), (SIGN_IN, 3, 1), "nested 6 deep"),
    case("a chain too long for a tree", |t| heading(t, &format!("{{{{ 1{} }}}}", " + 1".repeat(101))), (SIGN_IN, 3, 1), "100 operators"),
    case("conditions too deep for the stack", |t| heading(t, &("{% if page %}\n".repeat(25) + &"{% endif %}".repeat(25))), (SIGN_IN, 26, 1), "nested 24 deep"),
    case("a template of a megabyte", |t| heading(t, &"x".repeat(1 << 20)), (SIGN_IN, 1, 1), "256 KiB"),
    case("thousands of tags", |t| heading(t, &"{{ lang }}\n".repeat(4_001)), (SIGN_IN, 4_001, 1), "4000 tags"),
    case("braces too deep in a sentence", |t| write(t, "locales/fr.ftl", format!("sign-out = x\nsign-in-title = {}1{}", "{".repeat(7), "}".repeat(7))), ("locales/fr.ftl", 2, 23), "nested 6 deep"),
    case("a sentence as long as a book", |t| write(t, "locales/fr.ftl", format!("sign-out = x\nsign-in-title = {}", "x".repeat(5_000))), ("locales/fr.ftl", 2, 1), "4096 bytes"),
    case("theme.toml of brackets", |t| write(t, "theme.toml", format!("{MANIFEST}{}", "# [\n".repeat(1_001))), ("theme.toml", 1_005, 3), "brackets"),
    case("a value that doubles", |t| heading(t, &format!("{{% set x = \"0123456789abcdef\" %}}{}", "\n{% set x = x ~ x %}".repeat(15))), (SIGN_IN, 18, 1), "a value grows"),
    case("a value that doubles in a loop", |t| heading(t, "{% set x = \"a\" %}{% for n in range(end=20) %}\n{% set_global x = x ~ x %}{% endfor %}"), (SIGN_IN, 4, 1), "a value grows"),
    case("a value that a filter multiplies", |t| heading(t, "{% set x = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" %}\n{% set x = x | replace(from=\"a\", to=x) %}\n{% set x = x | replace(from=\"a\", to=x) %}"), (SIGN_IN, 5, 1), "a value grows"),
    case("a page of one text a thousand times", |t| heading(t, &format!("{{% for n in range(end=1000) %}}\n{}{{% endfor %}}", "x".repeat(9_000))), (SIGN_IN, 3, 1), "the page grows"),
    case("more turns than anybody waits for", |t| heading(t, "{% for n in range(end=1000) %}{% for m in range(end=150) %}\nx{% if n %}{% endif %}{% endfor %}{% endfor %}"), (SIGN_IN, 4, 2), "grows without end"),
    case("a style sheet that does not end", |t| write(t, "static/theme.css", ":root {\n  --accent: red;\np { color: blue }\n"), ("static/theme.css", 1, 7), "never closed"),
    case("a declaration without its end", |t| write(t, "static/theme.css", "p {\n  color: red\n  background: blue;\n}\n"), ("static/theme.css", 3, 3), "`;` is missing"),
    case("forms that nobody sees", |t| write(t, "static/theme.css", "p { color: red }\nmain form { display: none }\n"), ("static/theme.css", 2, 13), "hides every <form>"),
    case("a piece without its macro", |t| write(t, "templates/pieces/button.html", "{# Ours. #}\n{% macro btn(label) %}<button>{{ label }}</button>{% endmacro btn %}"), ("templates/pieces/button.html", 2, 1), "must have the macro `button(kind, label)`, which pages call; it has `btn`"),
    case("a piece whose macro takes less", |t| write(t, "templates/pieces/button.html", "{% macro button(label) %}<button>{{ label }}</button>{% endmacro button %}"), ("templates/pieces/button.html", 1, 4), "must take `kind`"),
    case("a style sheet of missing files", |t| write(t, "static/theme.css", "p { background: url(x.png) }\n".repeat(1_001)), ("static/theme.css", 1, 21), "no file"),
];

/// Themes whose `theme.toml` is missing or wrong, and folders that are not themes.
#[rustfmt::skip]
const MANIFESTS: [Case; 6] = [
    case("no theme.toml", |t| std::fs::remove_file(t.join("theme.toml")).unwrap(), ("theme.toml", 1, 1), "there is no theme.toml"),
    case("a newer contract", |t| write(t, "theme.toml", MANIFEST.replace("contract = 2", "contract = 7")), ("theme.toml", 4, 12), "contract 7"),
    case("a colour that is none", |t| write(t, "theme.toml", format!("{MANIFEST}[settings]\naccent = \"#12345\"\n")), ("theme.toml", 6, 10), "no colour"),
    case("a wrong type in theme.toml", |t| write(t, "theme.toml", MANIFEST.replace("\"1\"", "1")), ("theme.toml", 2, 11), "should be a text"),
    case("a zip in place of a folder", |t| { std::fs::remove_dir_all(t).unwrap(); std::fs::write(t, b"PK\x03\x04").unwrap(); }, (".", 1, 1), "unpack it"),
    case("nothing there", |t| std::fs::remove_dir_all(t).unwrap(), (".", 1, 1), "cannot be found"),
];

fn cases() -> impl Iterator<Item = &'static Case> {
    CASES.iter().chain(&MANIFESTS)
}

fn made(case: &Case) -> Theme {
    let theme = Theme::new();
    (case.make)(&theme.path());
    theme
}

#[test]
fn each_broken_theme_is_told_what_is_wrong_and_where() {
    let mut wrong = Vec::new();
    for case in cases() {
        let theme = made(case);
        let report = theme.check().report;
        let errors: Vec<&Finding> =
            report.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        let place = Position { line: case.line, column: case.column };
        // Where a walk of millions of steps ends depends on how large our own templates are.
        let anywhere = case.line == 0;
        let said = |finding: &&&Finding| {
            let here = finding.file == case.file && finding.place == place;
            let at = here || anywhere && finding.file.starts_with(case.file);
            at && finding.message.contains(case.says)
        };
        if errors.iter().find(said).is_none() {
            wrong.push(format!("{}: {errors:#?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn no_broken_theme_keeps_the_server_from_serving() {
    let data = tempfile::tempdir().unwrap();
    for case in cases() {
        let theme = made(case);
        let client = served_from(data.path(), &format!("theme = {:?}", theme.path())).await;
        let html = page(&client, "/user/login").await;
        assert!(
            html.contains("action=\"/user/login\"") && html.contains("name=\"password\""),
            "{}",
            case.name
        );
    }
}

#[test]
fn a_pipe_is_not_waited_for() {
    let theme = Theme::new();
    std::fs::create_dir_all(theme.path().join("static")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(theme.path().join("static/pipe")).status().unwrap();
    assert!(made.success());
    let report = theme.check().report;
    assert!(report.findings.iter().any(|finding| finding.file == "static/pipe"), "{report}");
}
