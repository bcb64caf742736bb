//! Builds the mailer from the settings.

use std::fmt::Display;
use std::net::IpAddr;
use std::sync::Arc;

use look::Renderer;
use mailer::{Mailer, MailerSettings};
use url::Url;

use super::facts::facts;
use super::theme;
use crate::config::{Config, Settings, StartError};
use crate::flows::MailParts;
use crate::web::PublicOrigin;

/// Checks the mail settings as far as possible without a connection to the mail server.
///
/// # Errors
/// Names the setting with the wrong value.
pub fn check(config: &Config) -> Result<(), StartError> {
    let settings = &config.settings;
    if let Some(url) = &settings.smtp.url {
        mailer::check_address(url.reveal()).map_err(|error| StartError::setting("smtp.url", error))?;
    }
    let from = sender(settings, config.public_url.host_str().unwrap_or_default());
    mailer::check_sender(&from).map_err(|error| StartError::setting("smtp.from", error))?;
    authority(settings).map(drop)
}

/// Whom mail comes from. `host` is that of the site.
fn sender(settings: &Settings, host: &str) -> String {
    settings.smtp.from.clone().unwrap_or_else(|| {
        // The domain of a sender's address cannot be an IP address.
        let named = !host.is_empty() && host.parse::<std::net::Ipv4Addr>().is_err() && !host.starts_with('[');
        format!("no-reply@{}", if named { host } else { "localhost" })
    })
}

/// The certificate of the mail server's certificate authority, in PEM.
fn authority(settings: &Settings) -> Result<Option<Vec<u8>>, StartError> {
    let Some(file) = &settings.smtp.ca_file else { return Ok(None) };
    let wrong = |why: &dyn Display| StartError::setting("smtp.ca_file", format!("{}: {why}", file.display()));
    let pem = std::fs::read(file).map_err(|error| wrong(&error))?;
    mailer::check_authority(&pem).map_err(|error| wrong(&error))?;
    Ok(Some(pem))
}

/// The parts for sending mail to the mail server without a database, for `vestibule mail test`. Must be
/// called within a Tokio runtime.
///
/// # Errors
/// Names the setting or the theme's file with the error.
pub fn mail_parts(config: &Config) -> Result<MailParts, StartError> {
    let settings = &config.settings;
    check(config)?;
    let renderer = theme::renderer(settings, &[], facts(config)?)?;
    parts(settings, &PublicOrigin::new(&config.public_url, true).address(""), Arc::new(renderer))
}

/// Whether `/dev/mail` is mounted. Its links open accounts. So unless the operator sets `mail.page`, it is
/// mounted only in a debug build that listens on a loopback address.
pub fn page_wanted(config: &Config) -> bool {
    let settings = &config.settings;
    if settings.smtp.url.is_some() {
        return false;
    }
    let here = || config.figment.extract_inner("address").is_ok_and(|address: IpAddr| address.is_loopback());
    match settings.mail.page {
        Some(said) => said.0,
        None => cfg!(debug_assertions) && settings.public_url.is_none() && here(),
    }
}

/// The parts for sending mail. `origin` is the origin of links in mail. Must be called within a Tokio
/// runtime.
///
/// # Errors
/// Names the setting with the wrong value.
pub fn parts(settings: &Settings, origin: &str, renderer: Arc<Renderer>) -> Result<MailParts, StartError> {
    let host = Url::parse(origin).ok().and_then(|url| url.host_str().map(str::to_owned));
    let host = host.unwrap_or_else(|| "localhost".to_owned());
    let credentials = settings.smtp.username.clone().zip(settings.smtp.password.clone());
    let mailer = Mailer::new(&MailerSettings {
        url: settings.smtp.url.as_ref().map(|url| url.reveal().to_owned()),
        credentials: credentials.map(|(name, password)| (name, password.reveal().to_owned())),
        authority: authority(settings)?,
        folder: settings.mail_folder(),
        from: sender(settings, &host),
        from_name: settings.site.name.clone(),
        host,
        connections: settings.smtp.connections,
    })
    .map_err(|error| StartError::setting("smtp", error))?;
    let at_once = usize::try_from(settings.smtp.connections).unwrap_or(1);
    // Half of the database connections stay free for requests, however much mail is sent.
    let writes_at_once = usize::try_from(settings.database.connections / 2).unwrap_or(1).max(1);
    let hourly = usize::try_from(settings.mail.hourly).unwrap_or(usize::MAX);
    let hourly = settings.rate_limits.0.then_some(hourly);
    let mailer = Arc::new(mailer);
    Ok(MailParts { mailer, renderer, origin: origin.to_owned(), hourly, at_once, writes_at_once })
}
