//! Reads a style sheet, as far as the check needs it: its custom properties and their uses, what it hides,
//! and what browsers drop without a word. Browsers mend every mistake in a style sheet in silence.

use cssparser::{ParseError, Parser, Token};

/// The deepest nesting of blocks and functions. Style sheets have five or six.
pub(super) const DEPTH_MAX: u8 = 32;

/// The most mistakes of one style sheet that are named.
pub(super) const FAULTS_MAX: usize = 100;

/// What stands in a style sheet.
#[derive(Debug, Default)]
pub(in crate::theme) struct StyleSheet {
    /// The declarations of custom properties, and those that can hide something.
    pub declarations: Vec<Declaration>,
    /// The uses of custom properties.
    pub uses: Vec<PropertyUse>,
    /// The mistakes.
    pub faults: Vec<StyleFault>,
}

/// `property: value`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::theme) struct Declaration {
    pub property: String,
    pub value: String,
    /// The byte offset of the property.
    pub at: usize,
    /// The selectors of the rule and, before them, those of the rules around it.
    pub selectors: Vec<String>,
    /// What must hold for it, such as `media (prefers-color-scheme: dark)`.
    pub conditions: Vec<String>,
}

/// `var(--name)`
#[derive(Debug, PartialEq, Eq)]
pub(in crate::theme) struct PropertyUse {
    pub name: String,
    /// The byte offset of the name.
    pub at: usize,
    /// Whether another value is named for when there is none.
    pub fallback: bool,
}

/// A mistake, with its place in bytes.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::theme) struct StyleFault {
    pub at: usize,
    pub length: usize,
    pub message: String,
}

/// What can hide an element.
const HIDING: [&str; 3] = ["display", "visibility", "opacity"];

/// The most bytes that are kept of a sheet's declarations, each with its selectors. A larger sheet is not
/// understood to its end: one rule with many selectors and many declarations would fill the memory.
const KEPT_MAX: usize = 4 * 1024 * 1024;

/// What a declaration takes beside its texts.
const DECLARATION: usize = 128;

impl StyleSheet {
    pub fn read(text: &str) -> Self {
        let mut reader = StyleReader {
            text,
            sheet: Self::default(),
            selectors: Vec::new(),
            conditions: Vec::new(),
            kept: 0,
            unclosed_value: false,
            too_deep: false,
        };
        let mut parser = Parser::new(text);
        parser.set_nested_block_limit(DEPTH_MAX);
        reader.body(&mut parser);
        reader.sheet.faults.sort_by_key(|fault| fault.at);
        reader.sheet
    }
}

struct StyleReader<'t> {
    text: &'t str,
    sheet: StyleSheet,
    selectors: Vec<String>,
    conditions: Vec<String>,
    /// The bytes of the declarations that are kept.
    kept: usize,
    /// Whether a round or square bracket is open until the end.
    unclosed_value: bool,
    /// Whether something was nested too deep. What follows is not understood, and nothing is said about it.
    too_deep: bool,
}

/// A rule, a declaration or what was meant to be one, as far as it has been read.
#[derive(Default)]
struct Statement {
    /// The first word, and whether a colon follows it.
    word: Option<String>,
    colon: Option<usize>,
    /// The last word with its place and whether it begins a line, where only white space follows it.
    last: Option<(usize, String, bool)>,
    /// Whether a line has ended since the last colon.
    new_line: bool,
    /// The words before further colons: each seems to begin another declaration.
    others: Vec<(usize, String, bool)>,
}

