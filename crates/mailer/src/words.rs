//! The words of errors and answers, as a log shows them.

use lettre::transport::smtp::Error;

/// The whole chain of causes on one line.
pub(super) fn in_words(error: &Error) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_in_words = cause.to_string();
        if !words.contains(&cause_in_words) {
            words = format!("{words}: {cause_in_words}");
        }
        source = cause.source();
    }
    one_line(&words)
}

/// The server's text without characters that would break a log or a terminal.
pub(super) fn one_line(words: &str) -> String {
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect()
}
