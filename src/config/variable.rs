//! The names of the environment variables. The dot in a setting's name is one underscore or two: `smtp.from`
//! is `VESTIBULE_SMTP_FROM` and `VESTIBULE_SMTP__FROM`.

/// How the variables of Vestibule's settings begin.
pub(super) const OURS: &str = "VESTIBULE_";

/// The variables that set `name`. One that contains a name of the operator's own needs two underscores for
/// each dot: an own name may have underscores.
pub(super) fn variables(name: &str) -> Vec<String> {
    let of = |key: String| format!("{OURS}{}", key.to_ascii_uppercase());
    let mut found = vec![of(name.replace('.', "__"))];
    if name.contains('.')
        && !["fields.", "plugins.", "providers.", "webhooks."].iter().any(|own| name.starts_with(own))
    {
        found.insert(0, of(flat(name)));
    }
    found
}

/// The name with one underscore for each dot.
pub(super) fn flat(name: &str) -> String {
    name.replace('.', "_")
}