impl StyleReader<'_> {
    fn fault(&mut self, at: usize, length: usize, message: String) {
        if self.sheet.faults.len() < FAULTS_MAX && !self.too_deep {
            self.sheet.faults.push(StyleFault { at, length, message });
        }
    }

    /// The rules and declarations of a style sheet or a block.
    fn body(&mut self, parser: &mut Parser<'_>) {
        loop {
            let start = parser.position().byte_index();
            let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return };
            match token {
                Token::WhiteSpace(_) | Token::Semicolon | Token::CDO | Token::CDC => {}
                Token::Comment(_) => self.comment(start, parser),
                Token::CloseCurlyBracket => {
                    self.fault(start, 1, "this `}` closes nothing: there is one too many".to_owned());
                }
                Token::AtKeyword(name) => self.statement(parser, start, Some(&*name), None),
                first => self.statement(parser, start, None, Some(first)),
            }
        }
    }

    /// A rule, an at-rule or a declaration that begins at `start`.
    fn statement(
        &mut self,
        parser: &mut Parser<'_>,
        start: usize,
        at_rule: Option<&str>,
        first: Option<Token<'_>>,
    ) {
        let mut read = Statement::default();
        let mut next = first;
        let mut begin = start;
        loop {
            let token = match next.take() {
                Some(token) => token,
                None => {
                    begin = parser.position().byte_index();
                    match parser.next_including_whitespace_and_comments() {
                        Ok(token) => token.clone(),
                        Err(_) => return self.declared(&read, start, begin, at_rule),
                    }
                }
            };
            match token {
                Token::Semicolon => return self.declared(&read, start, begin, at_rule),
                Token::CurlyBracketBlock => {
                    let custom = read.word.as_ref().is_some_and(|word| word.starts_with("--"));
                    if !custom || read.colon.is_none() || at_rule.is_some() {
                        return self.rule(parser, start, begin, at_rule);
                    }
                    self.nested(parser, begin, '{', |reader, parser| reader.values(parser));
                }
                token => self.piece(parser, begin, token, &mut read),
            }
        }
    }

    /// A token of a selector, a condition or a declaration.
    fn piece(&mut self, parser: &mut Parser<'_>, at: usize, token: Token<'_>, read: &mut Statement) {
        match token {
            Token::WhiteSpace(space) => read.new_line |= space.contains('\n'),
            Token::Comment(_) => self.comment(at, parser),
            Token::Ident(word) => {
                if read.word.is_none() {
                    read.word = Some(word.to_string());
                }
                read.last = Some((at, word.to_string(), read.new_line));
            }
            Token::Colon => {
                match (read.colon, read.last.take()) {
                    (None, _) => read.colon = Some(at),
                    (Some(_), last) => read.others.extend(last),
                }
                read.new_line = false;
            }
            token => {
                read.last = None;
                read.word.get_or_insert_default();
                self.value(parser, at, &token);
            }
        }
    }

    /// The values of a block or function.
    fn values(&mut self, parser: &mut Parser<'_>) {
        loop {
            let at = parser.position().byte_index();
            let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return };
            self.value(parser, at, &token);
        }
    }

    fn value(&mut self, parser: &mut Parser<'_>, at: usize, token: &Token<'_>) {
        match token {
            Token::Function(name) if name.eq_ignore_ascii_case("var") => {
                self.nested(parser, at, '(', StyleReader::variable);
            }
            Token::Function(_) | Token::ParenthesisBlock => {
                self.nested(parser, at, '(', |reader, parser| reader.values(parser));
            }
            Token::SquareBracketBlock => self.nested(parser, at, '[', |reader, parser| reader.values(parser)),
            Token::CurlyBracketBlock => self.nested(parser, at, '{', |reader, parser| reader.values(parser)),
            Token::BadString(_) => {
                self.fault(at, 1, "this quotation mark has no second one in its line".to_owned());
            }
            Token::BadUrl(_) => {
                self.fault(
                    at,
                    4,
                    "this url(…) has a quotation mark, a bracket or a space in it: quote it".to_owned(),
                );
            }
            Token::CloseParenthesis | Token::CloseSquareBracket | Token::CloseCurlyBracket => {
                self.fault(at, 1, "this bracket closes nothing".to_owned());
            }
            Token::Comment(_) => self.comment(at, parser),
            _ => {}
        }
    }

    /// What stands in `var(…)`.
    fn variable(&mut self, parser: &mut Parser<'_>) {
        parser.skip_whitespace();
        let at = parser.position().byte_index();
        let name = match parser.next_including_whitespace_and_comments() {
            Ok(Token::Ident(name)) if name.starts_with("--") => name.to_string(),
            _ => {
                let message = "var(…) takes the name of a custom property, such as var(--accent)";
                self.fault(at, 1, message.to_owned());
                return self.values(parser);
            }
        };
        parser.skip_whitespace();
        let fallback = matches!(parser.next_including_whitespace_and_comments(), Ok(Token::Comma));
        self.sheet.uses.push(PropertyUse { name, at, fallback });
        self.values(parser);
    }

    /// Reads what stands between brackets of which the first is at `at`.
    fn nested(
        &mut self,
        parser: &mut Parser<'_>,
        at: usize,
        bracket: char,
        read: impl FnOnce(&mut Self, &mut Parser<'_>),
    ) {
        let mut end = None;
        let done = parser.parse_nested_block(|parser| {
            read(self, parser);
            end = Some(parser.position().byte_index());
            Ok::<_, ParseError<()>>(())
        });
        match (done, end) {
            // Nothing follows what is inside, where the closing bracket should be.
            (_, Some(end)) if end >= self.text.len() => self.unclosed(at, bracket),
            (_, None) => {
                self.fault(at, 1, format!("blocks are nested {DEPTH_MAX} deep at most"));
                self.too_deep = true;
            }
            _ => {}
        }
    }

    /// A bracket that nothing closes. What is said about the text behind a round one follows from it alone.
    fn unclosed(&mut self, at: usize, bracket: char) {
        if self.unclosed_value {
            return;
        }
        if bracket != '{' {
            self.unclosed_value = true;
            self.sheet.faults.retain(|fault| fault.at < at);
        }
        let line = self.text[at..].lines().next().unwrap_or_default();
        let length = line.find(bracket).map_or(1, |found| found + 1);
        let message = format!("this `{bracket}` is never closed, and all that follows belongs to it");
        self.fault(at, length, message);
    }

    /// The block of the rule whose selectors begin at `start` and end at `at`.
    fn rule(&mut self, parser: &mut Parser<'_>, start: usize, at: usize, at_rule: Option<&str>) {
        let before = self.text[start..at].trim().to_owned();
        let around = match at_rule {
            Some(_) => &mut self.conditions,
            None => &mut self.selectors,
        };
        around.push(before.trim_start_matches('@').to_owned());
        if let Some(name) = before.strip_prefix("@property").map(str::trim)
            && at_rule.is_some_and(|name| name.eq_ignore_ascii_case("property"))
        {
            self.declare(name, "", start);
        }
        self.nested(parser, at, '{', |reader, parser| reader.body(parser));
        let around = if at_rule.is_some() { &mut self.conditions } else { &mut self.selectors };
        around.pop();
    }

    /// A declaration from `start` to `end`, or what should be one.
    fn declared(&mut self, read: &Statement, start: usize, end: usize, at_rule: Option<&str>) {
        if at_rule.is_some() {
            return;
        }
        let text = self.text[start..end].trim_end();
        let first = text.lines().next().unwrap_or_default().trim_end();
        if self.selectors.is_empty() && self.conditions.is_empty() {
            let message = "this stands in no rule: `selector { property: value; }`".to_owned();
            return self.fault(start, first.len(), message);
        }
        let Some((property, value)) =
            read.colon.map(|colon| (&self.text[start..colon], &self.text[colon + 1..end]))
        else {
            let message = format!("`{first:.60}` is no declaration: `property: value;`");
            return self.fault(start, first.len(), message);
        };
        let (property, value) = (property.trim().to_owned(), value.trim().to_owned());
        // The value of a custom property may be anything, and `progid:` is a value of an old browser.
        let begins = |(_, word, new_line): &&(usize, String, bool)| {
            word != "progid" && (*new_line || !property.starts_with("--"))
        };
        if let Some((at, word, _)) = read.others.iter().find(begins) {
            let message = format!("a `;` is missing before `{word}`, so that browsers drop both");
            self.fault(*at, word.len(), message);
        }
        self.declare(&property, &value, start);
    }

    fn declare(&mut self, property: &str, value: &str, at: usize) {
        let of = |texts: &[String]| texts.iter().map(String::len).sum::<usize>();
        let size = DECLARATION + value.len() + of(&self.selectors) + of(&self.conditions);
        if (property.starts_with("--") || HIDING.contains(&property)) && self.kept + size <= KEPT_MAX {
            self.kept += size;
            self.sheet.declarations.push(Declaration {
                property: property.to_owned(),
                value: value.to_owned(),
                at,
                selectors: self.selectors.clone(),
                conditions: self.conditions.clone(),
            });
        }
    }

    /// A comment that begins at `at` and has just been read.
    fn comment(&mut self, at: usize, parser: &Parser<'_>) {
        let comment = &self.text[at..parser.position().byte_index()];
        if !(comment.ends_with("*/") && comment.len() >= 4) {
            self.fault(at, 2, "this comment is never closed: `*/`".to_owned());
        }
    }
}
