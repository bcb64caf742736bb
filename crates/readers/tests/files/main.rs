//! Files of other products, and what is read from them.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod bad_rows;
mod declared;
mod discourse;
mod django;
mod factors;
mod formats;
mod gitea;
mod kratos;
mod memory;
mod mutated;
mod node;
mod others;
mod places;
mod rows;
mod spoken;
mod strapi;
mod wordpress;

use std::collections::BTreeMap;

use recipes::{ForeignHash, Pepper, Recipe, Terms, Typed, recipe_of};
use vestibule_readers::{Found, Options, Part, Password, ReadError, Reader, Record, Supplement};

/// Everything that a file has.
fn read(product: &str, file: &[u8], options: Options) -> Vec<Result<Found, ReadError>> {
    Reader::open(product, file, options).unwrap().collect()
}

/// Everything that a file has, of which nothing is refused.
fn parts(product: &str, file: &[u8], options: Options) -> (Vec<Record>, Vec<Supplement>) {
    let (mut records, mut supplements) = (Vec::new(), Vec::new());
    for found in read(product, file, options) {
        match found.unwrap().part {
            Part::Account(record) => records.push(*record),
            Part::Supplement(supplement) => supplements.push(supplement),
        }
    }
    (records, supplements)
}

/// The stable words of everything that is refused.
fn codes(product: &str, file: &[u8], options: Options) -> Vec<&'static str> {
    let refused = read(product, file, options).into_iter().filter_map(Result::err);
    refused.map(|error| error.code()).collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn secrets(pairs: &[(&str, &str)]) -> BTreeMap<String, Pepper> {
    pairs.iter().map(|(name, secret)| ((*name).to_owned(), Pepper::from(*secret))).collect()
}

/// The recipe and the columns of a hash, and nothing else: value, salt, algorithm.
fn foreign(password: &Password) -> (&str, &str, Option<&str>, Option<&str>) {
    let Password::Foreign(foreign) = password else { panic!("no foreign hash: {password:?}") };
    let columns = foreign.columns();
    assert_eq!(columns.user, None);
    (&foreign.recipe, columns.value, columns.salt, columns.algorithm)
}

/// Whether this is the password of the account.
fn opens(password: &Password, typed: &str, peppers: &BTreeMap<String, Pepper>) -> bool {
    let Password::Foreign(foreign) = password else { return false };
    let recipe: Recipe = recipe_of(&foreign.recipe).unwrap_or_else(|| foreign.recipe.parse().unwrap());
    let terms = Terms { allow_weak: true, ..Terms::default() };
    let hash = ForeignHash::read(&recipe, &foreign.columns(), &terms, peppers).unwrap();
    hash.verify(&Typed::from(typed), peppers).unwrap()
}
