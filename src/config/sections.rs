//! The sections of the settings' file. They are Rocket's profiles: `default`, `debug` or `release` by the
//! build, and the one that `ROCKET_PROFILE` names.

use toml_edit::DocumentMut;

use super::lookup::{kind_of, sections};
use super::nearest::nearest;
use super::table::{ROCKETS_OWN, WITHOUT_EFFECT};

/// The profiles that exist without being selected.
const ALWAYS: [&str; 4] = ["default", "global", "debug", "release"];

/// Checks that every setting stands in a section, and every section is a profile. Returns the sections that
/// this start does not use: another `ROCKET_PROFILE` may select them. `selected` is that variable.
///
/// # Errors
/// A sentence for each name that stands in the wrong place, and for a profile that is not there.
pub(super) fn check(document: &DocumentMut, selected: Option<&str>) -> Result<Vec<String>, Vec<String>> {
    let (mut unused, mut wrong) = (Vec::new(), Vec::new());
    for (name, item) in document.iter() {
        let ours = kind_of(name).is_some()
            || ROCKETS_OWN.contains(&name)
            || WITHOUT_EFFECT.iter().any(|(rockets, _)| *rockets == name);
        let profile = |known: &str| known.eq_ignore_ascii_case(name);
        if !item.is_table() && !item.is_inline_table() {
            wrong.push(format!("`{name}` stands outside of a section; write it below [default]"));
        } else if ours {
            wrong.push(format!("[{name}] should be [default.{name}]"));
        } else if !ALWAYS.into_iter().chain(selected).any(profile) {
            match meant(name, selected) {
                Some(meant) => wrong.push(format!("there is no section [{name}]; did you mean [{meant}]?")),
                None => unused.push(name.to_owned()),
            }
        }
    }
    let there = |profile: &str| document.iter().any(|(name, _)| name.eq_ignore_ascii_case(profile));
    if let Some(profile) = selected
        && !there(profile)
        && !ALWAYS.iter().any(|always| always.eq_ignore_ascii_case(profile))
    {
        let has: Vec<String> = document.iter().map(|(name, _)| format!("[{name}]")).collect();
        let has = if has.is_empty() { "no section".to_owned() } else { has.join(", ") };
        wrong.push(format!("it lacks the section that ROCKET_PROFILE names; it has {has}"));
    }
    if wrong.is_empty() { Ok(unused) } else { Err(wrong) }
}

/// The section that was probably meant by `name`.
fn meant(name: &str, selected: Option<&str>) -> Option<String> {
    let profiles = ALWAYS.into_iter().chain(selected);
    if let Some(profile) = nearest(name, profiles) {
        return Some(profile.to_owned());
    }
    let sections = sections();
    nearest(name, sections.iter().map(String::as_str)).map(|section| format!("default.{section}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str, selected: Option<&str>) -> Result<Vec<String>, Vec<String>> {
        check(&text.parse().unwrap(), selected)
    }

    #[test]
    fn a_setting_that_no_section_holds_is_named() {
        for (text, said) in [
            ("port = 1", "`port` stands outside of a section"),
            ("[smtp]\nurl = 'x'", "[smtp] should be [default.smtp]"),
            ("[site]", "[site] should be [default.site]"),
            ("[databases.main]", "[databases] should be"),
            ("[defaults]\nport = 1", "did you mean [default]?"),
            ("[defualt.smtp]\nurl = 'x'", "did you mean [default]?"),
            ("[smpt]\nurl = 'x'", "did you mean [default.smtp]?"),
            ("[relase]\nport = 1", "did you mean [release]?"),
            ("[[default]]\nport = 1", "`default` stands outside of a section"),
        ] {
            let wrong = checked(text, None).unwrap_err();
            assert!(wrong.len() == 1 && wrong[0].contains(said), "{text}: {wrong:?}");
        }
        for text in
            ["", "# nothing", "[default]\n[release.smtp]\nurl = 'x'", "default = { port = 1 }", "[Debug]"]
        {
            assert_eq!(checked(text, None), Ok(Vec::new()), "{text}");
        }
    }

    #[test]
    fn a_profile_that_is_not_selected_is_unused_and_one_that_is_not_there_is_wrong() {
        let text = "[default]\n[production]\n[staging]";
        assert_eq!(checked(text, None).unwrap(), ["production", "staging"]);
        assert_eq!(checked(text, Some("Production")).unwrap(), ["staging"]);
        for selected in ["default", "release", "debug"] {
            assert_eq!(checked(text, Some(selected)).unwrap().len(), 2);
            assert_eq!(checked("", Some(selected)), Ok(Vec::new()));
        }
        let wrong = checked(text, Some("hunter2")).unwrap_err().join("\n");
        assert!(wrong.contains("ROCKET_PROFILE") && wrong.contains("[staging]"), "{wrong}");
        assert!(!wrong.contains("hunter2"), "{wrong}");
        // The misspelt section is named too.
        let wrong = checked("[default]\n[prodution]", Some("production")).unwrap_err().join("\n");
        assert!(wrong.contains("did you mean [production]?"), "{wrong}");
        assert!(checked("", Some("production")).unwrap_err()[0].contains("no section"));
    }
}
