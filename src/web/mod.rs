//! What pages and dialects share of HTTP: bodies, refusals, cookies, headers, static files.

mod assets;
mod body;
mod call;
pub mod cookies;
mod cors;
mod credentials;
mod form;
mod guards;
mod headers;
mod look;
mod origin;
mod page;
mod refusal;
mod reply;
mod upload;
mod words;

pub use listener::events::{Event, Events};
pub use listener::{events, incoming};
pub use requests as fields;
pub use requests::wants_json;

pub use assets::routes as asset_routes;
pub use body::Body;
pub use call::{Answer, Call, locale_or};
pub use cors::Cors;
pub use credentials::{ApiKey, UncheckedKeys, asked_by, bearer, presented_key};
pub use form::{Form, check_origin};
pub use guards::{CurrentAccount, Visit, client_of};
pub use headers::{Doorstep, is_head};
pub use look::look;
pub use origin::{PublicOrigin, cross_site};
pub use refusal::{Dialect, Dialects, Refusal, catchers, note, sized, whole_seconds};
pub use reply::Reply;
pub use upload::{Upload, UploadRules};
pub use words::{attempt_words, english_words, words};
