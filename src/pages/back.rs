//! The page of the account that a change leads back to.

use look::PAGE_FIELD;
use requests::Fields;

use crate::urls::{PROFILE, SECURITY};
use crate::web::Reply;

/// The answer to a browser whose form changed something: to the page that the form says it stands on, and
/// `published` to a form that says none, as the published theme API wants it.
pub fn or(fields: &Fields, published: Reply) -> Reply {
    match fields.text(PAGE_FIELD) {
        Ok(Some("profile")) => Reply::see_other(PROFILE),
        Ok(Some("security")) => Reply::see_other(SECURITY),
        _ => published,
    }
}
