//! OpenID Connect: the sites that ask this server who somebody is, and what they may learn.

use std::fmt;
use std::str::FromStr;

use super::Millis;

/// The number of a client, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OidcClientId(pub i64);

/// The number of what one account permits to one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OidcGrantId(pub i64);

/// A site, an app or a program that signs people in here: a *client* of RFC 6749, without its secret. People
/// see it as an application.
#[derive(Clone, Debug)]
pub struct OidcClient {
    pub id: OidcClientId,
    /// What people are shown.
    pub name: String,
    /// The `client_id`, which is no secret.
    pub identifier: String,
    /// Whether it has no secret, because whoever has the program could read it.
    pub public: bool,
    /// Where answers may go. An address in a request is compared by its characters (RFC 9700, section 2.1).
    pub redirect_uris: Vec<String>,
    /// Where a browser may go after it was signed out for the client.
    pub post_logout_uris: Vec<String>,
    /// Where it is told that a session has ended (OpenID Connect Back-Channel Logout 1.0).
    pub logout_uri: Option<String>,
    /// Whether it may sign in devices without a browser (RFC 8628).
    pub device: bool,
    /// Whether it is the operator's own: nobody is asked for consent.
    pub first_party: bool,
    /// Whether it may ask for a code without a challenge (PKCE, RFC 7636).
    pub without_pkce: bool,
    /// The name of the algorithm that its ID tokens are signed with.
    pub algorithm: String,
    pub created_at: Millis,
    /// When a code or a token was last given to it, to the day.
    pub used_at: Option<Millis>,
    /// When the operator revoked it; it gets nothing since.
    pub revoked_at: Option<Millis>,
}

/// A scope that a client may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OidcScope {
    /// Who it is: the account's number.
    OpenId,
    /// Name, username, picture, language, role and the operator's fields.
    Profile,
    /// The address, and whether it was proven.
    Email,
    /// Tokens that go on after the person has signed out here.
    OfflineAccess,
}

impl OidcScope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::OpenId, Self::Profile, Self::Email, Self::OfflineAccess];

    /// The word in requests, tokens and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Profile => "profile",
            Self::Email => "email",
            Self::OfflineAccess => "offline_access",
        }
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct OidcScopes(u8);

impl OidcScopes {
    /// Reads words with spaces between. A word that is no scope is left out (OpenID Connect Core 1.0, section
    /// 3.1.2.1).
    pub fn parse(words: &str) -> Self {
        let named = |word: &str| OidcScope::ALL.into_iter().find(|scope| scope.as_str() == word);
        words.split_ascii_whitespace().filter_map(named).fold(Self::default(), Self::and)
    }

    /// The set with `scope` in it as well.
    #[must_use]
    pub const fn and(self, scope: OidcScope) -> Self {
        Self(self.0 | 1 << scope as u8)
    }

    /// The set of what is in either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `scope` is in the set.
    pub const fn contains(self, scope: OidcScope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// Whether the set has everything that `other` has.
    pub const fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The scopes of the set, in the order of [`OidcScope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = OidcScope> {
        OidcScope::ALL.into_iter().filter(move |scope| self.contains(*scope))
    }
}

impl fmt::Display for OidcScopes {
    /// The words of the scopes, with a space between.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, scope) in self.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            write!(f, "{space}{}", scope.as_str())?;
        }
        Ok(())
    }
}

/// An address that answers may go to, as the operator registers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri(String);

impl RedirectUri {
    /// The most characters of one.
    pub const LONGEST: usize = 500;

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RedirectUri {
    type Err = String;

    /// An absolute address without a fragment (RFC 6749, section 3.1.2) and without spaces: https; http on
    /// this machine alone (RFC 8252, section 7.3); or a scheme of an app's own, with a dot in it (section
    /// 7.1).
    fn from_str(text: &str) -> Result<Self, String> {
        let refused = |why: &str| Err(format!("`{}` {why}", text.escape_default()));
        if text.len() > Self::LONGEST {
            return refused("is longer than 500 characters");
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.contains(['\\', '"', '<', '>', '`']) {
            return refused("has characters that no address has");
        }
        if text.contains('#') {
            return refused("has a fragment");
        }
        let Some((scheme, rest)) = text.split_once(':') else { return refused("is no absolute address") };
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".+-".contains(&byte);
        if !scheme.bytes().all(plain) || !scheme.starts_with(|first: char| first.is_ascii_lowercase()) {
            return refused("has a scheme that is not in small letters");
        }
        if scheme != "https" && scheme != "http" {
            let own = scheme.contains('.') && !rest.is_empty();
            return if own {
                Ok(Self(text.to_owned()))
            } else {
                refused("is neither https nor an app's own")
            };
        }
        let Some(rest) = rest.strip_prefix("//") else { return refused("has no host") };
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        if host.is_empty() || host.contains('@') {
            return refused("has no host, or a user's name before it");
        }
        let name =
            if host.starts_with('[') { host.split_inclusive(']').next() } else { host.split(':').next() };
        let here = matches!(name, Some("127.0.0.1" | "[::1]" | "localhost"));
        if scheme == "http" && !here {
            return refused("is not https");
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_back_and_what_is_none_is_left_out() {
        let scopes = OidcScopes::parse("  email openid phone\topenid ");
        assert_eq!(scopes.to_string(), "openid email");
        assert_eq!(OidcScopes::parse(&scopes.to_string()), scopes);
        assert!(scopes.covers(OidcScopes::parse("email")) && !scopes.covers(OidcScopes::parse("profile")));
        assert_eq!(scopes.or(OidcScopes::parse("profile")).to_string(), "openid profile email");
        assert_eq!(OidcScopes::parse("OPENID").to_string(), "");
    }

    #[test]
    fn an_address_that_answers_may_go_to_is_https_or_of_an_app() {
        for good in [
            "https://shop.example.org/callback",
            "https://shop.example.org:8443/a?b=c",
            "http://127.0.0.1:3000/cb",
            "http://[::1]/cb",
            "http://localhost/cb",
            "org.example.app:/callback",
        ] {
            assert_eq!(good.parse::<RedirectUri>().map(|uri| uri.0), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "/callback",
            "http://shop.example.org/callback",
            "http://127.0.0.1.example.org/",
            "https://ada@shop.example.org/",
            "https://",
            "https:/shop.example.org",
            "https://shop.example.org/#a",
            "https://shop.example.org/a b",
            "https://shop.example.org\\@evil.example",
            "HTTPS://shop.example.org/",
            "javascript:alert(1)",
            "data:text/html,x",
            "org.example.app:",
        ] {
            assert!(bad.parse::<RedirectUri>().is_err(), "{bad}");
        }
    }
}
