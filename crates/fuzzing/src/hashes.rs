//! Hashes that other products made: recipes that operators write, what is stored in accounts, and the columns
//! that are imported.

use std::time::Duration;

use hasher::PasswordHash;
use recipes::{
    Bounds, Columns, ForeignHash, NoPeppers, Pepper, Peppers, Recipe, Refusal, Terms, Typed, recipe_of,
};

/// The longest sentence for a recipe's mistake, beside the word of the recipe that it names.
const LONGEST_SENTENCE: usize = 200;
/// What of a recipe's text may grow when it is printed: a bar to three bytes, a digest to all its parameters.
const GROWTH: usize = 4;
const PARAMETERS: usize = 100;

/// The text of a recipe: what was read prints as a text that means the same, and blanks around bars do not
/// matter. A mistake is told in a sentence.
pub fn recipe(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    match text.parse::<Recipe>() {
        Ok(recipe) => {
            let printed = recipe.to_string();
            assert!(printed.len() <= GROWTH * text.len() + PARAMETERS, "{text:?} grows");
            for same in [&printed, &text.replace('|', "\t| ")] {
                let Ok(again) = same.parse::<Recipe>() else { panic!("{same:?} is no recipe any more") };
                assert_eq!(again.to_string(), printed, "{same:?}");
                assert_eq!(format!("{again:?}"), format!("{recipe:?}"), "{same:?}");
            }
        }
        Err(bad) => {
            assert!(bad.to_string().len() <= text.len() + LONGEST_SENTENCE, "{bad}");
            assert!(!bad.code().is_empty() && bad.code().is_ascii());
        }
    }
}

/// A stored text; or lines that are a recipe, by its name or as a text, and the columns of an account. What
/// is taken is within the bounds and has one text, which is no hash of our own. Nothing is verified but a
/// password that is too long, which costs nothing.
pub fn foreign_hash(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    if let Ok(hash) = ForeignHash::from_text(text, &Bounds::DEFAULT) {
        assert_eq!(hash.to_text(), text, "another text of the same hash was taken");
        is_sound(&hash);
    }
    let mut lines = text.split('\n');
    let Some(recipe) = lines.next().and_then(|line| recipe_of(line).or_else(|| line.parse().ok())) else {
        return;
    };
    let mut column = || lines.next().filter(|line| !line.is_empty());
    let columns =
        Columns { value: column().unwrap_or_default(), salt: column(), algorithm: column(), user: column() };
    let read = |allow_weak, peppers: &dyn Peppers| {
        ForeignHash::read(&recipe, &columns, &Terms { allow_weak, ..Terms::default() }, peppers)
    };
    let secret = OneSecret(Pepper::from("secret"));
    let (strict, lenient) = (read(false, &secret), read(true, &secret));
    match &lenient {
        Ok(hash) => {
            is_sound(hash);
            let strictly = if hash.is_weak() { Err(Refusal::Weak) } else { Ok(hash.clone()) };
            assert_eq!(strict, strictly, "leave for weak hashes changes something else");
        }
        Err(refusal) => {
            assert_ne!(*refusal, Refusal::Weak);
            assert_eq!(strict.as_ref(), Err(refusal), "leave for weak hashes changes something else");
        }
    }
    // Without its secrets a hash is refused, and nothing else about it changes.
    match read(true, &NoPeppers) {
        Err(Refusal::SecretMissing(name)) => assert!(lenient.is_ok() && !name.is_empty()),
        other => assert_eq!(other, lenient),
    }
}

/// What a hash that was taken has to be.
fn is_sound(hash: &ForeignHash) {
    let (text, cost) = (hash.to_text(), hash.cost());
    assert!(ForeignHash::is_text(&text) && text.parse::<PasswordHash>().is_err(), "{text}");
    assert_eq!(ForeignHash::from_text(&text, &Bounds::DEFAULT).as_ref(), Ok(hash), "{text}");
    assert!(cost.memory_kib <= 64 * 1024 && cost.time <= Duration::from_secs(1), "{text}: {cost:?}");
    let too_long = Typed::from("x".repeat(5000).as_str());
    assert_eq!(hash.verify(&too_long, &NoPeppers), Ok(false), "{text}");
}

/// The same secret by each name.
struct OneSecret(Pepper);

impl Peppers for OneSecret {
    fn pepper(&self, _name: &str) -> Option<&Pepper> {
        Some(&self.0)
    }
}
