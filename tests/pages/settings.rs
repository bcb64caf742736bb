//! Settings as operators write them: texts that look like something else, and errors that repeat no value.

use std::path::Path;

use crate::program::{PROGRAM, Running, command, complaint, complaint_in, folder};
use crate::support::{PASSWORD, Visitor};

/// Texts that figment would take for a number, a list, a section, a switch, or a text without its quotes.
const ODD: [&str; 8] =
    ["0123456789", "42", "\"in quotes\"", "[a, b]", "{a=1}", "true", "1e3", "it's 100 % «safe»"];

#[rocket::async_test]
async fn a_text_in_a_variable_is_itself() {
    for odd in ODD {
        let folder = folder("");
        let environment = [
            ("VESTIBULE_SITE__NAME", odd),
            ("VESTIBULE_SMTP_URL", "smtp://localhost:1"),
            ("VESTIBULE_SMTP__USERNAME", odd),
            ("VESTIBULE_SMTP__PASSWORD", odd),
            ("VESTIBULE_FIELDS__TEA__LABEL__EN", odd),
            ("VESTIBULE_FIELDS__TEA__SIGN_UP", "true"),
            ("VESTIBULE_FIELDS__TEA__MAX_LENGTH", "30"),
        ];
        let running = Running::start(Path::new(PROGRAM), folder.path(), &environment);
        let page = Visitor::new(running.address).get("/user/create").send().await.text();
        let shown = odd.replace('"', "&quot;").replace('\'', "&#x27;");
        let count = page.matches(shown.as_str()).count();
        assert!(count >= 2, "{odd} is the name and the label {count} times: {page}");
    }
}

#[test]
fn no_error_repeats_a_value() {
    const SECRET: &str = "hunter2";
    let odd = [SECRET, "0123456789", "[hunter2]", "{hunter2=1}", "\"hunter2\"", "https://u:hunter2@x/"];
    let told = |said: &str, name: &str| {
        assert!(said.contains(&format!("`{name}`")), "{name}: {said}");
        assert!(!said.contains(SECRET) && !said.contains("123456789"), "{name}: {said}");
        for word in ["u16", "u32", "u64", "usize", "enum", "variant", "a map", "sequence", "struct"] {
            assert!(!said.contains(word), "{name}: {said}");
        }
    };
    for (variable, name) in [
        ("VESTIBULE_RATE_LIMITS", "rate_limits"),
        ("VESTIBULE_PASSWORD__MIN_LENGTH", "password.min_length"),
        ("VESTIBULE_SMTP__CONNECTIONS", "smtp.connections"),
        ("VESTIBULE_REGISTRATION__VERIFY", "registration.verify"),
        ("VESTIBULE_HTTP__HSTS", "http.hsts"),
        ("VESTIBULE_CORS__ORIGINS", "cors.origins"),
        ("VESTIBULE_TRUSTED_PROXIES", "trusted_proxies"),
        ("VESTIBULE_PUBLIC_URL", "public_url"),
        ("VESTIBULE_DATABASE_URL", "database_url"),
        ("VESTIBULE_SMTP_URL", "smtp.url"),
        ("VESTIBULE_LOCALE", "locale"),
        ("VESTIBULE_SITE", "site"),
        ("VESTIBULE_PASSWORD", "password"),
        ("ROCKET_ADDRESS", "address"),
        ("ROCKET_WORKERS", "workers"),
    ] {
        for value in odd {
            // That is a number of workers, and the beginning of a section is one.
            let valid = (variable == "ROCKET_WORKERS" && value == "0123456789") || value.starts_with('{');
            if !valid {
                told(&complaint("", &[(variable, value)]), name);
            }
        }
    }
    for (settings, name) in [
        ("[default.smtp]\npassword = 123456789", "smtp.password"),
        ("[default.smtp]\npassword = [\"hunter2\"]", "smtp.password"),
        ("[default.smtp]\nurl = { a = \"hunter2\" }", "smtp.url"),
        ("[default.http]\nhosts = [\"a.example\", \"hunter2 x\"]", "http.hosts"),
        ("[default.cors]\norigins = [1234567890]", "cors.origins"),
        ("[default]\nport = \"hunter2\"", "port"),
    ] {
        // The port of the tests would hide the last.
        let said = if name == "port" {
            complaint(settings, &[("ROCKET_PORT", SECRET)])
        } else {
            complaint(settings, &[])
        };
        told(&said, name);
    }
}

