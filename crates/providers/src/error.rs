//! Why a provider has not said who somebody is.

use std::fmt;

use outbound::OutboundError;

/// Why there is no identity. The text is for the operator's log: it has no code, token or address in it.
#[derive(Debug)]
pub enum ProviderError {
    /// The person did not permit it there, or went back.
    Denied,
    /// The provider answered with this error instead.
    Refused(String),
    /// The provider does not answer.
    Unanswered(OutboundError),
    /// What it publishes about itself cannot be used.
    Metadata(&'static str),
    /// The answer is another provider's, or may be (RFC 9207).
    OtherIssuer,
    /// The answer has not the form that it should have.
    Malformed(&'static str),
    /// The token is not to be believed.
    Untrusted(&'static str),
}

impl ProviderError {
    /// The error code `said` of a provider. Only words of RFC 6749, section 4.1.2.1, go into a log.
    pub(crate) fn said(said: &str) -> Self {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        match said {
            "access_denied" => Self::Denied,
            said if said.len() <= 60 && said.bytes().all(word) => Self::Refused(said.to_owned()),
            _ => Self::Refused("an error of its own".to_owned()),
        }
    }
}

impl From<OutboundError> for ProviderError {
    fn from(error: OutboundError) -> Self {
        Self::Unanswered(error)
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied => f.write_str("the person did not permit it"),
            Self::Refused(error) => write!(f, "it answered with {error}"),
            Self::Unanswered(why) => why.fmt(f),
            Self::Metadata(what) => write!(f, "what it publishes about itself: {what}"),
            Self::OtherIssuer => f.write_str("the answer names another issuer, or none where it should"),
            Self::Malformed(what) => write!(f, "its answer: {what}"),
            Self::Untrusted(what) => write!(f, "its token: {what}"),
        }
    }
}

impl std::error::Error for ProviderError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_word_goes_into_a_log() {
        assert!(matches!(ProviderError::said("access_denied"), ProviderError::Denied));
        assert_eq!(ProviderError::said("server_error").to_string(), "it answered with server_error");
        for odd in ["a b", "x\nroot logged in", "", &"x".repeat(61)] {
            let said = ProviderError::said(odd).to_string();
            assert!(odd.is_empty() || said == "it answered with an error of its own", "{said}");
        }
    }
}
