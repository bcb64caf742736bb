//! Names that no setting has, each with the name that was probably meant.

use rocket::figment::value::{Dict, Value};

use super::describe::full_name;
use super::kind::SettingKind;
use super::lookup::{kind_of, names, setting};
use super::nearest::nearest;
use super::table::ROCKETS_OWN;
use super::variable::{flat, variables};

/// A sentence for each name in `values` that no setting has.
pub(super) fn unknown(values: &Dict) -> Vec<String> {
    let mut found = Vec::new();
    look_into("", values, &mut found);
    found
}

fn look_into(section: &str, values: &Dict, found: &mut Vec<String>) {
    for (key, value) in values {
        let name = full_name(section, key);
        match (kind_of(&name), value) {
            (None, _) => found.push(format!("unknown setting `{name}`; {}", advice(&name))),
            (Some(SettingKind::Section), Value::Dict(_, inner)) => look_into(&name, inner, found),
            _ => {}
        }
    }
}

/// What to write in place of `name`.
pub(super) fn advice(name: &str) -> String {
    for own in ["fields", "plugins", "providers", "webhooks"] {
        if name.starts_with(&format!("{own}_")) {
            let (example, prefix) = (own.to_ascii_uppercase(), super::variable::OURS);
            return format!("its variable has two underscores for each dot: {prefix}{example}__NAME__…");
        }
    }
    if let Some(meant) = meant(name) {
        let variable =
            variable_of(&meant).map_or_else(String::new, |variable| format!(" (variable {variable})"));
        return format!("did you mean `{meant}`{variable}?");
    }
    match known_beside(name) {
        known if known.is_empty() => "`vestibule settings` lists all".to_owned(),
        known => format!("known here: {}", known.join(", ")),
    }
}

/// The variable of the setting `name`, whose dots may be underscores; `None` if there is no such setting.
pub fn variable_of(name: &str) -> Option<String> {
    if ROCKETS_OWN.contains(&name) {
        return Some(format!("ROCKET_{}", name.to_ascii_uppercase()));
    }
    let name = setting(name);
    kind_of(&name)?;
    variables(&name).into_iter().next()
}

/// The setting whose name is nearest to `name`, if it is near enough to be meant.
pub fn meant(name: &str) -> Option<String> {
    let mut candidates = names();
    candidates.extend(ROCKETS_OWN.map(str::to_owned));
    // A section is meant where the name has its settings below it.
    let (section, _) = name.rsplit_once('.').unwrap_or_default();
    let mut beside: Vec<String> =
        known_beside(name).into_iter().map(|key| full_name(section, &key)).collect();
    candidates.append(&mut beside);
    let flat_name = flat(name);
    let flat_candidates: Vec<String> = candidates.iter().map(|name| flat(name)).collect();
    let near = nearest(&flat_name, flat_candidates.iter().map(String::as_str))?;
    let at = flat_candidates.iter().position(|candidate| candidate == near)?;
    candidates.into_iter().nth(at)
}

/// The last parts of the names in the same section as `name`.
fn known_beside(name: &str) -> Vec<String> {
    let (section, _) = name.rsplit_once('.').unwrap_or_default();
    if let Some(field) = section.strip_prefix("fields.")
        && !field.contains('.')
    {
        return ["label", "type", "required", "max_length", "sign_up"].map(str::to_owned).into();
    }
    if section.strip_prefix("providers.").is_some_and(|name| !name.contains('.')) {
        return super::providers::NAMES.map(str::to_owned).into();
    }
    if section.strip_prefix("webhooks.").is_some_and(|name| !name.contains('.')) {
        return super::webhooks::NAMES.map(str::to_owned).into();
    }
    let mut found: Vec<String> = Vec::new();
    if section.is_empty() {
        found.extend(super::table::listed_of_rocket().map(str::to_owned));
    }
    let all = names().into_iter().chain(super::lookup::sections());
    for other in all {
        let (of, last) = other.rsplit_once('.').unwrap_or(("", &other));
        if of == section && !found.iter().any(|known| known == last) {
            found.push(last.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_said() {
        for (name, said) in [
            ("publicurl", "did you mean `public_url` (variable VESTIBULE_PUBLIC_URL)?"),
            ("smpt_url", "did you mean `smtp.url` (variable VESTIBULE_SMTP_URL)?"),
            ("smtp.urll", "did you mean `smtp.url` (variable VESTIBULE_SMTP_URL)?"),
            ("smtp_form", "did you mean `smtp.from` (variable VESTIBULE_SMTP_FROM)?"),
            (
                "password.minlength",
                "did you mean `password.min_length` (variable VESTIBULE_PASSWORD_MIN_LENGTH)?",
            ),
            ("databse_url", "did you mean `database_url`"),
            ("workerss", "did you mean `workers` (variable ROCKET_WORKERS)?"),
            ("adress", "did you mean `address` (variable ROCKET_ADDRESS)?"),
            ("loccale", "did you mean `locale` "),
            ("passwords", "did you mean `password` "),
            ("fields.tea.lable", "did you mean `fields.tea.label` "),
            ("fields_tea_type", "two underscores for each dot: VESTIBULE_FIELDS__NAME__"),
            ("providers.google.client_secrt", "did you mean `providers.google.client_secret` "),
            ("webhooks.shop.secrt", "did you mean `webhooks.shop.secret` "),
            ("site.motto", "known here: name"),
        ] {
            let advice = advice(name);
            assert!(advice.starts_with(said) || advice.contains("underscores"), "{name}: {advice}");
        }
        for far in ["nonsense", "x", "colour", "host", "user"] {
            assert!(advice(far).starts_with("known here: address, port, "), "{far}: {}", advice(far));
        }
    }
}