#[test]
fn a_folder_is_no_database_and_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = folder("");
    let place = folder.path().join("somewhere");
    std::fs::create_dir(&place).unwrap();
    std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o755)).unwrap();
    let url = format!("sqlite:{}", place.display());
    let said = complaint_in(folder.path(), &[("VESTIBULE_DATABASE_URL", &url)]);
    assert!(said.contains("`database_url`") && said.contains("is a folder"), "{said}");
    assert_eq!(place.metadata().unwrap().permissions().mode() & 0o777, 0o755);
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = folder("");
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "milk, bread, tea").unwrap();
    let seen = || {
        let about = std::fs::metadata(&file).unwrap();
        (about.permissions().mode() & 0o777, std::fs::read_to_string(&file).unwrap())
    };
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let said = complaint_in(folder.path(), &[("VESTIBULE_DATABASE_URL", "sqlite:notes.txt")]);
    assert!(said.contains("`database_url`") && said.contains("it is no SQLite database"), "{said}");
    let list = command(Path::new(PROGRAM), folder.path(), &[("VESTIBULE_DATABASE_URL", "sqlite:notes.txt")])
        .args(["key", "list"])
        .output()
        .unwrap();
    assert!(!list.status.success());
    assert!(String::from_utf8_lossy(&list.stderr).contains("it is no SQLite database"), "{list:?}");
    assert_eq!(seen(), (0o644, "milk, bread, tea".to_owned()));
    assert!(!folder.path().join("notes.txt.lock").exists());
}

#[rocket::async_test]
async fn the_variables_of_a_kubernetes_service_are_no_settings() {
    let folder = folder("");
    let environment = [
        ("VESTIBULE_SERVICE_HOST", "10.0.0.1"),
        ("VESTIBULE_PORT", "tcp://10.0.0.1:80"),
        ("VESTIBULE_PORT_80_TCP_ADDR", "10.0.0.1"),
    ];
    let running = Running::start(Path::new(PROGRAM), folder.path(), &environment);
    assert_eq!(Visitor::new(running.address).get("/health").send().await.status, 200);
}

#[test]
fn a_file_that_cannot_be_used_is_named() {
    for (text, place) in [
        ("[default.smtp]\npassword = 0123hunter2\n", "Rocket.toml:2:13"),
        ("[default]\nsite = \"hunter2\n", "Rocket.toml:2:16"),
        ("port = 1\n", "Rocket.toml: `port`"),
        ("[smtp]\npassword = \"hunter2\"\n", "Rocket.toml: [smtp] should be [default.smtp]"),
    ] {
        let said = complaint(text, &[]);
        assert!(said.contains(place) && !said.contains("hunter2"), "{said}");
    }
    let said = complaint("", &[("ROCKET_CONFIG", "nowhere.toml")]);
    assert!(said.contains("nowhere.toml") && said.contains("ROCKET_CONFIG"), "{said}");
    let folder = folder("");
    std::fs::write(folder.path().join("Rocket.toml"), b"[default]\nsite = \"\xff\"").unwrap();
    assert!(complaint_in(folder.path(), &[]).contains("Rocket.toml is not UTF-8"));
}

