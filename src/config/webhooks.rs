//! Sites that are told what happens: `[default.webhooks.NAME]`.

use std::collections::BTreeMap;

use domain::WebhookEvent;
use outbound::is_callable;
use serde::Deserialize;
use signing::WebhookSecrets;
use url::Url;

use super::describe::{Declared, DescribeSetting, full_name};
use super::kind::{SettingKind, kinds};
use super::nearest::nearest;
use super::secret::SecretSetting;
use super::{has_slashes, wrong_entry};

/// The most webhooks: each event is a row for each.
const MOST: usize = 20;

/// The longest address.
const LONGEST: usize = 2_000;

/// A webhook: `[default.webhooks.NAME]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookEntry {
    /// Where messages go.
    #[serde(default)]
    pub url: String,
    /// What they are signed with: `whsec_…`; several have commas between.
    pub secret: Option<SecretSetting>,
    /// What it is told.
    #[serde(default)]
    pub events: Vec<String>,
}

/// A webhook whose settings are right.
#[derive(Clone, Debug)]
pub struct WebhookTarget {
    pub name: String,
    pub url: Url,
    pub secrets: WebhookSecrets,
    pub events: Vec<WebhookEvent>,
}

kinds! {
    BTreeMap<String, WebhookEntry> => SettingKind::Section,
}

impl DescribeSetting for WebhookEntry {
    fn shown(&self) -> String {
        String::new()
    }

    fn secrets(&self, declared: &Declared<'_>, names: &mut Vec<String>) {
        names.push(full_name(declared.name, "secret"));
    }

    fn check(&self, _: &Declared<'_>, _: &mut Vec<String>) {}
}

/// The kind of a webhook's setting `name`.
pub(super) fn kind_of(name: &str) -> Option<SettingKind> {
    match name {
        "url" | "secret" => Some(SettingKind::Text),
        "events" => Some(SettingKind::List),
        _ => None,
    }
}

/// The names of a webhook's settings.
pub(super) const NAMES: [&str; 3] = ["url", "secret", "events"];

impl WebhookEntry {
    fn address(&self) -> Option<Url> {
        let url = Url::parse(&self.url).ok().filter(is_callable)?;
        let written = has_slashes(&self.url) && self.url.len() <= LONGEST && url.fragment().is_none();
        written.then_some(url)
    }

    fn target(&self, name: &str) -> Option<WebhookTarget> {
        let secrets = WebhookSecrets::parse(self.secret.as_ref()?.reveal()).ok()?;
        let mut events: Vec<WebhookEvent> = Vec::new();
        for event in self.events.iter().flat_map(|word| WebhookEvent::named(word)) {
            if !events.contains(&event) {
                events.push(event);
            }
        }
        Some(WebhookTarget { name: name.to_owned(), url: self.address()?, secrets, events })
    }

    fn problems(&self, name: &str, problems: &mut Vec<String>) {
        let mut wrong = |field: &str, should: &str| {
            problems.push(format!("setting `webhooks.{name}.{field}` should be {should}"));
        };
        if !is_name(name) {
            wrong("url", "below a name of a-z, 0-9, - and _, of 1 to 32 characters");
        }
        if self.address().is_none() {
            wrong(
                "url",
                "an address such as https://www.example.org/hooks/accounts; http:// leads to this machine alone",
            );
        }
        match self.secret.as_ref().map(|secret| WebhookSecrets::parse(secret.reveal())) {
            Some(Ok(_)) => {}
            Some(Err(should)) => wrong("secret", &format!("{should}; several have commas between")),
            None => wrong("secret", "whsec_ and what `openssl rand -base64 32` prints"),
        }
        if self.events.is_empty() {
            wrong("events", "a list such as [\"account.*\"]; [\"*\"] is everything");
        }
        for (at, word) in self.events.iter().enumerate() {
            if WebhookEvent::named(word).is_empty() {
                let meant = nearest(word, WebhookEvent::ALL.into_iter().map(WebhookEvent::as_str));
                let meant = meant.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
                let should = format!("an event such as account.created, account.* or *{meant}");
                problems.push(wrong_entry(&format!("webhooks.{name}.events"), at, &should));
            }
        }
    }
}

/// Checks the webhooks.
pub(super) fn problems(entries: &BTreeMap<String, WebhookEntry>) -> Vec<String> {
    let mut problems = Vec::new();
    if entries.len() > MOST {
        problems.push(format!("setting `webhooks` should have at most {MOST} webhooks"));
    }
    for (name, entry) in entries {
        entry.problems(name, &mut problems);
    }
    problems
}

/// The webhooks, of which [`problems`] has found none wrong.
pub(super) fn targets(entries: &BTreeMap<String, WebhookEntry>) -> Vec<WebhookTarget> {
    entries.iter().filter_map(|(name, entry)| entry.target(name)).collect()
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    (1..=32).contains(&name.len()) && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    fn entry() -> WebhookEntry {
        WebhookEntry {
            url: "https://shop.example.org/hooks?key=1".into(),
            secret: serde_json::from_value(SECRET.into()).unwrap(),
            events: vec!["account.*".into(), "account.created".into(), "sign_in.completed".into()],
        }
    }

    fn wrong(name: &str, change: impl Fn(&mut WebhookEntry)) -> Vec<String> {
        let mut entry = entry();
        change(&mut entry);
        let entries = BTreeMap::from([(name.to_owned(), entry)]);
        let found = problems(&entries);
        assert!(!found.is_empty() || targets(&entries).len() == 1);
        found.iter().map(|said| said.split('`').nth(1).unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn a_webhook_is_told_each_event_once() {
        let target = entry().target("shop").unwrap();
        let groups = target.events.iter().filter(|event| event.as_str().starts_with("account."));
        assert_eq!((groups.count(), target.events.len()), (9, 10));
        assert!(!format!("{:?} {target:?}", entry()).contains("C2FV"));
    }

    #[test]
    fn each_wrong_value_is_named() {
        assert_eq!(wrong("shop", |_| {}), [""; 0]);
        for url in ["", "shop", "http://shop.example.org/", "https:shop.example.org", "https://a@b.c/"] {
            assert_eq!(wrong("shop", |entry| entry.url = url.into()), ["webhooks.shop.url"], "{url}");
        }
        assert_eq!(wrong("shop", |entry| entry.url += "#x"), ["webhooks.shop.url"]);
        assert_eq!(wrong("shop", |entry| entry.secret = None), ["webhooks.shop.secret"]);
        let short = |entry: &mut WebhookEntry| {
            entry.secret = serde_json::from_value("whsec_aHVzaA==".into()).unwrap();
        };
        assert_eq!(wrong("shop", short), ["webhooks.shop.secret"]);
        assert_eq!(wrong("shop", |entry| entry.events = Vec::new()), ["webhooks.shop.events"]);
        assert_eq!(wrong("shop", |entry| entry.events[1] = "account.made".into()), ["webhooks.shop.events"]);
        for name in ["Shop", "a.b", "", &"a".repeat(33)] {
            assert_eq!(wrong(name, |_| {}), [format!("webhooks.{name}.url")]);
        }
        let many = (0..21).map(|at| (format!("shop{at}"), entry())).collect();
        assert!(problems(&many)[0].contains("`webhooks`"));
    }

    #[test]
    fn an_event_that_was_meant_is_said() {
        let mut entry = entry();
        entry.events = vec!["*".into(), "acount.created".into()];
        let said = problems(&BTreeMap::from([("shop".to_owned(), entry)])).remove(0);
        assert!(said.contains("entry 2 ") && said.contains("did you mean account.created?"), "{said}");
    }
}
