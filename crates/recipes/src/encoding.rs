//! How products write bytes as text.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose};

/// Some products pad and some do not, with the same alphabet.
const EITHER: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, EITHER);
const BCRYPT: GeneralPurpose = GeneralPurpose::new(&alphabet::BCRYPT, general_purpose::NO_PAD);
const URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, EITHER);

/// The alphabet of `crypt`.
const CRYPT: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Lower-case hexadecimal digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    // One allocation: what grows would leave a copy of a secret behind.
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Hexadecimal digits of either case.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?)).collect()
}

/// Standard base64 with padding.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Standard base64, padded or not.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Base64 for URLs without padding: the bytes in our own texts.
pub(crate) fn to_base64url(bytes: &[u8]) -> String {
    general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// Base64 for URLs, padded or not.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL.decode(text).ok()
}

/// Base64 as passlib has it: `.` in place of `+`, and no padding.
pub(crate) fn from_passlib(text: &str) -> Option<Vec<u8>> {
    if text.contains(['+', '=']) {
        return None;
    }
    from_base64(&text.replace('.', "+"))
}

/// Base64 as bcrypt has it, in another order of the letters.
pub(crate) fn to_bcrypt(bytes: &[u8]) -> String {
    BCRYPT.encode(bytes)
}

/// The number that a character of `crypt`'s alphabet stands for.
pub(crate) fn crypt_digit(byte: u8) -> Option<u8> {
    CRYPT.iter().position(|known| *known == byte).and_then(|at| u8::try_from(at).ok())
}

/// A number in `crypt`'s alphabet, its lowest digit first.
pub(crate) fn from_crypt_number(text: &str) -> Option<u32> {
    text.bytes()
        .rev()
        .try_fold(0_u32, |number, byte| number.checked_mul(64)?.checked_add(u32::from(crypt_digit(byte)?)))
}

/// Groups of three bytes as four characters of `crypt`, their lowest bits first. Bits that fill no byte are
/// left out: of a text that a product cut short they belong to the next byte.
pub(crate) fn from_crypt(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for group in text.as_bytes().chunks(4) {
        let mut number = 0_u32;
        for (at, byte) in (0..).zip(group) {
            number |= u32::from(crypt_digit(*byte)?) << (6 * at);
        }
        let whole = group.len() * 6 / 8;
        bytes.extend_from_slice(&number.to_le_bytes()[..whole]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_as_products_write_them() {
        assert_eq!(from_hex("00fFa0"), Some(vec![0, 255, 160]));
        assert_eq!(from_hex("0"), None);
        assert_eq!(from_hex("0g"), None);
        assert_eq!(to_hex(&[0, 255, 160]), "00ffa0");
        assert_eq!(from_base64("+/8="), from_base64("+/8"));
        assert_eq!(from_passlib("./8"), from_base64("+/8"));
        assert_eq!(from_passlib("+/8"), None);
        assert_eq!(from_base64url(&to_base64url(&[251, 255])), Some(vec![251, 255]));
        assert_eq!(from_crypt("/..."), Some(vec![1, 0, 0]));
        assert_eq!(from_crypt("/."), Some(vec![1]));
        assert_eq!(from_crypt("/=="), None);
        assert_eq!(from_crypt_number("6...."), Some(8));
        assert_eq!(from_crypt_number("zzzzzz"), None);
    }
}
