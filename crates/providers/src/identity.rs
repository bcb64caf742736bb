//! A person at a provider.

use serde_json::Value;

/// A person at a provider. Two are the same if issuer and subject are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Who vouches for them.
    pub issuer: String,
    /// Who they are there, for good.
    pub subject: String,
    /// The address that they have there; empty if none is known. It proves nothing here.
    pub email: String,
    /// Their name there; may be empty.
    pub name: String,
    /// By what they recognise their account there: an address or a username; may be empty.
    pub handle: String,
}

/// The text of a claim; empty where it is no text, or an unreasonable one.
pub(crate) fn text(claims: &Value, name: &str) -> String {
    const LONGEST: usize = 320;
    let text = claims[name].as_str().map(str::trim).unwrap_or_default();
    let plain = text.len() <= LONGEST && !text.chars().any(char::is_control);
    if plain { text.to_owned() } else { String::new() }
}

/// The subject of `claims`: at most 255 characters of ASCII (OpenID Connect Core 1.0, section 2).
pub(crate) fn subject(claims: &Value) -> Option<String> {
    let subject = claims["sub"].as_str()?;
    let sound = (1..=255).contains(&subject.len()) && subject.bytes().all(|b| (0x20..0x7F).contains(&b));
    sound.then(|| subject.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_reasonable_texts_are_read() {
        assert_eq!(text(&json!({ "name": " Žofie " }), "name"), "Žofie");
        for odd in [json!(7), json!(null), json!("a\nb"), json!("x".repeat(321)), json!(["a"])] {
            assert_eq!(text(&json!({ "name": odd }), "name"), "");
        }
    }

    #[test]
    fn a_subject_is_ascii_and_not_too_long() {
        let longest = "x".repeat(255);
        for good in ["1", "a b", "auth0|5f", &longest] {
            assert_eq!(subject(&json!({ "sub": good })).as_deref(), Some(good));
        }
        for bad in [json!(""), json!("x".repeat(256)), json!("é"), json!("a\n"), json!(17), json!(null)] {
            assert_eq!(subject(&json!({ "sub": bad })), None, "{bad}");
        }
    }
}
