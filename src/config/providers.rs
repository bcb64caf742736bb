//! Other providers that people sign in with: `[default.providers.NAME]`.

use std::collections::{BTreeMap, BTreeSet};

use outbound::is_callable;
use providers::{ClientSecret, ProviderKind, ProviderSettings};
use serde::Deserialize;
use url::Url;

use super::describe::{Declared, DescribeSetting, full_name};
use super::has_slashes;
use super::kind::{SettingKind, kinds};
use super::secret::SecretSetting;

/// The most providers: their buttons are to fit on a telephone.
const MOST: usize = 10;

/// Where GitHub is for everybody.
const GITHUB: &str = "https://github.com";

/// A provider: `[default.providers.NAME]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderEntry {
    /// By what protocol it is asked. Default: `openid`.
    #[serde(default)]
    pub kind: ProviderProtocol,
    /// Who vouches for the people there, exactly as the provider writes it. Default for GitHub: github.com.
    #[serde(default)]
    pub issuer: String,
    /// The number of this server there.
    #[serde(default)]
    pub client_id: String,
    /// Its secret there.
    pub client_secret: Option<SecretSetting>,
    /// What people call it. Default: its name.
    pub label: Option<String>,
    /// What is asked for. Default: who somebody is, their address and their name.
    pub scopes: Option<Vec<String>>,
}

/// By what protocol a provider is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderProtocol {
    #[default]
    OpenId,
    GitHub,
}

impl ProviderProtocol {
    fn kind(self) -> ProviderKind {
        match self {
            Self::OpenId => ProviderKind::OpenId,
            Self::GitHub => ProviderKind::GitHub,
        }
    }
}

kinds! {
    BTreeMap<String, ProviderEntry> => SettingKind::Section,
}

impl DescribeSetting for ProviderEntry {
    fn shown(&self) -> String {
        String::new()
    }

    fn secrets(&self, declared: &Declared<'_>, names: &mut Vec<String>) {
        names.push(full_name(declared.name, "client_secret"));
    }

    fn check(&self, _: &Declared<'_>, _: &mut Vec<String>) {}
}

/// The kind of a provider's setting `name`.
pub(super) fn kind_of(name: &str) -> Option<SettingKind> {
    match name {
        "kind" => Some(SettingKind::Word(&["openid", "github"])),
        "issuer" | "client_id" | "client_secret" | "label" => Some(SettingKind::Text),
        "scopes" => Some(SettingKind::List),
        _ => None,
    }
}

/// The names of a provider's settings.
pub(super) const NAMES: [&str; 6] = ["kind", "issuer", "client_id", "client_secret", "label", "scopes"];

impl ProviderEntry {
    fn issuer(&self) -> &str {
        if self.issuer.is_empty() && self.kind == ProviderProtocol::GitHub { GITHUB } else { &self.issuer }
    }

    fn settings(&self, name: &str) -> ProviderSettings {
        let kind = self.kind.kind();
        let secret = self.client_secret.as_ref().map(SecretSetting::reveal).unwrap_or_default();
        ProviderSettings {
            name: name.to_owned(),
            kind,
            issuer: self.issuer().to_owned(),
            client_id: self.client_id.clone(),
            client_secret: ClientSecret::new(secret.to_owned()),
            label: self.label.clone().unwrap_or_else(|| name.to_owned()),
            scopes: self.scopes.clone().unwrap_or_else(|| kind.scopes()),
        }
    }

    fn problems(&self, name: &str, problems: &mut Vec<String>) {
        let mut wrong = |field: &str, should: &str| {
            problems.push(format!("setting `providers.{name}.{field}` should be {should}"));
        };
        if !is_name(name) {
            wrong("label", "below a name of a-z, 0-9 and -, of 1 to 32 characters");
        }
        if !is_issuer(self.issuer()) {
            wrong(
                "issuer",
                "the address that the provider calls its issuer, such as https://accounts.google.com",
            );
        }
        if !is_line(&self.client_id, 500) {
            wrong("client_id", "the number that the provider gave this site");
        }
        if !self.client_secret.as_ref().is_some_and(|secret| is_line(secret.reveal(), 2_000)) {
            wrong("client_secret", "the secret that the provider gave this site");
        }
        if self.label.as_ref().is_some_and(|label| !is_line(label, 40)) {
            wrong("label", "a line of 1 to 40 characters, such as Google");
        }
        if let Some(scopes) = &self.scopes {
            let openid =
                self.kind == ProviderProtocol::GitHub || scopes.iter().any(|scope| scope == "openid");
            if !openid || !scopes.iter().all(|scope| is_scope(scope)) {
                wrong("scopes", "a list such as [\"openid\", \"email\"], with openid in it");
            }
        }
    }
}

/// Checks the providers.
pub(super) fn problems(entries: &BTreeMap<String, ProviderEntry>) -> Vec<String> {
    let mut problems = Vec::new();
    if entries.len() > MOST {
        problems.push(format!("setting `providers` should have at most {MOST} providers"));
    }
    let mut issuers = BTreeSet::new();
    for (name, entry) in entries {
        entry.problems(name, &mut problems);
        // An account is found by the issuer, whatever the provider is called here.
        if !issuers.insert(entry.issuer()) {
            problems
                .push(format!("setting `providers.{name}.issuer` is the one of another provider already"));
        }
    }
    problems
}

/// The providers, as the program asks them.
pub(super) fn settings(entries: &BTreeMap<String, ProviderEntry>) -> Vec<ProviderSettings> {
    entries.iter().map(|(name, entry)| entry.settings(name)).collect()
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=32).contains(&name.len()) && name.bytes().all(plain)
}

