//! Checks what the style sheets of a theme say: mistakes, custom properties that nobody sets, and rules that
//! hide what people need.

use std::collections::BTreeSet;

use crate::Files;
use crate::theme::nearest::did_you_mean;
use crate::theme::parse::css::{Declaration, StyleSheet};
use crate::theme_source::{Finding, Report, Severity, ThemeFolder, ThemeSettings};

/// A style sheet with its name and text.
pub(super) struct NamedSheet<'a> {
    pub name: &'a str,
    pub text: &'a str,
    pub sheet: StyleSheet,
    /// Whether it is the theme's.
    pub own: bool,
}

impl NamedSheet<'_> {
    /// A finding at `length` bytes from `at` on.
    pub fn finding(
        &self,
        severity: Severity,
        code: &'static str,
        at: usize,
        length: usize,
        message: String,
    ) -> Finding {
        Finding::new(severity, code, &format!("static/{}", self.name), message).at(self.text, at, length)
    }
}

/// The style sheets that pages load, in the order in which they count: ours, the settings, the theme's.
/// `generated` is the style sheet of the settings.
pub(super) fn sheets<'a>(theme: &'a ThemeFolder, ours: &'a Files, generated: &'a str) -> Vec<NamedSheet<'a>> {
    let read =
        |name: &'a str, text: &'a str, own| NamedSheet { name, text, sheet: StyleSheet::read(text), own };
    let css = |name: &str| name.ends_with(".css");
    let replaced = |name: &str| theme.statics.iter().any(|(own, _)| own == name);
    let ours = ours.statics.iter().filter(|(name, _)| css(name) && !replaced(name));
    let ours =
        ours.filter_map(|(name, file)| Some((name.as_str(), std::str::from_utf8(&file.content).ok()?)));
    let mut sheets: Vec<_> = ours.map(|(name, text)| read(name, text, false)).collect();
    let own = theme.statics.iter().filter(|(name, _)| css(name));
    let own = own.filter_map(|(name, text)| Some((name.as_str(), std::str::from_utf8(text).ok()?)));
    let mut own: Vec<_> = own.map(|(name, text)| read(name, text, true)).collect();
    // A `vestibule.css` of the theme stands where ours did, `theme.css` behind all others.
    own.sort_by_key(|sheet| (sheet.name == "theme.css", sheet.name != "vestibule.css"));
    let first = own.iter().take_while(|sheet| sheet.name == "vestibule.css").count();
    sheets.extend(own.drain(..first));
    sheets.push(read("theme.css", generated, false));
    sheets.extend(own);
    sheets
}

