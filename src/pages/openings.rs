//! The list of what opens an account, on `/user/devices`, and its end.

use domain::{AccountError, Opening, OpeningId, OpeningKind, TicketPurpose};
use look::pages::{OpeningView, TimeView, iso};
use rocket::http::Status;
use rocket::post;
use serde_json::{Value, json};

use crate::flows::{ListedOpening, SignedIn, opening_words};
use crate::urls::{DEVICES, SIGN_IN};
use crate::web::{Form, Refusal, Reply, Visit};

/// What opens the account of this visit.
///
/// # Errors
/// `Unavailable` when the database cannot be reached.
pub async fn list(visit: &Visit<'_>, who: &SignedIn) -> Result<Vec<ListedOpening>, AccountError> {
    visit.flows.openings.list(who, visit.known_browser().await?.as_ref()).await
}

#[post("/user/devices/end", data = "<form>")]
pub async fn end(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let kind = OpeningKind::parse(form.text("kind")?).ok_or(Refusal::NotFound)?;
    let id = OpeningId { kind, number: form.row_id()? };
    match visit.flows.openings.end(who, id, &visit.client()).await {
        // It ended meanwhile, or the button was pressed twice.
        Err(AccountError::NotFound) if !visit.json => return Ok(Reply::see_other(DEVICES)),
        ended => ended?,
    }
    let present = id == OpeningId { kind: OpeningKind::Session, number: who.session.id.0 };
    let reply = if visit.json {
        Reply::json(Status::Ok, &json!({ "ended": 1 }))
    } else if present {
        Reply::see_other(SIGN_IN).cookie(visit.cookies.notice("signed_out"))
    } else {
        Reply::see_other(DEVICES).cookie(visit.cookies.notice("opening_ended"))
    };
    Ok(if present { reply.cookie(visit.cookies.no_session()) } else { reply })
}

#[post("/user/devices/ask", data = "<form>")]
pub async fn end_trust(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    match visit.flows.openings.end_trust(who, form.row_id()?, &visit.client()).await {
        // The time was over, or the button was pressed twice.
        Err(AccountError::NotFound) if !visit.json => return Ok(Reply::see_other(DEVICES)),
        ended => ended?,
    }
    if visit.json {
        return Ok(Reply::json(Status::Ok, &json!({ "ended": 1 })));
    }
    Ok(Reply::see_other(DEVICES).cookie(visit.cookies.notice("browser_trust_ended")))
}

#[post("/user/devices/end-others", data = "<form>")]
pub async fn end_others(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let ended =
        visit.flows.openings.end_others(who, visit.known_browser().await?.as_ref(), &visit.client()).await?;
    if visit.json {
        return Ok(Reply::json(Status::Ok, &json!({ "ended": ended })));
    }
    Ok(Reply::see_other(DEVICES).cookie(visit.cookies.notice("openings_ended")))
}

/// An opening, as the template sees it.
pub fn view(visit: &Visit<'_>, listed: ListedOpening) -> OpeningView {
    let ListedOpening { opening, present } = listed;
    let (dates, catalog, locale) = (visit.dates(), visit.view.catalog(), visit.locale());
    let trusted = trusted(visit, &opening);
    OpeningView {
        id: opening.id.number,
        kind: opening.id.kind.as_str(),
        what: opening_words::what(catalog, locale, &opening),
        name: opening_words::name(catalog, locale, &opening),
        door: opening.door,
        place: opening.place,
        created_at: TimeView::day(opening.created_at, dates),
        seen_at: TimeView::minute(opening.seen_at, dates),
        used: opening.used,
        current: present,
        trusted,
        folded: false,
    }
}

/// Whether an opening is a browser that is not asked for a second factor.
fn trusted(visit: &Visit<'_>, opening: &Opening) -> bool {
    opening.trusted_until.is_some_and(|until| until > visit.flows.now())
}

/// A browser's label as the language of the visit has it.
pub fn named_browser(visit: &Visit<'_>, label: &str) -> String {
    opening_words::named_browser(visit.view.catalog(), visit.locale(), label)
}

/// An opening as JSON.
pub fn as_json(listed: &ListedOpening) -> Value {
    let opening = &listed.opening;
    json!({
        "kind": opening.id.kind.as_str(),
        "id": opening.id.number,
        "door": opening.door,
        "name": opening.name,
        "permits": opening.purpose.map(TicketPurpose::as_str),
        "place": opening.place,
        "created_at": iso(opening.created_at),
        "seen_at": opening.used.then(|| iso(opening.seen_at)),
        "current": listed.present,
        "trusted_until": opening.trusted_until.map(iso),
    })
}
