//! The parameters that a client has a browser bring.

use url::form_urlencoded;

/// The parameters of a query. One that came twice is remembered as such.
pub struct Parameters(pub(super) Vec<(String, String)>);

impl Parameters {
    /// Reads a query.
    pub fn of(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// The value of a parameter; `None` if it was not sent, or without a value (RFC 6749, section 3.1).
    pub fn one(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(sent, _)| sent == name).map(|(_, value)| value.as_str());
        found.next().filter(|value| !value.is_empty() && found.next().is_none())
    }

    /// As [`one`](Self::one).
    pub fn owned(&self, name: &str) -> Option<String> {
        self.one(name).map(str::to_owned)
    }

    /// Whether a parameter came twice.
    pub fn repeated(&self) -> bool {
        self.0.iter().enumerate().any(|(at, (name, _))| self.0[..at].iter().any(|(before, _)| before == name))
    }
}
