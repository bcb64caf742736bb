//! Usernames that nobody may choose: whoever had one would be taken for somebody who runs the site.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Username;

/// Names of those who run a site, and of the mailboxes that RFC 2142 gives them, in our languages.
const IMPERSONATING: &[&str] = &[
    "abuse",
    "account",
    "accounts",
    "admin",
    "administration",
    "administrator",
    "billing",
    "contact",
    "help",
    "helpdesk",
    "hostmaster",
    "info",
    "legal",
    "mailer-daemon",
    "marketing",
    "mod",
    "moderation",
    "moderator",
    "no-reply",
    "noc",
    "official",
    "operator",
    "owner",
    "payment",
    "payments",
    "postmaster",
    "privacy",
    "root",
    "sales",
    "security",
    "service",
    "staff",
    "superuser",
    "support",
    "sysadmin",
    "system",
    "team",
    "usenet",
    "webmaster",
    "www",
    // French.
    "administrateur",
    "administratrice",
    "aide",
    "assistance",
    "équipe",
    "modérateur",
    "modératrice",
    "officiel",
    "propriétaire",
    "sécurité",
    // Russian.
    "админ",
    "администратор",
    "администрация",
    "безопасность",
    "команда",
    "модератор",
    "поддержка",
    "помощь",
    "служба",
];

/// A list of usernames, each in all spellings that look like it.
#[derive(Clone, Debug, Default)]
pub struct ReservedNames(Arc<BTreeSet<String>>);

impl ReservedNames {
    /// The built-in list and `more`: the site's name, its host, the operator's own.
    pub fn with<'a>(more: impl IntoIterator<Item = &'a str>) -> Self {
        let all = IMPERSONATING.iter().copied().chain(more);
        Self(Arc::new(all.map(key).filter(|key| !key.is_empty()).collect()))
    }

    /// Whether `username` is one of them, or looks like one.
    pub fn contains(&self, username: &Username) -> bool {
        let (name, small) = (username.as_str(), username.key());
        // The look of a capital is another than that of its small letter: `I` is like `l`.
        self.0.contains(&key(&small)) || (small != name && self.0.contains(&key(name)))
    }
}

/// What names that look alike have in common: their skeleton (UTS #39) without blanks and punctuation, and
/// with digits as the letters that they stand for.
fn key(name: &str) -> String {
    let skeleton = |text: &str| unicode_security::skeleton(text).collect::<String>().to_lowercase();
    // A capital may look like another letter than its small one does, and so does what it looks like.
    let skeleton = skeleton(&skeleton(name));
    let plain = skeleton.chars().filter(|c| c.is_alphanumeric()).map(|c| match c {
        'l' => 'i',
        '0' => 'o',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        other => other,
    });
    plain.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reserved(name: &str) -> bool {
        let names = ReservedNames::with(["Bäckerei Ada", "accounts.example.org", ""]);
        names.contains(&Username::parse(name).expect(name))
    }

    #[test]
    fn names_that_look_like_the_sites_own_are_reserved() {
        for name in [
            "admin",
            "Admin",
            "ADMIN",
            "adm1n",
            "ADM1N",
            "4dmin",
            "ad-min",
            "_admin_",
            "r00t",
            "no.reply",
            "noreply",
            "postmaster",
            "Поддержка",
            "ТЕАМ",
            "équipe",
            "bäckerei-ada",
            "accounts.example.org",
        ] {
            assert!(reserved(name), "{name}");
        }
    }

    #[test]
    fn other_names_are_not() {
        for name in
            ["ada", "badminton", "administra", "rooty", "supporter", "teamwork", "дом", "example", "7"]
        {
            assert!(!reserved(name), "{name}");
        }
    }
}
