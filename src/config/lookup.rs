//! Looks settings up by their names and their variables.

use super::Settings;
use super::describe::{Declared, DescribeSetting as _};
use super::kind::{Bounds, SettingKind};
use super::{providers, variable, webhooks};

/// The kind of the setting `name`, such as `password.min_length`; `None` for one that is not ours.
pub(super) fn kind_of(name: &str) -> Option<SettingKind> {
    let parts: Vec<&str> = name.split('.').collect();
    match parts.as_slice() {
        ["theme_settings", _] => return Some(SettingKind::Any),
        ["foreign_secrets", _] => return Some(SettingKind::Text),
        ["fields", _] | ["fields", _, "label"] => return Some(SettingKind::Section),
        ["fields", _, "label", _] | ["fields", _, "type"] => return Some(SettingKind::Text),
        ["fields", _, "required" | "sign_up"] => return Some(SettingKind::Switch),
        ["fields", _, "max_length"] => return Some(SettingKind::Number),
        ["providers", _] => return Some(SettingKind::Section),
        ["providers", _, of_provider] => return providers::kind_of(of_provider),
        ["webhooks", _] => return Some(SettingKind::Section),
        ["webhooks", _, of_webhook] => return webhooks::kind_of(of_webhook),
        _ => {}
    }
    declared(name, |declared| declared.kind)
}

/// The setting that a variable sets, by the part of its name behind the prefix. A name that no setting has
/// comes back with its double underscores as dots.
pub(super) fn setting(key: &str) -> String {
    let dotted = key.to_ascii_lowercase().replace("__", ".");
    // Products have hyphens in their names, and variables none.
    let secret = dotted.strip_prefix("foreign_secrets").and_then(|name| name.strip_prefix(['.', '_']));
    if let Some(name) = secret.filter(|name| !name.is_empty()) {
        return format!("foreign_secrets.{}", name.replace('_', "-"));
    }
    if kind_of(&dotted).is_some() {
        return dotted;
    }
    let flat = variable::flat(&dotted);
    if let Some(own) = flat.strip_prefix("theme_settings_").filter(|own| !own.is_empty()) {
        return format!("theme_settings.{own}");
    }
    names().into_iter().find(|name| variable::flat(name) == flat).unwrap_or(dotted)
}

/// The bounds of the setting `name`, if it is a number with bounds.
pub(super) fn bounds_of(name: &str) -> Option<Bounds> {
    declared(name, |declared| declared.bounds).flatten()
}

/// The names of all settings that are no sections.
pub(super) fn names() -> Vec<String> {
    let mut found = Vec::new();
    Settings::default().declare(&Declared::ALL, &mut |declared| {
        if declared.kind != SettingKind::Section {
            found.push(declared.name.to_owned());
        }
    });
    found
}

/// The names of all sections.
pub(super) fn sections() -> Vec<String> {
    let mut found = Vec::new();
    Settings::default().declare(&Declared::ALL, &mut |declared| {
        if declared.kind == SettingKind::Section && !declared.name.is_empty() {
            found.push(declared.name.to_owned());
        }
    });
    found
}

/// What `read` takes from the declaration of the setting `name`.
fn declared<T>(name: &str, read: impl Fn(&Declared<'_>) -> T) -> Option<T> {
    let mut found = None;
    Settings::default().declare(&Declared::ALL, &mut |declared| {
        if declared.name == name {
            found = Some(read(declared));
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rocket::figment::value::Value;

    use super::*;

    #[test]
    fn a_text_is_what_its_variable_holds() {
        for name in ["smtp.password", "smtp.url", "site.name", "data_dir", "fields.tea.label.en", "locale"] {
            let kind = kind_of(name).unwrap();
            for text in ["0123456789", "\"quoted\"", "[a, b]", "{a=1}", "true", " spaces ", "1e9", "'", ""] {
                assert_eq!(kind.read(text).as_str(), Some(text), "{name}");
            }
        }
    }

    #[test]
    fn other_kinds_are_read_as_such() {
        let read = |name: &str, text: &str| kind_of(name).unwrap().read(text);
        assert_eq!(read("password.min_length", "12").to_u128(), Some(12));
        assert_eq!(read("rate_limits", "true").to_bool(), Some(true));
        assert_eq!(read("rate_limits", "off").as_str(), Some("off"));
        assert_eq!(read("theme_settings.accent", "#0b5d5b").as_str(), Some("#0b5d5b"));
        for text in ["[\"a.example\", \"b.example\"]", "a.example, b.example", "a.example,b.example,"] {
            let entries = read("http.hosts", text).into_array().unwrap();
            let entries: Vec<_> = entries.iter().filter_map(Value::as_str).collect();
            assert_eq!(entries, ["a.example", "b.example"], "{text}");
        }
        assert_eq!(kind_of("nonsense"), None);
    }

    #[test]
    fn one_underscore_and_two_are_the_same_for_every_setting() {
        let all = names();
        assert!(all.len() > 50, "{all:?}");
        for name in &all {
            for written in variable::variables(name) {
                assert_eq!(&setting(written.strip_prefix(variable::OURS).unwrap()), name, "{written}");
            }
        }
        let distinct: BTreeSet<String> = all.iter().map(|name| variable::flat(name)).collect();
        assert_eq!(distinct.len(), all.len(), "two settings would have one variable");
    }

    #[test]
    fn a_name_of_the_operators_own_keeps_its_underscores() {
        for (key, name) in [
            ("FIELDS__TEA_TIME__SIGN_UP", "fields.tea_time.sign_up"),
            ("FIELDS__TEA__LABEL__EN", "fields.tea.label.en"),
            ("THEME_SETTINGS__ACCENT_DARK", "theme_settings.accent_dark"),
            ("FOREIGN_SECRETS__BETTER_AUTH", "foreign_secrets.better-auth"),
            ("FOREIGN_SECRETS_DEVISE", "foreign_secrets.devise"),
            ("THEME_SETTINGS_ACCENT_DARK", "theme_settings.accent_dark"),
            ("PLUGINS__NOTES__MOST", "plugins.notes.most"),
            ("PROVIDERS__GOOGLE__CLIENT_SECRET", "providers.google.client_secret"),
            ("WEBHOOKS__MY_SHOP__SECRET", "webhooks.my_shop.secret"),
            ("FIELDS_TEA_TYPE", "fields_tea_type"),
            ("NONSENSE", "nonsense"),
            ("SMTP_FROM", "smtp.from"),
            ("smtp__from", "smtp.from"),
        ] {
            assert_eq!(setting(key), name);
        }
    }
}
