//! `/user/data`: a file with what the account has, for its owner to take along.

use domain::lifetimes::KEEP_DATA_EXPORT;
use domain::{AccountError, Millis};
use listener::FileBody;
use look::pages::{DataPage, TimeView, iso};
use rocket::http::Status;
use rocket::response::{self, Responder, Response};
use rocket::{Request, get, post};
use serde_json::{Value, json};

use super::refuse::as_problem_saying;
use super::shown_again::FormState;
use crate::flows::{DataExportState, DataFile, ExportAsked, SignedIn};
use crate::urls::{self, DATA, DATA_FILE, PROVE};
use crate::web::{Form, Refusal, Reply, Visit, is_head};

#[get("/user/data")]
pub async fn page(visit: Visit<'_>) -> Result<Reply, Refusal> {
    let Some(who) = &visit.who else { return signed_out(&visit) };
    let state = visit.flows.data_exports.state(who).await?;
    if visit.json {
        return Ok(Reply::json(Status::Ok, &as_json(&state)));
    }
    show(&visit, who, &state, FormState::untouched())
}

/// Asks for the file. It is made in the background.
#[post("/user/data", data = "<form>")]
pub async fn ask(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let exports = &visit.flows.data_exports;
    match exports.ask(who, &visit.client()).await {
        Ok(ExportAsked::Taken) if visit.json => {
            Ok(Reply::json(Status::Accepted, &as_json(&exports.state(who).await?)))
        }
        Ok(ExportAsked::Taken) => Ok(Reply::see_other(DATA).cookie(visit.cookies.notice("data_asked"))),
        Ok(ExportAsked::TooSoon { again_at }) => too_soon(&visit, who, again_at).await,
        Err(error @ (AccountError::Throttled { .. } | AccountError::Busy { .. })) => {
            let state = FormState::refused(&visit, error)?.at("data");
            show(&visit, who, &exports.state(who).await?, state)
        }
        Err(error) => Err(error.into()),
    }
}

/// 429, which says from when another one can be asked for.
async fn too_soon(visit: &Visit<'_>, who: &SignedIn, again_at: Millis) -> Result<Reply, Refusal> {
    const ALERT: &str = "data_asked_lately";
    let retry_after = again_at.since(visit.flows.now());
    let error = AccountError::Throttled { retry_after };
    if visit.json {
        let more = [("again_at", iso(again_at).into())];
        return Ok(as_problem_saying(visit, error, ALERT, more).retry_after(Some(retry_after)));
    }
    let alert = visit.view.notice(visit.locale(), "alert", ALERT).at("data");
    let state = FormState::refused(visit, error)?.with_alert(Some(alert));
    show(visit, who, &visit.flows.data_exports.state(who).await?, state)
}

/// The file. It is for a session whose owner has proven lately who they are: whoever reads the mail alone has
/// no session, and whoever finds an open browser has no proof.
#[get("/user/data/file")]
pub async fn file(visit: Visit<'_>) -> Result<Fetched, Refusal> {
    let Some(who) = &visit.who else { return signed_out(&visit).map(Fetched::Page) };
    let client = (!is_head(visit.request)).then(|| visit.client());
    match visit.flows.data_exports.fetch(who, client.as_ref()).await {
        Ok(file) => Ok(Fetched::File(file)),
        // A file leaves the page as it is, which would go on asking.
        Err(AccountError::ProofWanted) if !visit.json => {
            Ok(Fetched::Page(Reply::see_other(urls::keeping(PROVE, &visit.outside(DATA)))))
        }
        Err(error) => Err(error.into()),
    }
}

fn signed_out(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json {
        return Err(AccountError::Unauthenticated.into());
    }
    Ok(Reply::see_other(urls::sign_in_then(&visit.outside(DATA))))
}

fn show(
    visit: &Visit<'_>,
    who: &SignedIn,
    asked: &DataExportState,
    state: FormState,
) -> Result<Reply, Refusal> {
    let time = |at: Option<Millis>| at.map(|at| TimeView::minute(at, visit.dates())).unwrap_or_default();
    let page = DataPage {
        here: "security",
        state: asked.word(),
        asked_at: time(asked.asked_at),
        until: time(asked.ready.map(|(_, until)| until)),
        size: asked.ready.map(|(length, _)| size(visit, length)).unwrap_or_default(),
        may_ask: asked.again_at.is_none(),
        again_at: time(asked.again_at),
        mailed: who.account().verified_at.is_some(),
        days: KEEP_DATA_EXPORT.as_secs() / 86_400,
    };
    state.page(visit, page)
}

/// A length in bytes as people read it, rounded up.
fn size(visit: &Visit<'_>, length: u64) -> String {
    let kilobytes = length.div_ceil(1_000);
    let (key, size) = match kilobytes {
        ..1_000 => ("data-size-kilobytes", kilobytes),
        _ => ("data-size-megabytes", kilobytes.div_ceil(1_000)),
    };
    visit.view.counted(visit.locale(), key, "size", size)
}

fn as_json(state: &DataExportState) -> Value {
    let (bytes, until) = state.ready.unzip();
    json!({
        "state": state.word(),
        "asked_at": state.asked_at.map(iso),
        "file": until.map(|_| DATA_FILE),
        "bytes": bytes,
        "until": until.map(iso),
        "again_at": state.again_at.map(iso),
    })
}

/// The file, or a page in its place.
pub enum Fetched {
    File(DataFile),
    Page(Reply),
}

impl<'r> Responder<'r, 'static> for Fetched {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let file = match self {
            Self::File(file) => file,
            Self::Page(reply) => return reply.respond_to(request),
        };
        let made_at = iso(file.made_at);
        let day = made_at.split('T').next().unwrap_or_default();
        let mut answer = Response::new();
        answer.set_raw_header("Content-Type", "application/zip");
        answer.set_raw_header("Content-Disposition", format!("attachment; filename=\"my-data-{day}.zip\""));
        answer.set_raw_header("Cache-Control", "no-store");
        // It fails under another listener than ours alone, and only if the file has just gone.
        FileBody::new(file.path, file.length).answer(&mut answer).map_err(|_| Status::NotFound)?;
        Ok(answer)
    }
}
