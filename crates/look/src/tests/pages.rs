//! The samples, rendered.

use std::collections::BTreeSet;

use super::html::{HtmlTag, tags};
use super::renderer;
use crate::samples::HOSTILE;
use crate::theme::{RenderedSample, gallery};
use crate::{Files, Locale, Look, Renderer};

/// Every sample in every language, with the language's code.
fn rendered() -> Vec<(String, RenderedSample)> {
    let renderer = renderer();
    let locales: Vec<_> = renderer.catalog().locales().cloned().collect();
    assert!(locales.len() >= 3);
    let of = |locale| pages(&renderer, locale).into_iter().map(|page| (locale.as_str().to_owned(), page));
    locales.iter().flat_map(of).collect()
}

fn pages(renderer: &Renderer, locale: &Locale) -> Vec<RenderedSample> {
    gallery(renderer, Look::Themed, locale, |template| template.starts_with("pages/"))
}

#[test]
fn every_page_in_every_state_and_language_is_whole_and_escaped() {
    for (language, RenderedSample { template, state, content }) in rendered() {
        let what = format!("{template}, {state}, {language}");
        let html = content.unwrap_or_else(|error| panic!("{what}: {error}"));
        let tags = tags(&html);
        assert_eq!(tags[0].name, "html", "{what}");
        assert_eq!(tags[0].get("lang"), Some(language.as_str()), "{what}");
        let scripts = tags.iter().filter(|tag| tag.name == "script");
        let ours =
            scripts.filter(|tag| tag.get("src").is_some_and(|src| src.starts_with("/static/"))).count();
        assert!(ours > 0 && ours == html.matches("<script").count(), "{what}: a script of somebody else's");
        assert!(!html.contains(HOSTILE) && !html.contains("<site>"), "{what}");
        assert!(html.contains("A &lt;site&gt; &amp; &quot;friends&quot;"), "{what}");
        for name in ["title", "main", "h1"] {
            assert_eq!(tags.iter().filter(|tag| tag.name == name).count(), 1, "{name} of {what}");
        }
        for tag in &tags {
            check_tag(tag, &what);
        }
        check_references(&tags, &what);
    }
}

fn check_tag(tag: &HtmlTag<'_>, what: &str) {
    for (name, value) in &tag.attributes {
        let inline = name.starts_with("on") || *name == "style";
        assert!(!inline, "{what}: `{name}` would be blocked by the policy that is sent along");
        if ["href", "src", "action"].contains(name) {
            let own = value.starts_with(['#', '?'])
                || value.starts_with('/')
                || value.starts_with("&#x2F;") && !value.starts_with("&#x2F;&#x2F;")
                // An app on the same device, and a file that is in the page itself.
                // Back to the client that asked who somebody is.
                || what.starts_with("pages/authorization.html, onward") && value.starts_with("https:&#x2F;&#x2F;shop")
                || *name == "href" && ["otpauth:", "data:text&#x2F;plain"].iter().any(|own| value.starts_with(own));
            assert!(own && !value.starts_with("//"), "{what}: {name}=\"{value}\" leads elsewhere");
        }
    }
    if tag.name == "form" {
        // A search changes nothing, and its address can be kept.
        let wanted = if tag.get("role") == Some("search") { "get" } else { "post" };
        assert_eq!(tag.get("method"), Some(wanted), "{what}");
    }
    if tag.name == "img" {
        assert!(tag.get("alt").is_some(), "{what}: an image without alternative");
    }
    if tag.name == "input" && tag.get("type") == Some("password") {
        assert_eq!(tag.get("value"), None, "{what}: a password is shown");
        let autocomplete = tag.get("autocomplete").unwrap_or_default();
        assert!(["current-password", "new-password"].contains(&autocomplete), "{what}: {autocomplete}");
    }
}

/// Checks that every label, description and link refers to exactly one element.
fn check_references(tags: &[HtmlTag<'_>], what: &str) {
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.get("id")) {
        assert!(ids.insert(id), "{what}: two elements are `{id}`");
    }
    let mut labelled = BTreeSet::new();
    for tag in tags {
        if let Some(wanted) = tag.get("for") {
            labelled.insert(wanted);
        }
        let link = tag.get("href").and_then(|href| href.strip_prefix('#'));
        let described =
            ["aria-describedby", "aria-labelledby", "for"].iter().filter_map(|name| tag.get(name));
        for wanted in described.flat_map(|value| value.split(' ')).chain(link) {
            assert!(ids.contains(wanted), "{what}: nothing is `{wanted}`");
        }
    }
    for tag in tags.iter().filter(|tag| ["input", "select"].contains(&tag.name)) {
        let hidden = tag.get("type") == Some("hidden") || tag.get("aria-hidden") == Some("true");
        let has_label = tag.get("id").is_some_and(|id| labelled.contains(id));
        assert!(hidden || has_label, "{what}: {:?} has no label", tag.attributes);
        if tag.get("aria-invalid").is_some() {
            assert!(
                tag.get("aria-describedby").is_some(),
                "{what}: what is wrong with {:?}?",
                tag.attributes
            );
        }
    }
}

#[test]
fn every_template_of_a_page_has_samples() {
    let files = Files::load(None).unwrap();
    let written: BTreeSet<&str> =
        files.templates.keys().map(String::as_str).filter(|name| name.starts_with("pages/")).collect();
    let renderer = renderer();
    let samples = pages(&renderer, renderer.catalog().fallback());
    assert_eq!(samples.iter().map(|sample| sample.template).collect::<BTreeSet<_>>(), written);
}

#[test]
fn states_of_one_page_have_names_of_their_own() {
    let renderer = renderer();
    let mut seen = BTreeSet::new();
    for sample in pages(&renderer, renderer.catalog().fallback()) {
        assert!(
            seen.insert((sample.template, sample.state.clone())),
            "{}: {}",
            sample.template,
            sample.state
        );
    }
}