#[test]
fn a_wrong_setting_is_answered_with_what_to_do() {
    for (settings, variables, said) in [
        // Names.
        (
            "",
            &[("VESTIBULE_PUBLICURL", "x")][..],
            "did you mean `public_url` (variable VESTIBULE_PUBLIC_URL)?",
        ),
        ("", &[("VESTIBULE_SMPT_URL", "x")], "did you mean `smtp.url` (variable VESTIBULE_SMTP_URL)?"),
        ("", &[("VESTIBULE_SMTP__URLL", "x")], "did you mean `smtp.url`"),
        (
            "",
            &[("ROCKET_DATABSE_URL", "x")],
            "did you mean `database_url` (variable VESTIBULE_DATABASE_URL)?",
        ),
        ("", &[("ROCKET_WORKERSS", "3")], "did you mean `workers` (variable ROCKET_WORKERS)?"),
        ("[default]\nworker = 3", &[], "did you mean `workers`"),
        ("[default.fields.tea]\nlable = { en = 'Tea' }", &[], "did you mean `fields.tea.label`"),
        ("", &[("VESTIBULE_FIELDS_TEA_TYPE", "text")], "two underscores for each dot"),
        (
            "",
            &[("VESTIBULE_SMTP_FROM", "a@b.example"), ("VESTIBULE_SMTP__FROM", "a@b.example")],
            "`smtp.from` is set by VESTIBULE_SMTP_FROM and by VESTIBULE_SMTP__FROM",
        ),
        // Sections and profiles.
        ("[defaults]\nlocale = 'fr'", &[], "there is no section [defaults]; did you mean [default]?"),
        ("[defualt.smtp]\nurl = 'x'", &[], "there is no section [defualt]; did you mean [default]?"),
        (
            "[default]\n[production]",
            &[("ROCKET_PROFILE", "prodution")],
            "it lacks the section that ROCKET_PROFILE",
        ),
        // Values.
        ("", &[("VESTIBULE_DATA_DIR", "")], "`data_dir` should be the path of a folder"),
        ("", &[("VESTIBULE_DATA_DIR", "/etc/passwd")], "`data_dir`: /etc/passwd: it is a file"),
        ("", &[("VESTIBULE_FIELDS__TEA__LABEL", "Tea")], "the label in each language, such as { en = "),
        (
            "",
            &[("VESTIBULE_PUBLIC_URL", "https://a.example.")],
            "`public_url` should name its host without a dot",
        ),
        ("", &[("VESTIBULE_PUBLIC_URL", "https:/a.example")], "`public_url` should be an address"),
        ("", &[("VESTIBULE_PUBLIC_URL", "https://a.example/b/../c")], "`public_url` should be an address"),
        ("", &[("ROCKET_WORKERS", "0")], "`workers` should be from 1 to 256"),
        ("", &[("ROCKET_WORKERS", "1000000")], "`workers` should be from 1 to 256"),
        ("", &[("VESTIBULE_THEME", "")], "`theme` should be the path of a folder"),
        ("", &[("VESTIBULE_DATABASE_URL", "sqlite:nowhere/x.sqlite")], "the folder nowhere is not there"),
        ("", &[("VESTIBULE_DATABASE_URL", "sqlite::memory:")], "a database in memory ends with the program"),
        ("", &[("VESTIBULE_SMTP_URL", "smtp://me:50%@a.example")], "`smtp.url`: write %25 for %"),
        ("", &[("VESTIBULE_PUBLIC_URL", "https://a.example\n")], "`public_url` ends with a line break"),
        ("", &[("VESTIBULE_DATABASE_URL", "sqlite:x.sqlite\n")], "`database_url` ends with a line break"),
        ("", &[("VESTIBULE_DATABASE_URL", "sqlite:")], "`database_url`: it names no file"),
        (
            "",
            &[("VESTIBULE_DATABASE_URL", "postgres://127.0.0.1/x?a=b")],
            "it has an unknown parameter; known are",
        ),
        (
            "",
            &[("VESTIBULE_DATABASE_URL", "postgres://u:p@127.0.0.1:1/x")],
            "127.0.0.1:1/x: the database is unavailable: C",
        ),
        (
            "",
            &[("VESTIBULE_SMTP_URL", "smtp://a.example?ssl=true")],
            "only parameter that it may have is `tls`",
        ),
        (
            "",
            &[("VESTIBULE_SMTP_URL", "smtps://a@b.example:p@ss#1@c.example")],
            "write %23, %2F, %3F and %40",
        ),
        ("", &[("VESTIBULE_SMTP_FROM", "Accounts")], "such as accounts@example.org or Accounts <"),
        (
            "[default.smtp]\nurl = 'smtps://u:p@a.example'\nusername = 'u'\npassword = 'p'",
            &[],
            "`smtp.url` says who signs in, and so do `smtp.username`",
        ),
        ("[default.smtp]\nurl = 'smtps://u@a.example'", &[], "`smtp.url` has a name without a password"),
        (
            "[default.smtp]\nurl = 'smtps://a.example'\nusername = 'u'",
            &[("VESTIBULE_SMTP_PASSWORD", "p\n")],
            "`smtp.password` ends with a line break",
        ),
    ] {
        let complaint = complaint(settings, variables);
        assert!(complaint.contains(said), "{settings:?} {variables:?}: {complaint}");
    }
    let several = complaint("[default]\nlocal = 'fr'\nworkres = 1\nsmtp.frm = 'x'", &[]);
    for name in ["`locale`", "`workers`", "`smtp.from`"] {
        assert!(several.contains(name), "{several}");
    }
}

