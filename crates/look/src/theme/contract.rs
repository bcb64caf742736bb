//! The contract with theme authors: the variables of each template, and the elements that it must contain. No
//! part is written by hand: the variables come from the Rust types that are rendered, and everything else
//! from the built-in templates.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::parse::html::Document;
use super::parse::messages::messages_shown;
use super::parse::parsed::{ParsedTemplate, ParsedTemplates, parse};
use crate::mails::MAILS;
use crate::pages::PAGES;
use crate::registry::RegistryEntry;
use crate::samples::Words;
use crate::shape::{Line, lines};
use crate::theme_source::{CHANGES, CONTRACT, ContractChange, Report};
use crate::{Facts, Files, Renderer, ViewError};

/// The contract, for display or as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Contract {
    /// The contract's version.
    pub contract: u32,
    /// The changes of each version.
    pub changes: &'static [ContractChange],
    /// The variables of every page.
    pub everywhere: Vec<Line>,
    /// The variables of every mail.
    pub in_mail: Vec<Line>,
    /// The contract of each page, mail and piece.
    pub templates: Vec<TemplateContract>,
}

/// The variables on which a theme author can rely in one template, and the elements that a replacement must
/// keep.
#[derive(Clone, Debug, Serialize)]
pub struct TemplateContract {
    /// The name below `templates/`.
    pub name: String,
    /// `page`, `mail`, `piece` or `layout`.
    pub kind: &'static str,
    /// Its purpose, from the doc comment of the type or from the template's first line.
    pub about: String,
    /// The version of the contract that introduced the template.
    pub since: u32,
    /// The template that it extends; empty if none.
    pub extends: String,
    /// Its own variables, beside those of every page or mail.
    pub variables: Vec<Line>,
    /// The blocks that a theme can replace one by one.
    pub blocks: Vec<String>,
    /// The macros with their arguments.
    pub macros: Vec<String>,
    /// The forms that a replacement must keep.
    pub forms: Vec<FormContract>,
    /// The messages and links that a replacement must keep.
    pub stays: Vec<String>,
    /// The pages and mails that extend, include or import it.
    pub used_by: Vec<String>,
}

/// A form that a page must have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormContract {
    /// The method: `get` or `post`.
    pub method: String,
    /// The path to which the form is sent.
    pub action: String,
    /// The media type of the body; empty for the default of HTML forms.
    pub enctype: String,
    /// The fields, in the order of the built-in template.
    pub fields: Vec<FieldContract>,
    /// Whether the page contains it in every state.
    pub always: bool,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldContract {
    /// The name of the input.
    pub name: String,
    /// The input's type, such as `text`, `password` or `hidden`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether a form without it is refused.
    pub required: bool,
}

/// Makes the contract from the built-in templates and the Rust types.
///
/// # Errors
/// A built-in template that does not parse, which the tests exclude.
pub fn contract() -> Result<Contract, ViewError> {
    let files = Files::load(None)?;
    let renderer = Renderer::load(None, "en", Facts::default())?;
    let mut ours = files.templates.clone();
    ours.retain(|name, _| !name.starts_with("builtin/"));
    let templates = parse(&ours, |_| false, &mut Report::default());
    let uses = uses(&templates);
    let entries: Vec<&RegistryEntry> = PAGES.iter().chain(MAILS).collect();
    let described = templates.iter().map(|(name, parsed)| {
        let entry = entries.iter().find(|entry| entry.templates.contains(name)).copied();
        let used_by = uses.get(*name).into_iter().flatten().cloned().collect();
        describe(name, parsed, entry, used_by, &templates, &renderer)
    });
    Ok(Contract {
        contract: CONTRACT,
        changes: CHANGES,
        everywhere: shared(PAGES.first()),
        in_mail: shared(MAILS.first()),
        templates: described.collect(),
    })
}

/// The variables that all pages, or all mails, have.
fn shared(entry: Option<&RegistryEntry>) -> Vec<Line> {
    let Some(entry) = entry else { return Vec::new() };
    let variables = entry.variables();
    let common = variables.iter().filter(|variable| variable.name != entry.own.0);
    common.flat_map(|variable| lines(variable, "")).collect()
}

