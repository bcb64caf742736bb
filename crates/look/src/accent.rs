//! The operator's colour, as pages and mails can use it: light and dark, with the contrast that WCAG 2.2
//! wants.

use std::fmt::Write as _;

use csscolorparser::Color;

/// The least contrast of text: WCAG 2.2, 1.4.3 (AA).
pub(super) const TEXT: f64 = 4.5;

/// One step of lightness (OKLab: 0 is black, 1 is white).
const STEP: f32 = 0.005;

/// As many as lead from black to white.
const STEPS: u16 = 200;

/// How far a button's colour moves below the pointer.
const HOVER: f32 = 0.08;

/// Of the style sheet's colours below links and buttons, the one that is nearest to the text: `--back` where
/// it is light, `--surface` where it is dark.
const BELOW: [&str; 2] = ["#e9efed", "#162127"];

/// A colour in both schemes. Each value is written as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent {
    /// On a light page.
    pub light: Shades,
    /// On a dark page.
    pub dark: Shades,
}

/// What one scheme makes of a colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shades {
    /// Links, and the ground of buttons.
    pub accent: String,
    /// The same below the pointer.
    pub strong: String,
    /// Text on both.
    pub on: String,
}

impl Default for Accent {
    /// The accent of the built-in style sheet.
    fn default() -> Self {
        let shades = |accent: &str, strong: &str, on: &str| Shades {
            accent: accent.to_owned(),
            strong: strong.to_owned(),
            on: on.to_owned(),
        };
        Self { light: shades("#0b5d5b", "#073f3e", "#ffffff"), dark: shades("#f2bd5c", "#ffd78f", "#241a02") }
    }
}

impl Accent {
    /// The shades of a CSS colour such as `#0b5d5b` or `oklch(…)`: as near to it as contrast allows, in its
    /// hue. `None` where it is no colour, or one that lets through what is below it.
    pub fn parse(colour: &str) -> Option<Self> {
        let colour = csscolorparser::parse(colour).ok().filter(|colour| colour.a >= 1.0)?;
        Some(Self { light: light(&colour), dark: dark(&colour) })
    }

    /// A rule that gives the colours to style sheets.
    pub(super) fn stylesheet(&self) -> String {
        let mut rules = String::new();
        for (shades, before, after) in
            [(&self.light, "", ""), (&self.dark, "@media (prefers-color-scheme: dark) {\n", "}\n")]
        {
            let Shades { accent, strong, on } = shades;
            // Writing to a `String` never fails.
            let _ = write!(
                rules,
                "{before}:root {{\n  --site-accent: {accent};\n  --site-accent-strong: {strong};\n  \
                 --site-on-accent: {on};\n}}\n{after}"
            );
        }
        rules
    }
}

fn light(colour: &Color) -> Shades {
    let white = Color::new(1.0, 1.0, 1.0, 1.0);
    let accent = readable(colour, BELOW[0], -STEP);
    // Hardly anything is darker than what is nearly black.
    let strong = moved(&accent, if lightness(&accent) < 0.3 { HOVER } else { -HOVER });
    Shades { accent: hex(&accent), strong: hex(&strong), on: hex(&white) }
}

fn dark(colour: &Color) -> Shades {
    let accent = readable(colour, BELOW[1], STEP);
    let strong = moved(&accent, if lightness(&accent) > 0.9 { -HOVER } else { HOVER });
    // Nearly black, with some of the hue.
    let [_, a, b, _] = accent.to_oklaba();
    let mut on = in_gamut(0.22, a * 0.3, b * 0.3);
    if [&accent, &strong].iter().any(|ground| contrast(&on, ground) < TEXT) {
        on = Color::new(0.0, 0.0, 0.0, 1.0);
    }
    Shades { accent: hex(&accent), strong: hex(&strong), on: hex(&on) }
}

/// `colour` made lighter or darker by `step` until it can be read on `below`.
fn readable(colour: &Color, below: &str, step: f32) -> Color {
    let Ok(below) = csscolorparser::parse(below) else { return *colour };
    let mut steps = (0..=STEPS)
        .map(|times| if times == 0 { rounded(colour) } else { moved(colour, step * f32::from(times)) });
    // Black and white can be read on both.
    steps.find(|colour| contrast(colour, &below) >= TEXT).unwrap_or(*colour)
}

