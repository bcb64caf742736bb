//! The parameter `claims` (OpenID Connect Core 1.0, section 5.5): what a client asks for by name.

use domain::{AccountId, RequestedClaims};
use serde_json::{Map, Value};

use super::refused::Told;

/// The most names of either place. There are a dozen claims, and the operator's fields.
const MOST: usize = 100;

const WRONG: Told = Told {
    error: "invalid_request",
    description: "The claims are no JSON object as OpenID Connect Core 1.0 has it in section 5.5.",
};

/// What the parameter says.
#[derive(Debug, Default)]
pub struct AskedClaims {
    pub names: RequestedClaims,
    /// Whether a second factor is wanted, of whoever has one.
    pub second_factor: bool,
    /// Whether nothing is to be granted to whoever has none.
    pub second_factor_essential: bool,
    /// The account that is meant.
    pub subject: Option<AccountId>,
}

/// Reads the parameter.
///
/// # Errors
/// `invalid_request` where it is not what the standard says.
pub fn read(text: Option<&str>) -> Result<AskedClaims, Told> {
    let Some(text) = text else { return Ok(AskedClaims::default()) };
    let Ok(Value::Object(places)) = serde_json::from_str(text) else { return Err(WRONG) };
    let none = Map::new();
    // Members that are not known are left out.
    let place = |name: &str| match places.get(name) {
        None => Ok(&none),
        Some(Value::Object(claims)) if claims.len() <= MOST => Ok(claims),
        Some(_) => Err(WRONG),
    };
    let (id_token, user_info) = (place("id_token")?, place("userinfo")?);
    if !id_token.values().chain(user_info.values()).all(|how| how.is_null() || how.is_object()) {
        return Err(WRONG);
    }
    let subjects: Vec<&Value> = [id_token, user_info].iter().flat_map(|place| values(place, "sub")).collect();
    let subject = match subjects.as_slice() {
        [] => None,
        [first, rest @ ..] if rest.iter().all(|other| other == first) => {
            // A number that no account has is nobody's.
            Some(AccountId(first.as_str().and_then(|text| text.parse().ok()).unwrap_or(0)))
        }
        _ => return Err(WRONG),
    };
    let contexts = values(id_token, "acr");
    let second_factor = contexts.first().is_some_and(|first| *first == "2");
    let essential = id_token.get("acr").is_some_and(|how| how["essential"] == true);
    Ok(AskedClaims {
        names: RequestedClaims {
            id_token: id_token.keys().cloned().collect(),
            user_info: user_info.keys().cloned().collect(),
        },
        second_factor,
        second_factor_essential: essential && second_factor && contexts.iter().all(|context| *context == "2"),
        subject,
    })
}

/// The values that the client wants a claim to have.
fn values<'a>(place: &'a Map<String, Value>, name: &str) -> Vec<&'a Value> {
    let Some(how) = place.get(name) else { return Vec::new() };
    match (how.get("value"), how.get("values")) {
        (Some(value), _) => vec![value],
        (None, Some(Value::Array(values))) => values.iter().collect(),
        (None, _) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_of_both_places() {
        let text = r#"{"userinfo":{"email":null,"given_name":{"essential":true}},
                       "id_token":{"auth_time":{"essential":true},"picture":{"value":"x"}},"other":7}"#;
        let asked = read(Some(text)).unwrap();
        assert_eq!(asked.names.to_string(), "auth_time picture|email given_name");
        assert!(!asked.second_factor && asked.subject.is_none());
        assert_eq!(read(None).unwrap().names.to_string(), "");
    }

    #[test]
    fn a_second_factor_is_wanted_or_essential() {
        let of = |acr: &str| {
            let asked = read(Some(&format!(r#"{{"id_token":{{"acr":{acr}}}}}"#))).unwrap();
            (asked.second_factor, asked.second_factor_essential)
        };
        assert_eq!(of("null"), (false, false));
        assert_eq!(of(r#"{"values":["2","1"]}"#), (true, false));
        assert_eq!(of(r#"{"values":["1","2"]}"#), (false, false));
        assert_eq!(of(r#"{"value":"2"}"#), (true, false));
        assert_eq!(of(r#"{"essential":true,"values":["2"]}"#), (true, true));
        assert_eq!(of(r#"{"essential":true,"values":["2","1"]}"#), (true, false));
    }

    #[test]
    fn the_account_that_is_meant_is_read() {
        let of = |text: &str| read(Some(text)).map(|asked| asked.subject);
        assert_eq!(of(r#"{"id_token":{"sub":{"value":"17"}}}"#), Ok(Some(AccountId(17))));
        assert_eq!(of(r#"{"userinfo":{"sub":{"value":"x"}}}"#), Ok(Some(AccountId(0))));
        let two = r#"{"id_token":{"sub":{"value":"1"}},"userinfo":{"sub":{"value":"2"}}}"#;
        assert_eq!(of(two), Err(WRONG));
    }

    #[test]
    fn what_is_no_claims_request_is_refused() {
        for text in ["", "{", "[]", "\"email\"", r#"{"userinfo":[]}"#, r#"{"id_token":{"email":true}}"#] {
            assert_eq!(read(Some(text)).map(drop), Err(WRONG), "{text}");
        }
    }
}
