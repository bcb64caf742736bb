//! Settings as operators write them: texts that look like something else, and errors that repeat no value.

use std::path::Path;

use crate::program::{PROGRAM, Running, complaint, complaint_in, folder};
use crate::support::Visitor;

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
