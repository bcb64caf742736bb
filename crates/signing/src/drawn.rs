//! The program's source of random bytes, as the maker of RSA keys asks for one.

use std::convert::Infallible;

use domain::Random;
use rsa::rand_core::{TryCryptoRng, TryRng};

/// Draws from a [`Random`].
pub(crate) struct Drawn<'a>(pub(crate) &'a dyn Random);

impl TryRng for Drawn<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(buffer);
        Ok(())
    }
}

impl TryCryptoRng for Drawn<'_> {}
