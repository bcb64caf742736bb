//! Lists the mail in the folder, which a developer reads in place of a mailbox. It reads only the `.json`
//! files that [`Mailer::send`](crate::Mailer::send) writes beside the messages.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::OutgoingMail;
use super::message::one_line;

/// The maximum number of messages that are listed: the newest.
const LISTED_MAX: usize = 200;

/// The folder that mail is written to when there is no server.
#[derive(Clone, Debug)]
pub struct KeptMails(PathBuf);

/// A message that was written to the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptMail {
    /// The name of the message's file, with the extension `.eml`.
    #[serde(skip)]
    pub name: String,
    /// The recipient's address.
    pub to: String,
    /// The subject, on one line.
    pub subject: String,
    /// The time of sending, in milliseconds since 1970-01-01T00:00:00Z.
    pub sent_at: i64,
    /// The plain-text body.
    pub text: String,
    /// The HTML body.
    pub html: String,
    /// The URLs that stand alone on a line of `text`, in order.
    pub links: Vec<String>,
}

impl KeptMail {
    pub(super) fn of(mail: &OutgoingMail<'_>, name: String) -> Self {
        let links = mail.text.lines().map(str::trim);
        let links = links.filter(|line| line.starts_with("http://") || line.starts_with("https://"));
        Self {
            name,
            to: mail.to.to_owned(),
            subject: one_line(mail.subject),
            sent_at: mail.sent_at,
            text: mail.text.to_owned(),
            html: mail.html.to_owned(),
            links: links.map(str::to_owned).collect(),
        }
    }
}

impl KeptMails {
    /// Reads messages from `folder`. Nothing is read before the first call.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The newest 200 messages, newest first. A message without its `.json` file is left out.
    ///
    /// # Errors
    /// The file system's error when the folder or a file in it cannot be read.
    pub async fn list(&self) -> io::Result<Vec<KeptMail>> {
        let folder = self.0.clone();
        aside(move || {
            let entries = std::fs::read_dir(&folder)?.collect::<io::Result<Vec<_>>>()?;
            let names = entries.into_iter().filter_map(|entry| entry.file_name().into_string().ok());
            let mut names: Vec<String> = names.filter(|name| stem(name).is_some()).collect();
            // File names begin with the time of sending.
            names.sort_unstable_by(|a, b| b.cmp(a));
            names.truncate(LISTED_MAX);
            names.into_iter().filter_map(|name| read(&folder, &name).transpose()).collect()
        })
        .await
    }

    /// The message in the file `name`, which ends with `.eml`; `None` if there is none.
    ///
    /// # Errors
    /// The file system's error when the file cannot be read.
    pub async fn find(&self, name: &str) -> io::Result<Option<KeptMail>> {
        let (folder, name) = (self.0.clone(), name.to_owned());
        aside(move || read(&folder, &name)).await
    }
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

/// The name of a message without `.eml`. Returns `None` for a name that [`Mailer::send`](crate::Mailer::send)
/// does not produce, such as a path out of the folder or an unfinished file.
fn stem(name: &str) -> Option<&str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
    let stem = name.strip_suffix(".eml")?;
    (stem.bytes().all(plain) && !name.starts_with('.')).then_some(stem)
}

fn read(folder: &Path, name: &str) -> io::Result<Option<KeptMail>> {
    let Some(stem) = stem(name) else { return Ok(None) };
    let contents = match std::fs::read(folder.join(format!("{stem}.json"))) {
        Ok(contents) => contents,
        // Another program wrote the message, or it is being removed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // A file with other contents was not written by this crate.
    Ok(serde_json::from_slice(&contents).ok().map(|mail| KeptMail { name: name.to_owned(), ..mail }))
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn no_name_leads_elsewhere() {
        assert_eq!(stem("20260101T000001.234Z-00000007-2.eml"), Some("20260101T000001.234Z-00000007-2"));
        for name in ["", ".eml", "../x.eml", "a/b.eml", ".x.eml.part", "x.txt", "x\0.eml", "..", "a\\b.eml"] {
            assert_eq!(stem(name), None, "{name:?}");
        }
    }
}
