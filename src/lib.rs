//! Vestibule: an account server for websites.
//!
//! A program is [`command_line`], or [`plugin::run`] with plug-ins. [`plugin`] has everything that a plug-in
//! uses; the rest is private.
#![forbid(unsafe_code)]

mod api;
mod cli;
mod compose;
mod config;
mod flows;
mod pages;
pub mod plugin;
mod urls;
mod web;

pub use cli::run as command_line;

// The names that `flows` still has for crates.
use ::{domain, store};
use look as view;
mod infra {
    pub use ::{hasher, limiter, mailer, pictures as picture};
}
