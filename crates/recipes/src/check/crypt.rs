//! The older schemes of `crypt`, and WordPress' fast hash.

use blake2::Blake2bMac;
use blake2::digest::consts::U30;
use hmac::{KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use super::super::hash::HashName;
use super::super::refusal::VerifyError;

/// What Apache's MD5 begins with.
pub(crate) const APACHE: &str = "$apr1$";
const MD5_CRYPT: &str = "$1$";

/// Which byte of an MD5 digest each decoded byte of `$1$` is.
pub(crate) const MD5_ORDER: [usize; 16] = [12, 6, 0, 13, 7, 1, 14, 8, 2, 15, 9, 3, 5, 10, 4, 11];

/// Which byte of a SHA-1 digest each decoded byte of `$sha1$` is. The first one comes twice.
pub(crate) const SHA1_ORDER: [usize; 21] =
    [2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9, 14, 13, 12, 17, 16, 15, 0, 19, 18];

/// Which byte of the digest each decoded byte of `$5$` or `$6$` is: groups of three from three thirds, each
/// group turned by one against the last.
pub(crate) fn sha_order(hash: HashName) -> Vec<usize> {
    let (third, turn, rest): (usize, usize, &[usize]) = match hash {
        HashName::Sha512 => (21, 1, &[63]),
        _ => (10, 2, &[30, 31]),
    };
    let group = |at: usize| [0, 1, 2].map(|place| (2 - place + turn * at) % 3 * third + at);
    (0..third).flat_map(group).chain(rest.iter().copied()).collect()
}

/// Poul-Henning Kamp's MD5-crypt: a thousand rounds, each over the password, the salt and the last digest in
/// changing order.
pub(super) fn md5_crypt(password: &[u8], salt: &[u8], apache: bool) -> Zeroizing<Vec<u8>> {
    let magic = if apache { APACHE } else { MD5_CRYPT };
    let inner = HashName::Md5.digest(&[password, salt, password]);
    let mut first = Md5::new();
    first.update(password);
    first.update(magic);
    first.update(salt);
    for piece in password.chunks(16) {
        first.update(&inner[..piece.len()]);
    }
    let mut bits = password.len();
    while bits > 0 {
        first.update(if bits & 1 == 1 { &[0] } else { &password[..1] });
        bits >>= 1;
    }
    let mut last = first.finalize();
    for round in 0..1000 {
        let mut next = Md5::new();
        if round % 2 == 1 {
            next.update(password)
        } else {
            next.update(last)
        }
        if round % 3 != 0 {
            next.update(salt);
        }
        if round % 7 != 0 {
            next.update(password);
        }
        if round % 2 == 1 {
            next.update(last)
        } else {
            next.update(password)
        }
        last = next.finalize();
    }
    Zeroizing::new(last.to_vec())
}

pub(super) fn sha_crypt(
    hash: HashName,
    password: &[u8],
    salt: &[u8],
    rounds: u32,
) -> Result<Zeroizing<Vec<u8>>, VerifyError> {
    let params = sha_crypt::Params::new(rounds).map_err(|_| VerifyError::Library)?;
    Ok(Zeroizing::new(match hash {
        HashName::Sha512 => sha_crypt::sha512_crypt(password, salt, params).to_vec(),
        _ => sha_crypt::sha256_crypt(password, salt, params).to_vec(),
    }))
}

/// BLAKE2b of 240 bits under a key of at most 64 bytes, which `limits` ensures.
pub(super) fn blake2b(key: &[u8], input: &[u8]) -> Zeroizing<Vec<u8>> {
    let Ok(mac) = Blake2bMac::<U30>::new_from_slice(key) else { return Zeroizing::default() };
    Zeroizing::new(mac.chain_update(input).finalize().into_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_orders_of_bytes_are_those_of_the_specification() {
        let long = sha_order(HashName::Sha512);
        assert_eq!(long[..9], [42, 21, 0, 1, 43, 22, 23, 2, 44]);
        assert_eq!(long[60..], [41, 20, 62, 63]);
        let short = sha_order(HashName::Sha256);
        assert_eq!(short[..9], [20, 10, 0, 11, 1, 21, 2, 22, 12]);
        assert_eq!(short[27..], [29, 19, 9, 30, 31]);
        for (order, bytes) in [(long, 64), (short, 32)] {
            let mut sorted = order;
            sorted.sort_unstable();
            assert_eq!(sorted, (0..bytes).collect::<Vec<_>>());
        }
    }
}
