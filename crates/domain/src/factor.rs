//! Factors: what proves that somebody is the owner of an account.

use std::fmt;

/// One way of proving to be the owner of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Factor {
    /// The account's password.
    Password,
    /// A code of an authenticator app (TOTP, RFC 6238).
    Totp,
    /// One of the account's recovery codes.
    RecoveryCode,
    /// A passkey (W3C Web Authentication).
    Passkey,
    /// A password that was made for one program.
    AppPassword,
    /// A sign-in by redirection from a trusted server.
    Redirection,
    /// A browser that its owner does not want to be asked in again.
    TrustedBrowser,
    /// An account at another provider, which vouches for whoever is signed in there.
    Provider,
}

impl Factor {
    /// Every factor.
    pub const ALL: [Self; 8] = [
        Self::Password,
        Self::Totp,
        Self::RecoveryCode,
        Self::Passkey,
        Self::AppPassword,
        Self::Redirection,
        Self::TrustedBrowser,
        Self::Provider,
    ];

    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Passkey => "passkey",
            Self::AppPassword => "app_password",
            Self::Redirection => "redirection",
            Self::TrustedBrowser => "trusted_browser",
            Self::Provider => "provider",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.as_str() == word)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of factors, such as those of one sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Factors(u8);

impl Factors {
    /// The set of one factor.
    pub const fn only(factor: Factor) -> Self {
        Self(factor.bit())
    }

    /// The set with `factor` in it as well.
    #[must_use]
    pub const fn and(self, factor: Factor) -> Self {
        Self(self.0 | factor.bit())
    }

    /// Whether `factor` is in the set.
    pub const fn contains(self, factor: Factor) -> bool {
        self.0 & factor.bit() != 0
    }

    /// Whether an account that wants a second factor is opened by this set: a password, a redirection or a
    /// provider alone does not. A passkey is both factors in one, for its authenticator has verified who
    /// holds it.
    pub const fn are_enough(self) -> bool {
        self.0 & !(Factor::Password.bit() | Factor::Redirection.bit() | Factor::Provider.bit()) != 0
    }

    /// Whether the owner has just proven who they are by this set. The word of a trusted server or of a
    /// provider, a browser that is known, and what a program keeps are no proofs.
    pub const fn prove_the_owner(self) -> bool {
        let proofs = [Factor::Password, Factor::Totp, Factor::RecoveryCode, Factor::Passkey];
        let mut at = 0;
        while at < proofs.len() {
            if self.contains(proofs[at]) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Whether more than a password was proven: a second factor, or a passkey, which is both in one.
    pub fn prove_a_second(self) -> bool {
        [Factor::Totp, Factor::RecoveryCode, Factor::Passkey].into_iter().any(|factor| self.contains(factor))
    }

    /// The factors of the set, in the order of [`Factor::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Factor> {
        Factor::ALL.into_iter().filter(move |factor| self.contains(*factor))
    }

    /// Reads what [`Display`](fmt::Display) writes. Words that only a newer version knows are left out.
    pub fn parse(words: &str) -> Self {
        words.split_ascii_whitespace().filter_map(Factor::parse).fold(Self::default(), Self::and)
    }
}

impl fmt::Display for Factors {
    /// The words of the factors, with a space between.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, factor) in self.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            write!(f, "{space}{}", factor.as_str())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_a_redirection_or_a_provider_alone_is_not_enough() {
        for factor in Factor::ALL {
            let alone = matches!(factor, Factor::Password | Factor::Redirection | Factor::Provider);
            assert_eq!(Factors::only(factor).are_enough(), !alone, "{factor:?}");
        }
        assert!(!Factors::only(Factor::Password).and(Factor::Redirection).are_enough());
        assert!(!Factors::only(Factor::Password).and(Factor::Provider).are_enough());
        assert!(Factors::only(Factor::Password).and(Factor::Totp).are_enough());
        assert!(!Factors::default().are_enough());
    }

    #[test]
    fn only_what_its_owner_has_just_shown_is_a_proof() {
        for factor in Factor::ALL {
            let shown =
                matches!(factor, Factor::Password | Factor::Totp | Factor::RecoveryCode | Factor::Passkey);
            assert_eq!(Factors::only(factor).prove_the_owner(), shown, "{factor:?}");
        }
        let known = Factors::only(Factor::Redirection).and(Factor::TrustedBrowser);
        assert!(!known.prove_the_owner() && known.are_enough());
        assert!(known.and(Factor::Totp).prove_the_owner());
    }

    #[test]
    fn a_set_is_read_back_from_its_words() {
        for factor in Factor::ALL {
            assert_eq!(Factor::parse(factor.as_str()), Some(factor));
            assert_eq!(Factors::parse(factor.as_str()), Factors::only(factor));
        }
        let both = Factors::only(Factor::Totp).and(Factor::Password);
        assert_eq!(both.to_string(), "password totp");
        assert_eq!(Factors::parse("password totp"), both);
        assert_eq!(Factors::parse("password retina totp"), both);
        assert_eq!(Factors::parse("").to_string(), "");
    }
}
