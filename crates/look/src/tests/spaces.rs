//! French marks stand behind a space that no line breaks at, so that none begins a line.

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

#[test]
fn no_french_mark_begins_a_line() {
    let source = Files::load(None).unwrap().locales["fr"].concat();
    let mut marks = 0;
    for line in source.lines().filter(|line| !line.starts_with('#')) {
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
