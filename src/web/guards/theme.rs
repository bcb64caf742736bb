//! `?theme=builtin` shows a page in the built-in look, for an operator whose own theme is broken.

use look::{Look, Renderer};
use rocket::Request;

/// The look of the answer to this request. Everyone may ask for the built-in look: it shows nothing that the
/// theme does not.
///
/// The query of the referring page counts too. So a form that was opened with `?theme=builtin` is answered in
/// the built-in look, and so is the page that it redirects to, without any state on the server. Browsers send
/// that query to this site's pages only (`Referrer-Policy: same-origin`).
pub fn wanted_look(request: &Request<'_>, view: &Renderer) -> Look {
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
