//! Lists the mail that became files: a developer reads it in place of a mailbox. Only the `.json` files that
//! [`Mailer::send`](crate::Mailer::send) writes beside the messages are read.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::OutgoingMail;
use super::message::one_line;

/// Messages that are listed at most: the newest.
const LISTED_MAX: usize = 200;

/// The folder of mail that became files.
#[derive(Clone, Debug)]
pub struct KeptMails(PathBuf);

/// A message that became a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptMail {
    /// Name of the message's file, which ends with `.eml`.
    #[serde(skip)]
    pub name: String,
    /// The address it went to.
    pub to: String,
    /// One line.
    pub subject: String,
    /// When it was sent, in milliseconds since 1970-01-01T00:00:00Z.
    pub sent_at: i64,
    /// The body for readers of plain text.
    pub text: String,
    /// The body for all other readers.
    pub html: String,
    /// The URLs that stand alone on a line of `text`, in their order.
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
    /// Looks into `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The newest 200, newest first. A message without a `.json` file of its name is left out.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be read.
    pub async fn list(&self) -> io::Result<Vec<KeptMail>> {
        let folder = self.0.clone();
        aside(move || {
            let entries = std::fs::read_dir(&folder)?.collect::<io::Result<Vec<_>>>()?;
            let names = entries.into_iter().filter_map(|entry| entry.file_name().into_string().ok());
            let mut names: Vec<String> = names.filter(|name| stem(name).is_some()).collect();
            // They begin with the time.
            names.sort_unstable_by(|a, b| b.cmp(a));
            names.truncate(LISTED_MAX);
            names.into_iter().filter_map(|name| read(&folder, &name).transpose()).collect()
        })
        .await
    }

    /// The message in the file `name`, which ends with `.eml`; `None` if there is none.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub async fn find(&self, name: &str) -> io::Result<Option<KeptMail>> {
        let (folder, name) = (self.0.clone(), name.to_owned());
        aside(move || read(&folder, &name)).await
    }
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

/// A message's name without `.eml`. `None` for names that [`Mailer::send`](crate::Mailer::send) does not give, such as
/// those that lead out of the folder or to a message that is not whole yet.
fn stem(name: &str) -> Option<&str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
    let stem = name.strip_suffix(".eml")?;
    (stem.bytes().all(plain) && !name.starts_with('.')).then_some(stem)
}

fn read(folder: &Path, name: &str) -> io::Result<Option<KeptMail>> {
    let Some(stem) = stem(name) else { return Ok(None) };
    let contents = match std::fs::read(folder.join(format!("{stem}.json"))) {
        Ok(contents) => contents,
        // The message is somebody else's, or is being removed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // A file that holds something else was not written by this crate.
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
