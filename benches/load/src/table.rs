//! The printed table of figures.

use std::fmt;

/// The goal of a figure.
#[derive(Clone, Copy)]
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
}

impl Target {
    fn met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

struct Row {
    name: String,
    unit: &'static str,
    values: Vec<f64>,
    target: Option<Target>,
}

enum Line {
    Heading(String),
    Row(Row),
    Remark(String),
}

pub struct Table {
    lines: Vec<Line>,
}

impl Table {
    pub fn new() -> Self {
        Self { lines: Vec::new() }
    }

    pub fn heading(&mut self, text: &str) {
        eprintln!("measuring: {text}");
        self.lines.push(Line::Heading(text.to_owned()));
    }

    /// Adds a figure, with one value for each round.
    pub fn row(&mut self, name: &str, unit: &'static str, values: Vec<f64>) {
        self.lines.push(Line::Row(Row { name: name.to_owned(), unit, values, target: None }));
    }

    /// Adds a figure with a goal.
    pub fn judged(&mut self, name: &str, unit: &'static str, values: Vec<f64>, target: Target) {
        self.lines.push(Line::Row(Row { name: name.to_owned(), unit, values, target: Some(target) }));
    }

    pub fn remark(&mut self, text: &str) {
        self.lines.push(Line::Remark(text.to_owned()));
    }
}

/// The median; the mean of the two middle values of an even number.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        even if even % 2 == 0 => f64::midpoint(sorted[middle - 1], sorted[middle]),
        _ => sorted[middle],
    }
}

/// Each value of `one` as a multiple of the value of `other` in the same round.
pub fn multiples(one: &[f64], other: &[f64]) -> Vec<f64> {
    one.iter().zip(other).map(|(one, other)| one / other).collect()
}

fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            match line {
                Line::Heading(text) => {
                    writeln!(f, "\n{text}\n{:<58} {:>9} {:>19}   target", "", "median", "min–max")?;
                }
                Line::Remark(text) => writeln!(f, "  ({text})")?,
                Line::Row(Row { name, unit, values, target }) => {
                    let middle = median(values);
                    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
                    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    let name = if unit.is_empty() { name.clone() } else { format!("{name}, {unit}") };
                    let range = match values.len() {
                        0 | 1 => String::new(),
                        _ => format!("{}–{}", number(least), number(most)),
                    };
                    write!(f, "  {name:<56} {:>9} {range:>19}", number(middle))?;
                    match target {
                        None => writeln!(f)?,
                        Some(target) => {
                            let (sign, bound) = match target {
                                Target::AtLeast(bound) => ('≥', bound),
                                Target::AtMost(bound) => ('≤', bound),
                            };
                            let verdict = if target.met(middle) { "met" } else { "MISSED" };
                            writeln!(f, "   {sign} {} {verdict}", number(*bound))?;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
