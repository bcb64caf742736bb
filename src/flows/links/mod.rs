//! Mailed links: choosing a password, verifying an address, changing an address.

mod address_change;
pub(super) mod recovery;
#[cfg(test)]
mod tests;
pub(super) mod tickets;
pub(super) mod verification;

pub use tickets::Links;
pub use verification::AddressProof;
