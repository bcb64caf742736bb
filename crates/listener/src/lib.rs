#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod access;
mod buffers;
mod client_header;
mod client_net;
mod complaints;
mod connection;
mod connections;
mod detached;
mod drain;
mod error;
mod events;
mod exchange;
mod file;
mod head;
mod hosts;
mod incoming;
mod lanes;
mod pace;
mod refusal;
mod reply;
mod rules;
mod sender;
mod server;
mod settings;
mod shared;
mod shares;
mod slot;
mod slots;
mod socket;
mod state;
mod stream;
mod under_way;
mod victims;

pub use client_header::ClientHeader;
pub use connections::Connections;
pub use error::ServeError;
pub use events::{Event, EventStream, Events};
pub use file::FileBody;
pub use hosts::KnownHosts;
pub use incoming::{Incoming, IncomingBody};
pub use server::{Server, stop_signal};
pub use settings::ServerSettings;