fn describe(
    name: &str,
    parsed: &ParsedTemplate<'_>,
    entry: Option<&RegistryEntry>,
    used_by: Vec<String>,
    templates: &ParsedTemplates<'_>,
    renderer: &Renderer,
) -> TemplateContract {
    let kind = match (name.split('/').next(), entry) {
        (Some("pieces"), _) => "piece",
        (Some("mail"), Some(_)) => "mail",
        (_, Some(_)) => "page",
        _ => "layout",
    };
    let mut blocks: Vec<String> = Vec::new();
    let mut next = Some(parsed);
    while let Some(parsed) = next {
        let own = parsed.blocks().into_iter().map(str::to_owned).filter(|block| !blocks.contains(block));
        blocks.extend(own.collect::<Vec<_>>());
        next = parsed.parent().and_then(|parent| templates.get(parent));
    }
    let (mut variables, mut about) = (Vec::new(), comment(parsed.source.text));
    let (mut forms, mut stays) = (Vec::new(), Vec::new());
    if let Some(entry) = entry {
        let all = entry.variables();
        let own = all.iter().filter(|variable| variable.name == entry.own.0);
        variables = own.flat_map(|variable| lines(variable, "")).skip(1).collect();
        about = (entry.own.1)().1;
        (forms, stays) = demands(name, entry, renderer);
    }
    let new = CHANGES.iter().filter(|change| change.template == name && change.what.starts_with("new"));
    TemplateContract {
        name: name.to_owned(),
        kind,
        about,
        since: new.map(|change| change.contract).next().unwrap_or(1),
        extends: parsed.parent().unwrap_or_default().to_owned(),
        variables,
        blocks,
        macros: macros(parsed),
        forms,
        stays,
        used_by,
    }
}

/// The comment in the first line of a template.
fn comment(text: &str) -> String {
    let said = text.strip_prefix("{# ").and_then(|rest| rest.split_once("#}"));
    said.map(|(said, _)| said.trim_end_matches('-').trim().to_owned()).unwrap_or_default()
}

fn macros(parsed: &ParsedTemplate<'_>) -> Vec<String> {
    // Read from the text, because the engine does not keep the order of arguments.
    let text = parsed.source.text;
    let found = text.split("{% macro ").skip(1).filter_map(|rest| rest.split_once("%}"));
    found.map(|(head, _)| head.trim_end_matches('-').trim().to_owned()).collect()
}

/// Collects the forms, messages and links of all samples of the built-in page.
fn demands(template: &str, entry: &RegistryEntry, renderer: &Renderer) -> (Vec<FormContract>, Vec<String>) {
    let locale = renderer.catalog().fallback();
    let mut forms: Vec<(FormContract, usize)> = Vec::new();
    let mut stays: BTreeSet<String> = BTreeSet::new();
    let mut states = 0;
    for ready in (entry.samples)(Words { renderer, locale }) {
        let Ok(context) = ready.context else { continue };
        let (Ok(html), _) = renderer.both(template, locale, &context) else { continue };
        states += 1;
        let page = Document::read(&html);
        let said = messages_shown(&context, entry.own.0, template.starts_with("mail/"), &page.text);
        stays.extend(said.into_iter().map(|name| format!("`{name}`")));
        let links = page.named("a").filter_map(|link| link.get("href"));
        stays.extend(links.filter(|link| link.starts_with('/')).map(|link| format!("a link to `{link}`")));
        let mut counted = BTreeSet::new();
        for seen in page.forms.iter().filter(|form| !form.action.is_empty()) {
            let known = forms.iter().position(|(form, _)| form.action == seen.action);
            let at = known.unwrap_or_else(|| {
                let (method, action, enctype) =
                    (seen.method.clone(), seen.action.clone(), seen.enctype.clone());
                forms.push((FormContract { method, action, enctype, fields: Vec::new(), always: false }, 0));
                forms.len() - 1
            });
            let Some((form, times)) = forms.get_mut(at) else { continue };
            *times += usize::from(counted.insert(at));
            for field in &seen.fields {
                let name = field.get("name").unwrap_or_default();
                // The operator defines `custom_` fields, so a theme cannot name them.
                if form.fields.iter().any(|known| known.name == name) || name.starts_with("custom_") {
                    continue;
                }
                let kind = match field.name.as_str() {
                    "input" => field.get("type").unwrap_or("text"),
                    other => other,
                };
                let hidden = kind == "hidden" && !field.has("disabled");
                let required = field.has("required") || hidden;
                form.fields.push(FieldContract { name: name.to_owned(), kind: kind.to_owned(), required });
            }
        }
    }
    let forms =
        forms.into_iter().map(|(form, times)| FormContract { always: times == states, ..form }).collect();
    (forms, stays.into_iter().collect())
}

/// For each template, the pages and mails that extend, include or import it.
fn uses(templates: &ParsedTemplates<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for page in PAGES.iter().chain(MAILS).flat_map(|entry| entry.templates) {
        let mut open = vec![*page];
        while let Some(name) = open.pop() {
            let Some((name, parsed)) = templates.get_key_value(name) else { continue };
            if !uses.entry((*name).to_owned()).or_default().insert((*page).to_owned()) {
                continue;
            }
            open.extend(parsed.parent());
            open.extend(parsed.imports());
            open.extend(parsed.includes());
        }
    }
    uses
}
