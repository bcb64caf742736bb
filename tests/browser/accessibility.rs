//! The rules of WCAG 2.2 AA that axe-core can check. The tours of the themes check light pages; the test in
//! this file checks dark ones on a phone.

use serde_json::Value;

use crate::support::{Browser, EMAIL, Stage, Taste, say, tour, whole_administration};

/// Fetched by `make test`; not part of the project.
const CHECKER: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/target/axe-core/node_modules/axe-core/axe.min.js");

const RUN: &str = r"
const done = arguments[0];
axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })
  .then((found) => done(found.violations.map((rule) => ({
    rule: rule.id, help: rule.help, nodes: rule.nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`),
  }))), (error) => done([{ rule: String(error) }]));";

/// The source of axe-core. `None`, after a message, when it is missing and may be left out.
pub fn checker() -> Option<String> {
    let checker = std::fs::read_to_string(CHECKER).ok();
    if checker.is_none() {
        let why = "axe-core is not there; `make test` fetches it with npm";
        let waived = std::env::var_os("VESTIBULE_TEST_WITHOUT_AXE").is_some_and(|set| set == "1");
        assert!(waived, "{why} (VESTIBULE_TEST_WITHOUT_AXE=1 leaves such tests out)");
        say(&format!("left out: {why}"));
    }
    checker
}

/// The rules that the page violates.
pub async fn violations(browser: &Browser, checker: &str) -> Vec<Value> {
    // The checker is a script, so scripts are allowed only after the page has loaded.
    browser.scripts(true).await;
    browser.js(checker).await;
    let found = browser.driver.execute_async(RUN, Vec::new()).await.unwrap();
    browser.scripts(browser.script).await;
    serde_json::from_value(found.json().clone()).unwrap()
}

async fn obeys(taste: Taste) {
    let Some(checker) = checker() else { return };
    let Some(stage) = Stage::for_tour().await else { return };
    let browser = stage.browser(taste).await;
    tour(&stage.server, &browser, async |page| {
        let found = violations(&browser, &checker).await;
        assert!(found.is_empty(), "{page}: {found:#?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_obeys_the_rules_of_accessibility_by_night_on_a_phone() {
    obeys(Taste { dark: true, width: 390, height: 844, ..Taste::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_for_administrators_obeys_the_rules_of_accessibility() {
    let Some(checker) = checker() else { return };
    let Some(stage) = Stage::for_tour().await else { return };
    let browser = stage.member(Taste { width: 390, height: 844, ..Taste::default() }).await;
    whole_administration(&stage.server, &browser, EMAIL, &mut async |page: &str| {
        let found = violations(&browser, &checker).await;
        assert!(found.is_empty(), "{page}: {found:#?}");
        let over = browser.js("return document.documentElement.scrollWidth - innerWidth").await;
        assert!(over.as_i64().unwrap() <= 0, "{page} scrolls sideways");
    })
    .await;
}
