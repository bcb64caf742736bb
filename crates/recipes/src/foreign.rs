//! A hash that another product made, ready to be verified.

use std::fmt;

use zeroize::Zeroizing;

use super::call::Call;
use super::check::Check;
use super::columns::Columns;
use super::cost::{Bounds, Cost};
use super::recipe::{Recipe, step};
use super::refusal::{Refusal, VerifyError};
use super::step::{Step, slashed};
use super::typed::{Peppers, Typed};

/// What every stored text begins with: what it is, and the version of the form. A hash of our own begins with
/// `$argon2id$`.
const VERSION: &str = "foreign/1|";

/// The longest stored text that is read: Payload's 512 bytes of digest and some steps take a fifth of it.
const LONGEST_TEXT: usize = 8192;
/// The longest input between two steps: more than any product makes of the longest password. A stored text
/// may double it with each of its steps.
const LONGEST_BETWEEN: usize = 64 * 1024;
/// The steps of a recipe and those that a value adds.
const MOST_STEPS: usize = 12;

/// Under which conditions hashes are taken over.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms {
    /// The operator's leave for digests that are guessed very fast once somebody has a copy.
    pub allow_weak: bool,
    /// The most that one verification may take.
    pub bounds: Bounds,
}

/// A hash that another product made, with all that it takes to verify it but the operator's secrets. It
/// prints its scheme and nothing of the hash.
#[derive(Clone, PartialEq, Eq)]
pub struct ForeignHash {
    steps: Vec<Step>,
    check: Check,
}

impl ForeignHash {
    /// Reads what a product stores for one account, strictly: whatever is accepted can be verified, within
    /// the bounds, as long as the secrets stay.
    ///
    /// # Errors
    /// [`Refusal`]; [`Refusal::NoPassword`] is none of the row's mistakes.
    pub fn read(
        recipe: &Recipe,
        columns: &Columns<'_>,
        terms: &Terms,
        peppers: &(impl Peppers + ?Sized),
    ) -> Result<Self, Refusal> {
        if columns.value.is_empty() {
            return Err(Refusal::NoPassword);
        }
        let plan = recipe.format().read(columns)?;
        let steps = recipe.steps().iter().cloned().chain(plan.steps).collect();
        let hash = Self { steps, check: plan.check };
        hash.held_to(terms, peppers)
    }

    /// Holds a hash to the terms of an import: one that was read, or one of a text that comes from elsewhere.
    ///
    /// # Errors
    /// [`Refusal::TooMuchMemory`], [`Refusal::TooSlow`], [`Refusal::Malformed`], [`Refusal::Weak`] or
    /// [`Refusal::SecretMissing`].
    pub fn held_to(self, terms: &Terms, peppers: &(impl Peppers + ?Sized)) -> Result<Self, Refusal> {
        self.hold(&terms.bounds)?;
        if self.is_weak() && !terms.allow_weak {
            return Err(Refusal::Weak);
        }
        let secrets = self.steps.iter().filter_map(Step::secret).chain(self.check.secret());
        for name in secrets.map(|name| name.as_str()) {
            if peppers.pepper(name).is_none() {
                return Err(Refusal::SecretMissing(name.to_owned()));
            }
        }
        Ok(self)
    }

    fn hold(&self, bounds: &Bounds) -> Result<(), Refusal> {
        if !self.check.is_possible() || self.steps.len() > MOST_STEPS {
            return Err(Refusal::Malformed("parameters that the scheme cannot have"));
        }
        // A salt may be long in a step as well.
        if self.to_text().len() > LONGEST_TEXT {
            return Err(Refusal::Malformed("longer than an imported hash can be stored"));
        }
        bounds.hold(self.cost())
    }

    /// The text for a column. It names every step and parameter, so that it means the same whatever becomes
    /// of the table of products, and it is never a PHC string.
    #[must_use]
    pub fn to_text(&self) -> String {
        let steps: String = self.steps.iter().map(|step| format!("{step}|")).collect();
        format!("{VERSION}{steps}{}", self.check)
    }

