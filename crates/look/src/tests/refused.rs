//! Whoever hears a refused page is told so by its title, and what is wrong where the focus lands, without a
//! script.

use super::html::{HtmlTag, tags};
use super::renderer;
use crate::theme::{RenderedSample, gallery};
use crate::{Look, Renderer};

/// Every sample of a page in the language `code`: what it is, and its HTML.
fn pages(renderer: &Renderer, code: &str) -> Vec<(String, String)> {
    let locale = renderer.catalog().find(code).unwrap();
    let samples = gallery(renderer, Look::Themed, locale, |template| template.starts_with("pages/"));
    let seen =
        |RenderedSample { template, state, content }| (format!("{template}, {state}"), content.unwrap());
    samples.into_iter().map(seen).collect()
}

fn title(html: &str) -> &str {
    html.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).unwrap().0
}

fn has_id(tags: &[HtmlTag<'_>], id: &str) -> bool {
    tags.iter().any(|tag| tag.get("id") == Some(id))
}

#[test]
fn the_title_of_a_refused_page_begins_with_it() {
    let renderer = renderer();
    for (code, prefix) in [("en", "Error: "), ("fr", "Erreur\u{a0}: "), ("ru", "Ошибка: ")] {
        let mut refused = 0;
        for (what, html) in pages(&renderer, code) {
            let tags = tags(&html);
            let wrong = has_id(&tags, "alert") || tags.iter().any(|tag| tag.get("aria-invalid").is_some());
            assert_eq!(title(&html).starts_with(prefix), wrong, "{what}: {}", title(&html));
            refused += usize::from(wrong);
        }
        assert!(refused > 20, "only {refused}");
    }
    let sign_in = pages(&renderer, "en").into_iter().find(|(what, _)| what.contains("sign_in.html, errors"));
    assert!(title(&sign_in.unwrap().1).starts_with("Error: Sign in · "));
}

#[test]
fn the_focus_of_a_refused_page_lands_where_it_says_why() {
    for (what, html) in pages(&renderer(), "en") {
        let tags = tags(&html);
        let focused: Vec<_> = tags.iter().filter(|tag| tag.get("autofocus").is_some()).collect();
        let invalid: Vec<_> = tags.iter().filter(|tag| tag.get("aria-invalid").is_some()).collect();
        if invalid.is_empty() && !has_id(&tags, "alert") {
            // What a panel says was done in it.
            let said = focused.iter().all(|tag| {
                (tag.get("class"), tag.get("role")) == (Some("notice"), Some("status"))
                    && tag.get("tabindex") == Some("-1")
            });
            assert!(said && focused.len() < 2, "{what}");
            continue;
        }
        let [focused] = focused[..] else { panic!("{what}: {} take the focus", focused.len()) };
        let described = focused.get("aria-describedby").unwrap_or_default();
        let by = |id: &str| described.split(' ').any(|part| part == id);
        if focused.get("id") == Some("alert") {
            assert_eq!(focused.get("tabindex"), Some("-1"), "{what}: it takes no focus");
        } else if focused.get("aria-invalid").is_some() {
            assert!(!has_id(&tags, "alert"), "{what}: the alert names several");
            let name = focused.get("id").and_then(|id| id.strip_prefix("f-")).unwrap();
            assert!(by(&format!("e-{name}")), "{what}: {described}");
        } else {
            assert!(by("alert"), "{what}: {described}");
        }
    }
}

#[test]
fn an_address_is_confirmed_by_one_button_while_signed_in() {
    let all = pages(&renderer(), "en");
    let page =
        |state: &str| &all.iter().find(|(what, _)| what == &format!("pages/verify.html, {state}")).unwrap().1;
    let own = page("signed in");
    assert_eq!(own.matches("action=\"/user/verify\"").count(), 1, "{own}");
    for other in ["/user/verify/send", "npassword", "href=\"/user/login\"", "<details"] {
        assert!(!own.contains(other), "{other} in {own}");
    }
    assert!(page("by the password").contains("<details") && page("by the password").contains("/user/login"));
}

#[test]
fn a_link_that_no_longer_works_is_not_contradicted_by_the_ordinary_words() {
    let renderer = renderer();
    let english = renderer.catalog().find("en").unwrap();
    let all = pages(&renderer, "en");
    for (template, key) in [("forgot", "forgot-about"), ("verify_request", "verify-request-about")] {
        let page = |state: &str| {
            all.iter().find(|(what, _)| *what == format!("pages/{template}.html, {state}")).unwrap()
        };
        let words = renderer.catalog().text(english, key, &[]);
        assert!(page("empty").1.contains(&words), "{template}");
        assert!(!page("the link no longer works").1.contains(&words), "{template}");
    }
}

/// The first page, as templates write a value.
const HOME: &str = "&#x2F;";

#[test]
fn an_error_page_offers_what_helps() {
    let all = pages(&renderer(), "en");
    let button = |state: &str| {
        let (_, html) = all.iter().find(|(what, _)| *what == format!("pages/error.html, {state}")).unwrap();
        let tags = tags(html);
        let button = tags.iter().find(|tag| tag.get("class") == Some("button wide")).unwrap();
        assert!(
            tags.iter().any(|tag| tag.get("href") == Some(HOME) && tag.name == "a"),
            "{state}: no way home"
        );
        button.get("href").unwrap().to_owned()
    };
    for (state, to) in [
        ("401", "/user/login"),
        ("410", "/user/login"),
        ("403", HOME),
        ("404", HOME),
        ("413", HOME),
        ("500", HOME),
        ("with a way back to the form", "&#x2F;user&#x2F;login"),
    ] {
        assert_eq!(button(state), to, "{state}");
    }
}
