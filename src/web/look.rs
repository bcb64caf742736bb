//! `?theme=builtin`: a page in the built-in look, for an operator whose theme hides what is wrong.

use rocket::Request;

use crate::view::{Look, Renderer};

/// Whose templates answer this request. Everybody may ask for ours: they show nothing that the theme's do not.
///
/// The page before counts too, so that a form that was opened so is answered so, with its redirect, and nothing has to
/// be kept. Browsers name it with its query to our own pages alone (`Referrer-Policy: same-origin`).
pub fn look(request: &Request<'_>, view: &Renderer) -> Look {
    if !view.has_theme() {
        return Look::Themed;
    }
    let asks = |query: &str| query.split('&').any(|pair| pair == "theme=builtin");
    let here = request.uri().query().is_some_and(|query| asks(query.as_str()));
    let before = || {
        let query = request.headers().get_one("referer").and_then(|before| before.split_once('?'));
        query.is_some_and(|(_, query)| asks(query.split('#').next().unwrap_or(query)))
    };
    if here || before() { Look::Builtin } else { Look::Themed }
}
