//! Who may sign up, and with what.

use domain::{
    BotGuard, DomainPattern, RegistrationMode, ReservedNames, SignUpRules, SignUpUsername, Terms, Username,
    Verification,
};
use serde::Deserialize;
use url::Url;

use super::describe::{Declared, DescribeSetting, SettingRow, full_name, settings};
use super::kind::{Bounds, HasKind, SettingKind, kinds};
use super::wrong_entry;

settings! {
    /// `[default.registration]`
    RegistrationSettings {
        /// Who makes accounts: `open`, everybody; `approve`, everybody, but nobody signs in before you have
        /// approved; `invite`, whom you invite; `closed`, nobody but you and your servers, see [who may sign
        /// up](#who-may-sign-up).
        mode: RegistrationMode = RegistrationMode::Open;
        /// The domains that addresses must have, such as `["example.org", "*.example.org"]`: the first is
        /// that domain alone, the second every domain below it.
        allowed_domains: Vec<String> = Vec::new(), shown "any";
        /// The domains that addresses must not have, likewise.
        blocked_domains: Vec<String> = Vec::new(), shown "none";
        /// Usernames that nobody may choose, beside those of a built-in list (`admin`, `support` …), the name
        /// of the site and its host.
        reserved_names: Vec<String> = Vec::new(), shown "the built-in list alone";
        /// What keeps programs from signing up by the thousand: `trap`, a field that nobody sees and that
        /// programs fill in; `work`, that, and a moment's computing by each browser, without which a sign-up
        /// counts as five for `rates.sign_ups_by_address`; `off`.
        bots: BotWord = BotWord::Trap;
        /// How long the computing of `registration.bots = "work"` takes: twice as long for each bit.
        work_bits: u32 = 17, range 8 to 20 "bits";
        /// `optional`: whoever signs up is mailed a link that proves the address, and asked until it is
        /// proven; `required`: nobody signs in before, see [proven addresses](#proven-addresses).
        verify: Verification = Verification::Off;
        /// Whether the sign-up page asks for a username. `off`: it asks for an address and a password alone,
        /// and a username that is sent all the same is taken; `optional`; `required`: nobody signs up there
        /// without one.
        username: SignUpUsername = SignUpUsername::Off;
    }
}

/// The word of a [`BotGuard`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BotWord {
    Off,
    #[default]
    Trap,
    Work,
}

impl DescribeSetting for BotWord {
    fn shown(&self) -> String {
        let word = match self {
            Self::Off => "off",
            Self::Trap => "trap",
            Self::Work => "work",
        };
        format!("`{word}`")
    }
}

kinds! {
    BotWord => SettingKind::Word(&["off", "trap", "work"]),
    RegistrationMode => SettingKind::Word(&["open", "approve", "invite", "closed"]),
}

impl DescribeSetting for RegistrationMode {
    fn shown(&self) -> String {
        let word = match self {
            Self::Open => "open",
            Self::Approve => "approve",
            Self::Invite => "invite",
            Self::Closed => "closed",
        };
        format!("`{word}`")
    }
}

impl RegistrationSettings {
    /// A sentence for each fault.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (name, list) in
            [("allowed_domains", &self.allowed_domains), ("blocked_domains", &self.blocked_domains)]
        {
            for (at, domain) in list.iter().enumerate() {
                if DomainPattern::parse(domain).is_none() {
                    let should = "a domain such as example.org, or *.example.org for every domain below it";
                    problems.push(wrong_entry(&format!("registration.{name}"), at, should));
                }
            }
        }
        for (at, name) in self.reserved_names.iter().enumerate() {
            if Username::parse(name).is_err() {
                problems.push(wrong_entry(
                    "registration.reserved_names",
                    at,
                    "a name that could be a username",
                ));
            }
        }
        problems
    }

    /// Whether browsers that sign up do a proof of work.
    pub fn asks_for_work(&self) -> bool {
        self.bots == BotWord::Work
    }

    /// The rules for whoever signs up at `site`, which has this name.
    pub fn rules(&self, site_name: &str, site: &Url, terms: Option<Terms>) -> SignUpRules {
        // The lists were checked when the settings were read.
        let domains = |list: &[String]| list.iter().filter_map(|text| DomainPattern::parse(text)).collect();
        // The digits of an IP are nobody's name.
        let host = site.domain().unwrap_or_default();
        // The main part of `accounts.example.co.uk` is what people know the site by.
        let known = host.rsplit('.').skip(1).find(|label| label.len() > 3).unwrap_or_default();
        let more = self.reserved_names.iter().map(String::as_str).chain([site_name, host, known]);
        SignUpRules {
            mode: self.mode,
            allowed_domains: domains(&self.allowed_domains),
            blocked_domains: domains(&self.blocked_domains),
            reserved: ReservedNames::with(more),
            bots: match self.bots {
                BotWord::Off => BotGuard::Off,
                BotWord::Trap => BotGuard::Trap,
                BotWord::Work => BotGuard::Work { bits: self.work_bits },
            },
            terms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_entry_is_named() {
        let list = |entries: &[&str]| entries.iter().map(|entry| (*entry).to_owned()).collect();
        let settings = RegistrationSettings {
            allowed_domains: list(&["example.org", "example"]),
            blocked_domains: list(&["*.example.org", "@example.org"]),
            reserved_names: list(&["boss", "a b"]),
            ..RegistrationSettings::default()
        };
        let problems = settings.problems();
        assert_eq!(problems.len(), 3, "{problems:?}");
        for (problem, name) in problems.iter().zip(["allowed_domains", "blocked_domains", "reserved_names"]) {
            assert!(problem.contains(&format!("`registration.{name}`: entry 2")), "{problem}");
        }
        assert_eq!(RegistrationSettings::default().problems(), [""; 0]);
    }

    #[test]
    fn the_sites_own_names_are_reserved() {
        let url = Url::parse("https://accounts.teahouse.example/x").unwrap();
        let settings = RegistrationSettings { reserved_names: vec!["boss".into()], ..Default::default() };
        let rules = settings.rules("Tea House", &url, None);
        let refused = |name: &str| rules.check_username(&Username::parse(name).unwrap()).is_err();
        for name in ["boss", "TeaHouse", "tea-house", "teahouse", "accounts.teahouse.example", "admin"] {
            assert!(refused(name), "{name}");
        }
        assert!(!refused("tea") && !refused("example"));
        let at = |url: &str, name: &str| {
            let rules = settings.rules("", &Url::parse(url).unwrap(), None);
            rules.check_username(&Username::parse(name).unwrap()).is_err()
        };
        assert!(at("https://www.teahouse.co.uk", "teahouse") && !at("https://www.teahouse.co.uk", "co"));
        assert!(!at("http://127.0.0.1:8000", "0") && !at("http://127.0.0.1:8000", "o"));
    }
}
