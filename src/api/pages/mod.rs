//! The JSON of the pages, as the published description has it. The pages' own handlers serve these paths; the
//! functions here carry their descriptions alone.

mod account;
mod app_passwords;
mod applications;
mod calls;
mod data;
mod deletion;
mod factors;
mod factors_wire;
mod links;
mod passkeys;
mod passkeys_wire;
mod proof;
mod providers;
mod security;
mod session_wire;
mod terms;
mod wire;

pub use calls::describe;
