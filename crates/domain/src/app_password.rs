//! App passwords: passwords that the server makes for one program of an account that wants a second factor.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::pairing::is_dash;
use super::text::is_invisible;
use super::{AccountId, Audience, Millis, Random, TokenDigest, UNMISTAKABLE};

/// The characters of an app password: 24 of 32 that nobody mistakes for each other, which are 120 bits.
const CHARS: usize = 24;

/// How many of them stand together where a person reads them.
const GROUP: usize = 4;

/// The number of an app password. Its owner ends it by this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AppPasswordId(pub i64);

/// A password that the server made for one program. It prints as `[redacted]` and is wiped when dropped.
pub struct AppPassword(Zeroizing<String>);

impl AppPassword {
    /// Most app passwords of an account.
    pub const MOST: usize = 20;

    /// The dialects that take one: those in which a person signs in to a program.
    pub const DOORS: [Audience; 3] = [Audience::FASTSITE, Audience::MIRROR, Audience::AMADIS];

    /// Draws an app password.
    pub fn generate(random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0u8; CHARS]);
        random.fill(bytes.as_mut());
        // The alphabet has 32 characters, so each is as likely as any other.
        Self(Zeroizing::new(bytes.iter().map(|byte| symbol(*byte)).collect()))
    }

    /// The dialect with this name, if it takes app passwords.
    pub fn door(name: &str) -> Option<Audience> {
        Self::DOORS.into_iter().find(|door| door.0 == name)
    }

    /// The characters without anything between, for a program.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The characters in groups, for a person. The blanks between may be typed or left out.
    pub fn grouped(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(CHARS + CHARS / GROUP));
        for (at, symbol) in self.0.chars().enumerate() {
            if at > 0 && at % GROUP == 0 {
                text.push(' ');
            }
            text.push(symbol);
        }
        text
    }

    /// The digest by which a typed app password of `account` for `door` is stored and looked up. Blanks,
    /// dashes and capitals do not matter. 120 random bits cannot be guessed, so one SHA-256 is enough: the
    /// slow hash of a person's password would only cost the server. Account and dialect are part of it, so
    /// that a stored digest is worth nothing in another row.
    pub fn digest(typed: &str, account: AccountId, door: Audience) -> TokenDigest {
        let plain: Zeroizing<String> = Zeroizing::new(
            typed
                .chars()
                .filter(|c| !c.is_whitespace() && !is_dash(*c) && !is_invisible(*c))
                .map(|c| c.to_ascii_uppercase())
                .collect(),
        );
        let digest = Sha256::new_with_prefix(b"app password ")
            .chain_update(account.0.to_be_bytes())
            .chain_update(door.0.as_bytes())
            .chain_update(b" ")
            .chain_update(plain.as_bytes())
            .finalize();
        TokenDigest::of(digest.into())
    }
}

fn symbol(byte: u8) -> char {
    char::from(UNMISTAKABLE[usize::from(byte) % UNMISTAKABLE.len()])
}

impl fmt::Debug for AppPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// An app password as stored. Only the program that it was made for has the secret.
#[derive(Clone, Debug)]
pub struct StoredAppPassword {
    pub id: AppPasswordId,
    /// What its owner calls it.
    pub name: String,
    /// The dialect that it was made for.
    pub door: String,
    /// The label of the program that last used it; may be empty.
    pub label: String,
    /// The network that it was last used from; empty while it was not used.
    pub place: String,
    pub created_at: Millis,
    /// `None` while it was not used.
    pub seen_at: Option<Millis>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsRandom;

    #[test]
    fn an_app_password_has_at_least_115_bits_of_characters_that_nobody_mistakes() {
        let made = AppPassword::generate(&OsRandom);
        assert_eq!(made.reveal().len(), 24);
        assert!(made.reveal().bytes().all(|byte| UNMISTAKABLE.contains(&byte)));
        assert!(24.0 * (UNMISTAKABLE.len() as f64).log2() >= 115.0);
        assert_ne!(made.reveal(), AppPassword::generate(&OsRandom).reveal());
        assert_eq!(format!("{made:?}"), "[redacted]");
    }

    #[test]
    fn blanks_dashes_and_capitals_do_not_matter() {
        let made = AppPassword::generate(&OsRandom);
        let (account, door) = (AccountId(7), Audience::MIRROR);
        let stored = AppPassword::digest(made.reveal(), account, door);
        let grouped = made.grouped();
        assert_eq!(grouped.split(' ').count(), 6);
        for typed in [
            grouped.to_string(),
            grouped.replace(' ', "-"),
            grouped.to_lowercase(),
            format!("\t{}\u{a0}", *grouped),
        ] {
            assert_eq!(AppPassword::digest(&typed, account, door), stored, "{typed}");
        }
        assert_ne!(AppPassword::digest(&made.reveal()[1..], account, door), stored);
    }

    #[test]
    fn a_digest_is_of_one_account_and_one_dialect() {
        let digest = |account, door| AppPassword::digest("ABCD", AccountId(account), door);
        assert_ne!(digest(1, Audience::MIRROR), digest(2, Audience::MIRROR));
        assert_ne!(digest(1, Audience::MIRROR), digest(1, Audience::AMADIS));
        assert_eq!(AppPassword::door("amadis"), Some(Audience::AMADIS));
        assert_eq!(AppPassword::door("siberian"), None);
    }
}