/// `colour`, lighter or darker, in its hue.
fn moved(colour: &Color, by: f32) -> Color {
    let [l, a, b, _] = colour.to_oklaba();
    in_gamut((l + by).clamp(0.0, 1.0), a, b)
}

/// The colour of this lightness and hue that screens can show, as vivid as it may be.
fn in_gamut(l: f32, mut a: f32, mut b: f32) -> Color {
    loop {
        let colour = Color::from_oklaba(l, a, b, 1.0);
        let shown = [colour.r, colour.g, colour.b].iter().all(|part| (-0.001..=1.001).contains(part));
        if shown || (a.abs() < 0.001 && b.abs() < 0.001) {
            return rounded(&colour);
        }
        (a, b) = (a * 0.96, b * 0.96);
    }
}

fn lightness(colour: &Color) -> f32 {
    colour.to_oklaba()[0]
}

/// The colour as eight bits for each part say it: what is measured is what is shown.
fn rounded(colour: &Color) -> Color {
    let [r, g, b, a] = colour.to_rgba8();
    Color::from_rgba8(r, g, b, a)
}

fn hex(colour: &Color) -> String {
    let [r, g, b, _] = colour.to_rgba8();
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The contrast ratio of WCAG 2.2: from 1 to 21.
pub(super) fn contrast(one: &Color, other: &Color) -> f64 {
    let luminance = |colour: &Color| {
        let [red, green, blue, _] = colour.to_linear_rgba().map(|part| f64::from(part).clamp(0.0, 1.0));
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(one: &str, other: &str) -> f64 {
        contrast(&csscolorparser::parse(one).unwrap(), &csscolorparser::parse(other).unwrap())
    }

    #[test]
    fn the_ratio_is_that_of_the_standard() {
        for (one, other, wanted) in
            [("#000", "#fff", 21.0), ("#777", "#fff", 4.48), ("#0b5d5b", "#fff", 7.68)]
        {
            assert!((ratio(one, other) - wanted).abs() < 0.1, "{one} on {other}: {}", ratio(one, other));
        }
    }

    #[test]
    fn whatever_the_colour_everybody_can_read_it() {
        let named = ["#ffee88", "#36c", "#0a0a0a", "#fff", "#000", "#ff0000", "oklch(.7 .3 330deg)"];
        let grid = (0..4096).step_by(7).map(|colour| format!("#{colour:03x}"));
        for colour in named.into_iter().map(str::to_owned).chain(grid) {
            let Accent { light, dark } = Accent::parse(&colour).unwrap();
            for (shades, grounds) in [(light, ["#e9efed", "#ffffff"]), (dark, ["#0d1519", "#162127"])] {
                for link in [&shades.accent, &shades.strong] {
                    for ground in grounds {
                        assert!(ratio(link, ground) >= TEXT, "{colour}: {link} on {ground}");
                    }
                    assert!(ratio(&shades.on, link) >= TEXT, "{colour}: {} on {link}", shades.on);
                }
                assert_ne!(shades.accent, shades.strong, "{colour}");
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        assert_eq!(Accent::parse("#0b5d5b").unwrap().light.accent, "#0b5d5b");
        assert_eq!(Accent::parse("#fe8").unwrap().dark.accent, "#ffee88");
    }

    #[test]
    fn what_is_no_colour_or_lets_others_through_is_none() {
        for wrong in ["", "12px", "#12345", "#0008", "rgb(1 2 3 / 50%)", "red; }"] {
            assert_eq!(Accent::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_grounds_and_the_default_are_those_of_the_style_sheet() {
        let files = crate::Files::load(None).unwrap();
        let styles = String::from_utf8(files.statics["vestibule.css"].content.to_vec()).unwrap();
        let (light, dark) = styles.split_once("prefers-color-scheme: dark").unwrap();
        assert!(light.contains(&format!("--back: {};", BELOW[0])));
        assert!(dark.contains(&format!("--surface: {};", BELOW[1])));
        let Accent { light: ours, dark: ours_dark } = Accent::default();
        for (scheme, shades) in [(light, ours), (dark, ours_dark)] {
            let declared = |name: &str, value: &str| {
                let short = value.replace("#ffffff", "#fff");
                scheme.contains(&format!("--{name}: var(--site-{name}, {short});"))
            };
            assert!(declared("accent", &shades.accent), "{shades:?}");
            assert!(declared("accent-strong", &shades.strong), "{shades:?}");
            assert!(declared("on-accent", &shades.on), "{shades:?}");
        }
    }
}
