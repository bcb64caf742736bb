//! Registration, and the changes that people make to their own accounts.

mod concealed;
mod form;
mod password;
mod picture;
mod profile;
pub(super) mod proof_of_work;
pub(super) mod registration;
#[cfg(test)]
mod tests;
pub(super) mod username;

pub use password::PasswordInput;
pub use picture::{CropRequest, Pictures, letter_picture};
pub use profile::{ProfileInput, Profiles};
pub use registration::{NewRegistration, Registered, Registrations};
