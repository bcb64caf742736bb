//! Typography of the French and Russian sentences: spaces that no line breaks at, and politeness.

use crate::Files;

/// The spaces of French typography: narrow before `?`, `!` and `;`, a whole one before `:` and inside of
/// quotes.
fn space_before(mark: char) -> Option<char> {
    match mark {
        '?' | '!' | ';' => Some('\u{202f}'),
        ':' | '»' => Some('\u{a0}'),
        _ => None,
    }
}

/// The sentences of a language, line by line, without comments.
fn sentences(language: &str) -> Vec<String> {
    let source = Files::load(None).unwrap().locales[language].concat();
    source.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn no_french_mark_begins_a_line() {
    let mut marks = 0;
    for line in sentences("fr") {
        let text: Vec<char> = line.chars().collect();
        for (at, mark) in text.iter().enumerate() {
            let address = text[at..].starts_with(&[':', '/', '/']);
            let Some(space) = space_before(*mark).filter(|_| !address) else { continue };
            marks += 1;
            assert_eq!(text.get(at.wrapping_sub(1)), Some(&space), "{mark} of {line}");
        }
        for (at, _) in text.iter().enumerate().filter(|(_, mark)| **mark == '«') {
            assert_eq!(text.get(at + 1), Some(&'\u{a0}'), "« of {line}");
        }
    }
    assert!(marks > 50, "only {marks} were found");
}

#[test]
fn no_russian_dash_begins_a_line() {
    let mut dashes = 0;
    for line in sentences("ru") {
        assert!(!line.contains('–'), "the Russian dash is the long one: {line}");
        let text: Vec<char> = line.chars().collect();
        for (at, _) in text.iter().enumerate().filter(|(_, mark)| **mark == '—') {
            dashes += 1;
            assert_eq!(text.get(at.wrapping_sub(1)), Some(&'\u{a0}'), "{line}");
        }
    }
    assert!(dashes > 5, "only {dashes} were found");
}

/// Placeholders that hold text. Every other one holds a number.
const TEXTS: [&str; 9] = ["account", "at", "browser", "device", "door", "email", "place", "site", "system"];

/// Where a plain space parts a number from the word that it counts or measures.
fn parted(line: &str) -> Option<&str> {
    let after_digits = line.match_indices(' ').find(|(at, _)| {
        let before = line[..*at].ends_with(|c: char| c.is_ascii_digit());
        let next = line[at + 1..].split(' ').next().unwrap_or_default();
        // “42 or 3.5” names two numbers.
        before && next.starts_with(char::is_alphabetic) && !["ou", "или"].contains(&next)
    });
    let after_placeholder = line.match_indices(" } ").find(|(at, end)| {
        let name = line[..*at].rsplit_once("{ $").map_or("", |(_, name)| name);
        let next = line[at + end.len()..].chars().next();
        !TEXTS.contains(&name) && next.is_some_and(char::is_alphabetic)
    });
    after_digits.or(after_placeholder).map(|(at, _)| &line[at..])
}

#[test]
fn no_line_breaks_between_a_number_and_its_unit() {
    assert!(parted("dans { $n } jours").is_some() && parted("6 lettres").is_some());
    assert!(parted("dans { $n }\u{a0}jours, sur { $site } ou 42 ou 3").is_none());
    for language in ["fr", "ru"] {
        for line in sentences(language) {
            assert_eq!(parted(&line), None, "{line}");
        }
    }
}

#[test]
fn russian_asks_without_a_please() {
    // Russian interfaces leave the word out: the imperative is polite enough there.
    for line in sentences("ru") {
        assert!(!line.to_lowercase().contains("пожалуйста"), "{line}");
    }
}

#[test]
fn english_speaks_in_contractions() {
    let stiff =
        ["do not ", "does not ", "did not ", "is not ", "are not ", "cannot ", "will not ", "you are "];
    for line in sentences("en") {
        let lower = line.to_lowercase();
        let found = stiff.iter().find(|words| lower.contains(**words));
        assert_eq!(found, None, "{line}");
    }
}
