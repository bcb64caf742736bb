//! Looks settings up by their names.

use super::Settings;
use super::describe::{Declared, DescribeSetting as _};
use super::kind::{Bounds, SettingKind};

/// The kind of the setting `name`, such as `password.min_length`; `None` for one that is not ours.
pub(super) fn kind_of(name: &str) -> Option<SettingKind> {
    let parts: Vec<&str> = name.split('.').collect();
    match parts.as_slice() {
        ["theme_settings", _] => return Some(SettingKind::Any),
        ["fields", _] | ["fields", _, "label"] => return Some(SettingKind::Section),
        ["fields", _, "label", _] | ["fields", _, "type"] => return Some(SettingKind::Text),
        ["fields", _, "required" | "sign_up"] => return Some(SettingKind::Switch),
        ["fields", _, "max_length"] => return Some(SettingKind::Number),
        _ => {}
    }
    declared(name, |declared| declared.kind)
}

/// The bounds of the setting `name`, if it is a number with bounds.
pub(super) fn bounds_of(name: &str) -> Option<Bounds> {
    declared(name, |declared| declared.bounds).flatten()
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
}
