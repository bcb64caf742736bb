//! Choosing the square of a picture to keep.

use std::path::Path;

use image::{Rgb, RgbImage};

use crate::support::pictures::{Album, BLUE, RED};
use crate::support::{Browser, Engine, Stage, Taste};

fn is_all(picture: &RgbImage, colour: Rgb<u8>) -> bool {
    picture.pixels().all(|pixel| pixel.0.iter().zip(colour.0).all(|(a, b)| a.abs_diff(b) < 60))
}

async fn choose_halves(browser: &Browser, album: &Album) {
    choose(browser, &album.two_halves()).await;
}

async fn choose(browser: &Browser, file: &Path) {
    browser.go("/user/profil").await;
    browser.choose(file).await;
    browser.js("document.querySelector('[data-crop-stage]').scrollIntoView({ block: 'center', behavior: 'instant' })").await;
}

async fn keep(browser: &Browser) -> RgbImage {
    browser.send("/user/modify/pp").await;
    assert_eq!(browser.path().await, "/user/profil");
    browser.served_picture().await
}

async fn drag(browser: &Browser, by: i64) {
    let stage = browser.find("[data-crop-stage]").await;
    let chain = browser.driver.action_chain().click_and_hold_element(&stage);
    chain.move_by_offset(by / 2, 0).move_by_offset(by - by / 2, 0).release().perform().await.unwrap();
}

async fn crop_size(browser: &Browser) -> f64 {
    browser.text_of("return document.querySelector('[name=crop_size]').value").await.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn untouched_the_middle_is_kept() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste::default()).await;
    let album = Album::new();
    choose_halves(&browser, &album).await;
    let picture = keep(&browser).await;
    let half = picture.width() / 2;
    let part = |x| image::imageops::crop_imm(&picture, x, 0, half - 8, picture.height()).to_image();
    assert!(is_all(&part(0), RED) && is_all(&part(half + 8), BLUE));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_dragged_into_the_square_with_the_mouse_is_kept() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste::default()).await;
    let album = Album::new();
    choose_halves(&browser, &album).await;
    drag(&browser, 140).await;
    drag(&browser, 140).await;
    assert!(is_all(&keep(&browser).await, RED), "dragged to the right, the left half shows");
    choose_halves(&browser, &album).await;
    drag(&browser, -140).await;
    drag(&browser, -140).await;
    assert!(is_all(&keep(&browser).await, BLUE), "dragged to the left, the right half shows");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_no_browser_turns_is_cut_as_it_is_shown() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste::default()).await;
    let album = Album::new();
    for file in album.turned_halves() {
        for (by, colour) in [(140, RED), (-140, BLUE)] {
            choose(&browser, &file).await;
            drag(&browser, by).await;
            drag(&browser, by).await;
            let shown = browser.find("[data-crop-stage]").await.screenshot_as_png().await.unwrap();
            let shown = image::load_from_memory(&shown).unwrap().to_rgb8();
            // Around the middle, where nothing darkens it.
            let (x, y) = (shown.width() / 4, shown.height() / 4);
            let middle = image::imageops::crop_imm(&shown, x, y, 2 * x, 2 * y).to_image();
            assert!(is_all(&middle, colour), "{} is shown otherwise", file.display());
            assert!(is_all(&keep(&browser).await, colour), "{} is cut otherwise", file.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_puts_what_is_under_it_into_the_middle() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste::default()).await;
    let album = Album::new();
    choose_halves(&browser, &album).await;
    let area = browser.find("[data-crop-stage]").await;
    for _ in 0..2 {
        let chain = browser.driver.action_chain().move_to_element_with_offset(&area, 90, 0);
        chain.click().perform().await.unwrap();
    }
    assert!(is_all(&keep(&browser).await, BLUE));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_square_is_moved_and_made_smaller_with_the_keyboard() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste::default()).await;
    let album = Album::new();
    choose_halves(&browser, &album).await;
    let area = browser.find("[data-crop-stage]").await;
    area.focus().await.unwrap();
    let whole = crop_size(&browser).await;
    browser.driver.action_chain().send_keys("+++++++").perform().await.unwrap();
    let closer = crop_size(&browser).await;
    assert!((closer - whole / 1.1f64.powi(7)).abs() < 0.001, "{whole} then {closer}");
    let slider: f64 = browser.value("zoom").await.parse().unwrap();
    assert!(slider > 0.0, "the slider follows");
    browser.driver.action_chain().send_keys("-").perform().await.unwrap();
    assert!(crop_size(&browser).await > closer);
    let right = String::from(char::from(thirtyfour::Key::Right)).repeat(12);
    browser.driver.action_chain().send_keys(right).perform().await.unwrap();
    assert!(is_all(&keep(&browser).await, BLUE));
}
