//! Renders every sample with and without the theme, and compares the two: every form, field, message and link
//! of the built-in page must be on the theme's page too.

use std::collections::BTreeSet;

use tera::Context;

use super::accessible;
use super::locate::Locate;
use crate::mails::MAILS;
use crate::pages::PAGES;
use crate::registry::RegistryEntry;
use crate::samples::{HOSTILE, Words};
use crate::theme::parse::html::{Document, Element, FormSeen, plain};
use crate::theme::parse::messages::messages;
use crate::theme::parse::parsed::causes;
use crate::theme_source::{Finding, Report, Severity, asked_of};
use crate::{Locale, Renderer, ViewError};

/// Renders every page and mail in every state and language. Without sentences of the theme's own (`rewords`)
/// a page of which the theme has no template is ours to the letter, and is passed over.
pub(super) fn check(renderer: &Renderer, locate: &Locate<'_>, rewords: bool, report: &mut Report) {
    let all = PAGES.iter().chain(MAILS).flat_map(|entry| entry.templates);
    let concerned: BTreeSet<&str> = all.copied().filter(|page| rewords || locate.has_own(page)).collect();
    for locale in renderer.catalog().locales() {
        for (entries, mail) in [(PAGES, false), (MAILS, true)] {
            for entry in entries {
                if !entry.templates.iter().any(|template| concerned.contains(template)) {
                    continue;
                }
                for ready in (entry.samples)(Words { renderer, locale }) {
                    let Ok(context) = ready.context else { continue };
                    let what = format!("{}, {}", ready.state, locale.as_str());
                    for template in entry.templates.iter().filter(|name| concerned.contains(*name)) {
                        let seen =
                            Comparison { entry, template, what: &what, locale, context: &context, mail };
                        seen.run(renderer, locate, report);
                    }
                }
            }
        }
    }
}

struct Comparison<'a> {
    entry: &'a RegistryEntry,
    template: &'static str,
    what: &'a str,
    locale: &'a Locale,
    context: &'a Context,
    mail: bool,
}

/// The most broken rules of one page that are looked for in its templates.
const MOST_BROKEN: usize = 100;

/// A broken rule, with texts of a template by which its place is found.
struct Broken {
    severity: Severity,
    code: &'static str,
    message: String,
    hints: Vec<String>,
}

fn error(code: &'static str, message: String, hints: &[&str]) -> Broken {
    let hints = hints.iter().map(|hint| (*hint).to_owned()).collect();
    Broken { severity: Severity::Error, code, message, hints }
}

fn warning(code: &'static str, message: String, hints: &[&str]) -> Broken {
    Broken { severity: Severity::Warning, ..error(code, message, hints) }
}

impl Comparison<'_> {
    fn run(&self, renderer: &Renderer, locate: &Locate<'_>, report: &mut Report) {
        let seen_in = format!("{} ({})", self.template, self.what);
        let (themed, ours) = renderer.both(self.template, self.locale, self.context);
        let themed = match themed {
            Ok(themed) => themed,
            Err(error) => return report.add(failure(&error, self.template, locate).seen_in(&seen_in)),
        };
        let Ok(ours) = ours else { return };
        if themed == ours {
            return;
        }
        let broken = if self.template.ends_with(".html") {
            let (theirs, ours) = (Document::read(&themed), Document::read(&ours));
            let mut broken = self.messages(&theirs.text, &ours.text);
            broken.extend(self.frame(&themed, &theirs));
            if self.mail {
                let logo = self.context.get("site").and_then(|site| site["logo_url"].as_str());
                broken.extend(mail_only(&theirs, logo.unwrap_or_default()));
            } else {
                broken.extend(policy(&theirs, &ours));
                let contract = renderer.contract();
                broken.extend(forms(&theirs, &ours, contract));
                broken.extend(links(&theirs, &ours, contract));
                broken.extend(
                    accessible::check(&theirs)
                        .into_iter()
                        .map(|(code, message, hint)| warning(code, message, &[hint.as_str()])),
                );
            }
            broken
        } else {
            self.messages(&plain(&themed), &plain(&ours))
        };
        for Broken { severity, code, message, hints } in broken.into_iter().take(MOST_BROKEN) {
            let hints: Vec<&str> = hints.iter().map(String::as_str).collect();
            let finding = locate.find(self.template, &hints, Finding::new(severity, code, "", message));
            report.add(finding.seen_in(&seen_in));
        }
    }

    /// The messages that the built-in page shows and the theme's page does not.
    fn messages(&self, theirs: &str, ours: &str) -> Vec<Broken> {
        let mut broken = Vec::new();
        let own = self.entry.own.0;
        for (name, text) in messages(self.context, own, self.mail) {
            let text = plain(&text);
            if ours.contains(&text) && !theirs.contains(&text) {
                let message = format!("`{name}` is not shown, and whoever reads this needs it");
                broken.push(error("hidden-message", message, &[name.as_str()]));
            }
        }
        broken
    }

    fn frame(&self, html: &str, page: &Document) -> Vec<Broken> {
        let mut broken = Vec::new();
        let lang = page.named("html").next().and_then(|html| html.get("lang"));
        if lang != Some(self.locale.as_str()) {
            let message = "the language of the page is missing: <html lang=\"{{ lang }}\">".to_owned();
            broken.push(error("missing-lang", message, &["<html"]));
        }
        if page.title.trim().is_empty() {
            broken.push(error("missing-title", "the page has no <title>".into(), &["<title", "<head"]));
        }
        // No template contains this element; only the hostile sample does.
        let unescaped = html.contains(HOSTILE) || html.contains("<script>alert('x')");
        if unescaped {
            let message = "what somebody typed stands on the page unescaped".to_owned();
            broken.push(error("unescaped", message, &["| safe", "|safe"]));
        }
        broken
    }
}

