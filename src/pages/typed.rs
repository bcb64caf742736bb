//! The address that somebody typed on one page, for the next one. It is kept in a cookie for some minutes: in
//! the address of a page, logs and histories would have it.

use url::form_urlencoded;

use crate::web::{Reply, Visit, cookies};

/// The longest text that is kept, in bytes: an address may have 254.
const MAX: usize = 320;

/// The answer keeps `typed` in this browser.
pub fn kept(visit: &Visit<'_>, reply: Reply, typed: &str) -> Reply {
    let typed = typed.trim();
    if visit.json || !is_line(typed) { reply } else { reply.cookie(visit.cookies.typed(typed)) }
}

/// What was typed last; empty if that is not known.
pub fn last(visit: &Visit<'_>) -> String {
    let Some(kept) = cookies::read(visit.request, visit.cookies.typed_name()).next() else {
        return String::new();
    };
    // A pair without `=` is a name with an empty value.
    let typed = form_urlencoded::parse(kept.as_bytes()).next().map(|(typed, _)| typed.into_owned());
    typed.filter(|typed| is_line(typed)).unwrap_or_default()
}

/// The answer forgets it, where there was something.
pub fn forgotten(visit: &Visit<'_>, reply: Reply) -> Reply {
    let sent = cookies::read(visit.request, visit.cookies.typed_name()).next().is_some();
    if sent { reply.cookie(visit.cookies.no_typed()) } else { reply }
}

fn is_line(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX && !text.chars().any(char::is_control)
}
