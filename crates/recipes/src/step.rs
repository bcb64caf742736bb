//! What happens to a typed password before the scheme proper.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::call::{BadRecipe, Call};
use super::encoding;
use super::hash::HashName;
use super::refusal::VerifyError;
use super::typed::Peppers;

/// The longest name of a secret.
const LONGEST_NAME: usize = 40;

/// Decomposing makes eleven bytes of one at most (UAX #15, table 3), so a buffer of this many never grows and
/// leaves no copy behind.
const LARGEST_EXPANSION: usize = 11;

/// The name of an operator's secret: lower-case letters, digits and `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PepperName(String);

impl PepperName {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let right = (1..=LONGEST_NAME).contains(&text.len()) && text.chars().all(letter);
        right.then(|| Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The secret itself.
    pub(crate) fn find<'p>(&self, peppers: &'p (impl Peppers + ?Sized)) -> Result<&'p [u8], VerifyError> {
        let found = peppers.pepper(&self.0).ok_or_else(|| VerifyError::SecretMissing(self.0.clone()))?;
        Ok(found.bytes())
    }
}

/// A key of a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// The same for everybody, or stored beside the hash anyway.
    Known(Vec<u8>),
    /// A secret of the operator.
    Secret(PepperName),
}

impl Key {
    pub(crate) fn bytes<'k>(&'k self, peppers: &'k (impl Peppers + ?Sized)) -> Result<&'k [u8], VerifyError> {
        match self {
            Self::Known(bytes) => Ok(bytes),
            Self::Secret(name) => name.find(peppers),
        }
    }

    /// Reads `pepper=`, `text=` or `key=`.
    pub(crate) fn take(call: &mut Call<'_>) -> Result<Self, BadRecipe> {
        const WANTS: &str = "one of `pepper=name`, `text=key` and `key=base64url`";
        if let Some(name) = call.take("pepper") {
            return PepperName::parse(name).map(Self::Secret).ok_or_else(|| call.bad(WANTS));
        }
        let bytes = match call.take("text") {
            Some(text) => text.as_bytes().to_vec(),
            None => call.bytes("key", WANTS)?,
        };
        if bytes.is_empty() { Err(call.bad(WANTS)) } else { Ok(Self::Known(bytes)) }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(bytes) => write!(f, "key={}", encoding::to_base64url(bytes)),
            Self::Secret(name) => write!(f, "pepper={}", name.as_str()),
        }
    }
}

/// How a digest goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    Raw,
    Hex,
    Base64,
}

impl Spelling {
    fn text(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Hex => "hex",
            Self::Base64 => "base64",
        }
    }

    fn spell(self, bytes: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Raw => bytes,
            Self::Hex => Zeroizing::new(encoding::to_hex(&bytes).into_bytes()),
            Self::Base64 => Zeroizing::new(encoding::to_base64(&bytes).into_bytes()),
        }
    }
}

/// A Unicode normalisation form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Nfc,
    Nfkc,
    Nfkd,
}

impl Form {
    fn text(self) -> &'static str {
        match self {
            Self::Nfc => "nfc",
            Self::Nfkc => "nfkc",
            Self::Nfkd => "nfkd",
        }
    }

    /// What is not UTF-8 has no normal form and stays as it is.
    fn normalise(self, bytes: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
        let Ok(text) = std::str::from_utf8(&bytes) else { return bytes };
        let mut normal = String::with_capacity(text.len() * LARGEST_EXPANSION);
        match self {
            Self::Nfc => normal.extend(text.nfc()),
            Self::Nfkc => normal.extend(text.nfkc()),
            Self::Nfkd => normal.extend(text.nfkd()),
        }
        Zeroizing::new(normal.into_bytes())
    }
}

