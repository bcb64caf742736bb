//! From settings to what is needed for mail.

use std::path::PathBuf;
use std::sync::Arc;

use url::Url;

use crate::config::{Settings, StartError};
use crate::flows::MailParts;
use crate::infra::mailer::{Mailer, MailerSettings};
use crate::view::Renderer;

/// Mail of a machine without a mail server.
pub fn folder(settings: &Settings) -> PathBuf {
    settings.data_dir.join("mail")
}

/// Puts together what is needed for mail.
pub fn parts(settings: &Settings, origin: &str, renderer: Arc<Renderer>) -> Result<MailParts, StartError> {
    let host = Url::parse(origin).ok().and_then(|url| url.host_str().map(str::to_owned));
    let host = host.unwrap_or_else(|| "localhost".to_owned());
    // No mail comes from a bare number.
    let named = host.parse::<std::net::Ipv4Addr>().is_err() && !host.starts_with('[');
    let from = settings.smtp.from.clone();
    let credentials = settings.smtp.username.clone().zip(settings.smtp.password.clone());
    let mailer = Mailer::new(&MailerSettings {
        url: settings.smtp.url.as_ref().map(|url| url.reveal().to_owned()),
        credentials: credentials.map(|(name, password)| (name, password.reveal().to_owned())),
        folder: folder(settings),
        from: from.unwrap_or_else(|| format!("no-reply@{}", if named { host.as_str() } else { "localhost" })),
        from_name: settings.site.name.clone(),
        host,
        connections: settings.smtp.connections,
    })
    .map_err(|error| StartError::setting("smtp", error))?;
    let at_once = usize::try_from(settings.smtp.connections).unwrap_or(1);
    Ok(MailParts { mailer, renderer, origin: origin.to_owned(), at_once })
}
