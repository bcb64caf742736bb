//! Finds the template file that caused a fault in a rendered page.

use crate::theme::parse::parsed::ParsedTemplates;
use crate::theme_source::Finding;

/// Finds places in the theme's own templates.
pub(super) struct Locate<'a> {
    pub templates: &'a ParsedTemplates<'a>,
}

impl Locate<'_> {
    /// Places `finding` at the first occurrence of one of `hints` in the theme's templates that make up
    /// `page`, beginning with the page's own template. Without an occurrence, places it at the beginning of
    /// the first of these templates.
    pub fn find(&self, page: &str, hints: &[&str], finding: Finding) -> Finding {
        let own = self.own(page);
        for hint in hints.iter().filter(|hint| !hint.is_empty()) {
            for name in &own {
                let Some(parsed) = self.templates.get(name.as_str()) else { continue };
                if let Some(at) = parsed.source.text.find(hint) {
                    let skipped = hint.len() - hint.trim_start().len();
                    let file = format!("templates/{name}");
                    return Finding { file, ..finding }.at(
                        parsed.source.text,
                        at + skipped,
                        hint.trim().len(),
                    );
                }
            }
        }
        // If the theme has no template of the page, its sentences or styles caused the fault.
        let file = own.first().map_or_else(|| ".".to_owned(), |name| format!("templates/{name}"));
        Finding { file, ..finding }
    }

    /// Whether a template of the theme is among those that make up `page`.
    pub fn has_own(&self, page: &str) -> bool {
        !self.own(page).is_empty()
    }

    /// The theme's templates that make up `page`: its own, those it extends, then those it imports and
    /// includes.
    fn own(&self, page: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut open = vec![page.to_owned()];
        let mut seen: Vec<String> = Vec::new();
        while let Some(name) = (!open.is_empty()).then(|| open.remove(0)) {
            if seen.contains(&name) {
                continue;
            }
            seen.push(name.clone());
            let Some(parsed) = self.templates.get(name.as_str()) else { continue };
            if parsed.own {
                found.push(name);
            }
            open.extend(parsed.parent().map(str::to_owned));
            open.extend(parsed.imports().map(str::to_owned));
            open.extend(parsed.includes().into_iter().map(str::to_owned));
        }
        found
    }
}
