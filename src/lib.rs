//! Vestibule: an account server for websites.
//!
//! A program calls [`command_line`], or [`plugin::run`] if it has plug-ins. [`plugin`] has everything that a
//! plug-in uses; the rest is private.
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
