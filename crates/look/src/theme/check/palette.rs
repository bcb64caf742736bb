//! Checks the contrast of the palette, light and dark: the pairs of colours that our style sheet puts upon
//! each other, where a theme has set one of them.

use csscolorparser::Color;

use super::properties::NamedSheet;
use crate::accent::{TEXT, contrast};
use crate::theme::parse::css::Declaration;
use crate::theme_source::{Report, Severity};

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
        self.value(self.declared(name)?.1.value.as_str(), steps)
    }

    /// The colour that a value stands for. A property that nobody sets leaves its place to what follows it.
    fn value(&self, value: &str, steps: usize) -> Option<Color> {
        if let Some(inside) = value.strip_prefix("var(").and_then(|rest| rest.strip_suffix(')')) {
            let (name, otherwise) = inside.split_once(',').unwrap_or((inside, ""));
            let (name, otherwise) = (name.trim(), otherwise.trim());
            return match self.declared(name) {
                _ if steps >= STEPS_MAX => None,
                Some(_) => self.colour(name, steps + 1),
                None => self.value(otherwise, steps + 1),
            };
        }
        let colour = match value.to_ascii_lowercase().as_str() {
            "white" => Color::new(1.0, 1.0, 1.0, 1.0),
            "black" => Color::new(0.0, 0.0, 0.0, 1.0),
            value => csscolorparser::parse(value).ok()?,
        };
        (colour.a >= 1.0).then_some(colour)
    }
}
