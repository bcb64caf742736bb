#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod access;
mod connection;
mod drain;
mod error;
mod events;
mod exchange;
mod head;
mod incoming;
mod refusal;
mod reply;
mod server;
mod settings;
mod shared;
mod slots;
mod socket;
mod stream;

pub use error::ServeError;
pub use events::{Event, EventStream, Events};
pub use incoming::{Incoming, IncomingBody};
pub use server::{Server, stop_signal};
pub use settings::ServerSettings;
