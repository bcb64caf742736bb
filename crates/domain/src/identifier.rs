//! The identifier that people sign in with: an e-mail address or a username.

use super::{EmailAddress, Username, text};

/// The form of `typed` by which accounts are looked up. All spellings of an unknown name have one key, so
/// that they share one budget in the limiter.
pub fn identifier_key(typed: &str) -> String {
    let key = if typed.contains('@') {
        EmailAddress::parse(typed).map(|email| email.key())
    } else {
        Username::parse(typed).map(|username| username.key())
    };
    key.unwrap_or_else(|_| text::trim_unseen(typed).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::identifier_key;

    #[test]
    fn spellings_of_one_name_have_one_key() {
        for (one, other) in [
            (" Ada@Example.org ", "ada@example.org"),
            ("ADA", " ada"),
            ("\u{FEFF}ada@example.org\u{200B}", "ada@example.org"),
            ("\u{200B}ada\u{A0}", "ada"),
            ("not an@address@at all", " NOT AN@address@at all "),
            ("no username!", "No Username! "),
        ] {
            assert_eq!(identifier_key(one), identifier_key(other));
        }
        assert_ne!(identifier_key("ada"), identifier_key("ada@example.org"));
    }
}
