//! The names of the environment variables.

/// How the variables of Vestibule's settings begin.
pub(super) const OURS: &str = "VESTIBULE_";

/// A published variable without the double underscore, and the setting that it sets.
const SMTP_URL: (&str, &str) = ("smtp_url", "smtp.url");

/// The variable that sets `name`, such as `VESTIBULE_PASSWORD__MIN_LENGTH`.
pub(super) fn variable(name: &str) -> String {
    let key = if name == SMTP_URL.1 { SMTP_URL.0.to_owned() } else { name.replace('.', "__") };
    format!("{OURS}{}", key.to_ascii_uppercase())
}

/// The setting that a variable sets, by the part of its name behind [`OURS`].
pub(super) fn setting(key: &str) -> String {
    let key = key.to_ascii_lowercase();
    if key == SMTP_URL.0 { SMTP_URL.1.to_owned() } else { key.replace("__", ".") }
}
