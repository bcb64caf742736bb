//! HTTP parts that pages and dialects share: bodies, refusals, cookies, headers, static files.

pub mod accept;
mod assets;
mod body;
mod call;
pub mod cookies;
mod cors;
mod credentials;
mod cross_origin;
mod custom_input;
mod form;
mod guards;
mod headers;
mod in_turn;
pub mod language;
mod observed;
mod page;
mod refusal;
mod reply;
mod return_to;
mod sandboxed;
mod upload;
mod words;

pub use assets::routes as asset_routes;
pub use body::Body;
pub use call::{Answer, Call};
pub use cors::{Cors, Openness};
pub use credentials::{ApiKeyGuard, UncheckedKeys, asked_by, bearer, presented_key};
pub use cross_origin::{PublicOrigin, base_path};
pub use form::{Form, check_origin, interrupted};
pub use guards::{
    CurrentAccount, HasAdministration, Visit, client_ip, present, want_second, wanted_look, wants_second,
};
pub use headers::{SecurityHeaders, is_head, policy};
pub use in_turn::in_turn;
pub use observed::{Observed, RequestFigures};
pub use page::Around;
pub use refusal::{Dialect, Dialects, Refusal, catchers, note, sized};
pub use reply::Reply;
pub use return_to::{ReturnTo, own_path, way_back};
pub use sandboxed::Sandboxed;
pub use upload::{SpooledUpload, UploadRules};
pub use words::{attempt_words, english_words, words};
