//! The page of notes.

use vestibule::plugin::Engine;

use crate::app::{App, NOTES, PASSWORD};
use crate::engines::both_engines;

both_engines!(
    a_note_is_kept_and_shown_to_its_owner_alone,
    what_cannot_be_kept_comes_back_with_the_reason,
    nobody_signed_in_is_led_to_sign_in_and_back,
    what_another_sites_page_sends_changes_nothing,
    notes_go_with_their_account,
);

async fn a_note_is_kept_and_shown_to_its_owner_alone(engine: Engine) {
    let app = App::new(engine).await;
    let ada = app.signed_up("ada").await;
    let kept = ada.post(NOTES, &[("text", " <b>Milk</b>\nBread ")], &[]).await;
    assert_eq!((kept.status, kept.location.as_str()), (303, NOTES));
    let page = ada.get(NOTES, &[("accept-language", "ru")]).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("<p>&lt;b&gt;Milk&lt;&#x2F;b&gt;\nBread</p>"), "{}", page.text);
    // The page has the site's frame, the reader's language, and the notice of the redirect.
    for part in
        ["lang=\"ru\"", "Ваши заметки", "Заметка сохранена.", "Не больше 280 символов", "<span>ada</span>"]
    {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
    let again = ada.get(NOTES, &[("accept-language", "fr")]).await.text;
    assert!(again.contains("Vos notes") && !again.contains("Votre note est gardée."), "{again}");
    let ben = app.signed_up("ben").await;
    let other = ben.get(NOTES, &[]).await.text;
    assert!(other.contains("There are no notes yet.") && !other.contains("Milk"), "{other}");
}

async fn what_cannot_be_kept_comes_back_with_the_reason(engine: Engine) {
    let app = App::with(engine, "[plugins.notes]\nmax_length = 5\nper_account = 1").await;
    let ada = app.signed_up("ada").await;
    for (note, reason) in [
        ("", "Please write something first."),
        ("привет", "Please use at most 5 characters."),
        ("a\0b", "This contains characters that cannot be used here."),
    ] {
        let page = ada.post(NOTES, &[("text", note)], &[]).await;
        assert_eq!(page.status, 422, "{note}");
        assert!(page.text.contains(reason), "{reason} in {}", page.text);
    }
    assert_eq!(ada.post(NOTES, &[("text", "first")], &[]).await.status, 303);
    let page = ada.post(NOTES, &[("text", "other")], &[]).await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("no room for more notes"), "{}", page.text);
    assert!(page.text.contains("\nother</textarea>"), "what was typed is kept: {}", page.text);
    assert_eq!(ada.post(NOTES, &[("text", "one"), ("text", "two")], &[]).await.status, 400);
    assert_eq!(app.count("SELECT COUNT(*) FROM notes").await, 1);
}

async fn nobody_signed_in_is_led_to_sign_in_and_back(engine: Engine) {
    let app = App::new(engine).await;
    app.signed_up("ada").await;
    let visitor = app.visitor();
    let sent = visitor.get(NOTES, &[]).await;
    assert_eq!((sent.status, sent.location.as_str()), (303, "/user/login?next=/plugin/notes"));
    let form = visitor.get(&sent.location, &[]).await.text;
    assert!(form.contains("name=\"next\" value=\"&#x2F;plugin&#x2F;notes\""), "{form}");
    let refused = visitor.post(NOTES, &[("text", "mine")], &[]).await;
    assert_eq!((refused.status, refused.content_type.as_str()), (401, "text/html; charset=utf-8"));
    let json = visitor.get(NOTES, &[("accept", "application/json")]).await;
    assert_eq!((json.status, json.content_type.as_str()), (401, "application/problem+json"));
    let back =
        visitor.post("/user/login", &[("email", "ada"), ("password", PASSWORD), ("next", NOTES)], &[]).await;
    assert_eq!((back.status, back.location.as_str()), (303, NOTES));
    assert_eq!(app.count("SELECT COUNT(*) FROM notes").await, 0);
}

async fn what_another_sites_page_sends_changes_nothing(engine: Engine) {
    let app = App::new(engine).await;
    let ada = app.signed_up("ada").await;
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("origin", "https://evil.example")][..],
        &[("origin", "null")][..],
    ] {
        assert_eq!(ada.post(NOTES, &[("text", "theirs")], headers).await.status, 403, "{headers:?}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM notes").await, 0);
    assert_eq!(ada.post(NOTES, &[("text", "mine")], &[("sec-fetch-site", "same-origin")]).await.status, 303);
    assert_eq!(app.count("SELECT COUNT(*) FROM notes").await, 1);
}

async fn notes_go_with_their_account(engine: Engine) {
    let app = App::new(engine).await;
    let ada = app.signed_up("ada").await;
    ada.post(NOTES, &[("text", "mine")], &[]).await;
    let delete = "DELETE FROM accounts WHERE username = 'ada' RETURNING id";
    assert_eq!(app.count(delete).await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM notes").await, 0);
}
