//! Mail: [`cause`] writes a message into the outbox in the transaction that causes it, [`worker`] takes it up,
//! [`word`] draws its link and renders it, [`send`] hands it to the mail server and notes what came of that.
//! [`operate`] is the outbox as its operator sees it.

pub(super) mod cause;
pub mod operate;
pub(super) mod send;
mod word;
mod worker;

use std::time::Duration;

use crate::domain::{Token, TokenDigest};
use crate::view::RenderedMail;

/// How long a message is leased for sending. Longer than one try may take.
const LEASE: Duration = Duration::from_secs(300);

/// A message, ready to be handed to the mail server.
struct Prepared {
    letter: RenderedMail,
    /// The secret of its link, and the digest under which the database knows it.
    link: Option<(Token, TokenDigest)>,
}
