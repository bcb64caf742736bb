//! The outside world: password hashing, limits, pictures, mail.

pub mod hasher;
pub mod limiter;
pub mod mailer;
pub mod picture;
