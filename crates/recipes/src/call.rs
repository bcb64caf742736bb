//! The grammar of recipes: words with arguments, such as `base64(hmac-sha384,text=wp-sha384)`, between bars.

use std::fmt;
use std::str::FromStr;

use super::encoding;

/// What is wrong with the text of a recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadRecipe {
    /// The text, or a part between two bars, is empty.
    Empty,
    /// A part is not `word` or `word(arguments)`.
    Unreadable(String),
    /// No step and no scheme has this name.
    UnknownWord(String),
    /// A scheme stands before the end, or a step at the end.
    SchemeIsNotLast(String),
    /// `slashes` stands behind another step; only what was typed can have been changed on its way.
    SlashesAreNotFirst,
    /// There are more than eight steps.
    TooManySteps,
    /// An argument is missing or has an impossible value.
    BadArgument {
        /// The step or scheme.
        of: String,
        /// What it wants.
        wants: &'static str,
    },
    /// A step or a scheme does not know this argument.
    UnknownArgument {
        /// The step or scheme.
        of: String,
        /// The argument.
        argument: String,
    },
}

impl BadRecipe {
    /// A stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Unreadable(_) => "unreadable",
            Self::UnknownWord(_) => "unknown_word",
            Self::SchemeIsNotLast(_) => "scheme_is_not_last",
            Self::SlashesAreNotFirst => "slashes_are_not_first",
            Self::TooManySteps => "too_many_steps",
            Self::BadArgument { .. } => "bad_argument",
            Self::UnknownArgument { .. } => "unknown_argument",
        }
    }
}

impl fmt::Display for BadRecipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a recipe is steps and a scheme between bars, and a part is empty"),
            Self::Unreadable(part) => write!(f, "`{part}` is not a word or a word with (arguments)"),
            Self::UnknownWord(word) => write!(f, "no step and no scheme is named `{word}`"),
            Self::SchemeIsNotLast(word) => {
                write!(f, "steps come first and one scheme comes last: `{word}` stands in the other's place")
            }
            Self::SlashesAreNotFirst => f.write_str("`slashes` can only be the first step"),
            Self::TooManySteps => f.write_str("a recipe has more than 8 steps"),
            Self::BadArgument { of, wants } => write!(f, "`{of}` wants {wants}"),
            Self::UnknownArgument { of, argument } => write!(f, "`{of}` knows no `{argument}`"),
        }
    }
}

impl std::error::Error for BadRecipe {}

/// One part of a recipe while it is read: what was taken is gone, and what is left at the end is a mistake.
pub(crate) struct Call<'a> {
    name: &'a str,
    arguments: Vec<&'a str>,
}

impl<'a> Call<'a> {
    /// The parts between the bars.
    pub(crate) fn all(text: &'a str) -> Result<Vec<Self>, BadRecipe> {
        text.split('|').map(|part| Self::parse(part.trim())).collect()
    }

    fn parse(part: &'a str) -> Result<Self, BadRecipe> {
        if part.is_empty() {
            return Err(BadRecipe::Empty);
        }
        let (name, arguments) = match part.split_once('(') {
            None => (part, Vec::new()),
            Some((name, rest)) => {
                let inner = rest.strip_suffix(')').ok_or_else(|| unreadable(part))?;
                (name, inner.split(',').map(str::trim).collect())
            }
        };
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let plain = |c: char| c.is_ascii_graphic() && !"()|,".contains(c);
        let empty = |argument: &&str| argument.is_empty() || !argument.chars().all(plain);
        if name.is_empty() || !name.chars().all(letter) || arguments.iter().any(empty) {
            return Err(unreadable(part));
        }
        Ok(Self { name, arguments })
    }

    pub(crate) fn name(&self) -> &'a str {
        self.name
    }

    /// The next argument without a name.
    pub(crate) fn word(&mut self) -> Option<&'a str> {
        let at = self.arguments.iter().position(|argument| !argument.contains('='))?;
        Some(self.arguments.remove(at))
    }

    /// The argument with this name.
    pub(crate) fn take(&mut self, name: &str) -> Option<&'a str> {
        let named = |argument: &&str| argument.split_once('=').is_some_and(|(known, _)| known == name);
        let at = self.arguments.iter().position(named)?;
        self.arguments.remove(at).split_once('=').map(|(_, value)| value)
    }

    /// The number with this name.
    pub(crate) fn number<T: FromStr>(&mut self, name: &str, wants: &'static str) -> Result<T, BadRecipe> {
        let number = self.take(name).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        number.and_then(|text| text.parse().ok()).ok_or_else(|| self.bad(wants))
    }

    /// The bytes with this name, as base64 for URLs; none if it is not there.
    pub(crate) fn bytes(&mut self, name: &str, wants: &'static str) -> Result<Vec<u8>, BadRecipe> {
        let decoded = self.take(name).map(encoding::from_base64url);
        decoded.unwrap_or_else(|| Some(Vec::new())).ok_or_else(|| self.bad(wants))
    }

    /// The error that something is missing.
    pub(crate) fn bad(&self, wants: &'static str) -> BadRecipe {
        BadRecipe::BadArgument { of: self.name.to_owned(), wants }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`BadRecipe::UnknownArgument`] if an argument was not taken.
    pub(crate) fn finish<T>(self, read: T) -> Result<T, BadRecipe> {
        match self.arguments.first() {
            None => Ok(read),
            Some(left) => Err(BadRecipe::UnknownArgument {
                of: self.name.to_owned(),
                argument: left.split('=').next().unwrap_or_default().to_owned(),
            }),
        }
    }
}

fn unreadable(part: &str) -> BadRecipe {
    // A message is for people: of a long text, its beginning.
    BadRecipe::Unreadable(part.chars().take(40).collect())
}