/// One step from what was typed towards what the scheme hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Normal(Form),
    /// A form may have put a backslash before each quote and backslash (PHP's `addslashes`, in WordPress):
    /// what was typed is tried first, then this.
    Slashes,
    /// Blanks at either end go, as PHP's `trim` has it: WordPress does so before it hashes, and where
    /// somebody signs in.
    Trimmed,
    /// Only ASCII letters and digits stay, as in WordPress' application passwords.
    Alphanumeric,
    /// Each byte becomes two, the second of them zero: NT hashes, wherever they take bytes for characters.
    Widened,
    /// The secret follows the password.
    Appended(PepperName),
    /// The digest of `before` and the password.
    Digest {
        spelling: Spelling,
        hash: HashName,
        before: Vec<u8>,
    },
    /// The HMAC of the password.
    Hmac {
        spelling: Spelling,
        hash: HashName,
        key: Key,
    },
}

impl Step {
    /// The step on its input. `Slashes` changes nothing here: it is what the input was chosen by.
    pub(crate) fn apply(
        &self,
        input: Zeroizing<Vec<u8>>,
        peppers: &(impl Peppers + ?Sized),
    ) -> Result<Zeroizing<Vec<u8>>, VerifyError> {
        Ok(match self {
            Self::Normal(form) => form.normalise(input),
            Self::Slashes => input,
            Self::Trimmed => Zeroizing::new(trimmed(&input).to_vec()),
            Self::Alphanumeric => {
                Zeroizing::new(input.iter().copied().filter(u8::is_ascii_alphanumeric).collect())
            }
            Self::Widened => Zeroizing::new(input.iter().flat_map(|byte| [*byte, 0]).collect()),
            Self::Appended(name) => Zeroizing::new([input.as_slice(), name.find(peppers)?].concat()),
            Self::Digest { spelling, hash, before } => spelling.spell(hash.digest(&[before, &input])),
            Self::Hmac { spelling, hash, key } => spelling.spell(hash.hmac(key.bytes(peppers)?, &input)),
        })
    }

    /// The name of the secret that the step needs.
    pub(crate) fn secret(&self) -> Option<&PepperName> {
        match self {
            Self::Appended(name) | Self::Hmac { key: Key::Secret(name), .. } => Some(name),
            _ => None,
        }
    }

    /// Reads a step; `None` if the word names none.
    pub(crate) fn parse(call: &mut Call<'_>) -> Result<Option<Self>, BadRecipe> {
        Ok(Some(match call.name() {
            "nfc" => Self::Normal(Form::Nfc),
            "nfkc" => Self::Normal(Form::Nfkc),
            "nfkd" => Self::Normal(Form::Nfkd),
            "slashes" => Self::Slashes,
            "trim" => Self::Trimmed,
            "alphanumeric" => Self::Alphanumeric,
            "widened" => Self::Widened,
            "append" => {
                let name = call.take("pepper").and_then(PepperName::parse);
                Self::Appended(name.ok_or_else(|| call.bad("`pepper=name`"))?)
            }
            "raw" => Self::digest(Spelling::Raw, call)?,
            "hex" => Self::digest(Spelling::Hex, call)?,
            "base64" => Self::digest(Spelling::Base64, call)?,
            _ => return Ok(None),
        }))
    }

    fn digest(spelling: Spelling, call: &mut Call<'_>) -> Result<Self, BadRecipe> {
        const WANTS: &str = "a digest such as `sha256` or `hmac-sha256`";
        let word = call.word().ok_or_else(|| call.bad(WANTS))?;
        let keyed = word.strip_prefix("hmac-");
        let hash = HashName::parse(keyed.unwrap_or(word)).ok_or_else(|| call.bad(WANTS))?;
        Ok(match keyed {
            Some(_) => Self::Hmac { spelling, hash, key: Key::take(call)? },
            None => Self::Digest { spelling, hash, before: call.bytes("before", "`before=base64url`")? },
        })
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Normal(form) => f.write_str(form.text()),
            Self::Slashes => f.write_str("slashes"),
            Self::Trimmed => f.write_str("trim"),
            Self::Alphanumeric => f.write_str("alphanumeric"),
            Self::Widened => f.write_str("widened"),
            Self::Appended(name) => write!(f, "append(pepper={})", name.as_str()),
            Self::Digest { spelling, hash, before } if before.is_empty() => {
                write!(f, "{}({})", spelling.text(), hash.text())
            }
            Self::Digest { spelling, hash, before } => {
                let before = encoding::to_base64url(before);
                write!(f, "{}({},before={before})", spelling.text(), hash.text())
            }
            Self::Hmac { spelling, hash, key } => {
                write!(f, "{}(hmac-{},{key})", spelling.text(), hash.text())
            }
        }
    }
}

