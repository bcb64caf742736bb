//! The interface for plug-ins. A plug-in is a crate with a program of its own that adds routes, pages,
//! sentences and tables. See `docs/plugins.md` and `examples/plugin`.

pub use domain::{AccountError, AccountId, Actor, Clock, Millis, OsRandom, Random, Role, Scope};
pub use listener::{ServeError, Server, ServerSettings, stop_signal};
pub use look::pages::{FieldView, TimeView};
pub use look::{Page, Problem};
pub use store::erasure::Fate;
pub use store::{DbPool, Engine, Link, Linked, Store, StoreError, on};

pub use crate::compose::{
    ClockAndRandom, Plugin, prepare, prepare_with, rocket, rocket_with, run, server_settings,
};
pub use crate::config::{Config, ConfigError, StartError};
pub use crate::flows::{Flows, api_keys};
pub use crate::web::{
    ApiKeyGuard, CurrentAccount, Dialect, Form, Refusal, Reply, Visit, check_origin, note, sized,
};