/// Scripts, styles and files that the content security policy blocks.
fn policy(page: &Document, ours: &Document) -> Vec<Broken> {
    // The page that shows a mail to a developer may frame it.
    let framed = ours.named("iframe").next().is_some();
    let mut broken = Vec::new();
    let mut stop = |message: String, hint: &str| broken.push(error("policy", message, &[hint]));
    for element in &page.elements {
        let kind = element.get("type").unwrap_or_default();
        match element.name.as_str() {
            "script" if !element.has("src") && !kind.ends_with("json") => {
                stop(
                    "a script inside a page is stopped by the content security policy: put it into static/"
                        .into(),
                    "<script>",
                );
            }
            "style" => {
                stop(
                    "styles inside a page are stopped by the content security policy: put them into static/"
                        .into(),
                    "<style",
                );
            }
            "iframe" if framed => {}
            "base" | "iframe" | "frame" | "object" | "embed" => {
                stop(
                    format!("<{}> is stopped by the content security policy", element.name),
                    &format!("<{}", element.name),
                );
            }
            _ => {}
        }
        for (name, value) in &element.attributes {
            let value = value.trim();
            if name == "style" || (name.starts_with("on") && name.len() > 2) {
                let place = if name == "style" { "a class of a style sheet" } else { "a script" };
                stop(
                    format!(
                        "`{name}=` is stopped by the content security policy: put it into {place} of static/"
                    ),
                    &format!(" {name}="),
                );
            }
            let loads = match (element.name.as_str(), name.as_str()) {
                ("script" | "img" | "source" | "video" | "audio" | "input", "src") => true,
                ("link", "href") => {
                    element.get("rel").is_some_and(|rel| rel.contains("stylesheet") || rel.contains("icon"))
                }
                _ => false,
            };
            let elsewhere = value.starts_with("//") || value.contains("://") || value.starts_with("data:");
            if loads && elsewhere {
                stop(
                    format!(
                        "`{value:.60}` is stopped by the content security policy: put the file into static/"
                    ),
                    value,
                );
            }
            if value.to_ascii_lowercase().starts_with("javascript:") {
                stop(
                    "a link that is a script is stopped by the content security policy".into(),
                    "javascript:",
                );
            }
        }
    }
    broken
}

fn forms(theirs: &Document, ours: &Document, contract: u32) -> Vec<Broken> {
    let mut broken = Vec::new();
    for form in &theirs.forms {
        if form.method != "post" && form.fields.iter().any(|field| field.get("type") == Some("password")) {
            let message = "a password must not stand in an address: <form method=\"post\">".to_owned();
            broken.push(error("form", message, &[form.action.as_str(), "<form"]));
        }
    }
    let asked = |form: &&FormSeen| !form.action.is_empty() && asked_of(contract, &form.action);
    for wanted in ours.forms.iter().filter(asked) {
        let action = wanted.action.as_str();
        // Several forms can have one action (sessions, devices). The number in a hidden field distinguishes
        // them.
        let fits = |form: &&FormSeen| form.action == action;
        let candidates: Vec<&FormSeen> = theirs.forms.iter().filter(fits).collect();
        if candidates.is_empty() {
            let message = format!("there is no <form method=\"{}\" action=\"{action}\">", wanted.method);
            broken.push(error("form", message, &[action, "<form"]));
            continue;
        }
        if !candidates.iter().any(|form| form.method == wanted.method) {
            let message = format!("the form to {action} needs method=\"{}\"", wanted.method);
            broken.push(error("form", message, &[action]));
            continue;
        }
        if !candidates.iter().any(|form| form.enctype == wanted.enctype) {
            let message = format!("the form to {action} needs enctype=\"{}\"", wanted.enctype);
            broken.push(error("form", message, &[action]));
        }
        if !candidates.iter().any(|form| form.button) {
            broken.push(error(
                "form",
                format!("the form to {action} has no button that sends it"),
                &[action],
            ));
        }
        broken.extend(fields(action, &candidates, wanted, contract));
    }
    broken
}

