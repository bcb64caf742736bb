//! Checks the templates of a theme before any of them is rendered.

use std::collections::BTreeSet;

use tera::Tera;

use super::languages::Sentences;
use super::walk::{CheckContext, Observed, walk};
use crate::mails::MAILS;
use crate::pages::PAGES;
use crate::registry::RegistryEntry;
use crate::shape::{Shape, Variable};
use crate::theme::nearest::did_you_mean;
use crate::theme::parse::parsed::{self, ParsedTemplate, ParsedTemplates};
use crate::theme::parse::tera_tree::{BlockNode, Node, NodeKind};
use crate::theme_source::{Finding, Report, SettingValue, Severity, ThemeFolder, ThemeSettings};
use crate::{Files, loader};

/// What the templates of a theme name.
pub(super) struct NamedByTemplates {
    /// The keys of sentences.
    pub keys: BTreeSet<String>,
    /// The static files, those that our own templates name too.
    pub files: BTreeSet<String>,
}

/// Walks through every page and mail. Returns what the theme's templates name.
pub(super) fn check<'a>(
    templates: &'a ParsedTemplates<'a>,
    files: &'a Files,
    theme: &ThemeFolder,
    settings: &'a ThemeSettings,
    report: &mut Report,
) -> NamedByTemplates {
    let mut engine = Tera::default();
    loader::equip(&mut engine);
    let sentences = Sentences::of(files);
    let context = CheckContext { templates, engine: &engine, files, sentences: &sentences, settings };
    let mut observed = Observed::default();
    for (name, parsed) in templates.iter().filter(|(_, parsed)| parsed.own) {
        alone(name, parsed, templates, files, report);
    }
    let roots: Vec<(&'static str, Shape)> =
        PAGES.iter().chain(MAILS).flat_map(|entry| roots(entry, settings)).collect();
    for (name, shape) in &roots {
        walk(&context, &mut observed, name, shape);
    }
    for ((file, at, name), _) in observed.tested.iter().filter(|(_, found)| !**found) {
        let Some(parsed) = templates.get(file.as_str()) else { continue };
        let message = format!("no page that uses this has `{name}`, so the condition never holds");
        let finding =
            Finding::new(Severity::Error, "unknown-variable", &format!("templates/{file}"), message);
        report.add(finding.at(parsed.source.text, *at, name.len()));
    }
    observed.report.findings.drain(..).for_each(|finding| report.add(finding));
    for (name, text) in theme.templates.iter().filter(|(name, _)| !observed.used.contains(name)) {
        let plugins = files.templates.contains_key(&format!("builtin/{name}"));
        let imported = templates.values().any(|parsed| parsed.imports().any(|import| import == name));
        if plugins || imported || !templates.contains_key(name.as_str()) {
            continue;
        }
        let ours = files.templates.keys().filter_map(|known| known.strip_prefix("builtin/"));
        let own = |known: &&str| !theme.templates.iter().any(|(own, _)| own == known);
        let meant = did_you_mean(name, ours.filter(own));
        let message = format!(
            "no page uses this template: none of ours is called so, and none of the theme's includes it{meant}"
        );
        let finding =
            Finding::new(Severity::Warning, "unused-template", &format!("templates/{name}"), message);
        report.add(finding.at(text, 0, 0));
    }
    NamedByTemplates { keys: observed.keys, files: observed.files }
}

fn roots(entry: &RegistryEntry, settings: &ThemeSettings) -> Vec<(&'static str, Shape)> {
    let mut variables = entry.variables();
    variables.push(theme_variable(settings));
    let shape = Shape::Record(variables);
    entry.templates.iter().map(|template| (*template, shape.clone())).collect()
}

/// The variable `theme`.
pub(in crate::theme) fn theme_variable(settings: &ThemeSettings) -> Variable {
    let variable = |(name, value): (&String, &SettingValue)| Variable {
        name: name.clone(),
        about: "A setting of the theme.".to_owned(),
        optional: false,
        shape: match value {
            SettingValue::Number(_) => Shape::Number,
            SettingValue::Flag(_) => Shape::Flag,
            _ => Shape::Text,
        },
    };
    Variable {
        name: "theme".to_owned(),
        about: "The settings of theme.toml, with the operator's values.".to_owned(),
        optional: false,
        shape: Shape::Record(settings.iter().map(variable).collect()),
    }
}

/// Reports faults of a template that do not depend on the page that uses it.
fn alone(
    name: &str,
    parsed: &ParsedTemplate<'_>,
    templates: &ParsedTemplates<'_>,
    files: &Files,
    report: &mut Report,
) {
    let file = format!("templates/{name}");
    let text = parsed.source.text;
    let place = |finding: Finding, node: &Node, word: &str| {
        finding.at(text, parsed.source.find(node.tag, word), word.len())
    };
    if text.trim().is_empty() && !name.starts_with("pieces/") {
        report.add(Finding::new(Severity::Error, "empty", &file, "the file is empty, and the page with it"));
        return;
    }
    macros(name, parsed, files, report);
    for node in parsed.nodes() {
        match &node.kind {
            NodeKind::Extends(parent) => extends(name, node, parent, parsed, templates, files, report),
            NodeKind::Import { file: from, .. } if !files.templates.contains_key(from) => {
                let finding = Finding::new(
                    Severity::Error,
                    "missing-template",
                    &file,
                    format!("there is no template `{from}`"),
                );
                report.add(place(finding, node, from));
            }
            NodeKind::Text(said) if parsed.parent().is_some() && !said.trim().is_empty() => {
                let message =
                    "a template that extends another shows only its blocks, and this stands outside of them";
                let finding = Finding::new(Severity::Warning, "outside", &file, message);
                let first = said.trim().lines().next().unwrap_or_default();
                let at = text.find(first).unwrap_or_default();
                report.add(finding.at(text, at, first.len()));
            }
            _ => {}
        }
    }
    if parsed.parent().is_none() {
        return;
    }
    let mut above = BTreeSet::new();
    let (mut next, mut left) = (parsed.parent(), 20);
    while let Some(parent) = next.and_then(|name| templates.get(name)).filter(|_| left > 0) {
        above.extend(parent.blocks());
        (next, left) = (parent.parent(), left - 1);
    }
    let nodes = parsed.block_nodes();
    for (node, block) in nodes.iter().filter(|(_, block)| !above.contains(block.name.as_str())) {
        let inside = |(_, other): &(&Node, &BlockNode)| {
            other.name != block.name && above.contains(other.name.as_str()) && holds(&other.body, &block.name)
        };
        if above.is_empty() || nodes.iter().any(inside) {
            continue;
        }
        let known: Vec<&str> = above.iter().copied().collect();
        let message = format!("what this extends has no block `{}`; it has {}", block.name, known.join(", "));
        let finding = Finding::new(Severity::Warning, "unknown-block", &file, message);
        report.add(place(finding, node, &block.name));
    }
}

/// Reports macros that a piece of ours has and the theme's does not: our pages call them by name.
fn macros(name: &str, parsed: &ParsedTemplate<'_>, files: &Files, report: &mut Report) {
    let Some(original) = files.templates.get(&format!("builtin/{name}")) else { return };
    let file = format!("templates/{name}");
    for ours in parsed::macros_of(name, original) {
        let names: Vec<&str> = ours.arguments.iter().map(|(name, _)| name.as_str()).collect();
        let called = format!("`{}({})`", ours.name, names.join(", "));
        let Some(own) = parsed.macro_called(&ours.name) else {
            let has: Vec<String> = parsed.macros().map(|own| format!("`{}`", own.name)).collect();
            let has = if has.is_empty() { "none".to_owned() } else { has.join(", ") };
            let message = format!("this file must have the macro {called}, which pages call; it has {has}");
            let at = parsed.source.text.find("{% macro").unwrap_or_default();
            let finding = Finding::new(Severity::Error, "macro", &file, message);
            let line = parsed.source.text[at..].lines().next().unwrap_or_default();
            report.add(finding.at(parsed.source.text, at, line.len()));
            continue;
        };
        let at = parsed.source.text.find(&format!("macro {}", own.name)).unwrap_or_default();
        let wrong = |message: String| {
            let finding = Finding::new(Severity::Error, "macro", &file, message);
            finding.at(parsed.source.text, at, "macro ".len() + own.name.len())
        };
        for name in names.iter().filter(|name| !own.arguments.iter().any(|(own, _)| own == *name)) {
            report.add(wrong(format!("the macro must take `{name}`, which pages give: {called}")));
        }
        for (name, _) in
            own.arguments.iter().filter(|(name, value)| value.is_none() && !names.contains(&name.as_str()))
        {
            report.add(wrong(format!("pages do not give `{name}`: let it have a default, `{name}=\"\"`")));
        }
    }
}

fn holds(nodes: &[Node], name: &str) -> bool {
    nodes.iter().any(|node| match &node.kind {
        NodeKind::Block(block) => block.name == name || holds(&block.body, name),
        _ => false,
    })
}

fn extends(
    name: &str,
    node: &Node,
    parent: &str,
    parsed: &ParsedTemplate<'_>,
    templates: &ParsedTemplates<'_>,
    files: &Files,
    report: &mut Report,
) {
    let file = format!("templates/{name}");
    let at = parsed.source.find(node.tag, parent);
    let mut error = |code, message: String| {
        let finding = Finding::new(Severity::Error, code, &file, message);
        report.add(finding.at(parsed.source.text, at, parent.len()));
    };
    if !files.templates.contains_key(parent) {
        return error("missing-template", format!("there is no template `{parent}`"));
    }
    let mut chain = vec![name];
    let mut next = Some(parent);
    while let Some(above) = next {
        if chain.contains(&above) {
            let ours = files.templates.contains_key(&format!("builtin/{parent}"));
            let hint = if ours && parent == name {
                format!("; our original is `builtin/{parent}`")
            } else {
                String::new()
            };
            return error("endless", format!("{name} extends itself: {} → {above}{hint}", chain.join(" → ")));
        }
        chain.push(above);
        next = templates.get(above).and_then(ParsedTemplate::parent);
    }
}