    /// Whether a stored text is one of these, and not a hash of our own.
    #[must_use]
    pub fn is_text(text: &str) -> bool {
        text.starts_with(VERSION)
    }

    /// Reads what [`to_text`](Self::to_text) wrote, and holds it to the bounds again: the column may be
    /// younger than its bounds, or somebody else's.
    ///
    /// # Errors
    /// [`Refusal::Malformed`], [`Refusal::TooMuchMemory`] or [`Refusal::TooSlow`].
    pub fn from_text(text: &str, bounds: &Bounds) -> Result<Self, Refusal> {
        const WHAT: Refusal = Refusal::Malformed("no text of an imported hash");
        let rest = text.strip_prefix(VERSION).filter(|_| text.len() <= LONGEST_TEXT).ok_or(WHAT)?;
        let mut calls = Call::all(rest).map_err(|_| WHAT)?;
        let check = calls.pop().ok_or(WHAT)?;
        let steps = calls.into_iter().enumerate().map(|(at, call)| step(call, at == 0));
        let steps = steps.collect::<Result<_, _>>().map_err(|_| WHAT)?;
        let hash = Self { steps, check: Check::parse(check).map_err(|_| WHAT)? };
        hash.hold(bounds)?;
        // Canonical: one hash has one text.
        if hash.to_text() == text { Ok(hash) } else { Err(WHAT) }
    }

    /// Whether this is the password, in constant time once its digest is computed. Takes the time and the
    /// memory of [`cost`](Self::cost), on the caller's thread; twice the time where a form may have changed
    /// quotes and the password has some.
    ///
    /// # Errors
    /// [`VerifyError`]: answer as to a wrong password, and tell the operator.
    pub fn verify(&self, password: &Typed, peppers: &(impl Peppers + ?Sized)) -> Result<bool, VerifyError> {
        let typed = Zeroizing::new(password.bytes().to_vec());
        if typed.len() > self.check.longest_input() {
            return Ok(false);
        }
        let changed = if self.steps.first() == Some(&Step::Slashes) { slashed(&typed) } else { None };
        if self.matches(typed, peppers)? {
            return Ok(true);
        }
        changed.map_or(Ok(false), |changed| self.matches(changed, peppers))
    }

    fn matches(
        &self,
        typed: Zeroizing<Vec<u8>>,
        peppers: &(impl Peppers + ?Sized),
    ) -> Result<bool, VerifyError> {
        let mut input = typed;
        for step in &self.steps {
            input = step.apply(input, peppers)?;
            if input.len() > LONGEST_BETWEEN {
                return Ok(false);
            }
        }
        self.check.matches(&input, peppers)
    }

    /// What one verification takes.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.check.cost()
    }

    /// Whether the password is guessed about as fast as a digest is computed, once somebody has a copy.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.check.is_weak()
    }
}

impl fmt::Debug for ForeignHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.check.to_string();
        let scheme = scheme.split('(').next().unwrap_or_default();
        f.debug_struct("ForeignHash").field("scheme", &scheme).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::encoding::to_base64url;
    use super::super::hash::HashName;
    use super::super::typed::NoPeppers;
    use super::*;

    #[test]
    fn what_grows_between_steps_is_wrong_beyond_a_bound() {
        let verified = |length: usize| {
            let typed = "x".repeat(length);
            let wide = [b"x".as_slice(), &[0; 31]].concat().repeat(length);
            let digest = to_base64url(&HashName::Sha1.digest(&[&HashName::Md5.digest(&[&wide])]));
            let steps = "widened|".repeat(5);
            let text = format!("{VERSION}{steps}raw(md5)|digest(sha1,rounds=1,digest={digest})");
            let hash = ForeignHash::from_text(&text, &Bounds::DEFAULT).unwrap();
            hash.verify(&Typed::from(typed.as_str()), &NoPeppers)
        };
        assert_eq!((verified(2048), verified(2049)), (Ok(true), Ok(false)));
    }
}
