//! Findings about a theme, each with its place, and the report of all findings.

use std::fmt;

use serde::Serialize;

/// A position in a file. Lines and columns count from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// The beginning of a file.
    pub const START: Self = Self { line: 1, column: 1 };

    /// The position of the byte at `offset` of `text`.
    pub fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A theme with an error is not served.
    Error,
    /// A theme with only warnings is served.
    Warning,
}

/// A fault in a theme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether the fault keeps the theme from being served.
    pub severity: Severity,
    /// The stable code, such as `unknown-variable`.
    pub code: &'static str,
    /// The sentence for the theme's author.
    pub message: String,
    /// The file, relative to the theme's folder; `.` is the folder itself.
    pub file: String,
    /// The position in the file.
    #[serde(flatten)]
    pub place: Position,
    /// The line at that position; empty if there is none to show.
    pub excerpt: String,
    /// The length of the culprit in characters, from the column on.
    pub length: usize,
    /// The first page, state and language that showed the fault; empty if it holds for all.
    pub seen_in: String,
}

impl Finding {
    /// A finding about a whole file.
    pub fn new(severity: Severity, code: &'static str, file: &str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            file: file.to_owned(),
            place: Position::START,
            excerpt: String::new(),
            length: 0,
            seen_in: String::new(),
        }
    }

    /// The finding at `length` bytes of the file's text from `offset` on.
    pub fn at(mut self, text: &str, offset: usize, length: usize) -> Self {
        self.place = Position::of(text, offset);
        let line = text.lines().nth(self.place.line - 1).unwrap_or_default();
        let meant = text.get(offset..offset + length).unwrap_or_default();
        self.length = meant.lines().next().unwrap_or_default().chars().count();
        // A line of a minified file is too long to show.
        let readable = line.chars().count() <= 300;
        self.excerpt = if readable { line.to_owned() } else { String::new() };
        self
    }

    /// The finding at a known line and column.
    pub fn on(mut self, text: &str, place: Position) -> Self {
        self.place = place;
        self.length = 1;
        self.excerpt = text.lines().nth(place.line.saturating_sub(1)).unwrap_or_default().to_owned();
        self
    }

    /// The finding with the state that showed it.
    pub fn seen_in(mut self, state: &str) -> Self {
        self.seen_in = state.to_owned();
        self
    }

    /// `file:line:column: message`, for a log.
    pub fn in_a_line(&self) -> String {
        let Position { line, column } = self.place;
        format!("{}:{line}:{column}: {} [{}]", self.file, self.message, self.code)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let Position { line, column } = self.place;
        writeln!(f, "{severity}[{}]: {}", self.code, self.message)?;
        writeln!(f, "  --> {}:{line}:{column}", self.file)?;
        if !self.excerpt.is_empty() {
            let number = line.to_string();
            let margin = " ".repeat(number.len());
            // Tabs stay tabs, so that the caret is below the culprit.
            let indent: String =
                self.excerpt.chars().take(column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            writeln!(f, " {margin} |\n {number} | {}", self.excerpt)?;
            writeln!(f, " {margin} | {indent}{}", "^".repeat(self.length.max(1)))?;
        }
        if !self.seen_in.is_empty() {
            writeln!(f, "  seen in {}", self.seen_in)?;
        }
        Ok(())
    }
}

/// All findings about a theme.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The findings: errors first, causes before what follows from them, then by file and position.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The most findings that are kept. Each is compared with all others.
    const MOST: usize = 1_000;

    /// Whether further findings are dropped, so that nobody needs to look for them.
    pub fn is_full(&self) -> bool {
        self.findings.len() >= Self::MOST
    }

    /// Adds a finding, unless another state has shown the same one or the report is full. An error takes the
    /// place of the last warning of a full report.
    pub fn add(&mut self, finding: Finding) {
        let same = |known: &Finding| {
            known.code == finding.code
                && known.file == finding.file
                && known.place == finding.place
                && known.message == finding.message
        };
        if self.findings.iter().any(same) {
            return;
        }
        if !self.is_full() {
            self.findings.push(finding);
        } else if finding.severity == Severity::Error
            && let Some(last) = self.findings.iter_mut().rfind(|known| known.severity == Severity::Warning)
        {
            *last = finding;
        }
    }

    /// The findings that keep the theme from being served.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error)
    }

    /// Whether the theme can be served.
    pub fn passes(&self) -> bool {
        self.errors().next().is_none()
    }

    /// The numbers of errors and of warnings.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.errors().count();
        (errors, self.findings.len() - errors)
    }

    /// The numbers of errors and of warnings, in words.
    pub fn summary(&self) -> String {
        let (errors, warnings) = self.counts();
        format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"))
    }

    pub(crate) fn sort(&mut self) {
        self.findings.sort_by(|one, other| {
            let key = |finding: &Finding| {
                (finding.severity, rank(finding.code), finding.file.clone(), finding.place)
            };
            key(one).cmp(&key(other))
        });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        f.write_str(&self.summary())
    }
}

/// Causes before what may follow from them: a file that is misspelt before the sentences that nothing says
/// because of it.
fn rank(code: &str) -> usize {
    const FIRST: [&str; 7] =
        ["manifest", "file", "language", "syntax", "unused-template", "unused-file", "macro"];
    const LAST: [&str; 2] = ["missing-sentence", "unused-sentence"];
    let first = FIRST.iter().position(|known| *known == code);
    let last = LAST.iter().position(|known| *known == code).map(|place| FIRST.len() + 1 + place);
    first.or(last).unwrap_or(FIRST.len())
}

/// `1 error`, `2 errors`
pub(crate) fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_report_takes_errors_in_place_of_warnings() {
        let mut report = Report::default();
        for number in 0..Report::MOST + 5 {
            report.add(Finding::new(Severity::Warning, "w", "a", number.to_string()));
        }
        assert!(report.is_full() && report.passes());
        report.add(Finding::new(Severity::Error, "e", "a", "first"));
        assert_eq!(report.counts(), (1, Report::MOST - 1));
    }
}