fn is_issuer(issuer: &str) -> bool {
    let url = Url::parse(issuer).ok().filter(is_callable);
    url.is_some_and(|url| has_slashes(issuer) && url.query().is_none() && url.fragment().is_none())
}

fn is_line(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control) && text.trim() == text
}

/// RFC 6749, section 3.3.
fn is_scope(scope: &str) -> bool {
    !scope.is_empty() && scope.bytes().all(|b| (0x21..0x7F).contains(&b) && b != b'"' && b != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> ProviderEntry {
        ProviderEntry {
            kind: ProviderProtocol::OpenId,
            issuer: "https://accounts.google.com".into(),
            client_id: "here".into(),
            client_secret: serde_json::from_value("hush".into()).unwrap(),
            label: None,
            scopes: None,
        }
    }

    fn wrong(name: &str, change: impl Fn(&mut ProviderEntry)) -> Vec<String> {
        let mut entry = entry();
        change(&mut entry);
        let found = problems(&BTreeMap::from([(name.to_owned(), entry)]));
        found.iter().map(|said| said.split('`').nth(1).unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let settings = entry().settings("google");
        assert_eq!((&*settings.label, &*settings.scopes.join(" ")), ("google", "openid email profile"));
        let github = ProviderEntry { kind: ProviderProtocol::GitHub, issuer: String::new(), ..entry() };
        let settings = github.settings("github");
        assert_eq!((&*settings.issuer, &*settings.scopes.join(" ")), (GITHUB, "read:user user:email"));
        assert!(problems(&BTreeMap::from([("github".to_owned(), github)])).is_empty());
        assert!(!format!("{:?}", entry()).contains("hush") && !format!("{settings:?}").contains("hush"));
    }

    #[test]
    fn each_wrong_value_is_named() {
        assert_eq!(wrong("google", |_| {}), [""; 0]);
        for issuer in
            ["", "google", "http://accounts.google.com", "https:accounts.google.com", "https://a.b/?x"]
        {
            assert_eq!(wrong("g", |entry| entry.issuer = issuer.into()), ["providers.g.issuer"], "{issuer}");
        }
        assert_eq!(wrong("g", |entry| entry.client_id = String::new()), ["providers.g.client_id"]);
        assert_eq!(wrong("g", |entry| entry.client_secret = None), ["providers.g.client_secret"]);
        assert_eq!(wrong("g", |entry| entry.label = Some("a\nb".into())), ["providers.g.label"]);
        for scopes in [vec!["email"], vec![], vec!["openid", "a b"], vec!["openid", ""]] {
            let scopes: Vec<String> = scopes.into_iter().map(str::to_owned).collect();
            assert_eq!(wrong("g", |entry| entry.scopes = Some(scopes.clone())), ["providers.g.scopes"]);
        }
        for name in ["Google", "a_b", "", &"a".repeat(33)] {
            assert_eq!(wrong(name, |_| {}), [format!("providers.{name}.label")]);
        }
    }

    #[test]
    fn one_issuer_is_one_provider() {
        let both = BTreeMap::from([("a".to_owned(), entry()), ("b".to_owned(), entry())]);
        assert!(problems(&both)[0].contains("`providers.b.issuer`"));
        let many = (0..11).map(|at| {
            let issuer = format!("https://{at}.example.org");
            (format!("p{at}"), ProviderEntry { issuer, ..entry() })
        });
        assert!(problems(&many.collect())[0].contains("`providers`"));
    }
}
