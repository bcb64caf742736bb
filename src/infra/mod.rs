//! The outside world: password hashing, limits, pictures.

pub mod hasher;
pub mod limiter;
pub mod picture;
