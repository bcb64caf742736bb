//! Mail: [`cause`] writes a message into the outbox in the transaction that causes it, [`worker`] takes it up,
//! [`word`] draws its link and renders it, [`send`] hands it to the mail server and notes what came of that.
//! [`operate`] is the outbox as its operator sees it.

pub(super) mod cause;
pub mod operate;
pub(super) mod send;
mod word;
mod worker;

use crate::domain::{Token, TokenDigest};
use crate::view::RenderedMail;

/// What became of one try.
enum Outcome {
    /// The message is off the worker's hands: sent, refused, put off, or somebody else's.
    Settled,
    /// It was sent.
    Sent,
    /// The server takes nothing: no use in trying others.
    Unreachable(String),
}

/// A message, ready to be handed to the mail server.
struct Prepared {
    letter: RenderedMail,
    /// The secret of its link, and the digest under which the database knows it.
    link: Option<(Token, TokenDigest)>,
}
