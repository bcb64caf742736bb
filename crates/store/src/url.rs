//! The URL of the database, checked before a driver reads it. A driver ignores what it does not know, or
//! repeats it, and that may be part of a password in the wrong place: no text here does.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use url::{Url, form_urlencoded};

/// Whether the value of a parameter is right, and what it should be.
type Rule = (fn(&str) -> bool, &'static str);

/// The parameters of an SQLite URL (<https://sqlite.org/uri.html>) that the driver knows.
const OF_SQLITE: [(&str, Rule); 4] = [
    ("mode", (|value| ["ro", "rw", "rwc"].contains(&value), "ro, rw or rwc")),
    ("cache", (|value| ["shared", "private"].contains(&value), "shared or private")),
    ("immutable", (|value| ["true", "false", "1", "0"].contains(&value), "true or false")),
    ("vfs", (any, "")),
];

/// The parameters of a PostgreSQL URL that the driver knows, and the most usual spelling of each. The last
/// are other clients', which the driver leaves out: hosts of databases write them into the addresses that
/// they show.
const OF_POSTGRES: [(&str, Rule); 25] = [
    ("sslmode", SSL_MODE),
    ("ssl-mode", SSL_MODE),
    ("sslrootcert", (any, "")),
    ("ssl-root-cert", (any, "")),
    ("ssl-ca", (any, "")),
    ("sslcert", (any, "")),
    ("ssl-cert", (any, "")),
    ("sslkey", (any, "")),
    ("ssl-key", (any, "")),
    ("statement-cache-capacity", (|value| value.parse::<usize>().is_ok(), "a whole number")),
    ("host", (any, "")),
    ("hostaddr", (|value| value.parse::<IpAddr>().is_ok(), "an IP address")),
    ("port", (|value| value.parse::<u16>().is_ok(), "a number from 1 to 65535")),
    ("dbname", (any, "")),
    ("user", (any, "")),
    ("password", (any, "")),
    ("application_name", (any, "")),
    ("options", (any, "")),
    ("options[NAME]", (any, "")),
    ("channel_binding", (any, "")),
    ("connect_timeout", (any, "")),
    ("gssencmode", (any, "")),
    ("keepalives", (any, "")),
    ("pgbouncer", (any, "")),
    ("target_session_attrs", (any, "")),
];

const SSL_MODE: Rule = (
    |value| ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"].contains(&value),
    "disable, allow, prefer, require, verify-ca or verify-full",
);

fn any(_: &str) -> bool {
    true
}

/// What to do about a character that ends a part of a URL.
const ENCODE: &str = "write %23, %2F, %3F and %40 for #, /, ? and @ in a name or password";

/// Checks the URL of a database, without connecting.
///
/// # Errors
/// The fault in the URL, in words that contain nothing of it.
pub fn check_url(url: &str) -> Result<(), String> {
    if let Some(rest) = url.strip_prefix("sqlite:") {
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let (file, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        if file.is_empty() {
            return Err("it names no file: sqlite:FILE".to_owned());
        }
        if is_in_memory(url) {
            return Err("a database in memory ends with the program: sqlite:FILE".to_owned());
        }
        let beginning = file.split('/').next().unwrap_or_default();
        if url.starts_with("sqlite://") && beginning.contains('@') {
            return Err("a SQLite database has no user and no host: sqlite:FILE".to_owned());
        }
        return check_parameters(parameters, &OF_SQLITE);
    }
    if !url.starts_with("postgres:") && !url.starts_with("postgresql:") {
        return Err("it should begin with sqlite: or postgres://".to_owned());
    }
    let parsed = Url::parse(url).map_err(|error| format!("it is no URL ({error}); {ENCODE}"))?;
    if parsed.fragment().is_some() || parsed.path().contains('@') {
        return Err(format!("a part of it would be ignored; {ENCODE}"));
    }
    check_parameters(parsed.query().unwrap_or_default(), &OF_POSTGRES)
}

fn check_parameters(written: &str, known: &[(&str, Rule)]) -> Result<(), String> {
    for (name, value) in form_urlencoded::parse(written.as_bytes()) {
        let an_option = name.starts_with("options[") && name.ends_with(']');
        let found =
            known.iter().find(|(known, _)| *known == name || (an_option && *known == "options[NAME]"));
        match found {
            None => {
                let known: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                return Err(format!("it has an unknown parameter; known are {}", known.join(", ")));
            }
            Some((name, (is_right, should))) if !is_right(&value) => {
                return Err(format!("its parameter `{name}` should be {should}"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn is_in_memory(url: &str) -> bool {
    url.contains(":memory:") || url.contains("mode=memory")
}

/// The file of the SQLite database that `url` names. `None` for PostgreSQL, for a database in memory, and for
/// a URL that cannot be parsed.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    if is_in_memory(url) || !url.starts_with("sqlite:") {
        return None;
    }
    SqliteConnectOptions::from_str(url).ok().map(|options| options.get_filename().to_owned())
}

/// Where the PostgreSQL database of `url` is: `HOST:PORT/NAME`, or the folder of the server's socket and the
/// name. `None` for SQLite.
pub fn postgres_server(url: &str) -> Option<String> {
    if url.starts_with("sqlite:") {
        return None;
    }
    let options = PgConnectOptions::from_str(url).ok()?;
    let server = match options.get_socket() {
        Some(folder) => folder.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    // Without a name, PostgreSQL takes that of the user.
    Some(options.get_database().map_or_else(|| server.clone(), |name| format!("{server}/{name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_used_whole_or_refused_and_never_repeated() {
        for good in [
            "sqlite:data/x.sqlite",
            "sqlite:///var/x.sqlite?mode=rwc&cache=private",
            "postgres://u:p@host/name",
            "postgresql://u:p%23%2F%3F%40@host:5432/name?sslmode=verify-full&sslrootcert=/a.pem",
            "postgres:///name?host=/run/postgresql&user=u&port=5433&options[search_path]=x",
            "postgres://u@[::1]/name?application_name=x&statement-cache-capacity=10&hostaddr=192.0.2.1",
        ] {
            assert_eq!(check_url(good), Ok(()), "{good}");
        }
        for (bad, said) in [
            ("mysql://u:hunter2@h/x", "sqlite: or postgres://"),
            ("/hunter2.sqlite", "sqlite: or postgres://"),
            ("sqlite:", "no file"),
            ("sqlite://?mode=rw", "no file"),
            ("sqlite:x?hunter2=1", "unknown parameter; known are mode"),
            ("sqlite::memory:", "ends with the program"),
            ("sqlite:x?mode=memory", "ends with the program"),
            ("sqlite://ada:hunter2@host/x", "no user and no host"),
            ("sqlite:x?mode=hunter2", "`mode` should be ro, rw"),
            ("sqlite:x?cache=hunter2", "`cache`"),
            ("sqlite:x?immutable=hunter2", "`immutable`"),
            ("postgres://u:hunter2@h:99999/x", "%23"),
            ("postgres://u:hun#ter2@h/x", "%23"),
            ("postgres://u:p@s#hunter2@h/x", "%23"),
            ("postgres://u:12/hunter2@h/x", "%23"),
            ("postgres://u:12?hunter2@h/x", "unknown parameter"),
            ("postgres://u:hun/ter2@h/x", "%23"),
            ("postgres://h/x?hunter2=hunter2", "unknown parameter; known are sslmode"),
            ("postgres://h/x?sslmode=hunter2", "`sslmode` should be disable"),
            ("postgres://h/x?statement-cache-capacity=hunter2", "a whole number"),
            ("postgres://h/x?port=hunter2", "from 1 to 65535"),
            ("postgres://h/x?hostaddr=hunter2", "an IP address"),
        ] {
            let error = check_url(bad).unwrap_err();
            assert!(
                error.contains(said) && !error.contains("hun") && !error.contains("ter2"),
                "{bad}: {error}"
            );
        }
    }

    #[test]
    fn the_server_is_named_without_who_signs_in() {
        for (url, server) in [
            ("postgres://u:p@db.example:5433/x", "db.example:5433/x"),
            ("postgres://u:p@db.example/x", "db.example:5432/x"),
            ("postgres:///x?host=/run/postgresql", "/run/postgresql/x"),
        ] {
            assert_eq!(postgres_server(url).as_deref(), Some(server));
        }
        assert_eq!(postgres_server("sqlite:x"), None);
    }
}
