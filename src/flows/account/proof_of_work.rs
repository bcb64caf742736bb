//! What keeps programs from signing up by the thousand: a proof of work that a browser computes, and a field
//! that nobody sees. A sign-up without a proof counts as several for the limit of its address.

use std::sync::Arc;
use std::time::Duration;

use domain::{BotGuard, Clock, Random};
use secrets::Keyring;
use sha2::{Digest as _, Sha256};

use crate::flows::sealed_time;

/// What the time in a challenge is encrypted for.
const CONTEXT: &str = "sign-up";

/// How long a challenge may be answered. A form that is sent later counts as one without a proof.
const LASTS: Duration = Duration::from_secs(2 * 3600);

/// How many sign-ups one without a proof counts as. Five leave four in an hour to an address, of twenty.
pub(super) const UNPROVEN: u32 = 5;

/// The longest proof that is looked at, in bytes.
const LONGEST: usize = 200;

/// Makes challenges, and believes the proofs of browsers that have worked for them.
#[derive(Clone)]
pub struct ProofOfWork {
    pub(in crate::flows) secrets: Keyring,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) guard: BotGuard,
}

impl ProofOfWork {
    pub(in crate::flows) fn new(
        secrets: &Keyring,
        clock: &Arc<dyn Clock>,
        random: &Arc<dyn Random>,
        guard: BotGuard,
    ) -> Self {
        Self { secrets: secrets.clone(), clock: clock.clone(), random: random.clone(), guard }
    }

    /// A challenge for a sign-up page: the time, encrypted, so that nobody else makes one and none is stored.
    /// `None` where no work is asked for, or there is no randomness.
    pub fn challenge(&self) -> Option<String> {
        self.guard.bits()?;
        sealed_time::seal(&self.secrets.keys(), self.random.as_ref(), CONTEXT, self.clock.now())
    }

    /// Whether `proof` is a challenge of this server that was made lately, and a number for which the SHA-256
    /// of both and the typed address begins with enough zero bits.
    pub(super) fn holds(&self, proof: &str, email: &str) -> bool {
        let Some(bits) = self.guard.bits() else { return true };
        let Some((challenge, number)) = proof.rsplit_once('.').filter(|_| proof.len() <= LONGEST) else {
            return false;
        };
        let email = email.trim().to_lowercase();
        let digest = Sha256::digest(format!("{challenge}.{email}.{number}"));
        let first = digest.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        first.leading_zeros() >= bits
            && sealed_time::is_lately(&self.secrets.keys(), CONTEXT, challenge, (self.clock.now(), LASTS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::fixture::Fixture;
    use domain::{OsRandom, Verification};

    fn worked(challenge: &str, email: &str, bits: u32) -> String {
        let proof = (0..).map(|number: u32| format!("{challenge}.{number}"));
        let zeros = |proof: &String| {
            let (_, number) = proof.rsplit_once('.').unwrap();
            let digest = Sha256::digest(format!("{challenge}.{email}.{number}"));
            u32::from_be_bytes(*digest.first_chunk().unwrap()).leading_zeros()
        };
        proof.into_iter().find(|proof| zeros(proof) >= bits).unwrap()
    }

    #[tokio::test]
    async fn a_proof_is_for_one_address_and_two_hours() {
        let fixture = Fixture::new(Verification::Off).await;
        let work = ProofOfWork {
            secrets: fixture.secrets.clone(),
            clock: fixture.clock.clone(),
            random: Arc::new(OsRandom),
            guard: BotGuard::Work { bits: 10 },
        };
        let challenge = work.challenge().unwrap();
        let proof = worked(&challenge, "ada@example.org", 10);
        assert!(work.holds(&proof, " Ada@Example.org "));
        // Each of the others is right by chance once in a thousand, so several must be wrong.
        let others = ["eve@example.org", "bob@example.org", "ada@example.com", "ada@example.orgg", ""];
        assert!(others.iter().filter(|other| work.holds(&proof, other)).count() < 3);
        let foreign = worked("c29tZXRoaW5n", "ada@example.org", 10);
        let nothing = ["", ".", "x.1", &foreign, &"a".repeat(300), "\u{0}.\u{0}"];
        assert!(nothing.iter().all(|proof| !work.holds(proof, "ada@example.org")));
        let less = ProofOfWork { guard: BotGuard::Work { bits: 24 }, ..work.clone() };
        assert!(!less.holds(&worked(&challenge, "eve@example.org", 10), "eve@example.org"));
        fixture.clock.forward(LASTS);
        assert!(work.holds(&proof, "ada@example.org"));
        fixture.clock.forward(Duration::from_millis(1));
        assert!(!work.holds(&proof, "ada@example.org"));
        let off = ProofOfWork { guard: BotGuard::Off, ..work };
        assert!(off.challenge().is_none() && off.holds("", "ada@example.org"));
    }
}
