//! Passwords that anybody would try: those of the zxcvbn project's lists, their hex digests, and runs.

use std::sync::LazyLock;

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use zxcvbn::matching::patterns::MatchPattern;

/// The ten thousand most used passwords, from zxcvbn's list (MIT): its crate keeps the list to itself.
const LISTED: &str = include_str!("common_passwords.txt");

/// Whether the whole password is among the most used ones, the hex digest of one of these, a common word or
/// name (the lists of the zxcvbn project), one repeated character, or a run along the alphabet or the
/// keyboard. Takes up to 4 ms, so a limiter should have counted the request before.
pub(crate) fn is_common(typed: &str) -> bool {
    HexDigest::read(typed).is_some_and(|digest| LISTED_DIGESTS.binary_search(&digest).is_ok())
        || is_listed(typed)
}

/// Whether `typed` is the hex digest of one of `words`: some clients hash a password before they send it.
pub(crate) fn is_digest_of<'w>(typed: &str, mut words: impl Iterator<Item = &'w str>) -> bool {
    HexDigest::read(typed)
        .is_some_and(|digest| words.any(|word| HexDigest::all_of(word.as_bytes()).contains(&digest)))
}

/// A digest as clients write it, by its first bytes: 64 bits tell the listed passwords apart from all else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct HexDigest([u8; 8]);

impl HexDigest {
    /// Reads a digest by MD5, SHA-1 or SHA-256 in hexadecimal digits of either case. `None` for other text.
    fn read(typed: &str) -> Option<Self> {
        let is_digest = matches!(typed.len(), 32 | 40 | 64) && typed.bytes().all(|b| b.is_ascii_hexdigit());
        let first = typed.get(..16).filter(|_| is_digest)?;
        u64::from_str_radix(first, 16).ok().map(|first| Self(first.to_be_bytes()))
    }

    fn all_of(word: &[u8]) -> [Self; 3] {
        [
            Self::first_of(&Md5::digest(word)),
            Self::first_of(&Sha1::digest(word)),
            Self::first_of(&Sha256::digest(word)),
        ]
    }

    fn first_of(digest: &[u8]) -> Self {
        let mut first = [0; 8];
        first.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
        Self(first)
    }
}

/// The digests of the listed passwords, sorted. They are computed when the first digest is chosen as a
/// password.
static LISTED_DIGESTS: LazyLock<Vec<HexDigest>> = LazyLock::new(|| {
    let mut digests: Vec<HexDigest> =
        LISTED.lines().flat_map(|word| HexDigest::all_of(word.as_bytes())).collect();
    digests.sort_unstable();
    digests
});

fn is_listed(typed: &str) -> bool {
    if !may_be_listed(typed) {
        return false;
    }
    let estimate = zxcvbn::zxcvbn(typed, &[]);
    match estimate.sequence() {
        [only] => match &only.pattern {
            MatchPattern::Dictionary(found) => !found.reversed && !found.l33t,
            MatchPattern::Repeat(_) | MatchPattern::Sequence(_) => true,
            MatchPattern::Spatial(keys) => keys.turns <= 2,
            _ => false,
        },
        _ => false,
    }
}

/// Whether the password can be in the estimator's lists. The estimator's time grows with the square of the
/// length, and multiplies with every sign that can stand for a letter. No listed password is longer or has
/// two of them.
fn may_be_listed(typed: &str) -> bool {
    const STAND_INS: &str = "@({[<!|$+%";
    let mut stand_ins: Vec<char> = typed.chars().filter(|c| STAND_INS.contains(*c)).collect();
    stand_ins.sort_unstable();
    stand_ins.dedup();
    typed.len() <= 24 && stand_ins.len() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_takes_longer_to_judge_than_to_hash() {
        for (raw, estimated) in [
            ("4@83691700525243691@@@@@", true),
            ("1234567890@1234567890@12", true),
            ("1234567890@1234567890@123", false),
            ("4@8({[<3691!|70$5+%2abcd", false),
            ("a@b(c", false),
        ] {
            assert_eq!(may_be_listed(raw), estimated, "{raw}");
        }
    }

    #[test]
    fn a_digest_of_a_common_password_is_common() {
        for digest in [
            // password, by MD5, SHA-1 and SHA-256
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8",
            "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
            // 123456, which is too short to be chosen itself
            "e10adc3949ba59abbe56e057f20f883e",
        ] {
            assert!(is_common(digest), "{digest}");
        }
        for other in [
            // no digest of any listed password
            "00000000000000000000000000000001",
            // a digit less, a digit more, no digits
            "5f4dcc3b5aa765d61d8327deb882cf9",
            "5f4dcc3b5aa765d61d8327deb882cf999",
            "5f4dcc3b5aa765d61d8327deb882cf9é",
            "+f4dcc3b5aa765d61d8327deb882cf99",
        ] {
            assert!(!is_common(other), "{other}");
        }
    }

    #[test]
    fn every_listed_password_is_common_and_so_are_its_digests() {
        assert_eq!(LISTED_DIGESTS.len(), 30_000);
        for word in LISTED.lines().step_by(97) {
            let hex = |digest: &[u8]| digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            let digests = [hex(&Md5::digest(word)), hex(&Sha1::digest(word)), hex(&Sha256::digest(word))];
            for typed in digests {
                assert!(is_common(&typed), "{typed} of {word}");
            }
        }
    }
}
