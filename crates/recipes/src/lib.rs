#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod call;
mod check;
mod columns;
mod cost;
mod encoding;
pub mod factors;
mod foreign;
mod format;
mod hash;
mod products;
mod read;
mod recipe;
mod refusal;
mod step;
mod typed;

pub use call::BadRecipe;
pub use columns::Columns;
pub use cost::{Bounds, Cost, TimeClass};
pub use foreign::{ForeignHash, Terms};
pub use products::{PRODUCTS, recipe_of};
pub use recipe::Recipe;
pub use refusal::{Refusal, VerifyError};
pub use typed::{NoPeppers, Pepper, Peppers, Typed};
