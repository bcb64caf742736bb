//! A recipe: how a product made its hashes, as data.

use std::fmt;
use std::str::FromStr;

use super::call::{BadRecipe, Call};
use super::format::Format;
use super::step::Step;

/// More steps than any product has.
const MOST_STEPS: usize = 8;

/// How a product made its hashes: steps on what was typed, and the form in which it stored the rest. It is
/// read from text, such as `nfkc | hex(sha512) | bcrypt`, whose grammar is in the README, and printed so.
#[derive(Clone, Debug)]
pub struct Recipe {
    steps: Vec<Step>,
    format: Format,
}

impl Recipe {
    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub(crate) fn format(&self) -> &Format {
        &self.format
    }
}

impl FromStr for Recipe {
    type Err = BadRecipe;

    /// # Errors
    /// [`BadRecipe`] names what is wrong.
    fn from_str(text: &str) -> Result<Self, BadRecipe> {
        let mut calls = Call::all(text)?;
        let mut last = calls.pop().ok_or(BadRecipe::Empty)?;
        if calls.len() > MOST_STEPS {
            return Err(BadRecipe::TooManySteps);
        }
        let mut steps = Vec::with_capacity(calls.len());
        for call in calls {
            steps.push(step(call, steps.is_empty())?);
        }
        let format = match Format::parse(&mut last)? {
            Some(format) => last.finish(format)?,
            None if Step::parse(&mut last).is_ok_and(|step| step.is_none()) => {
                return Err(BadRecipe::UnknownWord(last.name().to_owned()));
            }
            None => return Err(BadRecipe::SchemeIsNotLast(last.name().to_owned())),
        };
        Ok(Self { steps, format })
    }
}

/// One step, at the beginning or later.
pub(crate) fn step(mut call: Call<'_>, first: bool) -> Result<Step, BadRecipe> {
    let Some(step) = Step::parse(&mut call)? else {
        let name = call.name().to_owned();
        let scheme = Format::parse(&mut call);
        let unknown = scheme.is_ok_and(|format| format.is_none());
        return Err(if unknown { BadRecipe::UnknownWord(name) } else { BadRecipe::SchemeIsNotLast(name) });
    };
    if step == Step::Slashes && !first {
        return Err(BadRecipe::SlashesAreNotFirst);
    }
    call.finish(step)
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| write!(f, "{step} | "))?;
        self.format.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        text.parse::<Recipe>().unwrap_err().to_string()
    }

    #[test]
    fn a_recipe_is_read_and_printed() {
        for text in [
            "bcrypt",
            "nfkc | hex(sha512) | bcrypt",
            "slashes | wordpress",
            "append(pepper=devise) | bcrypt",
            "nfkd | base64(hmac-sha512,pepper=flask-security) | argon2",
            "argon2(secret=directus)",
            "nfkc | scrypt(n=16384,r=16,p=1,salt=text,digest=hex)",
            "pbkdf2(sha256,rounds=25000,salt=text,digest=base64)",
            "digest(sha1,place=after,salt=hex,digest=hex)",
            "firebase(mem-cost=14,rounds=8,separator=Bw,pepper=firebase)",
            "raw(md5) | hex(sha1,before=c2FsdA) | widened | alphanumeric | crypt",
        ] {
            assert_eq!(text.parse::<Recipe>().unwrap().to_string(), text);
        }
        let text = "base64( hmac-sha384 , text=wp-sha384 )|bcrypt".parse::<Recipe>().unwrap().to_string();
        assert_eq!(text, "base64(hmac-sha384,key=d3Atc2hhMzg0) | bcrypt");
    }

    #[test]
    fn what_is_wrong_with_a_recipe_is_named() {
        for (text, said) in [
            ("", "empty"),
            ("nfkc || bcrypt", "empty"),
            ("bcrypt(", "`bcrypt(` is not"),
            ("NFKC | bcrypt", "`NFKC` is not"),
            ("nfq | bcrypt", "named `nfq`"),
            ("nfkc | bycrypt", "named `bycrypt`"),
            ("nfkc", "`nfkc` stands in the other's place"),
            ("bcrypt | nfkc", "`bcrypt` stands in the other's place"),
            ("nfkc | slashes | bcrypt", "`slashes`"),
            ("nfc|nfc|nfc|nfc|nfc|nfc|nfc|nfc|nfc|bcrypt", "more than 8 steps"),
            ("hex(sha3) | bcrypt", "`hex` wants a digest"),
            ("hex(hmac-sha256) | bcrypt", "`hex` wants one of `pepper=name`"),
            ("hex(hmac-sha256,text=) | bcrypt", "`hex` wants one of `pepper=name`"),
            ("append(pepper=Big) | bcrypt", "`append` wants `pepper=name`"),
            ("bcrypt(cost=4)", "`bcrypt` knows no `cost`"),
            ("nfkc(x) | bcrypt", "`nfkc` knows no `x`"),
            ("scrypt(n=1000,r=8,p=1)", "`scrypt` wants a power of two"),
            ("scrypt(n=1024,r=8)", "`scrypt` wants all of its parameters"),
            ("pbkdf2(rounds=1)", "`pbkdf2` wants a digest"),
            ("pbkdf2(sha1,rounds=-1)", "`pbkdf2` wants all of its parameters"),
            ("digest(md5,digest=text)", "`digest` wants `digest=hex`"),
        ] {
            let message = refused(text);
            assert!(message.contains(said), "{text}: {message}");
        }
    }
}
