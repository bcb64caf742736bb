//! The API of the notes.

use vestibule::plugin::{Engine, Scope};

use crate::app::{App, NOTES};
use crate::engines::both_engines;

both_engines!(
    a_program_with_a_key_reads_the_notes_of_an_account,
    without_a_key_that_may_nothing_is_read,
    everything_below_the_base_is_answered_in_its_own_shape,
);

async fn a_program_with_a_key_reads_the_notes_of_an_account(engine: Engine) {
    let app = App::new(engine).await;
    let ada = app.signed_up("ada").await;
    for note in ["first", "second"] {
        ada.post(NOTES, &[("text", note)], &[]).await;
    }
    let id = app.count("SELECT id FROM accounts").await;
    let key = format!("Bearer {}", app.key("shop", &[Scope::AccountsRead]).await);
    for header in ["authorization", "api-auth-bearer"] {
        let answer = app.visitor().get(&format!("/api/notes/v1/accounts/{id}"), &[(header, &key)]).await;
        assert_eq!((answer.status, answer.content_type.as_str()), (200, "application/json"), "{header}");
        let document: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(document["account_id"], id);
        let notes = document["notes"].as_array().unwrap();
        let texts: Vec<&str> = notes.iter().map(|note| note["text"].as_str().unwrap()).collect();
        assert_eq!(texts, ["second", "first"]);
    }
}

async fn without_a_key_that_may_nothing_is_read(engine: Engine) {
    let app = App::new(engine).await;
    let ada = app.signed_up("ada").await;
    let path = format!("/api/notes/v1/accounts/{}", app.count("SELECT id FROM accounts").await);
    let other = format!("Bearer {}", app.key("other", &[Scope::PasswordReset]).await);
    let wrong = format!("Bearer {}", "a".repeat(43));
    for (headers, status, code) in [
        (&[][..], 401, "unauthenticated"),
        (&[("authorization", wrong.as_str())][..], 401, "unauthenticated"),
        (&[("authorization", other.as_str())][..], 403, "forbidden"),
    ] {
        // The cookie of a signed-in browser does not authenticate an API.
        let answer = ada.get(&path, headers).await;
        assert_eq!((answer.status, answer.content_type.as_str()), (status, "application/json"));
        let document: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(document["error"], code);
    }
}

async fn everything_below_the_base_is_answered_in_its_own_shape(engine: Engine) {
    let app = App::new(engine).await;
    let program = app.visitor();
    let key = format!("Bearer {}", app.key("shop", &Scope::ALL).await);
    for path in ["/nowhere", "/accounts/many", "/accounts/4711"] {
        let path = format!("/api/notes/v1{path}");
        let answer = program.get(&path, &[("accept", "text/html"), ("authorization", &key)]).await;
        assert_eq!((answer.status, answer.content_type.as_str()), (404, "application/json"), "{path}");
        let document: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(document["error"], "not_found", "{path}");
    }
    assert_eq!(program.post("/api/notes/v1/accounts/1", &[], &[]).await.status, 405);
    // Paths outside the dialect's base answer with pages.
    let page = program.get("/plugin/notes/nowhere", &[]).await;
    assert_eq!((page.status, page.content_type.as_str()), (404, "text/html; charset=utf-8"));
}
