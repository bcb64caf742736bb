//! The security log, and second factors that were lost: the calls, and what they take and answer.

pub mod calls;
pub mod wire;
