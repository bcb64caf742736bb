//! Short texts: `Accept…` headers, and stored password hashes.

use ::requests::{accepted_languages, q_values, wants_json};
use hasher::PasswordHash;

/// An `Accept…` header: spaces around its members do not matter, and no quality exceeds 1.
pub fn accept(input: &[u8]) {
    let Ok(header) = str::from_utf8(input) else { return };
    let wanted = wants_json(Some(header));
    let spaced = header.replace(',', " , ");
    assert_eq!(wants_json(Some(&spaced)), wanted, "{header:?} means something else with spaces");
    assert!(!wanted || header.to_ascii_lowercase().contains("application/") || header.contains('*'));
    assert!(q_values(header, 50).all(|range| (0.0..=1.0).contains(&range.quality)), "{header:?}");
    assert!(accepted_languages(Some(header)).iter().all(|tag| header.contains(tag)), "{header:?}");
}

/// A stored password hash: every accepted text is canonical, so each hash has one text.
pub fn phc(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    if let Ok(hash) = text.parse::<PasswordHash>() {
        assert_eq!(hash.as_str(), text, "another text of the same hash was taken");
        for loose in [format!(" {text}"), format!("{text} "), format!("{text}="), text.to_uppercase()] {
            assert!(loose.parse::<PasswordHash>().is_err(), "{loose:?} was taken");
        }
    }
}