#[rocket::async_test]
async fn one_underscore_is_as_good_as_two() {
    let folder = folder("");
    for variable in ["VESTIBULE_SITE_NAME", "VESTIBULE_SITE__NAME", "ROCKET_SITE_NAME"] {
        let environment = [(variable, "The Sea Library"), ("VESTIBULE_PASSWORD_MIN_LENGTH", "17")];
        let running = Running::start(Path::new(PROGRAM), folder.path(), &environment);
        let page = Visitor::new(running.address).get("/user/create").send().await.text();
        assert!(page.contains("The Sea Library") && page.contains("17"), "{variable}: {page}");
    }
}

#[test]
fn what_has_no_effect_is_in_the_log() {
    for (settings, variables, said) in [
        ("", &[("VESTIBULE_PLUGINS__NOTES__MOST", "1")][..], "`plugins.notes` has no effect"),
        ("[default]\n[production]\nlocale = 'fr'", &[], "the section [production] of the settings' file"),
        (
            "",
            &[("VESTIBULE_REGISTRATION_VERIFY", "required")],
            "`registration.verify` is `required` and `smtp.url` is",
        ),
        (
            "",
            &[("VESTIBULE_SMTP_URL", "smtp://localhost:1")],
            "`public_url` is not set: links in mail lead to http://",
        ),
        ("", &[("VESTIBULE_SMTP_FROM", "a@b.example")], "`smtp.from` sends no mail without `smtp.url`"),
        ("", &[("VESTIBULE_SESSION_IDLE_DAYS", "100")], "`session.idle_days` has no effect"),
        (
            "",
            &[("ROCKET_ADDRESS", "0.0.0.0")],
            "`public_url`: is not set: links in mail lead to the listener's",
        ),
    ] {
        let folder = folder(settings);
        let log = Running::start(Path::new(PROGRAM), folder.path(), variables).stop();
        let line = log.lines().find(|line| line.contains(said));
        assert!(line.is_some_and(|line| line.contains(" WARN ")), "{settings:?} {variables:?}: {log}");
    }
    let quiet = Running::start(Path::new(PROGRAM), folder("").path(), &[]).stop();
    assert!(!quiet.contains("setting `"), "{quiet}");
}

#[rocket::async_test]
async fn the_rates_are_the_operators() {
    let folder = folder("[default.rates]\nsign_ups_by_address = 1");
    let running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
    let mut answers = Vec::new();
    for name in ["ada", "bob"] {
        let email = format!("{name}@example.org");
        let form = [("email", email.as_str()), ("username", name), ("password", PASSWORD)];
        let ask = Visitor::new(running.address).post("/user/create").wants_json().form(&form);
        answers.push(ask.send().await.status);
    }
    assert_eq!(answers, [201, 429]);
}

#[test]
fn a_role_that_nobody_has_heard_of_stops_the_start() {
    let said = complaint("", &[("VESTIBULE_SECOND_FACTOR_REQUIRED", "[\"janitor\"]")]);
    assert!(said.contains("second_factor.required"), "{said}");
    assert!(said.contains("there is no role `janitor`; there are member, editor, administrator"), "{said}");
}
