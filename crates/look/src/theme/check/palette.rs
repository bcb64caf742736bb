//! Checks the contrast of the palette, light and dark: the pairs of colours that our style sheet puts upon
//! each other, where a theme has set one of them.

use csscolorparser::Color;

use super::properties::NamedSheet;
use crate::theme::parse::css::Declaration;
use crate::theme_source::{Report, Severity};

/// The least contrast of text: WCAG 2.2, 1.4.3 (AA).
const TEXT: f64 = 4.5;
/// The least contrast of the edge of a field: WCAG 2.2, 1.4.11 (AA).
const EDGE: f64 = 3.0;

/// A colour, the colour below it, and the least contrast of both.
const PAIRS: [(&str, &str, f64); 14] = [
    ("--text", "--back", TEXT),
    ("--text", "--surface", TEXT),
    ("--text", "--field", TEXT),
    ("--muted", "--back", TEXT),
    ("--muted", "--surface", TEXT),
    ("--accent", "--back", TEXT),
    ("--accent", "--surface", TEXT),
    ("--accent-strong", "--surface", TEXT),
    ("--on-accent", "--accent", TEXT),
    ("--on-accent", "--accent-strong", TEXT),
    ("--good", "--good-back", TEXT),
    ("--bad", "--bad-back", TEXT),
    ("--bad", "--surface", TEXT),
    ("--border", "--field", EDGE),
];

/// The most properties that are followed from one to the next.
const STEPS_MAX: usize = 8;

pub(super) fn check(sheets: &[NamedSheet<'_>], report: &mut Report) {
    for dark in [false, true] {
        let palette = Palette { sheets, dark };
        for (above, below, least) in PAIRS {
            let (Some(upper), Some(lower)) = (palette.colour(above, 0), palette.colour(below, 0)) else {
                continue;
            };
            let ratio = contrast(&upper, &lower);
            // What is shown is rounded, and so is what is asked for.
            if ratio >= least - 0.005 {
                continue;
            }
            // The one that the theme has set; of two, the upper.
            let set = [above, below].into_iter().find_map(|name| {
                palette.declared(name).filter(|(sheet, _)| sheet.own).map(|found| (name, found))
            });
            let Some((name, (sheet, declared))) = set else { continue };
            let (scheme, rule) =
                (if dark { "dark" } else { "light" }, if least == EDGE { "1.4.11" } else { "1.4.3" });
            let message = format!(
                "the contrast of `{above}` on `{below}` is {ratio:.1} : 1 where it is {scheme}, and WCAG 2.2 wants \
                 {least} : 1 ({rule})"
            );
            report.add(sheet.finding(Severity::Warning, "contrast", declared.at, name.len(), message));
        }
    }
}

/// The custom properties of one scheme.
struct Palette<'a> {
    sheets: &'a [NamedSheet<'a>],
    dark: bool,
}

impl Palette<'_> {
    /// The declaration of a property that counts: the last one for the whole page.
    fn declared(&self, name: &str) -> Option<(&NamedSheet<'_>, &Declaration)> {
        let mut all =
            self.sheets.iter().flat_map(|sheet| sheet.sheet.declarations.iter().map(move |one| (sheet, one)));
        all.rfind(|(_, one)| one.property == name && self.holds(one))
    }

    fn holds(&self, declared: &Declaration) -> bool {
        let [selectors] = declared.selectors.as_slice() else { return false };
        let whole_page = selectors.split(',').any(|selector| matches!(selector.trim(), ":root" | "html"));
        let scheme = if self.dark { "dark" } else { "light" };
        whole_page
            && declared.conditions.iter().all(|condition| {
                let plain: String = condition.chars().filter(|c| !c.is_whitespace()).collect();
                plain == format!("media(prefers-color-scheme:{scheme})")
                    || plain == format!("mediascreenand(prefers-color-scheme:{scheme})")
                    || plain.starts_with("layer")
            })
    }

    /// The colour of a property; `None` where it takes a browser to know it.
    fn colour(&self, name: &str, steps: usize) -> Option<Color> {
        let value = self.declared(name)?.1.value.as_str();
        if let Some(inside) = value.strip_prefix("var(").and_then(|rest| rest.strip_suffix(')')) {
            let name = inside.split(',').next().unwrap_or_default().trim();
            return if steps < STEPS_MAX { self.colour(name, steps + 1) } else { None };
        }
        let colour = match value.to_ascii_lowercase().as_str() {
            "white" => Color::new(1.0, 1.0, 1.0, 1.0),
            "black" => Color::new(0.0, 0.0, 0.0, 1.0),
            value => csscolorparser::parse(value).ok()?,
        };
        (colour.a >= 1.0).then_some(colour)
    }
}

/// The contrast ratio of WCAG 2.2: from 1 to 21.
fn contrast(one: &Color, other: &Color) -> f64 {
    let luminance = |colour: &Color| {
        let [red, green, blue, _] = colour.to_linear_rgba().map(|part| f64::from(part).clamp(0.0, 1.0));
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::contrast;

    #[test]
    fn the_ratio_is_that_of_the_standard() {
        let of = |one: &str, other: &str| {
            contrast(&csscolorparser::parse(one).unwrap(), &csscolorparser::parse(other).unwrap())
        };
        for (one, other, ratio) in [("#000", "#fff", 21.0), ("#777", "#fff", 4.48), ("#0b5d5b", "#fff", 7.68)]
        {
            assert!((of(one, other) - ratio).abs() < 0.1, "{one} on {other}: {}", of(one, other));
        }
    }
}
