//! Recipes against what the products really stored.

mod corners;
mod factors;
mod fixture;
mod mutated;
mod verified;
