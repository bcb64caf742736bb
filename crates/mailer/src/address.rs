//! The mail server's URL: where it is, how the connection is encrypted, and whom it trusts.

use std::net::IpAddr;

use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use url::Url;

use super::words::in_words;

/// The encryption of the connection.
#[derive(Clone, Copy)]
pub(super) enum Encryption {
    None,
    Opportunistic,
    Required,
    FromTheStart,
}

/// The encryption that the server's URL asks for, and the server's name. The connection must be encrypted,
/// unless the URL says otherwise (`?tls=none`, `?tls=opportunistic`) or the server is on this machine.
///
/// # Errors
/// The fault in the URL.
pub(super) fn encryption(url: &Url) -> Result<(Encryption, String), String> {
    let host = url.host_str().ok_or("it names no host")?.to_owned();
    let bare = host.trim_matches(['[', ']']);
    let here = bare == "localhost" || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback());
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
    Ok((encryption, host))
}

/// Whom TLS trusts: the well-known authorities, and `authority`, a CA certificate in PEM.
///
/// # Errors
/// The fault in the certificate.
pub(super) fn trust(host: &str, authority: Option<&[u8]>) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(authority) = authority {
        let authority = Certificate::from_pem(authority).map_err(|error| in_words(&error))?;
        builder = builder.add_root_certificate(authority);
    }
    builder.build_rustls().map_err(|error| in_words(&error))
}

/// Parses the server's URL. `authority` is a CA certificate in PEM that is trusted beside the well-known
/// ones.
///
/// # Errors
/// The fault in the URL or the certificate.
pub(super) fn parse(address: &str, authority: Option<&[u8]>) -> Result<AsyncSmtpTransportBuilder, String> {
    let mut url = Url::parse(address).map_err(|error| error.to_string())?;
    let (encryption, host) = encryption(&url)?;
    url.set_query(match encryption {
        Encryption::None | Encryption::FromTheStart => None,
        Encryption::Required => Some("tls=required"),
        Encryption::Opportunistic => Some("tls=opportunistic"),
    });
    let builder =
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str()).map_err(|error| error.to_string())?;
    if authority.is_none() {
        return Ok(builder);
    }
    let trust = trust(&host, authority)?;
    Ok(builder.tls(match encryption {
        Encryption::None => Tls::None,
        Encryption::Opportunistic => Tls::Opportunistic(trust),
        Encryption::Required => Tls::Required(trust),
        Encryption::FromTheStart => Tls::Wrapper(trust),
    }))
}
