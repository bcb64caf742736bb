//! Answers that are made outside of a visit, from what the request and the site say.

use look::{Locale, Notice, PageFrame, Renderer};
use rocket::Request;
use rocket::http::Status;
use rocket::response::Response;

use crate::web::cookies::Cookies;
use crate::web::{PublicOrigin, sized};

/// 303 to one of the program's own paths, with the notice of this code.
pub fn redirect(request: &Request<'_>, path: &str, notice: Option<&str>) -> Response<'static> {
    let mut answer = sized(Status::SeeOther, "text/plain; charset=utf-8", String::new());
    answer.set_raw_header("Location", format!("{}{path}", PublicOrigin::base_of(request)));
    let cookies = request.rocket().state::<Cookies>();
    if let (Some(cookies), Some(code)) = (cookies, notice) {
        answer.adjoin_raw_header("Set-Cookie", cookies.notice(code));
    }
    answer
}

/// `page` without anybody who is signed in: for answers of which reading the session may be what failed.
pub fn bare<'a, P>(
    view: &'a Renderer,
    locale: &'a Locale,
    alert: Option<Notice>,
    page: P,
) -> PageFrame<'a, P> {
    let site = view.site();
    let refused = alert.is_some();
    let languages = Vec::new();
    PageFrame {
        lang: locale.as_str(),
        languages,
        site,
        viewer: None,
        notice: None,
        alert,
        refused,
        wait: 0,
        page,
    }
}
