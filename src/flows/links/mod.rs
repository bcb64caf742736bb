//! Mailed links: choosing a password, verifying an address, changing an address.

mod address_change;
mod address_request;
mod owner_proof;
pub(super) mod recovery;
#[cfg(test)]
mod tests;
pub(super) mod tickets;
pub(super) mod verification;

pub use address_change::AddressOffer;
pub use owner_proof::OwnerProof;
pub use tickets::Links;
pub use verification::{AddressProof, LinkRequest, VerificationOffer};
