//! The pages over real sockets: the contract of `/user/*`, as HTML and as JSON, on both engines.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod address_links;
mod addresses;
mod alone;
mod bodies;
mod cookies;
mod dev_mail;
mod devices;
#[path = "../support/engines.rs"]
mod engines;
mod fields;
mod foreign_links;
mod headers;
mod limits;
mod link_requests;
mod login;
mod mail;
mod mail_connections;
mod mail_encodings;
mod mail_headers;
mod mailboxes;
mod negotiation;
mod neutral;
mod notices;
mod openings;
mod origins;
mod outages;
mod own_refusals;
mod passwords;
mod pictures;
mod pooler;
mod profile;
mod program;
mod proxy_header;
mod races;
mod recovery;
mod registration;
mod sessions;
mod settings;
mod stale_tabs;
mod support;
mod twice;
mod typed;
mod verification;
mod way_back;
mod words;
