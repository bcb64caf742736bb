//! The mail server's URL: where the server is, how the connection is encrypted, and who signs in.

use std::net::IpAddr;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::{SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use percent_encoding::percent_decode_str;
use url::Url;

/// The encryption of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    None,
    Opportunistic,
    Required,
    FromTheStart,
}

/// What the URL says.
pub(super) struct ServerAddress {
    /// A name, or an IP address without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    /// The name of this host in the SMTP greeting, if the URL has a path.
    pub(super) hello: Option<String>,
    /// Who signs in, if the URL has a password.
    pub(super) credentials: Option<Credentials>,
}

/// What to do about a character that ends a part of a URL.
const ENCODE: &str = "write %23, %2F, %3F and %40 for #, /, ? and @ in a name or password";

impl ServerAddress {
    /// The server as `HOST:PORT`, for people.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// Parses the server's URL. The connection must be encrypted, unless the URL says otherwise (`?tls=none`,
/// `?tls=opportunistic`) or the server is on this machine.
///
/// # Errors
/// The fault in the URL. The text never contains the URL, which may hold a password.
pub(super) fn parse(address: &str) -> Result<ServerAddress, String> {
    let url = Url::parse(address).map_err(|error| format!("it is no URL ({error}); {ENCODE}"))?;
    if url.fragment().is_some() || url.path().contains('@') {
        return Err(format!("a part of it would be ignored; {ENCODE}"));
    }
    let mut parameters = url.query_pairs();
    let mut only = parameters.next().is_none_or(|(name, _)| name == "tls");
    only &= parameters.next().is_none();
    if !only {
        return Err(format!("the only parameter that it may have is `tls`, as in ?tls=none; {ENCODE}"));
    }
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or("it names no host")?;
    let host = host.trim_matches(['[', ']']).to_owned();
    let here = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    let said = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, said)| said.into_owned());
    let encryption = match (url.scheme(), said.as_deref()) {
        ("smtps", None | Some("required")) => Encryption::FromTheStart,
        ("smtp", Some("none")) => Encryption::None,
        ("smtp", None) if here => Encryption::None,
        ("smtp", None | Some("required")) => Encryption::Required,
        ("smtp", Some("opportunistic")) => Encryption::Opportunistic,
        ("smtp" | "smtps", _) => {
            return Err("`tls` should be required, opportunistic or none".to_owned());
        }
        _ => return Err("it should begin with smtp:// or smtps://".to_owned()),
    };
    let usual = match encryption {
        Encryption::None => SMTP_PORT,
        Encryption::Opportunistic | Encryption::Required => SUBMISSION_PORT,
        Encryption::FromTheStart => SUBMISSIONS_PORT,
    };
    let hello = url.path().trim_matches('/');
    let credentials = match url.password() {
        Some(password) => Some(Credentials::new(decode(url.username())?, decode(password)?)),
        None => None,
    };
    Ok(ServerAddress {
        host,
        port: url.port().unwrap_or(usual),
        encryption,
        hello: (!hello.is_empty()).then(|| hello.to_owned()),
        credentials,
    })
}

fn decode(part: &str) -> Result<String, String> {
    let decoded = percent_decode_str(part).decode_utf8();
    decoded.map(|part| part.into_owned()).map_err(|_| "the name or the password is not UTF-8".to_owned())
}
