//! Breaks the long lines of a mail in plain text: many readers show each line as it comes.

/// The longest line in characters: what RFC 5322 (2.1.1) asks for, with room for a `> ` before it.
const WIDTH: usize = 76;

/// `text` in lines of at most [`WIDTH`] characters, as far as there are spaces. A word that is longer, such
/// as a link, has a line of its own, and no-break spaces stay what they are.
pub(crate) fn wrap(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / WIDTH);
    for line in text.split_inclusive('\n') {
        if line.trim_end_matches('\n').chars().count() <= WIDTH {
            out.push_str(line);
            continue;
        }
        let mut length = 0;
        for word in line.split(' ') {
            let needed = word.trim_end_matches('\n').chars().count();
            if length > 0 && needed > 0 {
                let fits = length + 1 + needed <= WIDTH;
                out.push(if fits { ' ' } else { '\n' });
                length = if fits { length + 1 } else { 0 };
            }
            out.push_str(word);
            length += needed;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_break_at_spaces_and_short_ones_stay() {
        let link = format!("https://example.org/{}", "x".repeat(100));
        let words = "слово ".repeat(40);
        let text = format!("Hello,\n\n{words}\nOpen {link} now\n{link}\n\n-- \nA\u{a0}B\n");
        let wrapped = wrap(&text);
        let lines: Vec<&str> = wrapped.lines().collect();
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH || *line == link), "{wrapped}");
        assert!(
            lines.iter().filter(|line| **line == link).count() == 2 && lines.contains(&"-- "),
            "{wrapped}"
        );
        assert!(lines.len() < 15, "{wrapped}");
        let plain = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(plain(&wrapped), plain(&text));
        assert!(wrapped.ends_with("A\u{a0}B\n"));
    }
}
