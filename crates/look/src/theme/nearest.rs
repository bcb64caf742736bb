//! *Did you mean*: the known name that a written one resembles.

use strsim::{damerau_levenshtein, normalized_damerau_levenshtein};

/// How alike two names are that may be taken for each other; 1 is the same. Two letters of six may differ.
const ALIKE: f64 = 0.66;

/// The longest name that is compared, in bytes: the comparison takes the square of the length.
const LENGTH_MAX: usize = 100;

/// The name among `known` that `word` resembles most, if one does.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() > LENGTH_MAX {
        return None;
    }
    let alike = |known: &&str| {
        *known != word
            && known.len() <= LENGTH_MAX
            && word.len().abs_diff(known.len()) <= word.len() / 2
            && normalized_damerau_levenshtein(word, known) >= ALIKE
    };
    known.into_iter().filter(alike).min_by_key(|known| damerau_levenshtein(word, known))
}

/// `; did you mean …?` with the name among `known` that `word` resembles, or nothing.
pub(crate) fn did_you_mean<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    nearest(word, known).map(|known| format!("; did you mean `{known}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_name_is_found_by_what_was_typed_in_its_place() {
        let known =
            ["sign-in-title", "sign-up-title", "sign-out", "--accent", "--on-accent", "pages/sign_in.html"];
        for (word, meant) in [
            ("sign-in-titel", Some("sign-in-title")),
            ("--acent", Some("--accent")),
            ("pages/signin.html", Some("pages/sign_in.html")),
            ("sign-out", None),
            ("password", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
    }
}
