//! Who may sign up, and what the sign-up page asks for.

use serde::Deserialize;

use super::{EmailAddress, FieldCode, ReservedNames, Terms, Username};

/// Whether the sign-up page asks for a username. People who have none sign in with their address, and can
/// choose one later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignUpUsername {
    /// It does not; one that is sent is taken.
    #[default]
    Off,
    /// It does, and takes none for an answer.
    Optional,
    /// It does, and refuses to go on without.
    Required,
}

/// Who may make an account. The operator and trusted servers make them in every mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegistrationMode {
    /// Everybody.
    #[default]
    Open,
    /// Whom the operator has invited.
    Invite,
    /// Everybody, but nobody signs in before the operator has approved.
    Approve,
    /// Nobody.
    Closed,
}

/// What keeps programs from signing up by the thousand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BotGuard {
    /// Nothing but the limits.
    Off,
    /// A field that nobody sees, and that programs fill in.
    #[default]
    Trap,
    /// That, and a proof of work by browsers with script.
    Work {
        /// How many bits of a hash are to be zero: a browser tries two to their power of numbers.
        bits: u32,
    },
}

impl BotGuard {
    /// How much work is asked for; `None` if none is.
    pub fn bits(self) -> Option<u32> {
        match self {
            Self::Work { bits } => Some(bits),
            Self::Off | Self::Trap => None,
        }
    }
}

impl RegistrationMode {
    /// Whether people sign up by themselves.
    pub fn lets_strangers_in(self) -> bool {
        matches!(self, Self::Open | Self::Approve)
    }
}

/// What a stranger who signs up may be called and have as an address.
#[derive(Clone, Debug, Default)]
pub struct SignUpRules {
    /// Who may sign up.
    pub mode: RegistrationMode,
    /// The domains that addresses must have; any, if it is empty.
    pub allowed_domains: Vec<DomainPattern>,
    /// The domains that addresses must not have.
    pub blocked_domains: Vec<DomainPattern>,
    /// The usernames that nobody may choose.
    pub reserved: ReservedNames,
    /// What keeps programs away.
    pub bots: BotGuard,
    /// What people agree to.
    pub terms: Option<Terms>,
}

impl SignUpRules {
    /// Checks the domain of an address that its owner gives.
    ///
    /// # Errors
    /// `EmailDomainRefused`.
    pub fn check_address(&self, email: &EmailAddress) -> Result<(), FieldCode> {
        let domain = email.domain();
        let covered = |patterns: &[DomainPattern]| patterns.iter().any(|pattern| pattern.covers(domain));
        let allowed = self.allowed_domains.is_empty() || covered(&self.allowed_domains);
        if allowed && !covered(&self.blocked_domains) { Ok(()) } else { Err(FieldCode::EmailDomainRefused) }
    }

    /// Checks a username that its owner chooses.
    ///
    /// # Errors
    /// `UsernameReserved`.
    pub fn check_username(&self, username: &Username) -> Result<(), FieldCode> {
        if self.reserved.contains(username) { Err(FieldCode::UsernameReserved) } else { Ok(()) }
    }
}

/// A domain, or all domains below one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DomainPattern {
    /// `example.org`: that domain alone.
    Exact(String),
    /// `*.example.org`: every domain below it, but not itself.
    Below(String),
}

impl DomainPattern {
    /// Reads `example.org` or `*.example.org`, in any spelling that an address may have. `None` for anything
    /// else.
    pub fn parse(text: &str) -> Option<Self> {
        let (below, name) = match text.strip_prefix("*.") {
            Some(name) => (true, name),
            None => (false, text),
        };
        // A domain is right where an address with it is.
        let domain = EmailAddress::parse(&format!("a@{name}")).ok()?.domain().to_owned();
        Some(if below { Self::Below(domain) } else { Self::Exact(domain) })
    }

    /// Whether it says `domain`, which is in lower case and in ASCII.
    fn covers(&self, domain: &str) -> bool {
        match self {
            Self::Exact(name) => domain == name,
            Self::Below(name) => domain
                .strip_suffix(name.as_str())
                .is_some_and(|before| before.len() > 1 && before.ends_with('.')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(texts: &[&str]) -> Vec<DomainPattern> {
        texts.iter().map(|text| DomainPattern::parse(text).expect("valid")).collect()
    }

    #[test]
    fn a_domain_is_itself_and_a_star_is_what_lies_below() {
        let rules = SignUpRules {
            allowed_domains: patterns(&["Example.ORG", "*.example.org", "b\u{fc}cher.example"]),
            blocked_domains: patterns(&["spam.example.org"]),
            ..SignUpRules::default()
        };
        for (address, allowed) in [
            ("ada@example.org", true),
            ("ada@EXAMPLE.org", true),
            ("ada@b.example.org", true),
            ("ada@c.b.example.org", true),
            ("ada@xn--bcher-kva.example", true),
            ("ada@spam.example.org", false),
            ("ada@badexample.org", false),
            ("ada@example.org.evil.example", false),
            ("example.org@evil.example", false),
        ] {
            let checked = rules.check_address(&EmailAddress::parse(address).expect("valid"));
            assert_eq!(checked.is_ok(), allowed, "{address}");
        }
        let any = SignUpRules::default();
        assert_eq!(any.check_address(&EmailAddress::parse("ada@evil.example").expect("valid")), Ok(()));
    }

    #[test]
    fn what_no_address_can_have_is_no_domain() {
        for text in
            ["", "*", "*.", "example", "@example.org", "*.*.example.org", "a b.org", "example.org.", "org/"]
        {
            assert_eq!(DomainPattern::parse(text), None, "{text}");
        }
    }
}
