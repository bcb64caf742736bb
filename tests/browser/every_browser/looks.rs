//! What the style sheet does in every browser.

use serde_json::json;

use crate::support::{Brand, Browser, Engine, Stage, Taste};

/// A browser in which a person has just registered. The stage comes with it, because it ends the server.
async fn member(brand: Brand, taste: Taste) -> Option<(Stage, Browser)> {
    let stage = Stage::of(brand, Engine::Sqlite, "").await?;
    let browser = stage.member(taste).await;
    Some((stage, browser))
}

async fn controls_are_seen_in_forced_colours(brand: Brand) {
    let taste = Taste { forced_colours: true, ..Taste::default() };
    let Some((_stage, browser)) = member(brand, taste).await else { return };
    assert_eq!(browser.js("return matchMedia('(forced-colors: active)').matches").await, true);
    let select = "const s = getComputedStyle(document.querySelector('select')); \
                  return [s.appearance !== 'none', s.backgroundImage]";
    assert_eq!(browser.js(select).await, json!([true, "none"]), "the list has no arrow");
    let stage = "return getComputedStyle(document.querySelector('.crop-stage')).borderTopStyle";
    assert_eq!(browser.js(stage).await, "solid", "the crop stage has no edge");
}

#[tokio::test(flavor = "multi_thread")]
async fn controls_are_seen_in_forced_colours_in_chromium() {
    controls_are_seen_in_forced_colours(Brand::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn controls_are_seen_in_forced_colours_in_firefox() {
    controls_are_seen_in_forced_colours(Brand::Firefox).await;
}

async fn a_way_can_be_hit_and_the_file_button_speaks_as_the_page_does(brand: Brand) {
    let Some((_stage, browser)) = member(brand, Taste::default()).await else { return };
    let high = "return document.querySelector('.pages a').getBoundingClientRect().height";
    // WCAG 2.2, 2.5.8.
    assert!(browser.js(high).await.as_f64().unwrap() >= 24.0);
    // WebKit answers with the style of the whole field, so nothing can be seen there.
    if brand != Brand::WebKit {
        let fonts = "const font = (of, part) => getComputedStyle(document.querySelector(of), part).fontFamily; \
                     return font('#f-file', '::file-selector-button') === font('body')";
        assert_eq!(browser.js(fonts).await, true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_can_be_hit_and_the_file_button_speaks_as_the_page_does_in_chromium() {
    a_way_can_be_hit_and_the_file_button_speaks_as_the_page_does(Brand::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_can_be_hit_and_the_file_button_speaks_as_the_page_does_in_firefox() {
    a_way_can_be_hit_and_the_file_button_speaks_as_the_page_does(Brand::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_can_be_hit_and_the_file_button_speaks_as_the_page_does_in_webkit() {
    a_way_can_be_hit_and_the_file_button_speaks_as_the_page_does(Brand::WebKit).await;
}
