//! Recovery codes, with which the owner of an account signs in who has lost the other second factors.

use std::fmt;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::pairing::is_dash;
use super::text::is_invisible;
use super::{AccountId, Random, TokenDigest, TotpSecret, UNMISTAKABLE};

/// Sixteen symbols that cannot be mistaken for each other. It prints as `[redacted]` and is wiped when
/// dropped.
///
/// That are 80 bits, so the database keeps a plain digest: whoever has a copy of it would have to try 2^76
/// codes for each account, as the digest is bound to the account, before one of its ten is found. A slow hash
/// would make that no safer, and each code that is typed would cost the server ten of them.
#[derive(Clone)]
pub struct RecoveryCode(Zeroizing<[u8; Self::SYMBOLS]>);

impl RecoveryCode {
    /// The symbols of a code.
    const SYMBOLS: usize = 16;

    /// The symbols that are written together.
    const GROUP: usize = 4;

    /// How many codes are made at once.
    pub const AT_ONCE: usize = 10;

    /// From this number on their owner is told to make new ones.
    pub const FEW: i64 = 3;

    /// Draws a code.
    pub fn draw(random: &dyn Random) -> Self {
        let mut code = Zeroizing::new([0; Self::SYMBOLS]);
        random.fill(code.as_mut());
        // 32 divides 256, so every symbol is equally likely.
        code.iter_mut().for_each(|byte| *byte = UNMISTAKABLE[usize::from(*byte) % UNMISTAKABLE.len()]);
        Self(code)
    }

    /// Reads a typed code, in either case. Blanks and dashes are left out. `None` for what cannot be a code.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut typed = typed.chars().filter(|c| !c.is_whitespace() && !is_dash(*c) && !is_invisible(*c));
        let mut code = Zeroizing::new([0; Self::SYMBOLS]);
        for symbol in code.iter_mut() {
            *symbol = u8::try_from(typed.next()?).ok()?.to_ascii_uppercase();
        }
        let ends = typed.next().is_none();
        (ends && code.iter().all(|symbol| UNMISTAKABLE.contains(symbol))).then_some(Self(code))
    }

    /// The code in groups of four, for the one page that shows it.
    pub fn reveal(&self) -> Zeroizing<String> {
        let groups = self.0.chunks(Self::GROUP).map(|group| std::str::from_utf8(group).unwrap_or_default());
        Zeroizing::new(groups.collect::<Vec<_>>().join("-"))
    }

    /// The digest by which `account` keeps the code.
    pub fn digest(&self, account: AccountId) -> TokenDigest {
        let hash = Sha256::new_with_prefix(b"recovery code ")
            .chain_update(account.0.to_be_bytes())
            .chain_update(self.0.as_ref())
            .finalize();
        TokenDigest::of(hash.into())
    }
}

/// A recovery code of another product, which came along with its account. It prints as `[redacted]` and is
/// wiped when dropped.
///
/// Some have 26 bits, which whoever has a copy of the database would try one after the other: so their digest
/// has a key, which is the secret of the account's authenticator app. That is encrypted in the database, and
/// with another app the codes are void.
#[derive(Clone)]
pub struct ForeignRecoveryCode(Zeroizing<String>);

impl ForeignRecoveryCode {
    /// The longest, in bytes.
    const LONGEST: usize = 100;

    /// Reads a code as its owner has it. Blanks and dashes are left out. `None` for what is too short or too
    /// long for one.
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.len() > 2 * Self::LONGEST {
            return None;
        }
        let kept = typed.chars().filter(|c| !c.is_whitespace() && !is_dash(*c) && !is_invisible(*c));
        let mut code = Zeroizing::new(String::with_capacity(typed.len()));
        code.extend(kept);
        (6..=Self::LONGEST).contains(&code.len()).then_some(Self(code))
    }

    /// The digest by which `account` keeps the code, under the secret of its app.
    pub fn digest(&self, account: AccountId, app: &TotpSecret) -> TokenDigest {
        let key = app.as_bytes();
        // Where the key ends is said before it, so that no two keys and codes are one text.
        let hash = Sha256::new_with_prefix(b"imported recovery code ")
            .chain_update((key.len() as u64).to_be_bytes())
            .chain_update(key)
            .chain_update(account.0.to_be_bytes())
            .chain_update(self.0.as_bytes())
            .finalize();
        TokenDigest::of(hash.into())
    }
}

impl fmt::Debug for ForeignRecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsRandom;

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        let code = RecoveryCode::draw(&OsRandom);
        let shown = code.reveal();
        assert_eq!(shown.len(), 19, "four groups of four");
        let own = AccountId(7);
        let spellings = [
            shown.to_string(),
            shown.to_lowercase(),
            shown.replace('-', " "),
            shown.replace('-', ""),
            shown.replace('-', "–"),
            format!("\u{feff} {} \n", *shown),
        ];
        for typed in spellings {
            let read = RecoveryCode::parse(&typed).unwrap();
            assert_eq!(read.digest(own), code.digest(own), "{typed:?}");
        }
        assert_eq!(format!("{code:?}"), "[redacted]");
    }

    #[test]
    fn a_digest_is_of_one_code_and_one_account() {
        let (one, two) = (RecoveryCode::draw(&OsRandom), RecoveryCode::draw(&OsRandom));
        assert_ne!(one.digest(AccountId(7)), two.digest(AccountId(7)));
        assert_ne!(one.digest(AccountId(7)), one.digest(AccountId(8)));
    }

    #[test]
    fn a_code_of_another_product_is_bound_to_account_and_app() {
        let app = |byte| TotpSecret::from_slice(&[byte; 20]).unwrap();
        let digest = |typed: &str, account, byte| {
            let code = ForeignRecoveryCode::parse(typed).unwrap();
            assert_eq!(format!("{code:?}"), "[redacted]");
            code.digest(AccountId(account), &app(byte))
        };
        let own = digest("aB3dE-fGh1j", 7, 1);
        for same in ["aB3dEfGh1j", " aB3dE fGh1j\n", "aB3dE\u{2013}fGh1j"] {
            assert_eq!(digest(same, 7, 1), own, "{same:?}");
        }
        for other in [digest("ab3de-fgh1j", 7, 1), digest("aB3dE-fGh1j", 8, 1), digest("aB3dE-fGh1j", 7, 2)] {
            assert_ne!(other, own);
        }
        for junk in ["", "12345", "1-2-3-4", &"A".repeat(101), &"-".repeat(1_000)] {
            assert!(ForeignRecoveryCode::parse(junk).is_none(), "{junk}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let long = "A".repeat(17);
        for junk in ["", "123456", "ABCD-EFGH-JKLM-NPQ", &long, "ABCD-EFGH-JKLM-NPQ0", "ABCD-EFGH-JKLM-NPQÉ"]
        {
            assert!(RecoveryCode::parse(junk).is_none(), "{junk}");
        }
    }
}
