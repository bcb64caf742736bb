//! Free text of a profile: trimmed, NFC-normalised, bounded, without control characters.

use unicode_normalization::UnicodeNormalization as _;

use super::{Field, FieldCode, FieldError};

/// Capital letters and digits that cannot be mistaken for each other, whether read aloud or from a screen:
/// all but 0, O, 1 and I.
pub const UNMISTAKABLE: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The longest display name, first name or last name, in characters.
pub const NAME_MAX_CHARS: usize = 100;

/// Trims `raw` and normalises it to NFC.
///
/// # Errors
/// `TextTooLong` for more than `max_chars` characters, `TextInvalid` when one of them [is
/// forbidden](is_forbidden).
pub fn clean_text(raw: &str, max_chars: usize) -> Result<String, FieldCode> {
    let text: String = raw.trim().nfc().collect();
    if text.chars().count() > max_chars {
        return Err(FieldCode::TextTooLong { max: max_chars });
    }
    if text.chars().any(is_forbidden) {
        return Err(FieldCode::TextInvalid);
    }
    Ok(text)
}

/// The name that was sent for `field`, [cleaned](clean_text). `None` where none was sent, or where it cannot
/// be accepted: then the reason is added to `errors`.
pub fn clean_name(field: Field, sent: Option<&str>, errors: &mut Vec<FieldError>) -> Option<String> {
    let cleaned = clean_text(sent?, NAME_MAX_CHARS);
    cleaned.map_err(|code| errors.push(FieldError { field, code })).ok()
}

/// Whether a line of text may not contain `c`: control characters, bidirectional controls, line and paragraph
/// separators, non-characters. They make a name or a mail header read differently from its bytes.
pub fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
        || (c as u32 & 0xFFFE) == 0xFFFE
}

/// Whether `c` leaves no mark on a screen (the property `Default_Ignorable_Code_Point` of Unicode 16), such
/// as the zero-width space that comes along when text is copied from a page.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// `raw` without blanks and [invisible](is_invisible) characters around it.
pub fn trim_unseen(raw: &str) -> &str {
    raw.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_composed() {
        assert_eq!(clean_text("  Zoe\u{308} ", 10), Ok("Zoë".to_owned()));
    }

    #[test]
    fn a_name_that_cannot_be_accepted_is_reported() {
        let mut errors = Vec::new();
        assert_eq!(clean_name(Field::Firstname, None, &mut errors), None);
        assert_eq!(clean_name(Field::Firstname, Some(" Ada "), &mut errors), Some("Ada".to_owned()));
        assert!(errors.is_empty());
        assert_eq!(clean_name(Field::Lastname, Some("a\nb"), &mut errors), None);
        assert_eq!(errors, [FieldError { field: Field::Lastname, code: FieldCode::TextInvalid }]);
    }

    #[test]
    fn line_breaks_nul_and_bidi_controls_are_refused() {
        for raw in ["a\r\nBcc: x", "a\0b", "a\u{202E}b", "a\u{2028}b", "a\u{85}b"] {
            assert_eq!(clean_text(raw, 50), Err(FieldCode::TextInvalid), "{raw:?}");
        }
    }

    #[test]
    fn what_nobody_sees_is_dropped_around_a_text_only() {
        assert_eq!(trim_unseen("\u{FEFF} \u{200B}a\u{200B}b\u{2060}\u{A0}\u{AD}"), "a\u{200B}b");
        assert_eq!(trim_unseen("\u{202A}ada\u{202C}"), "ada");
        assert_eq!(trim_unseen("\u{200B}"), "");
        assert!(!"aé\u{301}山م-".chars().any(is_invisible));
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(clean_text(&"é".repeat(100), 100).is_ok());
        assert_eq!(clean_text(&"é".repeat(101), 100), Err(FieldCode::TextTooLong { max: 100 }));
    }
}
