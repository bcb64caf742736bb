//! Reads back the mail that became files: what a developer looks at in place of a mailbox.

use std::io;
use std::path::{Path, PathBuf};

use mail_parser::MessageParser;

use domain::Millis;

/// Messages that are listed at most: the newest.
const LISTED_MAX: usize = 200;

/// The folder of mail that became files.
#[derive(Clone, Debug)]
pub struct KeptMails(PathBuf);

/// A message that became a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptMail {
    /// Name of the file.
    pub name: String,
    /// The address it went to.
    pub to: String,
    /// One line.
    pub subject: String,
    /// When it was sent.
    pub sent_at: Millis,
    /// For those who read text.
    pub text: String,
    /// For everybody else.
    pub html: String,
}

impl KeptMails {
    /// Looks into `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The newest 200, newest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn list(&self) -> io::Result<Vec<KeptMail>> {
        let folder = self.0.clone();
        aside(move || {
            let entries = std::fs::read_dir(&folder)?.collect::<io::Result<Vec<_>>>()?;
            let names = entries.into_iter().filter_map(|entry| entry.file_name().into_string().ok());
            let mut names: Vec<String> = names.filter(|name| is_name(name)).collect();
            // They begin with the time.
            names.sort_unstable_by(|a, b| b.cmp(a));
            names.truncate(LISTED_MAX);
            names.into_iter().filter_map(|name| read(&folder, name).transpose()).collect()
        })
        .await
    }

    /// The message in the file `name`, if it is one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn find(&self, name: &str) -> io::Result<Option<KeptMail>> {
        if !is_name(name) {
            return Ok(None);
        }
        let (folder, name) = (self.0.clone(), name.to_owned());
        aside(move || read(&folder, name)).await
    }
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

/// Names that we give, and none that lead out of the folder or to a message that is not whole yet.
fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
    name.bytes().all(plain) && !name.starts_with('.') && name.ends_with(".eml")
}

fn read(folder: &Path, name: String) -> io::Result<Option<KeptMail>> {
    let content = match std::fs::read(folder.join(&name)) {
        Ok(content) => content,
        // Somebody is tidying up.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(message) = MessageParser::default().parse(&content) else { return Ok(None) };
    let to = message.to().and_then(|to| to.first()).and_then(|to| to.address());
    Ok(Some(KeptMail {
        to: to.unwrap_or_default().to_owned(),
        subject: message.subject().unwrap_or_default().to_owned(),
        sent_at: Millis(message.date().map_or(0, |date| date.to_timestamp() * 1_000)),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        html: message.body_html(0).unwrap_or_default().into_owned(),
        name,
    }))
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn no_name_leads_elsewhere() {
        assert!(is_name("20260101T000001.234Z-00000007-2.eml"));
        for name in ["", ".eml", "../x.eml", "a/b.eml", ".x.eml.part", "x.txt", "x\0.eml", "..", "a\\b.eml"] {
            assert!(!is_name(name), "{name:?}");
        }
    }
}
