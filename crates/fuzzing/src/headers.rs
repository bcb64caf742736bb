//! Short texts: the `Accept` header, and stored password hashes.

use ::requests::wants_json;
use hasher::PasswordHash;

/// An `Accept` header: spaces around its ranges mean nothing, and JSON is given only to those who name it.
pub fn accept(input: &[u8]) {
    let Ok(header) = str::from_utf8(input) else { return };
    let wanted = wants_json(Some(header));
    let spaced = header.replace(',', " , ");
    assert_eq!(wants_json(Some(&spaced)), wanted, "{header:?} means something else with spaces");
    assert!(!wanted || header.to_ascii_lowercase().contains("application/"), "{header:?} wants JSON");
}

/// A stored password hash: what is taken is canonical, so that one value has one text.
pub fn phc(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    if let Ok(hash) = text.parse::<PasswordHash>() {
        assert_eq!(hash.as_str(), text, "another text of the same hash was taken");
        for loose in [format!(" {text}"), format!("{text} "), format!("{text}="), text.to_uppercase()] {
            assert!(loose.parse::<PasswordHash>().is_err(), "{loose:?} was taken");
        }
    }
}
