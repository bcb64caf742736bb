//! `/dev/mail` shows the mail that was written to files, on machines without a mail server. Its links open
//! accounts, so these routes exist only where the settings ask for them.

use domain::{AccountError, InternalError, Millis};
use look::Dates;
use look::pages::{DevMailLine, DevMailPage, DevMailView, DevMailsPage, TimeView};
use mailer::{KeptMail, KeptMails};
use rocket::http::Status;
use rocket::{Route, State, get, routes};
use serde_json::{Value, json};

use crate::web::{PublicOrigin, Refusal, Reply, Sandboxed, Visit};

/// The routes. They need [`KeptMails`] as managed state.
pub fn routes() -> Vec<Route> {
    routes![list, one, html]
}

#[get("/dev/mail")]
async fn list(visit: Visit<'_>, kept: &State<KeptMails>) -> Result<Reply, Refusal> {
    let mails = kept.list().await.map_err(fault)?;
    if visit.json {
        let mails: Vec<Value> = mails.iter().map(as_json).collect();
        return Ok(Reply::json(Status::Ok, &json!({ "mails": mails })));
    }
    let page = DevMailsPage { mails: mails.into_iter().map(|mail| view(mail, visit.dates())).collect() };
    visit.page(Status::Ok, page, None)
}

#[get("/dev/mail/<name>")]
async fn one(
    visit: Visit<'_>,
    kept: &State<KeptMails>,
    origin: &State<PublicOrigin>,
    name: &str,
) -> Result<Reply, Refusal> {
    let mail = kept.find(name).await.map_err(fault)?.ok_or(Refusal::NotFound)?;
    if visit.json {
        let mut value = as_json(&mail);
        value["text"] = mail.text.into();
        value["html"] = mail.html.into();
        return Ok(Reply::json(Status::Ok, &value));
    }
    let line = |text: &str| {
        // Only links to this site become links of the page.
        let path = text.trim().strip_prefix(&*origin.address("")).filter(|path| path.starts_with('/'));
        DevMailLine { text: text.to_owned(), href: path.unwrap_or_default().to_owned() }
    };
    let page = DevMailPage { lines: mail.text.lines().map(line).collect(), mail: view(mail, visit.dates()) };
    Ok(visit.page(Status::Ok, page, None)?.with_frames())
}

#[get("/dev/mail/<name>/html")]
async fn html(kept: &State<KeptMails>, name: &str) -> Result<Sandboxed, Refusal> {
    let mail = kept.find(name).await.map_err(fault)?.ok_or(Refusal::NotFound)?;
    Ok(Sandboxed(mail.html))
}

fn view(mail: KeptMail, dates: &Dates) -> DevMailView {
    let sent_at = TimeView::minute(Millis(mail.sent_at), dates);
    DevMailView { name: mail.name, to: mail.to, subject: mail.subject, sent_at }
}

fn as_json(mail: &KeptMail) -> Value {
    json!({ "name": mail.name, "to": mail.to, "subject": mail.subject, "sent_at": mail.sent_at })
}

fn fault(error: std::io::Error) -> Refusal {
    AccountError::Internal(InternalError::new(error)).into()
}
