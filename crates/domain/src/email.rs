//! E-mail addresses, and the key that makes two spellings one address.

use std::borrow::Cow;
use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use super::{FieldCode, text};

/// A syntactically valid address. Its domain is in ASCII (IDNA); its local part is kept as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The longest address, in bytes (RFC 5321, section 4.5.3.1.3).
    pub const MAX_BYTES: usize = 254;

    /// Parses a typed address of at most [`MAX_BYTES`](Self::MAX_BYTES), with a local part of at most 64
    /// bytes (RFC 5321, section 4.5.3.1.1). Blanks and invisible characters around it are dropped.
    ///
    /// # Errors
    /// `Required` when it is empty, `EmailInvisible` when a character in it cannot be seen, otherwise
    /// `EmailInvalid`.
    pub fn parse(raw: &str) -> Result<Self, FieldCode> {
        let raw = text::trim_unseen(raw);
        if raw.is_empty() {
            return Err(FieldCode::Required);
        }
        if raw.chars().any(text::is_invisible) {
            return Err(FieldCode::EmailInvisible);
        }
        if raw.len() > Self::MAX_BYTES || raw.chars().any(|c| text::is_forbidden(c) || c.is_whitespace()) {
            return Err(FieldCode::EmailInvalid);
        }
        let composed = if raw.is_ascii() { Cow::Borrowed(raw) } else { Cow::Owned(raw.nfc().collect()) };
        let (local, domain) = composed.rsplit_once('@').ok_or(FieldCode::EmailInvalid)?;
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| FieldCode::EmailInvalid)?;
        let address = format!("{local}@{domain}");
        // Quoted local parts and address literals are legal, but real mailboxes do not use them and attacks
        // on mail headers do.
        let plain = !local.contains(['"', '\\', '(', ')', ',', ':', ';', '<', '>', '[', ']']);
        let options = email_address::Options::default()
            .without_display_text()
            .without_domain_literal()
            .with_required_tld();
        if !plain
            || address.len() > Self::MAX_BYTES
            || email_address::EmailAddress::parse_with_options(&address, options).is_err()
        {
            return Err(FieldCode::EmailInvalid);
        }
        Ok(Self(address))
    }

    /// Takes an address from the database without checking it.
    pub fn from_store(stored: String) -> Self {
        Self(stored)
    }

    /// The address as shown and as mailed to.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The lookup key, equal for all spellings of one address: the address in lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The key of the mailbox that messages to this address arrive in: the address in lower case, without a
    /// tag (`+shop`). Most mail servers deliver all tags of an address to one mailbox.
    pub fn mailbox_key(&self) -> String {
        let key = self.key();
        let (local, domain) = key.rsplit_once('@').unwrap_or((key.as_str(), ""));
        match local.split_once('+') {
            Some((mailbox, _)) if !mailbox.is_empty() => format!("{mailbox}@{domain}"),
            _ => key,
        }
    }

    /// The address as shown to somebody who may not learn it: the first character and the domain, such as
    /// `a•••@example.org`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((self.0.as_str(), ""));
        let first: String = local.chars().take(1).collect();
        format!("{first}•••@{domain}")
    }

    /// Whether a mail server needs `SMTPUTF8` (RFC 6531) to take a message to this address: the part before
    /// the `@` has letters beyond ASCII.
    pub fn needs_utf8(&self) -> bool {
        !self.0.is_ascii()
    }

    /// The part after the `@`, in lower case and in ASCII.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The part before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or(self.0.as_str(), |(local, _)| local)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_share_a_key() {
        let a = EmailAddress::parse("  Ada@Example.ORG ").expect("valid");
        let b = EmailAddress::parse("ada@example.org").expect("valid");
        assert_eq!(a.key(), b.key());
    }

    #[test]
    fn the_tags_of_an_address_share_a_mailbox() {
        let key = |raw| EmailAddress::parse(raw).expect("valid").mailbox_key();
        assert_eq!(key("Ada+shop+1@Example.org"), "ada@example.org");
        assert_eq!(key("ada@example.org"), "ada@example.org");
        assert_eq!(key("+shop@example.org"), "+shop@example.org");
    }

    #[test]
    fn a_masked_address_keeps_its_first_character_and_its_domain() {
        let masked = |raw| EmailAddress::parse(raw).expect("valid").masked();
        assert_eq!(masked("ada@example.org"), "a•••@example.org");
        assert_eq!(masked("é@example.org"), "é•••@example.org");
    }

    #[test]
    fn an_international_domain_is_kept_in_ascii() {
        let address = EmailAddress::parse("zoé@bücher.example").expect("valid");
        assert_eq!(address.as_str(), "zoé@xn--bcher-kva.example");
    }

    #[test]
    fn invisible_characters_are_dropped_around_an_address_and_named_inside_it() {
        for around in ["\u{200B}ada@example.org\u{200B}", "\u{FEFF} ada@example.org\u{A0}\u{2060}"] {
            assert_eq!(EmailAddress::parse(around).expect("valid").as_str(), "ada@example.org");
        }
        for inside in ["a\u{200B}da@example.org", "ada@exam\u{AD}ple.org", "ada\u{200D}@example.org"] {
            assert_eq!(EmailAddress::parse(inside), Err(FieldCode::EmailInvisible), "{inside:?}");
        }
        assert_eq!(EmailAddress::parse("\u{200B}\u{FEFF}"), Err(FieldCode::Required));
    }

    #[test]
    fn only_letters_before_the_at_sign_need_a_server_that_takes_them() {
        assert!(EmailAddress::parse("zoé@example.org").expect("valid").needs_utf8());
        assert!(!EmailAddress::parse("zoe@bücher.example").expect("valid").needs_utf8());
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        for raw in [
            "ada",
            "@",
            "ada@",
            "@example.org",
            "a b@example.org",
            "a@b@example.org",
            "ada@exa_mple.org",
            "ada@localhost",
            "ada@example.org\r\nBcc: x@y.org",
            "ada\0@example.org",
            "\"a b\"@example.org",
            "ada@[127.0.0.1]",
            "ada..b@example.org",
            "ada@-example.org",
            "Ada <ada@example.org>",
            &long,
        ] {
            assert_eq!(EmailAddress::parse(raw), Err(FieldCode::EmailInvalid), "{raw:?}");
        }
        assert_eq!(EmailAddress::parse("   "), Err(FieldCode::Required));
    }
}
