//! What a client asks for by name.

use std::fmt;

/// Claims that a client asks for one by one (OpenID Connect Core 1.0, section 5.5), beside those of its
/// scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestedClaims {
    /// Names for the ID token.
    pub id_token: Vec<String>,
    /// Names for the userinfo endpoint.
    pub user_info: Vec<String>,
}

impl RequestedClaims {
    /// Reads what [`Display`](fmt::Display) wrote.
    pub fn parse(text: &str) -> Self {
        let names = |text: &str| text.split_ascii_whitespace().map(str::to_owned).collect();
        let (id_token, user_info) = text.split_once('|').unwrap_or((text, ""));
        Self { id_token: names(id_token), user_info: names(user_info) }
    }

    /// Every name, of either place.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.id_token.iter().chain(&self.user_info).map(String::as_str)
    }
}

impl fmt::Display for RequestedClaims {
    /// The names for the ID token, `|`, and those for the userinfo endpoint, with spaces between; nothing
    /// where there are none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.names().next().is_none() {
            return Ok(());
        }
        write!(f, "{}|{}", self.id_token.join(" "), self.user_info.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        let claims = RequestedClaims {
            id_token: vec!["email".into()],
            user_info: vec!["name".into(), "picture".into()],
        };
        assert_eq!(claims.to_string(), "email|name picture");
        assert_eq!(RequestedClaims::parse(&claims.to_string()), claims);
        let one = RequestedClaims { user_info: vec!["name".into()], ..RequestedClaims::default() };
        assert_eq!(RequestedClaims::parse(&one.to_string()), one);
        assert_eq!(RequestedClaims::default().to_string(), "");
        assert_eq!(RequestedClaims::parse(""), RequestedClaims::default());
    }
}
