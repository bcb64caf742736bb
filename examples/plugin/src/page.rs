//! `/plugin/notes`: the signed-in person's notes, and a form for a new one.

use rocket::http::Status;
use rocket::{Route, State, get, post, routes};
use serde::Serialize;
use vestibule::plugin::{CurrentAccount, FieldView, Form, Page, Problem, Refusal, Reply, TimeView, Visit};

use crate::{Settings, store};

const ADDRESS: &str = "/plugin/notes";

#[derive(Serialize)]
struct NotesPage {
    form: FieldView,
    max_length: usize,
    notes: Vec<NoteView>,
}

#[derive(Serialize)]
struct NoteView {
    text: String,
    created_at: TimeView,
}

impl Page for NotesPage {
    const TEMPLATE: &'static str = "notes/page.html";
}

pub fn routes() -> Vec<Route> {
    routes![list, keep]
}

#[get("/")]
async fn list(visit: Visit<'_>, settings: &State<Settings>) -> Result<Reply, Refusal> {
    if visit.who.is_none() && !visit.json {
        return Ok(Reply::see_other(format!("/user/login?next={}", visit.outside(ADDRESS))));
    }
    show(&visit, settings, Status::Ok, FieldView::default()).await
}

/// `Form` has passed the cross-origin check. `CurrentAccount` refuses a request without a session, as the
/// pages do.
#[post("/", data = "<form>")]
async fn keep(
    who: CurrentAccount,
    visit: Visit<'_>,
    settings: &State<Settings>,
    form: Form,
) -> Result<Reply, Refusal> {
    let note = form.text("text")?.trim();
    let problem = if note.is_empty() {
        Some("required")
    } else if note.chars().count() > settings.max_length {
        Some("too_long")
    } else if note.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        // PostgreSQL cannot store NUL, and nobody types the other control characters.
        Some("unreadable")
    } else {
        let (account, now) = (who.0.account().id, visit.flows.now());
        let kept = store::keep(visit.flows.store(), account, note, now, settings.per_account).await?;
        (!kept).then_some("too_many")
    };
    let Some(code) = problem else {
        return Ok(Reply::see_other(ADDRESS).cookie(visit.cookies.notice("note_kept")));
    };
    let key = format!("notes-error-{}", code.replace('_', "-"));
    let message = visit.view.counted(visit.locale(), &key, "max", settings.max_length as u64);
    let errors = vec![Problem { code: code.to_owned(), message }];
    show(&visit, settings, Status::UnprocessableEntity, FieldView { value: note.to_owned(), errors }).await
}

async fn show(
    visit: &Visit<'_>,
    settings: &Settings,
    status: Status,
    form: FieldView,
) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let notes = store::list(visit.flows.store(), who.account().id).await?;
    let view = |note: store::Note| NoteView {
        created_at: TimeView::minute(note.created_at, visit.dates()),
        text: note.text,
    };
    let page =
        NotesPage { form, max_length: settings.max_length, notes: notes.into_iter().map(view).collect() };
    visit.page(status, page, None)
}