/// What PHP's `addslashes` makes of the input: a backslash before each quote and backslash, and of a NUL
/// `\0`. `None` if nothing changes.
pub(crate) fn slashed(input: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let special = |byte: &u8| [b'\'', b'"', b'\\', 0].contains(byte);
    let more = input.iter().filter(|byte| special(byte)).count();
    let mut output = Zeroizing::new(Vec::with_capacity(input.len() + more));
    for byte in input {
        if special(byte) {
            output.push(b'\\');
        }
        output.push(if *byte == 0 { b'0' } else { *byte });
    }
    (more > 0).then_some(output)
}

/// The input without what PHP's `trim` takes off its ends.
fn trimmed(input: &[u8]) -> &[u8] {
    let blank = |byte: &u8| b" \t\n\r\0\x0b".contains(byte);
    let Some(first) = input.iter().position(|byte| !blank(byte)) else { return &[] };
    let last = input.iter().rposition(|byte| !blank(byte)).unwrap_or(first);
    input.get(first..=last).unwrap_or(input)
}

#[cfg(test)]
mod tests {
    use super::super::typed::NoPeppers;
    use super::*;

    fn applied(step: &Step, input: &str) -> Vec<u8> {
        step.apply(Zeroizing::new(input.as_bytes().to_vec()), &NoPeppers).unwrap().to_vec()
    }

    #[test]
    fn slashes_are_those_of_php() {
        assert_eq!(slashed(b"O'Neil \"x\" \\ \0").unwrap().as_slice(), b"O\\'Neil \\\"x\\\" \\\\ \\0");
        assert_eq!(slashed(b"plain"), None);
    }

    #[test]
    fn blanks_at_the_ends_are_those_of_php() {
        for (typed, kept) in
            [("  a b\t", "a b"), ("\0\x0b\r\na", "a"), ("", ""), (" \n", ""), ("\u{a0}a", "\u{a0}a")]
        {
            assert_eq!(applied(&Step::Trimmed, typed), kept.as_bytes(), "{typed:?}");
        }
    }

    #[test]
    fn forms_are_normal_and_what_is_no_text_stays() {
        assert_eq!(applied(&Step::Normal(Form::Nfc), "e\u{301}ﬁ"), "éﬁ".as_bytes());
        assert_eq!(applied(&Step::Normal(Form::Nfkc), "e\u{301}ﬁ"), "éfi".as_bytes());
        assert_eq!(applied(&Step::Normal(Form::Nfkd), "éﬁ"), "e\u{301}fi".as_bytes());
        let junk = Zeroizing::new(vec![0xff, b'e']);
        assert_eq!(Step::Normal(Form::Nfc).apply(junk, &NoPeppers).unwrap().as_slice(), [0xff, b'e']);
        // The character that grows most.
        let longest = "\u{fdfa}".repeat(100);
        assert!(applied(&Step::Normal(Form::Nfkd), &longest).len() <= longest.len() * LARGEST_EXPANSION);
    }

    #[test]
    fn a_missing_secret_is_named() {
        let step = Step::Appended(PepperName::parse("devise").unwrap());
        let refused = step.apply(Zeroizing::default(), &NoPeppers);
        assert_eq!(refused.unwrap_err(), VerifyError::SecretMissing("devise".to_owned()));
    }
}