/// Reports what is wrong with the theme's style sheets. `known` are its settings.
pub(super) fn check(
    sheets: &[NamedSheet<'_>],
    theme: &ThemeFolder,
    known: &ThemeSettings,
    report: &mut Report,
) {
    // First, because a report that is full takes no more.
    hidden(sheets, report);
    for sheet in sheets.iter().filter(|sheet| sheet.own) {
        for fault in &sheet.sheet.faults {
            report.add(sheet.finding(
                Severity::Error,
                "syntax",
                fault.at,
                fault.length,
                fault.message.clone(),
            ));
        }
    }
    unknown(sheets, theme, known, report);
}

/// Uses of custom properties that nobody sets, and properties that nothing uses and whose name resembles one
/// of ours.
fn unknown(sheets: &[NamedSheet<'_>], theme: &ThemeFolder, known: &ThemeSettings, report: &mut Report) {
    let all = || sheets.iter().flat_map(|sheet| &sheet.sheet.declarations);
    let mut set: BTreeSet<&str> = all().map(|declared| declared.property.as_str()).collect();
    set.retain(|name| name.starts_with("--"));
    let used: BTreeSet<&str> =
        sheets.iter().flat_map(|sheet| &sheet.sheet.uses).map(|used| used.name.as_str()).collect();
    let scripts: Vec<&str> = theme
        .statics
        .iter()
        .filter(|(name, _)| name.ends_with(".js"))
        .filter_map(|(_, text)| std::str::from_utf8(text).ok())
        .collect();
    let in_a_script = |name: &str| scripts.iter().any(|script| script.contains(name));
    let ours: BTreeSet<&str> = sheets
        .iter()
        .filter(|sheet| !sheet.own)
        .flat_map(|sheet| &sheet.sheet.declarations)
        .map(|declared| declared.property.as_str())
        .collect();
    for sheet in sheets.iter().filter(|sheet| sheet.own) {
        for used in sheet.sheet.uses.iter().filter(|used| !used.fallback) {
            let name = used.name.as_str();
            if set.contains(name) || in_a_script(name) {
                continue;
            }
            let setting = name.strip_prefix("--theme-").map(|setting| setting.replace('-', "_"));
            let message = match setting.filter(|setting| known.contains_key(setting.as_str())) {
                Some(setting) => format!(
                    "style sheets do not see the setting `{setting}`: its value is no colour and no length"
                ),
                None => {
                    let meant = did_you_mean(name, set.iter().copied());
                    format!("nothing sets `{name}`, so that browsers drop what it stands in{meant}")
                }
            };
            report.add(sheet.finding(Severity::Warning, "unknown-property", used.at, name.len(), message));
        }
        for declared in &sheet.sheet.declarations {
            let name = declared.property.as_str();
            if !name.starts_with("--") || used.contains(name) || ours.contains(name) || in_a_script(name) {
                continue;
            }
            let meant = did_you_mean(name, ours.iter().copied().filter(|name| name.starts_with("--")));
            if !meant.is_empty() {
                let message = format!("nothing uses `{name}`{meant}");
                report.add(sheet.finding(
                    Severity::Warning,
                    "unknown-property",
                    declared.at,
                    name.len(),
                    message,
                ));
            }
        }
    }
}

/// The elements without which nobody can use a page.
const NEEDED: [&str; 8] = ["html", "body", "main", "form", "fieldset", "input", "button", "label"];

/// Rules that hide every form, field or button. A rule that shows some of them again lifts this.
fn hidden(sheets: &[NamedSheet<'_>], report: &mut Report) {
    let all = || sheets.iter().filter(|sheet| sheet.own).flat_map(|sheet| &sheet.sheet.declarations);
    for sheet in sheets.iter().filter(|sheet| sheet.own) {
        for declared in sheet.sheet.declarations.iter().filter(|declared| hides(declared)) {
            let Some(element) = hidden_element(declared) else { continue };
            let shown_again = all().any(|other| {
                let here = other.selectors.last().is_some_and(|selectors| mentions(selectors, element));
                // A page that fades in is hidden until its animation begins.
                let animated = other.conditions.iter().any(|condition| condition.contains("keyframes"));
                other.property == declared.property && !hides(other) && (here || animated)
            });
            if shown_again {
                continue;
            }
            let message = format!("this hides every <{element}>, and people need it to use the page");
            report.add(sheet.finding(
                Severity::Error,
                "hidden",
                declared.at,
                declared.property.len(),
                message,
            ));
        }
    }
}

fn hides(declared: &Declaration) -> bool {
    let value = declared.value.split('!').next().unwrap_or_default().trim();
    match declared.property.as_str() {
        "display" => value == "none",
        "visibility" => value == "hidden" || value == "collapse",
        "opacity" => value.trim_end_matches('%').parse::<f64>().is_ok_and(|opacity| opacity <= 0.0),
        _ => false,
    }
}

/// The needed element of which the rule meets every one: its selector consists of names of elements alone,
/// and its conditions hold on screens.
fn hidden_element(declared: &Declaration) -> Option<&'static str> {
    let on_screens = declared.conditions.iter().all(|condition| {
        condition.starts_with("layer") || (condition.starts_with("media") && !condition.contains("print"))
    });
    let [selectors] = declared.selectors.as_slice() else { return None };
    if !on_screens {
        return None;
    }
    selectors.split(',').find_map(|selector| {
        let mut parts = selector.split([' ', '\n', '\t', '>']).map(str::trim).filter(|part| !part.is_empty());
        let needed = |part: &str| NEEDED.into_iter().find(|name| *name == part);
        let last = needed(parts.next_back()?)?;
        parts.all(|part| needed(part).is_some()).then_some(last)
    })
}

/// Whether one of the selectors ends at such an element.
fn mentions(selectors: &str, element: &str) -> bool {
    selectors.split(',').any(|selector| {
        let last = selector.trim().rsplit([' ', '>', '+', '~']).next().unwrap_or_default();
        last.strip_prefix(element).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    })
}
