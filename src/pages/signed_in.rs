//! The answer to a sign-in that is complete.

use rocket::http::Status;

use super::{show, typed};
use crate::flows::{Avatar, LoggedIn};
use crate::urls::PROFILE;
use crate::web::{Reply, Visit};

/// The answer to a sign-in that is complete: the account as JSON, or the way on. `to_profile` leads to the
/// profile.
pub fn signed_in(visit: &Visit<'_>, entered: &LoggedIn, to_profile: Reply, next: String) -> Reply {
    let lasts = visit.flows.policy().session.absolute.as_secs();
    let reply = if visit.json {
        Reply::json(Status::Ok, &show::as_json(visit, &entered.account, &Avatar::of(&entered.account)))
    } else if next.is_empty() || next == visit.outside(PROFILE) {
        to_profile
    } else {
        Reply::back_to(next)
    };
    let session = visit.cookies.session(entered.session.reveal(), lasts);
    let reply = typed::forgotten(visit, reply).cookie(session);
    reply.cookie(visit.cookies.known_browser(entered.browser.reveal()))
}
