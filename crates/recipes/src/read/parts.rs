//! What the readers of all forms share: numbers, bytes and parameters, or the refusal.

use super::super::encoding::{from_base64, from_hex};
use super::super::refusal::{OrMalformed as _, Refusal};

/// Salt and digest at the end of a form.
pub(super) fn two<'a>(
    fields: &mut impl Iterator<Item = &'a str>,
    decode: fn(&str) -> Option<Vec<u8>>,
) -> Result<(Vec<u8>, Vec<u8>), Refusal> {
    let salt = fields.next().and_then(decode).or_malformed("no salt")?;
    let digest = fields.next().and_then(decode).or_malformed("no digest")?;
    if fields.next().is_some() {
        Err(Refusal::Malformed("more than salt and digest"))
    } else {
        Ok((salt, digest))
    }
}

/// Parameters such as `m=65536,t=3,p=4`, each once.
pub(super) struct Params<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Params<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, Refusal> {
        let pairs: Option<Vec<_>> = text.split(',').map(|pair| pair.split_once('=')).collect();
        Ok(Self(pairs.or_malformed("parameters that are not `name=value`")?))
    }

    /// Refuses other names than these, and a name that comes twice.
    pub(super) fn only(&self, names: &[&str]) -> Result<(), Refusal> {
        let once = |name: &str| self.0.iter().filter(|(other, _)| *other == name).count() == 1;
        let known = self.0.iter().all(|(name, _)| names.contains(name) && once(name));
        if known { Ok(()) } else { Err(Refusal::Malformed("a parameter that the scheme does not have")) }
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
    }

    pub(super) fn number(&self, name: &str) -> Result<u32, Refusal> {
        number(self.text(name).or_malformed("a parameter is missing")?)
    }
}

/// A number in decimal digits, without a sign.
pub(super) fn number(text: &str) -> Result<u32, Refusal> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().or_malformed("a number that is none")
}

/// Hexadecimal digits, or the refusal.
pub(super) fn hex(text: &str) -> Result<Vec<u8>, Refusal> {
    from_hex(text).or_malformed("no hexadecimal digits")
}

/// Base64, or the refusal.
pub(super) fn base64(text: &str) -> Result<Vec<u8>, Refusal> {
    from_base64(text).or_malformed("no base64")
}

/// The logarithm of a power of two.
pub(super) fn logarithm(n: u32) -> Result<u32, Refusal> {
    if n.is_power_of_two() { Ok(n.ilog2()) } else { Err(Refusal::Malformed("an N that is no power of two")) }
}

/// Salt and digest one after the other, as bytes: the salt has this many.
pub(super) fn salt_first(text: &str, salt: usize) -> Result<(Vec<u8>, Vec<u8>), Refusal> {
    let bytes = from_base64(text).or_malformed("no base64")?;
    let (salt, digest) = bytes.split_at_checked(salt).or_malformed("shorter than its salt")?;
    Ok((salt.to_vec(), digest.to_vec()))
}
