//! The way back, `next`: the path, as the browser sees it, or the address of another site of the operator's,
//! that somebody wanted to go to when they were asked to sign in. It is kept between signing in, signing up,
//! recovery and signing out, and while a link is on its way by mail.

use domain::MailedLink;
use look::NEXT_FIELD;
use rocket::http::Status;
use rocket::request::Request;
use url::form_urlencoded;

use crate::urls::{self, HOME, PROFILE};
use crate::web::{Form, PublicOrigin, Refusal, Reply, Visit, cookies, own_path, way_back};

/// The way back in the query of an address.
pub fn in_query(visit: &Visit<'_>, next: Option<&str>) -> String {
    way_back(visit.request, next.unwrap_or_default())
}

/// The way back in a form, else in the query of the address that it was sent to.
///
/// # Errors
/// `Malformed` when the form has two.
pub fn of(visit: &Visit<'_>, form: &Form, queried: Option<&str>) -> Result<String, Refusal> {
    let next = way_back(visit.request, form.text(NEXT_FIELD)?);
    Ok(if next.is_empty() { in_query(visit, queried) } else { next })
}

/// The answer keeps the way back in this browser while a link is on its way by mail. The mail does not have
/// it: whoever asked for the link may be somebody else.
pub fn kept(visit: &Visit<'_>, reply: Reply, next: &str, link: MailedLink) -> Reply {
    if visit.json || next.is_empty() { reply } else { reply.cookie(visit.cookies.way_back(next, link)) }
}

/// The page with the form that was refused with `status`, to go back to and correct it: of this site, by the
/// request's `Referer`. Empty where the refusal is not about what a form contained, and for the page before a
/// link with a secret, of which browsers tell the origin alone.
pub fn to_form(status: Status, request: &Request<'_>) -> String {
    let of_form = [Status::BadRequest, Status::PayloadTooLarge, Status::UnsupportedMediaType];
    if !of_form.contains(&status) && status != Status::UnprocessableEntity {
        return String::new();
    }
    let ours = request.rocket().state::<PublicOrigin>();
    let path = ours.and_then(|ours| ours.referring_path(request)).filter(|path| *path != HOME);
    own_path(path.unwrap_or_default())
}

/// The way back that this browser kept, and the answer to the mailed link that leads there, as `lead` makes
/// it. The cookie is used up.
pub fn taken(visit: &Visit<'_>, lead: impl FnOnce(String) -> Reply) -> Reply {
    let kept = cookies::read(visit.request, visit.cookies.way_back_name()).next();
    let Some(kept) = kept else { return lead(String::new()) };
    // A pair without `=` is a name with an empty value.
    let next = form_urlencoded::parse(kept.as_bytes()).next().map(|(next, _)| way_back(visit.request, &next));
    lead(next.unwrap_or_default()).cookie(visit.cookies.no_way_back())
}

/// The way back for somebody whose session ended before `request`: the page itself, or the one with the form.
pub fn of_ended_session(request: &Request<'_>) -> String {
    let outside = |path: &str| format!("{}{path}", PublicOrigin::base_of(request));
    if !request.method().supports_payload() {
        return own_path(&outside(&request.uri().to_string()));
    }
    outside(urls::page_of_form(request.uri().path().as_str()))
}

/// The redirect of somebody who is signed in.
pub fn go_on(next: String) -> Reply {
    if next.is_empty() { Reply::see_other(PROFILE) } else { Reply::back_to(next) }
}