fn fields(action: &str, candidates: &[&FormSeen], wanted: &FormSeen, contract: u32) -> Vec<Broken> {
    let mut broken = Vec::new();
    for field in wanted.fields.iter().filter(|field| !field.has("disabled")) {
        let name = field.get("name").unwrap_or_default();
        let hidden = field.get("type") == Some("hidden");
        if hidden && !asked_of(contract, name) {
            continue;
        }
        let same = |candidate: &&Element| {
            candidate.get("name") == Some(name)
                && (!hidden || candidate.get("value") == field.get("value"))
                && !candidate.has("disabled")
        };
        if candidates.iter().any(|form| form.fields.iter().any(|candidate| same(&candidate))) {
            continue;
        }
        let hint = format!("name=\"{name}\"");
        if hidden {
            let message =
                format!("the form to {action} needs its hidden field `{name}`, with the value that ours has");
            broken.push(error("form", message, &[&hint, action]));
        } else if field.has("required") {
            let message = format!("the form to {action} needs a field `{name}`");
            broken.push(error("form", message, &[&hint, action]));
        } else {
            let message = format!("the form to {action} has no field `{name}`, so nobody can change that");
            broken.push(warning("form", message, &[&hint, action]));
        }
    }
    broken
}

/// Links of the built-in page that the theme's page lacks.
fn links(theirs: &Document, ours: &Document, contract: u32) -> Vec<Broken> {
    let links = |page: &Document| -> Vec<String> {
        page.named("a").filter_map(|link| link.get("href")).map(str::to_owned).collect()
    };
    let there = links(theirs);
    let mut missing: Vec<String> = links(ours);
    missing.retain(|link| link.starts_with('/') && !there.contains(link) && asked_of(contract, link));
    missing.sort();
    missing.dedup();
    let said = |link: &String| {
        warning("missing-link", format!("there is no link to {link}, as ours has"), &["<a ", "<main"])
    };
    missing.iter().map(said).collect()
}

/// What mail readers do not show. The operator's `logo` is theirs to send.
fn mail_only(page: &Document, logo: &str) -> Vec<Broken> {
    let mut broken = Vec::new();
    for element in &page.elements {
        if let Some(address) = element.get("src").filter(|address| *address != logo) {
            let message = if address.contains("://") {
                "what a mail loads tells who reads it, and most mail readers show nothing of it".to_owned()
            } else {
                format!(
                    "`{address:.60}` names no host: a mail lies in the reader's mailbox and not on this site, so \
                     that it can never be loaded"
                )
            };
            broken.push(warning("mail", message, &["src="]));
        }
        if element.name == "script" || element.name == "form" {
            let message = format!("mail readers drop <{}>", element.name);
            broken.push(warning("mail", message, &[&format!("<{}", element.name)]));
        }
    }
    broken
}

/// The finding for a template that fails while it is rendered.
fn failure(error: &ViewError, template: &str, locate: &Locate<'_>) -> Finding {
    let said = match error {
        ViewError::Template(error) => causes(error),
        other => other.to_string(),
    };
    // The last template in the error's text is the one that failed. The culprit is between backticks.
    let named =
        said.split('\'').skip(1).step_by(2).filter(|name| name.ends_with(".html") || name.ends_with(".txt"));
    let file = named.last().unwrap_or(template).to_owned();
    let about = said.split('`').nth(1).unwrap_or_default();
    let reason = said.rsplit(": ").next().unwrap_or(&said);
    let reason = if reason.len() < 20 { &said } else { reason };
    let finding = Finding::new(Severity::Error, "fails", "", format!("the page cannot be made: {reason}"));
    locate.find(&file, &[about], finding)
}
