//! Uploads of pictures, as Chromium sends them.

use crate::support::pictures::{Album, LARGEST, jpeg_of, largest_png};
use crate::support::{EMAIL, Engine, PASSWORD, Stage, Taste, sentence};

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_picture_allowed_survives_its_redirect_ten_times_out_of_ten() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste::default()).await;
    let album = Album::new();
    let pictures =
        [album.keep("largest.png", &largest_png(7)), album.keep("largest.jpg", &jpeg_of(LARGEST, 11))];
    let mut shown = browser.picture().await;
    for round in 0..10 {
        browser.choose(&pictures[round % 2]).await;
        // As the published themes have the form: it does not say on which page it stands.
        browser
            .js("document.querySelector('form[action=\"/user/modify/pp\"] [name=form-page]').remove()")
            .await;
        browser.hops().await;
        browser.send("/user/modify/pp").await;
        assert_eq!(
            browser.hops().await,
            ["POST /user/modify/pp 308", "POST /user/profil 303", "GET /user/profil 200"],
            "round {round}: {}",
            browser.read("#alert, #e-file").await
        );
        let now = browser.picture().await;
        assert_ne!(now, shown, "round {round}");
        shown = now;
    }
    browser.served_picture().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_too_large_is_refused_on_the_page_before_it_is_sent() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste::default()).await;
    let album = Album::new();
    browser.choose(&album.keep("large.jpg", &jpeg_of(LARGEST + 1, 3))).await;
    let field = browser.field("file").await;
    assert!(field.invalid);
    assert_eq!(field.errors, sentence("en", "picture-too-large-here", &[]));
    browser.hops().await;
    browser.find("form[action='/user/modify/pp'] button").await.click().await.unwrap();
    assert!(browser.field("file").await.focused);
    assert_eq!(browser.hops().await, Vec::<String>::new());

    browser.choose(&album.two_halves()).await;
    let field = browser.field("file").await;
    assert!(!field.invalid);
    assert_eq!(field.errors, "");
    browser.send("/user/modify/pp").await;
    assert_eq!(browser.read(".notice").await, sentence("en", "notice-picture-changed", &[]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_too_large_comes_back_with_a_message_without_scripts() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste { script: false, ..Taste::default() }).await;
    let album = Album::new();
    for size in [LARGEST + 1, LARGEST + (1 << 20), 13 << 20, 40 << 20, 90 << 20] {
        let path = album.keep("large.jpg", &jpeg_of(size, 3));
        for round in 0..3 {
            browser.go("/user/profil").await;
            browser.choose(&path).await;
            browser.send("/user/modify/pp").await;
            assert_eq!(browser.path().await, "/user/modify/pp", "{size} bytes, round {round}");
            assert_eq!(browser.status().await, 413);
            let field = browser.field("file").await;
            assert!(field.invalid && field.dangling.is_empty());
            assert_eq!(field.errors, sentence("en", "error-picture-too-large", &[("max_mib", "10")]));
        }
    }
    browser.go("/user/modify/pp").await;
    assert_eq!(browser.path().await, "/user/profil", "the address of a refused form leads back");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_after_the_session_was_ended_elsewhere_shows_the_sign_in_page() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let elsewhere = stage.member(Taste::default()).await;
    let browser = stage.browser(Taste::default()).await;
    let album = Album::new();
    let largest = album.keep("largest.jpg", &jpeg_of(LARGEST, 5));
    browser.sign_in(EMAIL, PASSWORD).await;
    for round in 0..3 {
        browser.choose(&largest).await;
        elsewhere.go("/user/devices").await;
        elsewhere.send("/user/devices/end-others").await;
        browser.send("/user/modify/pp").await;
        assert_eq!(browser.status().await, 401, "round {round}");
        assert_eq!(
            browser.read("#alert").await,
            sentence("en", "alert-session-ended-sign-in-again", &[]),
            "round {round}"
        );
        assert!(browser.shows("form[action='/user/login'] #f-password").await);
        browser.fill("email", EMAIL).await;
        browser.fill("password", PASSWORD).await;
        browser.send("/user/login").await;
        assert_eq!(browser.path().await, "/user/profil");
    }
    assert!(browser.picture().await.contains("/letter/"), "nothing was half done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_picture_is_said_to_be_none() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let album = Album::new();
    let text = album.keep("notes.png", b"these are only notes");
    let cut = album.keep("cut.jpg", &jpeg_of(8 << 20, 9)[..7 << 20]);

    let browser = stage.member(Taste::default()).await;
    browser.choose(&text).await;
    assert_eq!(browser.field("file").await.errors, sentence("en", "picture-unreadable-here", &[]));
    browser.send("/user/modify/pp").await;
    assert_eq!(browser.status().await, 415);
    let field = browser.field("file").await;
    assert!(field.invalid && field.dangling.is_empty());
    assert_eq!(field.errors, sentence("en", "error-picture-not-an-image", &[]));

    browser.choose(&cut).await;
    browser.send("/user/modify/pp").await;
    assert_eq!(browser.status().await, 422, "{}", browser.path().await);
    assert_eq!(browser.field("file").await.errors, sentence("en", "error-picture-unreadable", &[]));

    browser.trust_forms().await;
    browser.send_no_picture().await;
    assert_eq!(browser.status().await, 422);
    assert_eq!(browser.field("file").await.errors, sentence("en", "error-picture-missing", &[]));
}
