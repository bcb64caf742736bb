//! How this server is registered at a provider.

use std::fmt;

use zeroize::Zeroizing;

/// By what protocol a provider is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProviderKind {
    /// OpenID Connect, with a discovery document.
    #[default]
    OpenId,
    /// GitHub's OAuth, at github.com or at a server of one's own.
    GitHub,
}

impl ProviderKind {
    /// What is asked for where the operator says nothing.
    pub fn scopes(self) -> Vec<String> {
        let scopes: &[&str] = match self {
            Self::OpenId => &["openid", "email", "profile"],
            Self::GitHub => &["read:user", "user:email"],
        };
        scopes.iter().map(|scope| (*scope).to_owned()).collect()
    }
}

/// The secret that this server has at a provider. It prints as `[redacted]`.
#[derive(Clone)]
pub struct ClientSecret(Zeroizing<String>);

impl ClientSecret {
    /// The secret as the operator wrote it.
    pub fn new(secret: String) -> Self {
        Self(Zeroizing::new(secret))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A provider, and how this server is registered there.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// The name in addresses of this site.
    pub name: String,
    /// By what protocol it is asked.
    pub kind: ProviderKind,
    /// Who vouches for the people there, exactly as the provider writes it.
    pub issuer: String,
    /// The number of this server there.
    pub client_id: String,
    /// Its secret there.
    pub client_secret: ClientSecret,
    /// What people call the provider.
    pub label: String,
    /// What is asked for.
    pub scopes: Vec<String>,
}
