//! Putting a file together. Whatever may be long is read and written in parts.

use domain::lifetimes::{KEEP_MAIL_LOG, KEEP_SECURITY_EVENT};
use domain::{AccountId, MailId, MailKind, Millis, SecurityEvent};
use exports::ExportFile;
use look::Locale;
use pictures::{PictureId, SIZES, Served};
use serde_json::Value;
use store::data_exports::DataExport;
use store::mail_log::{self, LoggedMail};
use store::{StoreError, audit_events};

use super::documents;
use super::own_data::{Newest, OwnData};
use super::reading::Reading;
use super::worker::{DataExports, MakeError};

/// How many events or messages are read at once.
const AT_ONCE: i64 = 500;

impl DataExports {
    /// Makes the file that `export` names. Returns `false` where the account is gone or barred.
    pub(super) async fn make(&self, export: &DataExport) -> Result<bool, MakeError> {
        let now = self.clock.now();
        let Some(data) = self.read(export.account, now).await? else { return Ok(false) };
        let mut file = self.folder.begin(&export.file, now.0).await?;
        let locale = self.locale(export, &data);
        let documents = [
            ("account.json", documents::account(&data, &self.fields, locale.as_str())),
            ("sessions.json", documents::sessions(&data)),
            ("devices.json", documents::devices(&data)),
            ("factors.json", documents::factors(&data)),
            ("applications.json", documents::applications(&data)),
        ];
        for (name, document) in documents {
            file.begin(name).await?;
            file.write(pretty(&document)).await?;
        }
        let events = self.write_log(&mut file, export.account, now).await?;
        let mails = self.write_mails(&mut file, &data, now).await?;
        let picture = self.copy_pictures(&mut file, &data).await?;
        let reading = Reading { view: &self.renderer, locale, fields: &self.fields, data: &data };
        let paper = reading.paper(&events, &mails, picture, now);
        file.begin("index.html").await?;
        file.write(self.renderer.paper(locale, &paper)?.into_bytes()).await?;
        file.finish().await?;
        Ok(true)
    }

    /// The language of the page: the account's, else that of who asked, else the site's.
    fn locale(&self, export: &DataExport, data: &OwnData) -> &Locale {
        let catalog = self.renderer.catalog();
        let wanted = data.found.account.locale.as_deref().or(export.locale.as_deref());
        let wanted = wanted.and_then(|code| catalog.find(code)).unwrap_or_else(|| catalog.fallback());
        self.renderer.language_of_paper(wanted)
    }

    /// Writes `log.json`, as the owner may read it.
    async fn write_log(
        &self,
        file: &mut ExportFile,
        account: AccountId,
        now: Millis,
    ) -> Result<Newest<SecurityEvent>, MakeError> {
        let (since, mut before, mut newest) = (now.before(KEEP_SECURITY_EVENT), i64::MAX, Newest::none());
        let mut list = WrittenList::begin(file, "log.json").await?;
        loop {
            let mut db = self.store.read().await?;
            let part = audit_events::list(&mut db, account, since, before, AT_ONCE).await?;
            drop(db);
            list.add(part.events.iter().map(documents::event)).await?;
            newest.take(part.events);
            match part.next {
                Some(next) => before = next,
                None => break,
            }
        }
        list.end().await?;
        Ok(newest)
    }

    /// Writes `mails.json`: what waits, then what left.
    async fn write_mails(
        &self,
        file: &mut ExportFile,
        data: &OwnData,
        now: Millis,
    ) -> Result<Newest<LoggedMail>, MakeError> {
        let mut newest = Newest::none();
        let mut list = WrittenList::begin(file, "mails.json").await?;
        let waiting = data.waiting.iter().filter(|mail| is_told(&mail.kind));
        list.add(waiting.map(documents::waiting_mail)).await?;
        let mut before = MailId(i64::MAX);
        loop {
            let part = self.mails_below(data.found.account.id, before, now).await?;
            let Some(last) = part.last() else { break };
            before = last.id;
            let part: Vec<_> = part.into_iter().filter(|mail| is_told(&mail.kind)).collect();
            list.add(part.iter().map(documents::logged_mail)).await?;
            newest.take(part);
        }
        list.end().await?;
        Ok(newest)
    }

    async fn mails_below(
        &self,
        account: AccountId,
        before: MailId,
        now: Millis,
    ) -> Result<Vec<LoggedMail>, StoreError> {
        let mut db = self.store.read().await?;
        mail_log::list_below(&mut db, account, now.before(KEEP_MAIL_LOG), before, AT_ONCE).await
    }

    /// Writes the pictures, in every size that is kept. Returns the name of the one that the page shows;
    /// empty without a picture.
    async fn copy_pictures(&self, file: &mut ExportFile, data: &OwnData) -> Result<String, MakeError> {
        let mut shown = String::new();
        let picture = data.found.account.picture.as_ref();
        let Some(id) = picture.and_then(|picture| picture.id.parse::<PictureId>().ok()) else {
            return Ok(shown);
        };
        for size in SIZES {
            let name = |extension: &str| format!("pictures/{size}.{extension}");
            let name = match self.pictures.serve(&id, size).await? {
                Some(Served::File(format, path, _)) => {
                    let name = name(format.extension());
                    file.copy(&name, path).await?;
                    name
                }
                Some(Served::Bytes(format, bytes)) => {
                    let name = name(format.extension());
                    file.begin(&name).await?;
                    file.write(bytes).await?;
                    name
                }
                // A storage elsewhere serves it: the page of the account shows it, and has it saved.
                Some(Served::Redirect(_)) | None => continue,
            };
            if size == SHOWN {
                shown = name;
            }
        }
        Ok(shown)
    }
}

/// The size of the picture on the page, in pixels.
const SHOWN: u32 = 256;

fn pretty(document: &Value) -> Vec<u8> {
    let mut text = format!("{document:#}").into_bytes();
    text.push(b'\n');
    text
}

/// A document that is a list, written as it is read.
struct WrittenList<'a> {
    file: &'a mut ExportFile,
    first: bool,
}

impl<'a> WrittenList<'a> {
    async fn begin(file: &'a mut ExportFile, name: &str) -> Result<Self, MakeError> {
        file.begin(name).await?;
        file.write(b"[".to_vec()).await?;
        Ok(Self { file, first: true })
    }

    async fn add(&mut self, values: impl Iterator<Item = Value>) -> Result<(), MakeError> {
        let mut part = String::new();
        for value in values {
            let comma = if std::mem::take(&mut self.first) { "\n" } else { ",\n" };
            part.push_str(comma);
            part.push_str(&value.to_string());
        }
        Ok(self.file.write(part.into_bytes()).await?)
    }

    async fn end(self) -> Result<(), MakeError> {
        Ok(self.file.write(b"\n]\n".to_vec()).await?)
    }
}

/// Whether the owner may read that a message of this kind was written. A link to an address that was asked
/// for goes out where nobody has it: that one went would tell whether somebody does.
fn is_told(kind: &str) -> bool {
    kind != MailKind::AddressChange.as_str()
}
