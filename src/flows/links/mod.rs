//! Links that were mailed: choosing a password, proving an address, giving an account another address.

mod address_change;
pub(super) mod recovery;
#[cfg(test)]
mod tests;
pub(super) mod tickets;
pub(super) mod verification;

pub use tickets::Links;
pub use verification::AddressProof;
