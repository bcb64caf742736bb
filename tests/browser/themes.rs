//! The project's three themes in three languages: every page fits and obeys the rules of accessibility, on
//! the narrowest phone and on a desktop. What the rules say of a desktop is checked in English alone.

use serde_json::json;

use crate::accessibility::{checker, violations};
use crate::looks::OUTSIDE;
use crate::support::{Engine, Stage, Taste, tour};

/// Width and height, in CSS pixels, of the smallest screen (WCAG 2.2, 1.4.10) and of a desktop.
const SCREENS: [(u32, u32); 2] = [(320, 640), (1280, 900)];

/// The settings of a server with this theme.
pub fn settings(theme: &str) -> String {
    // The tour is of administrators' pages too.
    let mut settings = "registration.verify = 'optional'\nadmin.second_factor = false\n".to_owned();
    if theme != "builtin" {
        settings.push_str(&format!("theme = '{}/themes/{theme}'\n", env!("CARGO_MANIFEST_DIR")));
    }
    settings
}

async fn walk(theme: &str, language: &'static str, script: bool) {
    let Some(checker) = checker() else { return };
    let Some(stage) = Stage::with(Engine::Sqlite, &settings(theme)).await else { return };
    let browser = stage.browser(Taste { language, script, ..Taste::default() }).await;
    let styles = if theme == "builtin" { "vestibule.css" } else { "theme.css" };
    let mut seen = 0;
    tour(&stage.server, &browser, async |page| {
        let here = format!("{theme}, {language}: {page}");
        assert_eq!(browser.text_of("return document.documentElement.lang").await, language, "{here}");
        let linked = "return [...document.styleSheets].map((sheet) => sheet.href).join()";
        assert!(browser.text_of(linked).await.contains(styles), "{here} is served from another theme");
        for (width, height) in SCREENS {
            browser.size(width, height).await;
            assert_eq!(browser.js(OUTSIDE).await, json!([]), "{here} at {width} px");
            // The checker takes four seconds for the description of the APIs, whose words are English.
            let differs = width == SCREENS[0].0 && !page.starts_with("API");
            if language != "en" && !differs {
                continue;
            }
            let found = violations(&browser, &checker).await;
            assert!(found.is_empty(), "{here} at {width} px: {found:#?}");
        }
        if script {
            let complaints = browser.complaints().await;
            assert!(complaints.is_empty(), "{here}: {complaints:#?}");
        }
        seen += 1;
    })
    .await;
    assert!(seen > 20, "{seen} pages");
}

macro_rules! walks {
    ($($name:ident: $theme:literal, $language:literal, $script:literal;)+) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            walk($theme, $language, $script).await;
        })+
    };
}

walks! {
    everybody_gets_through_the_builtin_theme_in_english: "builtin", "en", true;
    everybody_gets_through_the_builtin_theme_in_french: "builtin", "fr", true;
    everybody_gets_through_the_builtin_theme_in_russian: "builtin", "ru", true;
    everybody_gets_through_paper_in_english: "paper", "en", true;
    everybody_gets_through_paper_in_french_without_scripts: "paper", "fr", false;
    everybody_gets_through_paper_in_russian: "paper", "ru", true;
    everybody_gets_through_terminal_in_english_without_scripts: "terminal", "en", false;
    everybody_gets_through_terminal_in_french: "terminal", "fr", true;
    everybody_gets_through_terminal_in_russian: "terminal", "ru", true;
}
